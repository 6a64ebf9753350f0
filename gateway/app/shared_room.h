#pragma once
// The gateway among others: works the line when it is its turn, and follows what the others do. With a store of its own
// it works the line from Begin to Stop and has nobody to follow. Thread-safe; owned by the gateway, borrows its parts.

#include <atomic>
#include <functional>
#include <memory>

#include "gateway/app/line_work.h"
#include "gateway/app/record_follower.h"
#include "store/shared.h"

namespace tvan {

class SharedRoom {
 public:
  static constexpr Span kFollowAgain = std::chrono::seconds(1);  // after an error
  static constexpr Span kFollowEvery = std::chrono::seconds(15);  // whatever was heard: news are a hint
  struct Parts {
    LineWork::Parts line;
    SharedStore* shared = nullptr;  // none: the store is ours alone
    RecordFollower& follower;       // begun, and told of the rooms
    std::function<void(const ProviderId&)> on_mailbox;
    std::function<void()> on_missed;             // any mailbox may have news
    std::function<void(const Status&)> on_over;  // the store must be opened anew
  };
  explicit SharedRoom(const Parts& parts);
  ~SharedRoom() { Stop(); }

  void Begin(const Fence& fence);  // `fence` counts with a store of our own
  bool works_line() const { return work_.working(); }
  void Stop();

 private:
  void Hear(const SharedNews& news);
  void FollowSoon();
  void Follow();  // on the thread

  const Parts parts_;
  LineWork work_;
  std::atomic<bool> due_{false};
  std::unique_ptr<Executor> thread_;
  Timer again_;
};

}  // namespace tvan
