// Acts: decided in a turn, written by one function. An act of which nobody knows whether it was done is asked for at
// Redis, so that it is done once and its callers hear of it.
#include <poll.h>

#include "gateway/core/log.h"
#include "store/redis/redis_backend.h"

namespace tvan {
namespace {

constexpr int kMostTries = 8;
constexpr Span kPause{50'000};
constexpr Span kPatience{30'000'000};  // with a server that is gone behind an act that was sent
constexpr int kReplicaPatience = 10;   // replica limits

// real deadline: the other side of a socket comes back whatever our clock says
void Pause() { (void)::poll(nullptr, 0, static_cast<int>(kPause.count() / 1000)); }

Status InDoubt(const std::string& why) { return Status::InDoubt("store.io"_reason, why); }

}  // namespace

Status RedisBackend::Connected() {
  if (link_ != nullptr && !link_->broken()) return {};
  links_.DropAll();  // of looks: the primary may be another one now
  auto link = RedisLink::Connect(options_.link, clock_, metrics_);
  if (!link.ok()) return link.status();
  if (Status s = Greet(**link); !s.ok()) return s;
  link_ = std::move(link).value();
  return {};
}

Status RedisBackend::Over() const {
  if (another_life_) return AnotherLife();
  return in_doubt_ ? InDoubt("an act ended in doubt") : Status();
}

Status RedisBackend::Act(const Decide& decide) {
  Status status = Status::Transient("store.closed"_reason, "the store is closed");
  for (int tries = 0; tries < kMostTries && !closed_; ++tries) {
    const Outcome outcome = TryAct(decide, status);
    if (another_life_) return InDoubt(AnotherLife().message());
    if (link_ != nullptr) Leave(*link_, turn_);
    if (outcome == Outcome::kEnded) break;
  }
  if (status.is_in_doubt()) in_doubt_ = true;
  return Serving(status);
}

RedisBackend::Outcome RedisBackend::TryAct(const Decide& decide, Status& status) {
  status = Connected();
  if (!status.ok()) return Outcome::kEnded;
  FetchView view;
  const WriteSet* writes = nullptr;
  const auto turn = RunInTurn(*link_, turn_, view, [&](const KvView& newest) { writes = decide(newest); });
  status = turn.status();
  if (!turn.ok()) return link_->broken() ? Outcome::kAgain : Outcome::kEnded;
  status = Status::Transient("store.busy"_reason, "the turn to write was lost again and again");
  if (turn->number == 0) return turn_.number = 0, Outcome::kAgain;
  status = CheckLife(turn->at);
  if (!status.ok()) return Outcome::kEnded;
  if (writes != nullptr) return Apply(*writes, status);
  status = Acknowledge(*link_, turn->at.acts);  // what is answered stands on what was read
  return Outcome::kEnded;
}

RedisBackend::Outcome RedisBackend::Apply(const WriteSet& writes, Status& status) {
  const std::string id = options_.process + ":" + std::to_string(++last_act_);
  const auto acted =
      calls_.Apply(*link_, {turn_.writer, turn_.number, id, options_.replicas, options_.replica_limit}, writes);
  if (!acted.ok()) {
    status = acted.status();
    if (status.is_in_doubt() && link_->broken()) return Resolve(id, status);
    return Outcome::kEnded;
  }
  turn_.is_ours = false;  // the act ended it
  if (acted->stale || !acted->kept) turn_.number = 0;
  if (acted->stale) return Outcome::kAgain;
  if (options_.replicas > 0 && acted->acknowledged) Raise(acted->acts);
  status = acted->acknowledged ? Status() : AwaitReplicas();
  return Outcome::kEnded;
}

// The act was sent, and the link broke. Once the turn is ended Redis knows, and keeps, what became of it.
RedisBackend::Outcome RedisBackend::Resolve(const std::string& id, Status& status) {
  const Steady deadline = clock_.SteadyNow() + kPatience;
  for (int i = 0; i < kPatience / kPause && clock_.SteadyNow() < deadline && !another_life_; ++i) {
    if (i > 0) Pause();
    if (!Connected().ok()) continue;
    const auto last = calls_.Finish(*link_, turn_.writer, turn_.number);
    if (!last.ok()) continue;
    turn_.number = 0;
    turn_.is_ours = false;
    const bool ours = last->compare(0, options_.process.size() + 1, options_.process + ":") == 0;
    status = ours ? Status() : InDoubt("another process writes under this gateway's name");
    if (ours && *last != id) {
      status = Status::Transient("store.unreachable"_reason, "Redis ended the connection before the act");
      return Outcome::kAgain;
    }
    if (ours && options_.replicas > 0) status = AwaitReplicas();
    return Outcome::kEnded;
  }
  status = InDoubt("Redis cannot be reached to ask whether the last act was done");
  return Outcome::kEnded;
}

// It is written at the primary and cannot be taken back: nobody is answered before the replicas have it too.
Status RedisBackend::AwaitReplicas() {
  for (int i = 0; i < kReplicaPatience && !another_life_; ++i) {
    if (!Connected().ok()) {
      Pause();
      continue;
    }
    const auto all = calls_.Acknowledged(*link_, options_.replicas, options_.replica_limit);
    if (all.ok() && *all) return {};
    if (!all.ok()) Pause();
    Log(LogLevel::kWarning, "store.replicas_missing", {{"needed", std::to_string(options_.replicas)}});
  }
  return InDoubt("the last act is written at the primary, and too few replicas have it");
}

void RedisBackend::Raise(uint64_t acts) const {
  uint64_t known = acknowledged_;
  while (known < acts && !acknowledged_.compare_exchange_weak(known, acts)) {
  }
}

}  // namespace tvan
