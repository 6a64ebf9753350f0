#include "store/redis/redis_calls.h"

#include <algorithm>
#include <deque>

#include "store/redis/functions.h"
#include "store/redis/redis_news.h"

namespace tvan {
namespace {

constexpr Span kWait{250'000};  // functions.lua forgets who does not ask for two seconds
const std::string kWaitSeconds = "0.25";

Status NoAnswer() { return Status::Permanent("store.redis_error"_reason, "Redis answered a function in another form"); }

bool IsMissing(const RedisReply& reply) {
  return reply.is_error("ERR") && reply.text.find("unction not found") != std::string::npos;
}

// A call that only reads, or whose effect is only a turn, may be made again.
Status Harmless(Status status) {
  if (!status.is_in_doubt()) return status;
  return Status::Transient(status.reason(), status.message());
}

bool HasNumbers(const std::vector<RedisReply>& list, size_t count) {
  if (list.size() < count) return false;
  return std::all_of(list.begin(), list.begin() + static_cast<ptrdiff_t>(count),
                     [](const RedisReply& reply) { return reply.kind == RedisReply::Kind::kNumber; });
}

uint64_t NumberOf(const RedisReply& reply) { return static_cast<uint64_t>(reply.number); }
// The writes of one act as functions.lua takes them.
class Writes {
 public:
  explicit Writes(const WriteSet& writes) {
    for (size_t f = 0; f < kFamilies; ++f) Add(static_cast<Family>(f), writes.changes(static_cast<Family>(f)));
  }
  void AppendTo(RedisCommand& command) const {
    for (const OfFamily& of : families_) {
      command.push_back(of.name);
      for (size_t i = 0; i < of.parts.size(); ++i) {
        command.push_back(of.counts[i]);
        command.insert(command.end(), of.parts[i].begin(), of.parts[i].end());
      }
    }
  }

 private:
  struct OfFamily {
    std::string_view name;
    std::array<std::vector<std::string_view>, 4> parts;  // puts without order, with; deletions without order, with
    std::array<std::string, 4> counts;
  };

  void Add(Family family, const WriteSet::Changes& changes) {
    if (changes.empty()) return;
    OfFamily of{kFamilyNames[static_cast<size_t>(family)], {}, {}};
    for (const auto& [key, value] : changes) {
      auto& part = of.parts[(value.deleted ? 2U : 0U) + (IsOrdered(family, key) ? 1U : 0U)];
      part.push_back(key);
      if (!value.deleted) part.push_back(BytesOf(value));
    }
    for (size_t i = 0; i < of.parts.size(); ++i)
      of.counts[i] = std::to_string(i < 2 ? of.parts[i].size() / 2 : of.parts[i].size());
    families_.push_back(std::move(of));
  }
  // A payload has all its bytes in the tail, and is not copied.
  std::string_view BytesOf(const WriteSet::Value& value) {
    if (value.tail == nullptr) return value.head;
    if (value.head.empty()) return *value.tail;
    return joined_.emplace_back(value.head + *value.tail);
  }

  std::vector<OfFamily> families_;
  std::deque<std::string> joined_;
};

}  // namespace

RedisCalls::RedisCalls(const std::string& name, std::string gateway, Span turn_limit)
    : base_("tvan:{" + name + "}:"),
      turn_key_(base_ + "turn"),
      gateway_(std::move(gateway)),
      lease_(std::to_string(turn_limit.count())) {}

Status RedisCalls::LoadFunctions(RedisLink& link) const {
  const auto known = link.Call({"FCALL_RO", "tvan1_revision", "0"});
  if (!known.ok()) return Harmless(known.status());
  if (known->kind == RedisReply::Kind::kNumber && known->number >= kFunctionsRevision) return {};
  if (known->kind == RedisReply::Kind::kError && !IsMissing(*known)) return StatusOf(*known);
  const auto loaded = link.Call({"FUNCTION", "LOAD", "REPLACE", RedisFunctions()});
  return loaded.ok() ? StatusOf(*loaded) : Harmless(loaded.status());
}

// The answer's list. A missing function did nothing.
Result<std::vector<RedisReply>> RedisCalls::Call(RedisLink& link, const RedisCommand& command) const {
  auto reply = link.Call(command);
  if (reply.ok() && IsMissing(*reply)) {
    if (Status loaded = LoadFunctions(link); !loaded.ok()) return loaded;
    reply = link.Call(command);
  }
  if (!reply.ok()) return reply.status();
  if (Status s = StatusOf(*reply); !s.ok()) return s;
  if (reply->kind != RedisReply::Kind::kList) return NoAnswer();
  return std::move(reply->list);
}

Result<RedisInstant> RedisCalls::Look(RedisLink& link, FetchView& view, FetchView::What what) const {
  RedisCommand command{"FCALL_RO", "tvan1_look", "1", turn_key_};
  view.Ask(what, command);
  auto list = Call(link, command);
  if (!list.ok()) return Harmless(list.status());
  if (!HasNumbers(*list, 1) || list->size() < 2) return NoAnswer();
  RedisInstant instant{NumberOf((*list)[0]), std::move((*list)[1].text)};
  if (Status s = view.Learn(*list, 2); !s.ok()) return s;
  return instant;
}

Result<RedisTurn> RedisCalls::Turn(RedisLink& link, const std::string& writer, uint64_t number, FetchView& view) const {
  const std::string number_text = std::to_string(number);
  RedisCommand command{"FCALL", "tvan1_turn", "1", turn_key_, writer, lease_, number_text};
  view.Ask(FetchView::What::kMissing, command);
  auto list = Call(link, command);
  if (!list.ok()) return Harmless(list.status());
  if (HasNumbers(*list, 1) && (*list)[0].number == 0) return RedisTurn{};
  if (!HasNumbers(*list, 2) || list->size() < 3) return NoAnswer();
  RedisTurn turn{NumberOf((*list)[0]), {NumberOf((*list)[1]), std::move((*list)[2].text)}};
  if (Status s = view.Learn(*list, 3); !s.ok()) return s;
  return turn;
}

Result<uint64_t> RedisCalls::Wait(RedisLink& link, const std::string& writer) const {
  const auto reply = link.Call({"BLPOP", base_ + "wake:" + writer, kWaitSeconds}, kWait);
  if (!reply.ok()) return Harmless(reply.status());
  if (Status s = StatusOf(*reply); !s.ok()) return s;
  if (reply->list.size() != 2) return uint64_t{0};
  const std::string& number = reply->list[1].text;
  const bool good = !number.empty() && number.size() < 19 && number.find_first_not_of("0123456789") == number.npos;
  return good ? std::stoull(number) : uint64_t{0};
}

Result<std::string> RedisCalls::Finish(RedisLink& link, const std::string& writer, uint64_t number) const {
  const std::string number_text = std::to_string(number);
  const RedisCommand command{"FCALL", "tvan1_finish", "1", turn_key_, writer, lease_, number_text, gateway_};
  auto reply = link.Call(command);
  if (!reply.ok()) return Harmless(reply.status());
  if (Status s = StatusOf(*reply); !s.ok()) return s;
  return std::move(reply->text);
}

Result<RedisCalls::Acted> RedisCalls::Apply(RedisLink& link, const Act& act, const WriteSet& writes) const {
  const std::string number = std::to_string(act.number), replicas = std::to_string(act.replicas);
  const std::string limit = std::to_string(act.replica_limit.count() / 1000);
  const std::string news = NewsOf(gateway_, writes);
  const Writes flat(writes);
  std::vector<RedisCommand> commands{
      {"FCALL", "tvan1_act", "1", turn_key_, act.writer, lease_, number, gateway_, act.id, news}};
  flat.AppendTo(commands[0]);
  if (act.replicas > 0) commands.push_back({"WAIT", replicas, limit});
  auto replies = link.Pipeline(commands, act.replica_limit);
  if (!replies.ok()) return replies.status();
  const RedisReply& done = replies->front();
  if (Status s = StatusOf(done); !s.ok()) {
    // What is transient was refused as a whole. Whatever else fails in a function may have written a part.
    if (s.is_transient()) return s;
    if (IsMissing(done)) return Status::Transient("store.unreachable"_reason, "the functions are missing at Redis");
    return Status::InDoubt("store.io"_reason, s.message());
  }
  if (HasNumbers(done.list, 1) && done.list[0].number == 0) return Acted{.stale = true};
  if (!HasNumbers(done.list, 2)) return Status::InDoubt("store.io"_reason, NoAnswer().message());
  Acted acted{.kept = done.list[1].number == 1, .acts = NumberOf(done.list[0])};
  acted.acknowledged = act.replicas == 0 || replies->back().number >= static_cast<int64_t>(act.replicas);
  return acted;
}

// PUBLISH goes to the replicas and not into the file: WAIT counts from the last thing that this link told them.
Result<bool> RedisCalls::Acknowledged(RedisLink& link, uint32_t replicas, Span limit) const {
  const std::string count = std::to_string(replicas), milliseconds = std::to_string(limit.count() / 1000);
  const auto replies = link.Pipeline({{"PUBLISH", turn_key_, ""}, {"WAIT", count, milliseconds}}, limit);
  if (!replies.ok()) return Harmless(replies.status());
  for (const RedisReply& reply : *replies)
    if (Status s = StatusOf(reply); !s.ok()) return s;
  return replies->back().number >= static_cast<int64_t>(replicas);
}

}  // namespace tvan
