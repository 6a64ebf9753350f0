#include "store/redis/redis_members.h"

#include <algorithm>

#include "gateway/core/log.h"
#include "store/redis/redis_news.h"

namespace tvan {
namespace {

using Kind = RedisReply::Kind;
constexpr Span kListen{300'000}, kBeat{500'000}, kPause{200'000}, kLook{100'000};
constexpr Span kShortestLimit{50'000};
constexpr size_t kMostReplyBytes = 1U << 20;

// A lease is worth nothing to who waits longer than that for one answer.
RedisLinkOptions Impatient(RedisLinkOptions link, Span lease) {
  const Span limit = std::max(lease / 4, kShortestLimit);
  link.connect_limit = std::min(link.connect_limit, limit);
  link.reply_limit = std::min(link.reply_limit, limit);
  link.most_reply_bytes = std::min(link.most_reply_bytes, kMostReplyBytes);
  return link;
}

RedisMembers::Options Made(RedisMembers::Options options) {
  options.link = Impatient(std::move(options.link), options.lease);
  return options;
}

Status NoAnswer() { return Status::Permanent("store.redis_error"_reason, "Redis answered a function in another form"); }

Status NameInUse(const std::string& gateway) {
  return Status::Permanent("store.in_use"_reason, "another process that lives is the gateway '" + gateway + "'");
}

std::optional<RedisNews> NewsIn(const RedisReply& said) {
  if (said.list.size() != 3 || said.list[0].text != "message") return std::nullopt;
  return ParseNews(said.list[2].text);
}

}  // namespace

RedisMembers::RedisMembers(const Options& options, const RedisBackend& backend, Clock& clock, Metrics* metrics)
    : options_(Made(options)),
      backend_(backend),
      calls_(options.name, options.gateway, options.lease),
      real_(MakeSystemClock()),
      clock_(clock),
      metrics_(metrics) {
  if (metrics == nullptr) return;
  foreign_ = &metrics->GetCounter("tvan_redis_foreign_news_total", "What was published as news and is none");
}

Result<RedisMembers::Found> RedisMembers::Find() const {
  auto link = backend_.TakeLink();
  if (!link.ok()) return link.status();
  const auto list = calls_.Call(**link, {"FCALL_RO", "tvan1_members", "1", calls_.turn_key()});
  if (!list.ok()) return Status::Transient(list.status().reason(), list.status().message());
  if (list->size() % 2 != 1) return NoAnswer();
  Found found{list->front().text, {}};
  for (size_t i = 1; i < list->size(); i += 2) {
    const std::string& gateway = (*list)[i].text;
    found.members.push_back({gateway, gateway == found.owner, Span((*list)[i + 1].number)});
  }
  return found;
}

Result<std::vector<SharedMember>> RedisMembers::List() const {
  auto found = Find();
  if (!found.ok()) return found.status();
  std::sort(found->members.begin(), found->members.end(),
            [](const SharedMember& a, const SharedMember& b) { return a.gateway < b.gateway; });
  return std::move(found->members);
}

// Who beats again while we look, lives.
Status RedisMembers::AwaitName() const {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  Span last = Span::max();
  for (Span waited{}; waited <= options_.lease + kBeat; waited += kLook) {
    const auto found = Find();
    if (!found.ok()) return found.status();
    const auto same = std::find_if(found->members.begin(), found->members.end(),
                                   [&](const SharedMember& member) { return member.gateway == options_.gateway; });
    if (same == found->members.end() || same->silent_for >= options_.lease) return {};
    if (same->silent_for < last && waited > Span{}) break;
    last = same->silent_for;
    real_->WaitUntil(never, lock, real_->SteadyNow() + kLook, [] { return false; });
  }
  return NameInUse(options_.gateway);
}

void RedisMembers::Follow(SharedStore::Watch watch) {
  const std::lock_guard lock(close_mutex_);
  TVAN_CHECK(!thread_.joinable());
  if (ended_) return;
  watch_ = std::move(watch);
  line_ = std::make_unique<LineLease>(*real_, [this](uint64_t turn) {
    const WorkScope work(clock_);
    if (watch_.on_owner) watch_.on_owner(turn);
  });
  thread_ = std::thread([this] { Run(); });
}

void RedisMembers::Close() {
  const std::lock_guard closing(close_mutex_);
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void RedisMembers::Run() {
  std::string last;
  while (!ended_) {
    const Status cut = Serve();
    if (ended_) break;
    if (Status over = backend_.Over(); !over.ok()) return Over(over);
    if (cut.reason() == "store.in_use"_reason) return Over(cut);
    if (cut.message() != last) Log(LogLevel::kWarning, "store.members_cut", {{"status", cut.ToString()}});
    last = cut.message();
    Rest();
  }
  line_->Stop();  // first: nobody else has it before we say that we have not
  Leave();
}

void RedisMembers::Rest() {
  std::unique_lock lock(mutex_);
  real_->WaitUntil(changed_, lock, real_->SteadyNow() + kPause, [this] { return ended_.load(); });
}

// Until a link is cut.
Status RedisMembers::Serve() {
  if (Status s = Connect(); !s.ok()) return s;
  const Span pause = std::min(kBeat, options_.lease / 6);
  Tell({.missed = true});  // from here on all is heard
  for (Steady next = real_->SteadyNow(); !ended_;) {
    if (const Steady now = real_->SteadyNow(); now >= next) {
      next = now + pause;
      if (Status s = Beat(); !s.ok()) return s;
    }
    if (Status s = Hear(std::min(kListen, next - real_->SteadyNow())); !s.ok()) return s;
  }
  return {};
}

Status RedisMembers::Connect() {
  news_.reset();
  beats_.reset();
  for (auto* const link : {&news_, &beats_}) {
    auto made = RedisLink::Connect(options_.link, clock_, metrics_);
    if (!made.ok()) return made.status();
    if (Status s = backend_.Greet(**made); !s.ok()) return s;
    *link = *std::move(made);
  }
  const auto subscribed = news_->Call({"SUBSCRIBE", calls_.base() + "news"});
  return subscribed.ok() ? StatusOf(*subscribed) : subscribed.status();
}

// The lease begins when the beat is sent, and ends for us a third before it does for the others.
Status RedisMembers::Beat() {
  if (Status over = backend_.Over(); !over.ok()) return over;
  const Steady sent = real_->SteadyNow();
  const std::string lease = std::to_string(options_.lease.count());
  const auto said =
      calls_.Call(*beats_, {"FCALL", "tvan1_beat", "1", calls_.turn_key(), options_.gateway, options_.process, lease});
  if (!said.ok()) return said.status();
  if (said->size() != 2 || (*said)[0].kind != Kind::kNumber) return NoAnswer();
  if (Status s = backend_.CheckLife({0, (*said)[1].text}); !s.ok()) return s;
  if ((*said)[0].number < 0) return NameInUse(options_.gateway);
  line_->Set(static_cast<uint64_t>((*said)[0].number), sent + options_.lease * 2 / 3);
  return {};
}

Status RedisMembers::Hear(Span wait) {
  const auto said = news_->Listen(wait);
  if (!said.ok()) return said.status();
  if (!said->has_value()) return {};
  const auto heard = NewsIn(**said);
  if (heard && heard->gateway != options_.gateway) Tell(heard->news);
  if (!heard && foreign_ != nullptr) foreign_->Add();
  return {};
}

void RedisMembers::Tell(const SharedNews& news) {
  const WorkScope work(clock_);
  if (watch_.on_news) watch_.on_news(news);
}

// The next process of this name need not wait for our lease.
void RedisMembers::Over(const Status& why) {
  line_->Stop();
  Leave();
  const WorkScope work(clock_);
  if (watch_.on_over) watch_.on_over(why);
}

void RedisMembers::Leave() {
  if (beats_ == nullptr || beats_->broken()) {
    if (backend_.Over().ok()) return;  // nobody answers
    auto link = RedisLink::Connect(options_.link, clock_, metrics_);
    if (!link.ok()) return;
    beats_ = *std::move(link);
  }
  const auto left =
      calls_.Call(*beats_, {"FCALL", "tvan1_leave", "1", calls_.turn_key(), options_.gateway, options_.process});
  if (!left.ok()) Log(LogLevel::kWarning, "store.members_left", {{"status", left.status().ToString()}});
}

}  // namespace tvan
