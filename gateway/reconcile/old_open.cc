#include "gateway/reconcile/old_open.h"

#include <algorithm>

#include "gateway/reconcile/provider_walk.h"

namespace tvan {
namespace {

constexpr Stage kOpenStages[] = {Stage::kQueued, Stage::kHeld,         Stage::kSending, Stage::kInDoubt,
                                 Stage::kSent,   Stage::kAcknowledged, Stage::kWorkItem};
constexpr int kMostLooks = 5;

// The place of the first message of a stage that cannot be read: the page in front of it is over.
Result<uint64_t> DamageBehind(const Store& store, Stage stage, uint64_t after, const Status& why) {
  const auto damaged = store.FirstDamaged(stage, after);
  if (!damaged.ok() || !*damaged) return why;
  return (*damaged)->acceptance;
}

class Looking {
 public:
  Looking(const Store& store, uint64_t through, size_t most, const std::function<bool()>& stopped)
      : store_(store), through_(through), most_(most), stopped_(stopped) {}

  Result<OldOpen> Run() {
    for (int look = 0; look < kMostLooks; ++look) {
      const size_t known = found_.messages.size();
      const uint64_t sequence = store_.position().sequence;
      for (const Stage stage : kOpenStages)
        if (Status status = LookThrough(stage); !status.ok()) return status;
      const bool none_other = look > 0 && found_.messages.size() == known;
      if (found_.too_many || none_other || store_.position().sequence == sequence) break;
    }
    return std::move(found_);
  }

 private:
  Status LookThrough(Stage stage) {
    uint64_t after = 0;
    while (after < through_ && !found_.too_many) {
      const auto page = store_.InStage(stage, after, ProviderWalk::kPage);
      if (page.ok() && page->empty()) return {};
      if (stopped_ && stopped_()) return Status::Transient("reconcile.stopped"_reason, "the reading was given up");
      if (page.ok()) {
        Keep(*page);
        after = page->back().acceptance;
        continue;
      }
      const auto damaged = DamageBehind(store_, stage, after, page.status());
      if (!damaged.ok()) return damaged.status();
      after = *damaged;
      if (after <= through_) found_.damaged.insert(after);
    }
    return {};
  }

  void Keep(const std::vector<MessageMeta>& page) {
    for (const MessageMeta& meta : page)
      if (meta.acceptance <= through_) found_.messages.emplace(meta.provider(), meta.acceptance);
    found_.too_many = found_.messages.size() > most_;
  }

  const Store& store_;
  const uint64_t through_;
  const size_t most_;
  const std::function<bool()>& stopped_;
  OldOpen found_;
};

}  // namespace

Result<OldOpen> FindOldOpen(const Store& store, uint64_t through, size_t most, const std::function<bool()>& stopped) {
  return Looking(store, through, most, stopped).Run();
}

Result<uint64_t> BeforeOldestOpen(const Store& store) {
  uint64_t oldest = UINT64_MAX;
  for (const Stage stage : kOpenStages) {
    const auto page = store.InStage(stage, 0, 1);
    if (page.ok() && page->empty()) continue;
    const auto first = page.ok() ? page->front().acceptance : DamageBehind(store, stage, 0, page.status());
    if (!first.ok()) return first.status();
    oldest = std::min(oldest, *first - 1);
  }
  return oldest;
}

}  // namespace tvan
