#pragma once
// Which class goes first: the earliest legal deadline of its oldest message (DESIGN section 3, "Scheduling"; duties
// F4). The rules of the classes are the catalogue's; a message that is due the same day is, whatever its class. Pure,
// immutable.

#include <map>

#include "gateway/core/envelope.h"
#include "gateway/core/time.h"
#include "store/records.h"

namespace tvan {

// Earlier is more urgent: the deadline, then the rank of the class.
struct Urgency {
  Time deadline;
  int rank = 0;
  friend auto operator<=>(const Urgency&, const Urgency&) = default;
};

class Deadlines {
 public:
  // Of classes that are due after other days than the catalogue says.
  explicit Deadlines(std::map<MessageClass, int> due_days = {}) : due_days_(std::move(due_days)) {}

  Time Of(const MessageMeta& meta) const { return UrgencyOf(meta).deadline; }
  Urgency UrgencyOf(const MessageMeta& meta) const;

 private:
  std::map<MessageClass, int> due_days_;
};

// When law wants the business answer to what the authority took then: of a working day, the end (+07:00) of the next
// day from Monday to Friday; holidays are not looked at. kForever: no term is known.
Time AnswerDue(MessageClass cls, Time taken);

}  // namespace tvan
