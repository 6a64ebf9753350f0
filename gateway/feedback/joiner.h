#pragma once
// Joiner: parked answers whose message has come since (after a restore the answers are read again before their messages
// are submitted again). Each is built once more from its stored bytes, as if the line had just been read, and takes
// effect and is delivered in one act. The receiver's thread only.

#include "gateway/feedback/answer_intake.h"

namespace tvan {

class Joiner {
 public:
  Joiner(const Store& store, const AnswerIntake& intake, Clock& clock, Metrics& metrics);

  // Joins some. `more`: there may be others at once. Not OK: the store's answer.
  Status Step(const Fence& fence, bool& more);

 private:
  const Store& store_;
  const AnswerIntake& intake_;
  Clock& clock_;
  Counter& joined_;
  Steady rest_{};  // what did not join now would not at once
};

}  // namespace tvan
