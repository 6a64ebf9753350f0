#include "gateway/feedback/own_999_sender.h"

#include <algorithm>

#include "gateway/core/failpoint.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr Span kNotAfter = std::chrono::seconds(1);  // and never later than the line's own last instant
constexpr Span kLongestRest = std::chrono::seconds(30);
constexpr Span kLongestSuspectRest = std::chrono::hours(1);
constexpr uint32_t kBatch = 32;
constexpr size_t kMostSuspects = 256;
constexpr uint32_t kFailuresToAlarm = 3;

// It did not arrive for certain, and the line refused nothing: no message's fault.
bool IsOfLine(const Status& status) { return status.disposition() == Disposition::kTransient; }

}  // namespace

Own999Sender::Own999Sender(Store& store, AuthorityChannel& channel, Clock& clock, Metrics& metrics,
                           std::function<Steady()> not_after, Span poll)
    : store_(store),
      channel_(channel),
      clock_(clock),
      not_after_(std::move(not_after)),
      poll_(poll),
      taken_(metrics.GetCounter("tvan_feedback_own_999_total", "Our own 999s that the line took")),
      failed_(metrics.GetCounter("tvan_feedback_own_999_failures_total", "Our own 999s that the line did not take")) {}

Span Own999Sender::Doubled(uint32_t failures, Span longest) const {
  return std::min<Span>(longest, poll_ * (int64_t{1} << std::min(failures, 12U)));
}

// All that are not suspect, else the one suspect that has rested longest.
Own999Sender::Waiting Own999Sender::Due(Waiting waiting, Steady now) const {
  Waiting due, alone;
  for (auto& one : waiting) {
    const auto suspect = suspects_.find(one.first);
    if (suspect == suspects_.end() && due.size() < kBatch)
      due.push_back(std::move(one));
    else if (suspect != suspects_.end() && suspect->second.until <= now)
      alone.push_back(std::move(one));
  }
  if (!due.empty() || alone.empty()) return due;
  const auto first = std::min_element(alone.begin(), alone.end(), [this](const auto& a, const auto& b) {
    return suspects_.at(a.first).until < suspects_.at(b.first).until;
  });
  due.push_back(std::move(*first));
  return due;
}

void Own999Sender::Blame(const MessageId& id, const Status& status, bool alone) {
  if (suspects_.size() >= kMostSuspects) suspects_.clear();
  Suspect& suspect = suspects_[id];
  if (!alone) return;
  suspect.until = clock_.SteadyNow() + Doubled(++suspect.failures, kLongestSuspectRest);
  if (suspect.failures < kFailuresToAlarm && status.disposition() != Disposition::kPermanent) return;
  Log(LogLevel::kError, "feedback.own_999_stuck",
      {{"mtdiep", id.value()}, {"failures", std::to_string(suspect.failures)}, {"status", status.ToString()}});
}

void Own999Sender::Learn(const Waiting& sent, const std::vector<Status>& statuses, std::vector<MessageId>& done) {
  Status first_error;
  for (size_t i = 0; i < sent.size() && i < statuses.size(); ++i) {
    if (statuses[i].ok()) {
      suspects_.erase(sent[i].first);
      done.push_back(sent[i].first);
      continue;
    }
    if (first_error.ok()) first_error = statuses[i];
    if (!IsOfLine(statuses[i])) Blame(sent[i].first, statuses[i], sent.size() == 1);
  }
  taken_.Add(static_cast<double>(done.size()));
  failed_.Add(static_cast<double>(sent.size() - done.size()));
  if (!done.empty()) {
    in_a_row_ = 0;
    return;
  }
  Rest(first_error);
}

void Own999Sender::Rest(const Status& why) {
  rest_until_ = clock_.SteadyNow() + Doubled(in_a_row_++, kLongestRest);
  Log(LogLevel::kWarning, "feedback.own_999", {{"line", channel_.line().value()}, {"status", why.ToString()}});
}

// In doubt or not: what the line did not take for certain goes up again, the same bytes under the same MTDiep.
Result<bool> Own999Sender::Step(const Fence& fence) {
  const Steady now = clock_.SteadyNow();
  if (now < rest_until_) return false;
  if (not_after_ && not_after_() <= now) return false;  // held, which is nobody's failure
  const auto waiting = store_.Own999(kBatch + static_cast<uint32_t>(suspects_.size()));
  if (!waiting) return Rest(waiting.status()), false;  // it slows the reading of answers down no more than the line
  const Waiting due = Due(*waiting, now);
  if (due.empty()) return false;
  std::vector<OutboundMessage> outbound;
  for (const auto& [id, bytes] : due) outbound.push_back({id, std::make_shared<const std::string>(bytes)});
  Steady not_after = clock_.SteadyNow() + kNotAfter;
  if (not_after_) not_after = std::min(not_after, not_after_());
  std::vector<MessageId> done;
  Pass("own_999.before"_failpoint);
  Learn(due, channel_.Send(outbound, not_after), done);
  Pass("own_999.after"_failpoint);
  if (done.empty()) return false;
  if (const Status stored = store_.Own999Done(fence, done); !stored.ok()) return stored;
  return done.size() == due.size() && (due.size() == kBatch || !suspects_.empty());
}

}  // namespace tvan
