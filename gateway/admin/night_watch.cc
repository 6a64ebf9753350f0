// The board of a drain, again and again.
#include "gateway/admin/night_desk.h"

namespace tvan {
namespace {

constexpr Span kOften = std::chrono::seconds(1), kSeldom = std::chrono::minutes(1);

Result<Span> EveryOf(const admin::v1::WatchDrainRequest& request) {
  if (!request.has_every()) return Span(std::chrono::seconds(2));
  const int64_t seconds = request.every().seconds();
  const Span every = std::chrono::seconds(seconds) + std::chrono::microseconds(request.every().nanos() / 1000);
  if (seconds < 0 || seconds > 60 || every < kOften || every > kSeldom)
    return Status::Permanent("admin.bad_request"_reason, "every: 1s..1m");
  return every;
}

}  // namespace

// A place among those who watch.
class NightDesk::Watcher {
 public:
  explicit Watcher(NightDesk& desk) : desk_(desk) {
    const std::lock_guard lock(desk_.mutex_);
    has_place_ = desk_.watchers_ < kMostWatchers;
    if (has_place_) ++desk_.watchers_;
  }
  ~Watcher() {
    const std::lock_guard lock(desk_.mutex_);
    if (has_place_) --desk_.watchers_;
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  bool has_place() const { return has_place_; }
  // False: it is over.
  bool Wait(Span span) {
    std::unique_lock lock(desk_.mutex_);
    Clock& clock = desk_.parts_.clock;
    return !clock.WaitUntil(desk_.stop_, lock, clock.SteadyNow() + span, [this] { return desk_.stopped_; });
  }

 private:
  NightDesk& desk_;
  bool has_place_ = false;
};

Status NightDesk::Watch(const admin::v1::WatchDrainRequest& request,
                        const std::function<bool(const admin::v1::Drain&)>& write, const std::function<bool()>& gone) {
  const auto every = EveryOf(request);
  if (!every) return every.status();
  Watcher watcher(*this);
  if (!watcher.has_place())
    return Status::Transient("admin.too_many_watchers"_reason,
                             std::to_string(kMostWatchers) + " calls watch the drain already");
  do {
    if (gone()) return {};
    admin::v1::Drain board;
    if (const Status status = Drain({}, board); !status.ok()) return status;
    if (!write(board)) return {};
  } while (watcher.Wait(*every));
  return {};
}

void NightDesk::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  stop_.notify_all();
}

}  // namespace tvan
