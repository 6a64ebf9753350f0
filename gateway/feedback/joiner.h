#pragma once
// Joiner: parked answers whose message has come since (after a restore the answers are read again before their messages
// are submitted again). Each is built once more from its stored bytes, as if the line had just been read, and takes
// effect and is delivered in one act. The receiver's thread only.

#include <set>
#include <string>
#include <vector>

#include "gateway/feedback/answer_intake.h"

namespace tvan {

class Joiner {
 public:
  Joiner(const Store& store, const AnswerIntake& intake, Clock& clock, Metrics& metrics);

  // Joins some. `more`: set when there may be others at once. Not OK: another owner has the store.
  Status Step(const Fence& fence, bool& more);

 private:
  Status OneByOne(const Fence& fence, const std::vector<StoredAnswer>& waiting, size_t& joined);
  Status Skipped(const Status& status, const std::string& answer_id);

  const Store& store_;
  const AnswerIntake& intake_;
  Clock& clock_;
  Counter& joined_;
  Steady rest_{};                  // what did not join now would not at once
  std::set<std::string> skipped_;  // answers that were told of
};

}  // namespace tvan
