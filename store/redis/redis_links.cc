#include "store/redis/redis_links.h"

#include <algorithm>
#include <utility>

namespace tvan {
namespace {

constexpr Span kFirstPause{50'000}, kLongestPause{2'000'000};

}  // namespace

RedisLinks::RedisLinks(RedisLinkOptions options, Clock& clock, Metrics* metrics, Greet greet)
    : options_(std::move(options)), clock_(clock), metrics_(metrics), greet_(std::move(greet)) {}

RedisLinks::Lease::~Lease() {
  if (link_ != nullptr) links_->GiveBack(std::move(link_), generation_);
}

Result<RedisLinks::Lease> RedisLinks::Take() {
  std::unique_lock lock(mutex_);
  const Steady deadline = clock_.SteadyNow() + options_.reply_limit;
  if (!clock_.WaitUntil(free_, lock, deadline, [this] { return closed_ || out_ < options_.links; }))
    return Status::Transient("store.busy"_reason, "all connections to Redis are in use");
  if (closed_) return Status::Permanent("store.closed"_reason, "the store is closed");
  while (!idle_.empty()) {
    std::unique_ptr<RedisLink> link = std::move(idle_.back());
    idle_.pop_back();
    if (!link->alive()) continue;
    ++out_;
    return Lease(*this, std::move(link), generation_);
  }
  const Steady now = clock_.SteadyNow();
  if (now < next_try_) return last_error_;
  next_try_ = now + pause_;  // who comes meanwhile is refused, once a try has failed
  ++out_;
  const uint64_t generation = generation_;
  lock.unlock();
  auto link = RedisLink::Connect(options_, clock_, metrics_);
  if (link && greet_)
    if (Status good = greet_(**link); !good.ok()) link = good;
  lock.lock();
  if (link) {
    pause_ = Span{};
    next_try_ = Steady{INT64_MIN};
    return Lease(*this, std::move(*link), generation);
  }
  --out_;
  free_.notify_one();
  pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
  next_try_ = clock_.SteadyNow() + pause_;
  last_error_ = link.status();
  return last_error_;
}

void RedisLinks::GiveBack(std::unique_ptr<RedisLink> link, uint64_t generation) {
  std::vector<std::unique_ptr<RedisLink>> dropped;  // closed without the lock
  const std::lock_guard lock(mutex_);
  --out_;
  free_.notify_one();
  if (link->broken()) dropped.swap(idle_);
  if (link->broken() || closed_ || generation != generation_)
    dropped.push_back(std::move(link));
  else
    idle_.push_back(std::move(link));
}

void RedisLinks::DropAll() {
  std::vector<std::unique_ptr<RedisLink>> dropped;
  const std::lock_guard lock(mutex_);
  ++generation_;
  dropped.swap(idle_);
}

void RedisLinks::Close() {
  std::vector<std::unique_ptr<RedisLink>> dropped;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(idle_);
  free_.notify_all();
}

}  // namespace tvan
