#include "store/redis/redis_backend.h"

namespace tvan {
namespace {

constexpr int kMostRounds = 2000;  // of one look; a list of many records takes dozens
constexpr int kMostMoves = 6;      // acts of others that a look in rounds puts up with

std::string FieldOf(const std::string& info, const std::string& name) {
  const size_t at = info.find("\n" + name + ":");
  if (at == std::string::npos) return {};
  const size_t from = at + name.size() + 2;
  return info.substr(from, info.find_first_of("\r\n", from) - from);
}

Status Closed() { return Status::Transient("store.closed"_reason, "the store is closed"); }

}  // namespace

RedisBackend::RedisBackend(RedisBackendOptions options, Clock& clock, Metrics* metrics)
    : options_(std::move(options)),
      clock_(clock),
      metrics_(metrics),
      calls_(options_.name, options_.gateway, options_.turn_limit),
      links_(options_.link, clock, metrics, [this](RedisLink& link) { return Greet(link); }),
      turn_{options_.gateway + ":" + options_.process},
      look_turn_{turn_.writer + ":look"} {
  if (metrics == nullptr) return;
  const auto rounds = [&](const char* of) {
    return &metrics->GetCounter("tvan_redis_rounds_total", "Fetches of looks and of acts", {{"of", of}});
  };
  look_rounds_ = look_turn_.rounds = rounds("look");
  turn_.rounds = rounds("act");
  turn_seconds_ = &metrics->GetHistogram("tvan_redis_turn_wait_seconds", "Waiting for the turn to write");
}

Status RedisBackend::Connect() {
  auto link = RedisLink::Connect(options_.link, clock_, metrics_);
  if (!link.ok()) return link.status();
  if (options_.prove)
    if (Status s = options_.prove(**link); !s.ok()) return s;
  const auto info = (*link)->Call({"INFO", "replication"});
  if (!info.ok()) return Status::Transient(info.status().reason(), info.status().message());
  if (Status s = StatusOf(*info); !s.ok()) return s;
  lineage_ = FieldOf(info->text, "master_replid");
  if (Status s = calls_.LoadFunctions(**link); !s.ok()) return s;
  link_ = std::move(link).value();
  return {};
}

// What was read or decided in a lost life may name what is no more: this process must open the store anew.
Status RedisBackend::AnotherLife() const {
  another_life_ = true;
  return Status::Transient("store.unreachable"_reason,
                           "the primary is another one or was started again; the store must be opened anew");
}

Status RedisBackend::Greet(RedisLink& link) const {
  if (another_life_) return AnotherLife();
  const auto info = link.Call({"INFO", "replication"});
  if (!info.ok()) return Status::Transient(info.status().reason(), info.status().message());
  if (Status s = StatusOf(*info); !s.ok()) return s;
  if (FieldOf(info->text, "master_replid") != lineage_) return AnotherLife();
  return options_.prove ? options_.prove(link) : Status();
}

Status RedisBackend::CheckLife(const RedisInstant& at) const {
  return incarnation_.empty() || at.incarnation == incarnation_ ? Status() : AnotherLife();
}

// What Redis refuses while we serve is trouble of the engine, whatever a person must mend: no message is to blame.
Status RedisBackend::Serving(Status status) const {
  const bool blames = !status.ok() && status.disposition() == Disposition::kPermanent &&
                      status.reason() != "store.damaged"_reason && !incarnation_.empty();
  return blames ? Status::Transient(status.reason(), status.message()) : status;
}

Status RedisBackend::Look(const Ask& ask) const { return Serving(LookAgain(ask)); }

Status RedisBackend::LookAgain(const Ask& ask) const {
  Status status;
  for (int tries = 0; tries < 2; ++tries) {
    if (closed_) return Closed();
    if (another_life_) return AnotherLife();
    auto link = links_.Take();
    if (!link.ok()) return closed_ ? Closed() : link.status();
    status = LookOver(**link, ask);
    if (status.ok() || !(*link)->broken()) break;  // else the server ended an idle link
  }
  return status;
}

Status RedisBackend::LookOver(RedisLink& link, const Ask& ask) const {
  FetchView view;
  RedisInstant at;
  int moves = 0;
  for (int round = 0; round < kMostRounds; ++round) {
    view.BeginRun();
    ask(view);
    if (!view.missing()) return Acknowledge(link, at.acts);
    auto next = calls_.Look(link, view, FetchView::What::kMissing);
    if (next.ok() && round > 0 && next->acts != at.acts) {  // what is here is of two instants
      if (++moves > kMostMoves) return LookInTurn(link, ask);
      next = calls_.Look(link, view, FetchView::What::kAll);
    }
    if (!next.ok()) return next.status();
    if (Status s = CheckLife(*next); !s.ok()) return s;
    if (look_rounds_ != nullptr) look_rounds_->Add();
    at = *std::move(next);
  }
  return Status::Transient("store.busy"_reason, "a question to Redis came to no end");
}

// Nobody writes meanwhile.
Status RedisBackend::LookInTurn(RedisLink& link, const Ask& ask) const {
  const std::lock_guard lock(look_mutex_);
  FetchView view;
  const auto turn = RunInTurn(link, look_turn_, view, ask);
  Leave(link, look_turn_);
  if (!turn.ok()) return turn.status();
  if (turn->number == 0) return Status::Transient("store.busy"_reason, "the turn for a question was lost");
  if (Status s = CheckLife(turn->at); !s.ok()) return s;
  return Acknowledge(link, turn->at.acts);
}

// What only the primary has may be lost with it, and is not told to anybody.
Status RedisBackend::Acknowledge(RedisLink& link, uint64_t acts) const {
  if (options_.replicas == 0 || acts <= acknowledged_) return {};
  const auto all = calls_.Acknowledged(link, options_.replicas, options_.replica_limit);
  if (!all.ok()) return all.status();
  if (!*all) return Status::Transient("store.replicas_missing"_reason, "too few replicas have what was read");
  Raise(acts);
  return {};
}

Status RedisBackend::Close() {
  closed_ = true;
  links_.Close();
  link_.reset();
  return {};
}

}  // namespace tvan
