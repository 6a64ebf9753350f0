#include "gateway/feedback/joiner.h"

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr uint32_t kPage = 100;
constexpr size_t kMostSkipped = 1000;
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
  if (!waiting.ok()) rest_ = clock_.SteadyNow() + kRest;
  if (!waiting.ok()) return Skipped(waiting.status(), "");
  if (waiting->empty()) return {};
  std::vector<InboundMessage> messages;
  for (const StoredAnswer& stored : *waiting) messages.push_back({stored.answer.position, *stored.answer.bytes});
  const auto report = intake_.Take(fence, std::move(messages), "");
  size_t joined = report.ok() ? report->joined : 0;
  if (!report.ok())
    if (Status status = OneByOne(fence, *waiting, joined); !status.ok()) return status;
  joined_.Add(joined);
  more = more || joined > 0;
  if (joined == 0) rest_ = clock_.SteadyNow() + kRest;
  Log(joined > 0 ? LogLevel::kInfo : LogLevel::kError, joined > 0 ? "feedback.joined" : "feedback.not_joined",
      {{"answers", std::to_string(waiting->size())}, {"joined", std::to_string(joined)}});
  return {};
}

// A record that cannot be read holds up its own answer, no other.
Status Joiner::OneByOne(const Fence& fence, const std::vector<StoredAnswer>& waiting, size_t& joined) {
  for (const StoredAnswer& stored : waiting) {
    const auto report = intake_.Take(fence, {{stored.answer.position, *stored.answer.bytes}}, "");
    if (report.ok()) joined += report->joined;
    if (report.ok()) continue;
    if (Status status = Skipped(report.status(), stored.answer.answer_id); !status.ok()) return status;
  }
  return {};
}

// Not the line's fault: it is read on, at its own pace. Said once.
Status Joiner::Skipped(const Status& status, const std::string& answer_id) {
  if (status.reason() == "store.fenced"_reason) return status;
  if (skipped_.size() >= kMostSkipped) skipped_.clear();
  if (skipped_.insert(answer_id).second)
    Log(LogLevel::kError, "feedback.join", {{"answer", answer_id}, {"status", status.ToString()}});
  return {};
}

}  // namespace tvan
