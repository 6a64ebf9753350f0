#pragma once
// Tells a service that is ill from a message that the service cannot bear (P3: a system code is no verdict on the
// message). All messages meet the code: the line goes down, nobody is blamed. One message meets it again while others,
// sent since its last code, were acknowledged: that is marked in its event log, it travels alone, the line stays up for
// the others, and after Dispatcher::Options::max_system_codes marks in a row it is a person's matter.

#include <deque>
#include <vector>

#include "gateway/core/ids.h"
#include "store/store.h"

namespace tvan {

inline constexpr Reason kSystemCode = "feedback.system_code"_reason;             // written by feedback
inline constexpr Reason kSystemCodeAlone = "dispatch.system_code_alone"_reason;  // the mark

// From an event log, so that a restart forgets nothing; an operator's decision begins anew. Pure.
struct CodesMet {
  uint32_t codes = 0;  // attempts that a code turned back, in a row
  uint32_t marks = 0;  // of these, while others were acknowledged
  Time last{};         // the last code; 0: none
};
// Of attempts before `before` only.
CodesMet CodesMetBy(const std::vector<Event>& events, uint32_t before = UINT32_MAX);

// Which messages the line took lately; whether one of them was acknowledged since. Bounded. Not thread-safe: the
// scheduler thread owns it.
class Witnesses {
 public:
  void Took(const MessageId& id, Time at);
  // True: another message than `accused`, sent at or after `since`, has a 999 or an answer that is no system code.
  bool AnyAcknowledged(const Store& store, const MessageId& accused, Time since) const;

 private:
  static constexpr size_t kMost = 512, kMostAsked = 64;
  static constexpr size_t kMostAtATime = 8;  // in kAtATime: a busy line must not forget the minutes before
  static constexpr Span kAtATime = std::chrono::seconds(2);
  struct Taken {
    MessageId id;
    Time at;
  };
  std::deque<Taken> taken_;
};

}  // namespace tvan
