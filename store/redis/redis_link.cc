#include "store/redis/redis_link.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "gateway/core/log.h"
#include "store/redis/redis_wire.h"

namespace tvan {
namespace {

constexpr size_t kMostSentinels = 16;
constexpr Span kSlow{1'000'000};

// Functions are told apart: all that the store does is done by some.
std::string NameOf(const RedisCommand& command) {
  std::string name(command[0]);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name.starts_with("fcall") && command.size() > 1) name.append(" ").append(command[1]);
  return name;
}

bool IsNoPrimary(const RedisReply& reply) {
  return reply.is_error("READONLY") || reply.is_error("LOADING") || reply.is_error("MASTERDOWN");
}

Status Unreachable(const std::string& where, const std::string& why) {
  return Status::Transient("store.unreachable"_reason, where + ": " + why);
}

// Nothing that could be in doubt was sent yet.
Status NotYet(const Status& status) {
  return status.is_in_doubt() ? Status::Transient(status.reason(), status.message()) : status;
}

// The answer is not repeated: a server that does not know AUTH says its arguments.
Status SignIn(RedisWire& wire, const std::string& user, const std::string& password, Span limit) {
  if (password.empty()) return {};
  const auto answer = user.empty() ? wire.Call({"AUTH", password}, limit) : wire.Call({"AUTH", user, password}, limit);
  if (!answer) return NotYet(answer.status());
  if (answer->kind != RedisReply::Kind::kError) return {};
  if (IsNoPrimary(*answer) || answer->text.find("max number of clients") != std::string::npos)
    return Status::Transient("store.unreachable"_reason, wire.where() + " takes no connection now");
  return Status::Permanent(
      "store.redis_refused"_reason,
      wire.where() + ": the user '" + user + "' or its password is " + "wrong, or the server knows no sign-in");
}

// ROLE answers while the files are being read, PING does not.
Status CheckServes(RedisWire& wire, Span limit) {
  for (const std::string_view command : {"PING", "ROLE"}) {
    const auto answer = wire.Call({command}, limit);
    if (!answer) return NotYet(answer.status());
    const Status said = StatusOf(*answer);
    if (!said) return said.is_transient() ? Unreachable(wire.where(), said.message()) : said;
    if (command == "PING") continue;
    const std::string role = answer->list.empty() ? "unknown" : answer->list[0].text;
    if (role != "master") return Unreachable(wire.where(), "is no primary, but a " + role);
  }
  return {};
}

Result<std::unique_ptr<RedisWire>> OpenPrimary(const RedisAddress& at, const RedisLinkOptions& options, Clock& clock) {
  auto wire = RedisWire::Open(at, options, clock);
  if (!wire) return wire;
  const Span limit = std::max(options.connect_limit, options.reply_limit);
  Status good = SignIn(**wire, options.user, options.password, limit);
  if (good) good = CheckServes(**wire, limit);
  if (!good) return good;
  return wire;
}

Result<RedisAddress> AskSentinel(const RedisAddress& sentinel, const RedisLinkOptions& options, Clock& clock) {
  const auto wire = RedisWire::Open(sentinel, options, clock);
  if (!wire) return wire.status();
  const Status in = SignIn(**wire, options.sentinel_user, options.sentinel_password, options.connect_limit);
  if (!in) return in;
  const auto said = (*wire)->Call({"SENTINEL", "get-master-addr-by-name", options.primary_name}, options.connect_limit);
  if (!said) return NotYet(said.status());
  if (const Status good = StatusOf(*said); !good) return good;
  const int port = said->list.size() == 2 ? std::atoi(said->list[1].text.c_str()) : 0;
  if (port <= 0 || port > UINT16_MAX) return Unreachable(sentinel.text(), "knows no '" + options.primary_name + "'");
  return RedisAddress{.host = said->list[0].text, .port = static_cast<uint16_t>(port)};
}

// The first Sentinel whose primary is one wins. An address that was in vain is not tried for the next Sentinel.
Result<std::unique_ptr<RedisWire>> FindPrimary(const RedisLinkOptions& options, Clock& clock) {
  if (options.sentinels.size() > kMostSentinels)
    return Status::Permanent("store.argument"_reason, "more than 16 Sentinels");
  std::vector<RedisAddress> in_vain;
  std::string why;
  Status refused;
  for (const RedisAddress& sentinel : options.sentinels) {
    const auto at = AskSentinel(sentinel, options, clock);
    if (at && std::find(in_vain.begin(), in_vain.end(), *at) != in_vain.end()) continue;
    auto wire = at ? OpenPrimary(*at, options, clock) : Result<std::unique_ptr<RedisWire>>(at.status());
    if (wire || (at && !wire.status().is_transient())) return wire;
    if (!wire.status().is_transient() && refused.ok()) refused = wire.status();  // the next one may know us
    if (at) in_vain.push_back(*at);
    why += (why.empty() ? "" : "; ") + wire.status().message();
  }
  if (!refused.ok()) return refused;
  return Status::Transient("store.unreachable"_reason, "no Sentinel led to a primary: " + why);
}

}  // namespace

