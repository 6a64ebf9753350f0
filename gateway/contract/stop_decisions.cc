#include "gateway/contract/stop_decisions.h"

#include <algorithm>
#include <numeric>

namespace tvan {
namespace {

constexpr size_t kStands = SIZE_MAX;

bool MayBeOne(StopKind a, StopKind b) { return a == b || a == StopKind::kUnsaid || b == StopKind::kUnsaid; }

// Decisions one after another, and by which of them each was settled: a stop by the one that lifted it, or by the first
// after its end; a continue by itself.
class Walk {
 public:
  Walk(const std::vector<StopView>& decisions, Time at) : all_(decisions), settled_(decisions.size(), kStands) {
    for (size_t i = 0; i < all_.size() && all_[i].from <= at; ++i) {
      Settle(i, [&](const StopView& stop) { return stop.to <= all_[i].from; });
      if (all_[i].stop) continue;
      settled_[i] = i;
      Lift(i);
    }
  }
  const std::vector<size_t>& settled() const { return settled_; }

 private:
  bool Stands(size_t i) const { return all_[i].stop && settled_[i] == kStands; }

  template <class Which>
  bool Settle(size_t by, Which which) {
    bool any = false;
    for (size_t i = 0; i < by; ++i) {
      if (!Stands(i) || !which(all_[i])) continue;
      settled_[i] = by;
      any = true;
    }
    return any;
  }

  bool LiftNumbered(size_t by, std::string_view number) {
    if (number.empty()) return false;
    return Settle(by, [&](const StopView& s) { return s.number == number && MayBeOne(s.kind, all_[by].kind); });
  }

  // What it answers; else what has its own number; else the only one of its kind.
  void Lift(size_t by) {
    if (!all_[by].answers.empty()) {
      LiftNumbered(by, all_[by].answers);
      return;
    }
    if (LiftNumbered(by, all_[by].number)) return;
    const StopView* only = OnlyOneBefore(by);
    if (only != nullptr && !LiftNumbered(by, only->number)) Settle(by, [&](const StopView& s) { return &s == only; });
  }

  // Stops of one number are one. nullptr: none stands, or several, and nobody knows which is meant.
  const StopView* OnlyOneBefore(size_t by) const {
    const StopView* only = nullptr;
    for (size_t i = 0; i < by; ++i) {
      if (!Stands(i) || all_[i].kind != all_[by].kind) continue;
      if (only != nullptr && (only->number.empty() || only->number != all_[i].number)) return nullptr;
      only = &all_[i];
    }
    return only;
  }

  const std::vector<StopView>& all_;
  std::vector<size_t> settled_;
};

}  // namespace

StopView ViewOf(const StopDecision& decision) {
  return {decision.stop, decision.kind, decision.from, decision.to, decision.number, decision.answers};
}

std::optional<size_t> StandingStop(const std::vector<StopView>& decisions, Time at) {
  const Walk walk(decisions, at);
  for (size_t i = decisions.size(); i-- > 0;) {
    const StopView& one = decisions[i];
    if (one.stop && one.from <= at && at < one.to && walk.settled()[i] == kStands) return i;
  }
  return std::nullopt;
}

// By when each was settled, with all that the same one settled: so every continue that stays meets what it met before.
void DropSettled(std::vector<StopDecision>& decisions, size_t most) {
  if (decisions.size() <= most) return;
  std::vector<StopView> views;
  for (const StopDecision& decision : decisions) views.push_back(ViewOf(decision));
  const Walk walk(views, kForever);
  std::vector<size_t> order(decisions.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return walk.settled()[a] < walk.settled()[b]; });
  const auto last = order.begin() + static_cast<ptrdiff_t>(order.size() - most - 1);
  const auto stays = std::find_if(last + 1, order.end(), [&](size_t i) {
    return walk.settled()[i] == kStands || walk.settled()[i] != walk.settled()[*last];
  });
  std::sort(stays, order.end());
  std::vector<StopDecision> left;
  for (auto i = stays; i != order.end(); ++i) left.push_back(std::move(decisions[*i]));
  decisions = std::move(left);
}

}  // namespace tvan
