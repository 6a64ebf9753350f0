#include "gateway/feedback/joiner.h"

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr uint32_t kPage = 100;
constexpr Span kRest = std::chrono::seconds(30);

}  // namespace

Joiner::Joiner(const Store& store, const AnswerIntake& intake, Clock& clock, Metrics& metrics)
    : store_(store),
      retake_(intake, "feedback.join"),
      clock_(clock),
      joined_(
          metrics.GetCounter("tvan_feedback_joined_total", "Parked answers joined with a message that came later")) {}

Status Joiner::Step(const Fence& fence, bool& more) {
  if (clock_.SteadyNow() < rest_) return {};
  auto waiting = store_.Joinable(kPage);
  if (!waiting.ok()) rest_ = clock_.SteadyNow() + kRest;
  if (!waiting.ok()) return retake_.Skipped(waiting.status(), "");
  if (waiting->empty()) return {};
  Retake::Report report;
  if (Status status = retake_.Take(fence, *waiting, report); !status.ok()) return status;
  const size_t joined = report.joined;
  joined_.Add(joined);
  more = more || joined > 0;
  if (joined == 0) rest_ = clock_.SteadyNow() + kRest;
  Log(joined > 0 ? LogLevel::kInfo : LogLevel::kError, joined > 0 ? "feedback.joined" : "feedback.not_joined",
      {{"answers", std::to_string(waiting->size())}, {"joined", std::to_string(joined)}});
  return {};
}

}  // namespace tvan
