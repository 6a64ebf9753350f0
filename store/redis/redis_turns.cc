// Turns: one gateway writes at a time. Who waits sleeps at Redis and is woken by who ends; who dies is passed over.
#include "store/redis/redis_backend.h"

namespace tvan {
namespace {

constexpr int kMostRounds = 2000;  // of one act; a purge of a mailbox asks for one item after another
constexpr int kMostWaits = 200;    // a quarter of a second each, at most

Status NoTurn() { return Status::Transient("store.busy"_reason, "other gateways are writing to Redis all the time"); }

}  // namespace

// The turn that is idle in our hands is tried first: it costs no write.
Result<RedisTurn> RedisBackend::Enter(RedisLink& link, Turn& turn, FetchView& view) const {
  if (turn.number != 0) {
    auto same = calls_.Turn(link, turn.writer, turn.number, view);
    if (!same.ok() || same->number != 0) return same;
  }
  turn.number = 0;
  turn.is_ours = false;
  uint64_t next = 0;  // a new turn
  for (int waits = 0; waits < kMostWaits && !closed_; ++waits) {
    auto taken = calls_.Turn(link, turn.writer, next, view);
    if (!taken.ok()) return taken;
    if (taken->number != 0) {
      turn.number = taken->number;
      turn.is_ours = true;
      return taken;
    }
    if (next != 0) {  // woken for a turn that is over
      next = 0;
      continue;
    }
    const auto woken = calls_.Wait(link, turn.writer);
    if (!woken.ok()) return woken.status();
    next = *woken;
  }
  return NoTurn();
}

Result<RedisTurn> RedisBackend::RunInTurn(RedisLink& link, Turn& turn, FetchView& view, const Run& run) const {
  view.BeginRun();
  run(view);
  const Steady begin = clock_.SteadyNow();
  auto at = Enter(link, turn, view);
  if (turn_seconds_ != nullptr) turn_seconds_->Observe(static_cast<double>((clock_.SteadyNow() - begin).count()) / 1e6);
  for (int round = 0; round < kMostRounds; ++round) {
    if (!at.ok() || at->number == 0) return at;
    if (turn.rounds != nullptr) turn.rounds->Add();
    view.BeginRun();
    run(view);
    if (!view.missing()) return at;
    at = calls_.Turn(link, turn.writer, turn.number, view);
  }
  return Status::Transient("store.busy"_reason, "a decision over Redis came to no end");
}

// A turn that nobody ends is over after turn_limit; so an end that fails is no harm.
void RedisBackend::Leave(RedisLink& link, Turn& turn) const {
  if (turn.is_ours && !link.broken()) (void)calls_.Finish(link, turn.writer, turn.number).ok();
  if (turn.is_ours) turn.number = 0;
  turn.is_ours = false;
}

}  // namespace tvan
