#include "gateway/feedback/second_look.h"

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr uint32_t kPage = 100;
constexpr Span kRest = std::chrono::seconds(30);

}  // namespace

SecondLook::SecondLook(const Store& store, const AnswerIntake& intake, Clock& clock)
    : store_(store), clock_(clock), retake_(intake, "feedback.undecided") {}

Status SecondLook::Step(const Fence& fence, bool& more) {
  if (begin_.exchange(false)) {
    after_ = 0;
    again_ = false;
    rest_ = {};
  }
  if (!after_ || clock_.SteadyNow() < rest_) return {};
  const auto page = store_.UndecidedAnswers(*after_, kPage);
  if (!page.ok()) {
    if (page.status().disposition() == Disposition::kPermanent) after_.reset();
    rest_ = clock_.SteadyNow() + kRest;
    return retake_.Skipped(page.status(), "");
  }
  Retake::Report report;
  if (!page->answers.empty())
    if (Status status = retake_.Take(fence, page->answers, report); !status.ok()) return status;
  EndPage(*page, report, more);
  return {};
}

void SecondLook::EndPage(const UndecidedPage& page, const Retake::Report& report, bool& more) {
  if (!page.answers.empty())
    Log(LogLevel::kInfo, "feedback.looked_again",
        {{"answers", std::to_string(page.answers.size())}, {"decided", std::to_string(report.decided)}});
  again_ = again_ || report.later;
  after_ = page.next_after;
  more = more || page.more;
  if (page.more) return;
  after_.reset();
  if (again_) after_ = 0;
  if (again_) rest_ = clock_.SteadyNow() + kRest;
  again_ = false;
}

}  // namespace tvan
