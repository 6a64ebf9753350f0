#pragma once
// SecondLook: undecided answers, looked at again from their stored bytes when what decides them may have changed: at a
// start (strict or not), and when other signers are trusted. One pass over them in pages; nothing is read of the line.

#include <atomic>
#include <optional>

#include "gateway/feedback/retake.h"

namespace tvan {

class SecondLook {
 public:
  SecondLook(const Store& store, const AnswerIntake& intake, Clock& clock);

  void Begin() { begin_ = true; }  // a pass over all of them, from the front; any thread
  // One page, if a pass is under way. `more`: set while it is. Not OK: another owner has the store. The receiver's
  // thread only.
  Status Step(const Fence& fence, bool& more);

 private:
  void EndPage(const UndecidedPage& page, const Retake::Report& report, bool& more);

  const Store& store_;
  Clock& clock_;
  Retake retake_;
  std::atomic<bool> begin_{false};
  std::optional<uint64_t> after_;  // of the pass; none: it is over
  bool again_ = false;             // something of the pass may go well later
  Steady rest_{};
};

}  // namespace tvan
