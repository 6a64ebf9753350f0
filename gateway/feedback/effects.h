#pragma once
// What an answer does to the message it answers (P3, protocol.md section 5): pure, from the parsed answer and the
// stored message. The store decides whether a stage still moves.

#include <set>
#include <string>

#include "gateway/validate/answer.h"
#include "store/store.h"

namespace tvan {

struct EffectRules {
  std::set<std::string> duplicate_codes, system_codes, refusal_codes;
  Time resubmits_until{};  // a message accepted before may have been sent before the store was restored
};

struct Effect {
  AnswerEffect effect;
  bool system_code = false;  // the line must go down
  bool alarm = false;        // a person must look
};
Effect EffectOf(const ParsedAnswer& answer, const MessageView& message, const EffectRules& rules);

// The codes alone, joined by ',', at most ten: texts of the authority may hold personal data and go to the mailbox
// only.
std::string ErrorCodes(const std::vector<AnswerError>& errors);
// Whether one of the answer's codes is among these.
bool HasCode(const ParsedAnswer& answer, const std::set<std::string>& codes);

// Attempts of this message that may have reached the authority: recorded and not settled as certainly not sent.
uint32_t MayHaveArrived(const std::vector<Event>& events);

}  // namespace tvan
