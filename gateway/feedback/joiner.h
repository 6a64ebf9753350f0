#pragma once
// Joiner: parked answers whose message has come since (after a restore the answers are read again before their messages
// are submitted again). Each is built once more from its stored bytes, as if the line had just been read, and takes
// effect and is delivered in one act. The receiver's thread only.

#include "gateway/feedback/retake.h"

namespace tvan {

class Joiner {
 public:
  Joiner(const Store& store, const AnswerIntake& intake, Clock& clock, Metrics& metrics);

  // Joins some. `more`: set when there may be others at once. Not OK: another owner has the store.
  Status Step(const Fence& fence, bool& more);

 private:
  const Store& store_;
  Retake retake_;
  Clock& clock_;
  Counter& joined_;
  Steady rest_{};  // what did not join now would not at once
};

}  // namespace tvan
