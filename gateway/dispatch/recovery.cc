#include "gateway/dispatch/recovery.h"

#include <algorithm>

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr uint32_t kPage = 256, kPagesAStep = 16;
constexpr Reason kRestored = "dispatch.restored"_reason;

}  // namespace

Recoverer::Recoverer(DispatchParts& parts, Unreadables& unreadables, std::function<void()> wake)
    : parts_(parts), unreadables_(unreadables), wake_(std::move(wake)) {
  Executor::Options options;
  options.name = "line-recovery";
  options.queue_limit = 1;
  pool_ = Executor::Make(options, parts.clock, parts.metrics);
  Show();
}

std::string Recoverer::phase() const {
  switch (phase_) {
    case Phase::kUnknown:
    case Phase::kDoubting:
      return "queued messages go to in doubt";
    case Phase::kSettling:
      return "waiting for a well line and the settle time";
    case Phase::kReading:
      return "reading the answers again";
    case Phase::kMarking:
    case Phase::kResting:
      return "settle time after the reading";
    case Phase::kNone:
      break;
  }
  return "";
}

void Recoverer::Show() {
  parts_.recovering = active();
  parts_.metrics.GetGauge("tvan_recovery_active", "1 while a restored store is recovered and nothing is sent")
      .Set(active() ? 1 : 0);
}

Status Recoverer::Begin() {
  const auto recovery = parts_.store.recovery();
  if (!recovery.ok()) return recovery.status();
  phase_ = Phase::kNone;
  if (!*recovery) return Show(), Status();
  recovery_ = **recovery;
  const auto from = parts_.store.LinePositionAt(parts_.options.line, recovery_.as_of() - parts_.options.restore_margin);
  if (!from.ok()) return phase_ = Phase::kUnknown, from.status();
  parts_.restored_from = *from;  // also long after: for what was held or came with answers already there
  if (recovery_.active()) phase_ = Phase::kDoubting;
  Show();
  if (!active()) return {};
  Log(LogLevel::kWarning, "dispatch.recovery",
      {{"reason", ToString(recovery_.reason)},
       {"as_of", FormatTime(recovery_.as_of())},
       {"acceptance", std::to_string(recovery_.acceptance)},
       {"read_from", parts_.restored_from}});
  return {};
}

// Queued at the copy and no more: what was accepted since the restore was never sent. Queue by queue, so that an entry
// that cannot be read has a place and is stepped over.
Status Recoverer::Doubt(Instant now) {
  const auto queues = parts_.store.Queues();
  if (!queues.ok()) return queues.status();
  uint32_t pages = 0;
  for (const QueueKey& queue : *queues) {
    while (doubted_to_[queue] < recovery_.acceptance) {
      if (pages++ == kPagesAStep) return more_ = true, Status();
      if (Status s = DoubtPage(queue, doubted_to_[queue], now); !s.ok()) return s;
    }
  }
  phase_ = Phase::kSettling;
  doubted_at_ = now.wall;
  Log(LogLevel::kWarning, "dispatch.recovery_doubted", {{"messages", std::to_string(doubted_)}});
  return {};
}

// `to` moves when what stands before it is written.
Status Recoverer::DoubtPage(const QueueKey& queue, uint64_t& to, Instant now) {
  uint64_t after = to;
  const auto page = ReadListing(parts_.store, unreadables_, queue, after, kPage, now.wall);
  if (!page.ok()) return page.status();
  std::vector<StageChange> changes;
  for (const MessageMeta& meta : *page) {
    if (meta.acceptance > recovery_.acceptance) break;
    changes.push_back(ChangeOf(meta, EventKind::kInDoubt, now.wall, kRestored));
    changes.back().to = Stage::kInDoubt;
  }
  if (!changes.empty()) {
    const auto done = parts_.store.Change(parts_.fence, changes);
    if (!done.ok()) return done.status();
  }
  doubted_ += changes.size();
  to = page->empty() ? UINT64_MAX : after;
  return {};
}

void Recoverer::Read(Instant now, Time open_since) {
  if (open_since == kForever || now.steady < rest_) return;
  if (now.wall < std::max(open_since, doubted_at_) + parts_.options.in_doubt_settle) return;
  const bool taken = pool_->TrySubmit([this] {
    Status status = parts_.search.ReadThrough(parts_.options.line, parts_.restored_from);
    {
      const std::lock_guard lock(mutex_);
      reading_ = std::move(status);
    }
    wake_();
  });
  if (!taken) return;
  phase_ = Phase::kReading;
  read_from_ = now.wall;
}

Status Recoverer::TakeReading(Instant now) {
  std::optional<Status> reading;
  {
    const std::lock_guard lock(mutex_);
    reading.swap(reading_);
  }
  if (!reading) return {};
  if (!reading->ok()) {
    phase_ = Phase::kSettling;
    const Span rest = parts_.options.backoff_min * (int64_t{1} << std::min(failures_++, 10U));
    rest_ = now.steady + std::min<Span>(rest, parts_.options.backoff_max);
    Log(LogLevel::kError, "dispatch.recovery_reading", {{"status", reading->ToString()}});
    return {};
  }
  phase_ = Phase::kMarking;
  after_ = 0;
  return Mark(now);
}

// The one reading was the search of all of them.
Status Recoverer::Mark(Instant now) {
  for (uint32_t i = 0; i < kPagesAStep; ++i) {
    const auto page = ReadListing(parts_.store, unreadables_, Stage::kInDoubt, after_, kPage, now.wall);
    if (!page.ok()) return page.status();
    if (page->empty()) {
      phase_ = Phase::kResting;
      read_at_ = now.wall;
      return {};
    }
    std::vector<StageChange> changes;
    for (const MessageMeta& meta : *page)
      if (meta.reason == kRestored.text() && meta.stage_since <= read_from_)
        changes.push_back(ChangeOf(meta, EventKind::kSearched, read_from_, "dispatch.not_found"_reason));
    const auto done = parts_.store.Change(parts_.fence, changes);
    if (!done.ok()) return done.status();
    marked_ += changes.size();
  }
  more_ = true;
  return {};
}

Status Recoverer::End(Instant now) {
  if (now.wall < read_at_ + parts_.options.in_doubt_settle) return {};
  if (Status s = parts_.store.EndRecovery(parts_.fence, now.wall); !s.ok()) return s;
  phase_ = Phase::kNone;
  Show();
  Log(LogLevel::kWarning, "dispatch.recovery_ended",
      {{"in_doubt", std::to_string(marked_)}, {"submit_again_from", FormatTime(recovery_.SubmitAgainFrom(""))}});
  return {};
}

Status Recoverer::Step(Instant now, Time open_since) {
  more_ = false;
  Status status;
  if (phase_ == Phase::kUnknown) status = Begin();
  if (status.ok() && phase_ == Phase::kDoubting) status = Doubt(now);
  if (status.ok() && phase_ == Phase::kSettling) Read(now, open_since);
  if (status.ok() && phase_ == Phase::kReading) return TakeReading(now);
  if (status.ok() && phase_ == Phase::kMarking) status = Mark(now);
  if (status.ok() && phase_ == Phase::kResting) status = End(now);
  return status;
}

}  // namespace tvan
