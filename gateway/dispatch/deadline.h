#pragma once
// Which class goes first: the earliest legal deadline of its oldest message (DESIGN section 3, "Scheduling"; duties
// F4). One table; whole days of +07:00 from the day of acceptance, calendar days where law counts working days: an
// earlier deadline than the law's is the safe error. Pure functions.

#include "gateway/core/envelope.h"
#include "gateway/core/time.h"

namespace tvan {

// | class         | due by the end of   | why                                                        | rank |
// | cash_register | the day             | data due the same day                                      | 0    |
// | coded         | the next day        | the buyer waits for the code                               | 1    |
// | error_notice  | the next day        | answered within a working day; corrections hang on it      | 2    |
// | registration  | the next day        | answered within a working day                              | 3    |
// | uncoded       | 2 days later        | two working days after a stop, not counted as late         | 4    |
// | summary       | 3 days later        | with the VAT return                                        | 5    |
Time LegalDeadline(MessageClass cls, Time accepted_at);

// Earlier is more urgent: the deadline, then the rank of the class.
struct Urgency {
  Time deadline;
  int rank = 0;
  friend auto operator<=>(const Urgency&, const Urgency&) = default;
};
Urgency UrgencyOf(MessageClass cls, Time accepted_at);

}  // namespace tvan
