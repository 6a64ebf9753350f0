#include "gateway/feedback/joiner.h"

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr uint32_t kPage = 100;
constexpr Span kRest = std::chrono::seconds(30);

}  // namespace

Joiner::Joiner(const Store& store, const AnswerIntake& intake, Clock& clock, Metrics& metrics)
    : store_(store),
      intake_(intake),
      clock_(clock),
      joined_(
          metrics.GetCounter("tvan_feedback_joined_total", "Parked answers joined with a message that came later")) {}

Status Joiner::Step(const Fence& fence, bool& more) {
  if (clock_.SteadyNow() < rest_) return {};
  auto waiting = store_.Joinable(kPage);
  if (!waiting.ok()) return waiting.status();
  if (waiting->empty()) return {};
  std::vector<InboundMessage> messages;
  for (StoredAnswer& stored : *waiting) messages.push_back({stored.answer.position, *stored.answer.bytes});
  const auto report = intake_.Take(fence, std::move(messages), "");
  if (!report.ok()) return report.status();
  joined_.Add(report->joined);
  more = report->joined > 0;
  if (!more) rest_ = clock_.SteadyNow() + kRest;
  Log(more ? LogLevel::kInfo : LogLevel::kError, more ? "feedback.joined" : "feedback.not_joined",
      {{"answers", std::to_string(waiting->size())}, {"joined", std::to_string(report->joined)}});
  return {};
}

}  // namespace tvan
