#pragma once
// What an answer does to the message it answers (P3, protocol.md section 5): pure, from the parsed answer and the
// stored message. The store decides whether a stage still moves.

#include <set>
#include <string>
#include <string_view>

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
  bool undecided = false;    // held back for the signature: verified it may do more
};
Effect EffectOf(const ParsedAnswer& answer, const MessageView& message, const EffectRules& rules);

// What is known of the signature of an answer that was annotated so. Of a type that the authority signs, what is not
// verified is unverified, however it is annotated; of the others only a signature that is there and wrong.
enum class SignatureVerdict { kNone, kVerified, kUnverified };
SignatureVerdict SignatureOf(int mltdiep, std::string_view annotation);
// Under feedback.strict_signatures, of an unverified answer: it decides nothing, a person must look. What comes unasked
// (302) decides nothing anyhow, and is kept beside the message that it names.
Effect EffectOfUnverified(const ParsedAnswer& answer, const MessageView& message);

// The codes alone, joined by ',', at most ten: texts of the authority may hold personal data and go to the mailbox
// only.
std::string ErrorCodes(const std::vector<AnswerError>& errors);
// Whether one of the answer's codes is among these.
bool HasCode(const ParsedAnswer& answer, const std::set<std::string>& codes);

// Attempts of this message that may have reached the authority: recorded and not settled as certainly not sent.
uint32_t MayHaveArrived(const std::vector<Event>& events);

}  // namespace tvan
