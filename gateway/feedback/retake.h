#pragma once
// Answers taken again from their stored bytes, as if the line had just been read. One that cannot be taken holds up no
// other. The receiver's thread only.

#include <set>
#include <string>
#include <vector>

#include "gateway/feedback/answer_intake.h"

namespace tvan {

class Retake {
 public:
  // `event`: the log's, of what cannot be taken.
  Retake(const AnswerIntake& intake, const char* event) : intake_(intake), event_(event) {}

  struct Report {
    size_t joined = 0, decided = 0;
    bool later = false;  // something may go well at another time
  };
  // Not OK: another owner has the store.
  Status Take(const Fence& fence, const std::vector<StoredAnswer>& answers, Report& report);
  // Not the line's fault: it is read on, at its own pace. Said once. Not OK: another owner has the store.
  Status Skipped(const Status& status, const std::string& answer_id);

 private:
  const AnswerIntake& intake_;
  const char* const event_;
  std::set<std::string> skipped_;  // answers that were told of
};

}  // namespace tvan
