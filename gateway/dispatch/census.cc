#include "gateway/dispatch/census.h"

#include <algorithm>
#include <utility>

#include "gateway/dispatch/deadline.h"

namespace tvan {
namespace {

constexpr Span kAges = std::chrono::seconds(15);  // gauges of age are not older
constexpr int64_t kMinute = 60'000'000;

bool HasReason(StandingKind kind) {
  return kind == StandingKind::kInDoubt || kind == StandingKind::kHeld || kind == StandingKind::kWorkItem;
}

}  // namespace

// What a board of a drain asks (drain_meter.h). Beyond a bound nothing is told apart any more.
void CensusTaker::CountDrain(const MessageMeta& meta, Round& round) {
  if (meta.stage == Stage::kSent && (round.providers.size() < kMostProviders || round.providers.count(meta.provider())))
    ++round.providers[meta.provider()];
  if (meta.stage != Stage::kAcknowledged) return;
  Time due = AnswerDue(meta.cls, meta.stage_since);
  if (due != kForever) due.us = (due.us + kMinute - 1) / kMinute * kMinute;
  if (round.answers_due.size() >= kMostTerms && round.answers_due.count(due) == 0) due = kForever;
  ++round.answers_due[due];
}

void CensusTaker::Count(const MessageMeta& meta, const Standing& standing) {
  CountDrain(meta, counting_[meta.stage]);
  auto& rows = counting_[meta.stage].rows;
  Key key{standing.kind, meta.cls, HasReason(standing.kind) ? meta.reason : std::string()};
  if (rows.size() >= kMostRows && rows.count(key) == 0) std::get<2>(key) = "other";
  CensusRow& row = rows[key];
  if (row.messages++ == 0) {
    std::tie(row.kind, row.cls, row.reason) = key;
    row.next = standing.next;
    row.oldest_accepted_at = meta.accepted_at;
    row.oldest_since = meta.stage_since;
  }
  row.oldest_accepted_at = std::min(row.oldest_accepted_at, meta.accepted_at);
  row.oldest_since = std::min(row.oldest_since, meta.stage_since);
  row.next_at = std::min(row.next_at, standing.next_at);
}

void CensusTaker::End(Stage stage) {
  dirty_ = dirty_ || !counting_[stage].rows.empty() || !counted_[stage].rows.empty();
  counted_[stage] = std::exchange(counting_[stage], {});
}

void CensusTaker::SetUnreadable(std::vector<UnreadableRow> rows) {
  unreadable_ = std::move(rows);
  metrics_.GetGauge("tvan_dispatch_unreadable_messages", "Messages that stay behind because their record is damaged")
      .Set(static_cast<double>(unreadable_.size()));
  dirty_ = true;
}

void CensusTaker::Publish(Time now) {
  if (!std::exchange(dirty_, false)) return;
  auto census = std::make_shared<Census>();
  census->at = now;
  for (const auto& [stage, round] : counted_)
    for (const auto& [key, row] : round.rows) census->rows.push_back(row);
  const Round &sent = counted_[Stage::kSent], &acknowledged = counted_[Stage::kAcknowledged];
  census->un_999d.assign(sent.providers.begin(), sent.providers.end());
  census->answers_due.assign(acknowledged.answers_due.begin(), acknowledged.answers_due.end());
  census->unreadable = unreadable_;
  const bool moved = !std::equal(census->rows.begin(), census->rows.end(), census_->rows.begin(), census_->rows.end(),
                                 [](const CensusRow& a, const CensusRow& b) {
                                   return std::tie(a.kind, a.cls, a.reason, a.messages, a.oldest_since) ==
                                          std::tie(b.kind, b.cls, b.reason, b.messages, b.oldest_since);
                                 });
  census_ = std::move(census);
  if (moved || now - gauges_at_ >= kAges) ShowGauges(now);
}

void CensusTaker::ShowGauges(Time now) {
  gauges_at_ = now;
  auto gone = std::exchange(shown_, {});
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<double, Time>> sums;
  for (const CensusRow& row : census_->rows) {
    const std::string reason = row.kind == StandingKind::kWorkItem ? row.reason : std::string();
    auto [sum, is_new] = sums.try_emplace({ToString(row.kind), std::string(tvan::ToString(row.cls)), reason},
                                          std::pair{0.0, row.oldest_since});
    sum->second.first += static_cast<double>(row.messages);
    sum->second.second = std::min(sum->second.second, row.oldest_since);
  }
  for (const auto& [key, sum] : sums) shown_.insert(key), gone.erase(key);
  for (const auto& key : gone) sums[key] = {0.0, now};
  for (const auto& [key, sum] : sums) {
    const Labels labels{{"standing", std::get<0>(key)}, {"class", std::get<1>(key)}, {"reason", std::get<2>(key)}};
    metrics_.GetGauge("tvan_watched_messages", "Open messages that were taken or may have been, by standing", labels)
        .Set(sum.first);
    metrics_.GetGauge("tvan_watched_oldest_seconds", "How long the oldest of them has been in its stage", labels)
        .Set(static_cast<double>((now - sum.second).count()) / 1e6);
  }
}

}  // namespace tvan
