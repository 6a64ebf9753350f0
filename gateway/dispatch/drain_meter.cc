#include "gateway/dispatch/drain_meter.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include "gateway/core/catalogue.h"

namespace tvan {
namespace {

constexpr Span kFinest = std::chrono::seconds(1), kLongest = std::chrono::minutes(5);
constexpr size_t kMostStretches = 512;
// Rates stand on the last minute, on more while fewer messages than this went by: a few more or less must not matter.
constexpr Span kRateOver = std::chrono::minutes(1);
constexpr int64_t kEnough = 400;
constexpr Span kRested = std::chrono::seconds(5);  // a line that dispatch does not look at for so long rests
constexpr double kKeepsUp = 0.9;    // of its pace: a line that takes less while messages wait is slower than its pace
constexpr double kBusyEnough = 10;  // seconds
constexpr Span kTrendOver = std::chrono::minutes(1), kShortestTrend = std::chrono::seconds(10);

double Seconds(Span span) { return static_cast<double>(span.count()) / 1e6; }

uint64_t CountOf(const Measures& measures, Stage stage) {
  for (const auto& [s, n] : measures.stages)
    if (s == stage) return n;
  return 0;
}

}  // namespace

Zeros ZerosOf(const Measures& measures, Time at) {
  Zeros zeros{at};
  for (const Stage stage : {Stage::kQueued, Stage::kSending, Stage::kInDoubt})
    zeros.to_send += CountOf(measures, stage);
  zeros.un_999d = CountOf(measures, Stage::kSent);
  for (const auto& [provider, items] : measures.undelivered) zeros.undelivered += items;
  return zeros;
}

DrainRates RatesAt(const DrainRates& rates, Time now) {
  DrainRates faded = rates;
  const Span rested = std::max(Span(0), now - rates.now.at);
  if (rested <= kRested || rates.measured.count() == 0) return faded;
  const double rest = Seconds(rates.measured) / Seconds(rates.measured + rested);
  for (DrainRates::Class& of : faded.classes) {
    of.arriving_per_s *= rest;
    of.sending_per_s *= rest;
  }
  faded.arriving_per_s *= rest;
  faded.sending_per_s *= rest;
  faded.acknowledging_per_s *= rest;
  return faded;
}

double PerMinute(const DrainRates& rates, uint64_t Zeros::*zero, const Zeros& fresh) {
  // A line that rested measured nothing: what it saw last is then what was a minute ago.
  const Zeros& then = rates.now.at.us != 0 && fresh.at - rates.now.at >= kTrendOver ? rates.now : rates.before;
  const Span passed = fresh.at - then.at;
  if (then.at.us == 0 || passed < kShortestTrend) return 0;
  return (static_cast<double>(fresh.*zero) - static_cast<double>(then.*zero)) * 60 / Seconds(passed);
}

// An attempt in doubt has left its queue; one that was refused or came too late goes back to it.
void DrainMeter::Ended(const MessageMeta& picked, const Status& outcome) {
  if (outcome.ok()) ++sent_[IndexOf(picked.cls)];
  if (picked.stage == Stage::kQueued && (outcome.ok() || outcome.is_in_doubt())) ++left_[IndexOf(picked.cls)];
}

// A drain begins with its phase; a catch-up when a line that did not send sends again.
void DrainMeter::Mark(const Line& line) {
  const bool sends = !line.sending.empty();
  const bool begins = (line.draining && !draining_) || (sends && !sends_);
  draining_ = line.draining;
  sends_ = sends;
  sent_since_ = std::accumulate(sent_.begin(), sent_.end(), begins ? 0 : sent_since_);
  if (begins || began_.us == 0) began_ = line.now.wall;
}

void DrainMeter::Take(const Measures& measures, const Census& census, const Line& line) {
  if (last_ && line.now.steady <= last_->line.now.steady) return;  // no time has passed: counted with the next
  Reading now{line};
  for (const QueueDepth& queue : measures.queues) now.queued[IndexOf(queue.key.cls)] += queue.messages;
  now.un_999d = static_cast<int64_t>(CountOf(measures, Stage::kSent));
  int64_t sendable = 0;
  for (const MessageClass cls : line.sending) sendable += now.queued[IndexOf(cls)];
  now.crowded = line.well && sendable > static_cast<int64_t>(line.waiting_for_parent + options_.batch);
  Mark(line);
  if (last_) Add(*last_, now, ZerosOf(measures, line.now.wall));
  last_ = std::move(now);
  left_ = sent_ = {};
  LearnLimit();
  Publish(measures, census, line);
}

void DrainMeter::Add(const Reading& before, const Reading& now, const Zeros& zeros) {
  const Steady from = before.line.now.steady, to = now.line.now.steady;
  if (stretches_.empty() || stretches_.back().to - stretches_.back().from >= kFinest) stretches_.push_back({from});
  Stretch& stretch = stretches_.back();
  stretch.to = to;
  stretch.zeros = zeros;
  int64_t sent = 0;
  for (size_t i = 0; i < kClasses; ++i) {
    stretch.arrived[i] += now.queued[i] - before.queued[i] + left_[i];
    stretch.sent[i] += sent_[i];
    sent += sent_[i];
  }
  stretch.acknowledged += sent - (now.un_999d - before.un_999d);
  while (stretches_.size() > kMostStretches || to - stretches_.front().to > kLongest) stretches_.pop_front();
  if (!before.crowded || !now.crowded) return;
  stretch.busy_s += Seconds(to - from);
  stretch.busy_sent += static_cast<double>(sent);
  stretch.busy_allowed += (before.line.pace_per_s + now.line.pace_per_s) / 2 * Seconds(to - from);
}

// Also remembered over a stop: what the line took before it, it will take after it.
void DrainMeter::LearnLimit() {
  double seconds = 0, sent = 0, allowed = 0;
  for (auto s = stretches_.rbegin(); s != stretches_.rend() && stretches_.back().to - s->from <= kRateOver; ++s) {
    seconds += s->busy_s;
    sent += s->busy_sent;
    allowed += s->busy_allowed;
  }
  if (seconds < kBusyEnough) return;
  if (sent < kKeepsUp * allowed)
    limit_per_s_ = sent / seconds;
  else if (limit_per_s_ > 0)
    limit_per_s_ = std::max(limit_per_s_, sent / seconds);
}

std::vector<DrainRates::Class> DrainMeter::ClassesOf(const Measures& measures, const Census& census, Time now) const {
  std::map<MessageClass, std::pair<MessageMeta, uint64_t>> found;  // the oldest, and how many
  for (const ClassRule& rule : ClassRules()) {
    MessageMeta& oldest = found[rule.cls].first;
    oldest.cls = rule.cls;
    oldest.accepted_at = now;
  }
  const auto count = [&found](MessageClass cls, uint64_t messages, Time accepted_at) {
    auto& [oldest, waiting] = found[cls];
    waiting += messages;
    if (messages > 0) oldest.accepted_at = std::min(oldest.accepted_at, accepted_at);
  };
  for (const QueueDepth& queue : measures.queues) count(queue.key.cls, queue.messages, queue.oldest_accepted_at);
  for (const CensusRow& row : census.rows)
    if (row.kind == StandingKind::kInDoubt) count(row.cls, row.messages, row.oldest_accepted_at);
  std::vector<std::pair<Urgency, DrainRates::Class>> order;
  for (const auto& [cls, entry] : found)
    order.push_back({options_.deadlines.UrgencyOf(entry.first), {cls, entry.second}});
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<DrainRates::Class> classes;
  for (auto& [urgency, cls] : order) classes.push_back(cls);
  return classes;
}

void DrainMeter::Publish(const Measures& measures, const Census& census, const Line& line) {
  auto rates = std::make_shared<DrainRates>();
  rates->now = ZerosOf(measures, line.now.wall);
  rates->classes = ClassesOf(measures, census, line.now.wall);
  Counts arrived{}, sent{};
  int64_t all = 0, acknowledged = 0;
  for (auto s = stretches_.rbegin(); s != stretches_.rend(); ++s) {
    if (rates->measured >= kRateOver && all >= kEnough) break;
    for (size_t i = 0; i < kClasses; ++i) {
      arrived[i] += s->arrived[i];
      sent[i] += s->sent[i];
      all += std::max(s->arrived[i], s->sent[i]);
    }
    acknowledged += s->acknowledged;
    rates->measured = line.now.steady - s->from;
    if (rates->before.at.us == 0 || line.now.steady - s->to <= kTrendOver) rates->before = s->zeros;
  }
  const auto per_s = [&](int64_t messages) {
    return messages <= 0 ? 0 : static_cast<double>(messages) / Seconds(rates->measured);
  };
  for (DrainRates::Class& cls : rates->classes) {
    cls.arriving_per_s = per_s(arrived[IndexOf(cls.cls)]);
    cls.sending_per_s = per_s(sent[IndexOf(cls.cls)]);
    rates->arriving_per_s += cls.arriving_per_s;
    rates->sending_per_s += cls.sending_per_s;
  }
  rates->acknowledging_per_s = per_s(acknowledged);
  rates->pace = options_.pace;
  if (limit_per_s_ > 0) rates->pace.max_per_s = std::min(options_.pace.max_per_s, limit_per_s_);
  rates->pace.now_per_s = std::min(line.pace_per_s, rates->pace.max_per_s);
  rates->began = began_;
  rates->sent = sent_since_;
  rates_ = std::move(rates);
}

}  // namespace tvan