Status StatusOf(const RedisReply& reply) {
  if (reply.kind != RedisReply::Kind::kError) return {};
  const auto is = [&](auto... code) { return (reply.is_error(code) || ...); };
  if (IsNoPrimary(reply) || is("BUSY", "TRYAGAIN", "UNBLOCKED", "CLUSTERDOWN"))
    return Status::Transient("store.unreachable"_reason, reply.text);
  if (is("NOREPLICAS")) return Status::Transient("store.replicas_missing"_reason, reply.text);
  if (is("OOM")) return Status::Transient("store.full"_reason, reply.text);
  if (is("MISCONF")) return Status::Transient("store.unwritable"_reason, reply.text);
  if (is("NOAUTH", "WRONGPASS", "NOPERM")) return Status::Permanent("store.redis_refused"_reason, reply.text);
  return Status::Permanent("store.redis_error"_reason, reply.text);
}

struct RedisLink::Inside {
  std::unique_ptr<RedisWire> wire;
  Span reply_limit;
  Clock& clock;
  Metrics* metrics;
  std::map<std::string, Histogram*, std::less<>> seconds;  // by the command's name

  void Note(const RedisCommand& command, Span took, Span blocks) {
    const std::string name = NameOf(command);
    if (took > blocks + kSlow)
      Log(LogLevel::kWarning, "redis.slow",
          {{"command", name}, {"ms", std::to_string(took.count() / 1000)}, {"server", wire->where()}});
    if (metrics == nullptr) return;
    Histogram*& histogram = seconds[name];
    if (histogram == nullptr)
      histogram = &metrics->GetHistogram("tvan_redis_seconds", "From sending a command to Redis to its reply.",
                                         {{"command", name}});
    histogram->Observe(static_cast<double>(took.count()) / 1e6);
  }
};

RedisLink::RedisLink(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
RedisLink::~RedisLink() = default;

Result<std::unique_ptr<RedisLink>> RedisLink::Connect(const RedisLinkOptions& options, Clock& clock, Metrics* metrics) {
  const WorkScope work(clock);
  auto wire = options.sentinels.empty() ? OpenPrimary(options.server, options, clock) : FindPrimary(options, clock);
  if (metrics != nullptr)
    metrics
        ->GetCounter("tvan_redis_connects_total", "Connections to Redis tried, by outcome.",
                     {{"outcome", wire ? "ok" : "failed"}})
        .Add();
  if (!wire) return wire.status();
  auto inside = std::make_unique<Inside>(Inside{std::move(*wire), options.reply_limit, clock, metrics, {}});
  return std::unique_ptr<RedisLink>(new RedisLink(std::move(inside)));
}

Result<RedisReply> RedisLink::Call(const RedisCommand& command, Span blocks) {
  auto replies = Pipeline({command}, blocks);
  if (!replies) return replies.status();
  return std::move(replies->front());
}

Result<std::vector<RedisReply>> RedisLink::Pipeline(const std::vector<RedisCommand>& commands, Span blocks) {
  const WorkScope work(inside_->clock);
  const Span limit = inside_->reply_limit + blocks;
  Steady since = inside_->clock.SteadyNow();
  const Status sent = inside_->wire->Send(commands, limit);
  if (!sent) return sent;
  std::vector<RedisReply> replies;
  bool no_primary = false;
  for (const RedisCommand& command : commands) {
    auto reply = inside_->wire->Read(limit);
    if (!reply) return reply.status();
    const Steady now = inside_->clock.SteadyNow();
    inside_->Note(command, now - since, blocks);
    since = now;
    no_primary = no_primary || IsNoPrimary(*reply);
    replies.push_back(std::move(*reply));
  }
  if (no_primary) inside_->wire->Break();
  return replies;
}

Result<std::optional<RedisReply>> RedisLink::Listen(Span wait) {
  if (!inside_->wire->Hears(wait)) return std::optional<RedisReply>();
  const WorkScope work(inside_->clock);
  auto said = inside_->wire->Read(inside_->reply_limit);
  if (!said) return said.status();
  return std::optional<RedisReply>(std::move(*said));
}

bool RedisLink::broken() const { return inside_->wire->broken(); }
bool RedisLink::alive() const { return inside_->wire->alive(); }
const std::string& RedisLink::where() const { return inside_->wire->where(); }

}  // namespace tvan
