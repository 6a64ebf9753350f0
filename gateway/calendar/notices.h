#pragma once
// The notices: made here alone, durable before anybody sees them, read from memory. What a notice is made of is the
// window that was told of last, which the notices themselves keep: so a crash between a change and its notice is
// repaired by asking again. Gateways that share a store make them together: each number is one record, so that only one
// of them makes a notice, and the others follow. Thread-safe; Announce and Follow block on the store, reading never
// does.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/catch_up.h"
#include "gateway/calendar/notice.h"

namespace tvan {

class Notices {
 public:
  static constexpr size_t kMostKept = 1000;  // the newest in memory; older ones stay in the store, unread
  // Seals a JSON object; of gateway/seal, which this room does not know.
  using Seal = std::function<std::string(const std::string& json)>;

  static Result<std::unique_ptr<Notices>> Load(Store& store, Seal seal);  // calendar.damaged

  // Makes the notices that the windows call for, in the order of their changes; answers how many. Again: none. An error
  // (store.*) leaves the rest for the next time.
  Result<size_t> Announce(std::vector<VersionedWindow> windows, Rehearsals rehearsals, Time now);
  // Likewise of the catch-up after a stop (catch_up.h), decided from what was told of it; true: a notice was made.
  Result<bool> AnnounceCatchUp(const CatchUpFacts& facts, Time now);
  bool catching_up() const;  // one was told of, and is not over
  // Takes what other gateways of the same store have told; tells the listener when that is anything. calendar.damaged
  Status Follow();

  uint64_t newest() const;                            // its number; 0: there is none
  uint64_t newest_of_stop() const;                    // likewise, of those that tell of a stop
  NoticePtr Find(uint64_t number) const;              // nullptr: there is none, or it is not kept any more
  NoticePtr FirstAfter(uint64_t number) const;        // nullptr: none yet
  std::vector<NoticePtr> MadeSince(Time from) const;  // in order
  // Called after each new notice, from the announcing thread; once, before use.
  void SetListener(std::function<void()> on_new) { on_new_ = std::move(on_new); }

 private:
  Notices(Store& store, Seal seal) : store_(store), seal_(std::move(seal)) {}
  Status FollowLocked();  // writer_ held, here and below
  Result<bool> AnnounceOne(const VersionedWindow& window, Rehearsals rehearsals, Time now);
  void Keep(NoticePtr notice);
  Status Make(const VersionedWindow& window, NoticeKind kind, Time now);
  Status Write(Notice notice, const std::string& author);  // all but number and seal is there
  CatchUpTold ToldOfCatchUp(Time now) const;

  Store& store_;
  const Seal seal_;
  std::function<void()> on_new_;
  std::mutex writer_;  // one Announce at a time
  mutable std::mutex mutex_;
  std::deque<NoticePtr> kept_;             // dense
  std::map<std::string, NoticePtr> told_;  // the last one of each window
  NoticePtr caught_up_;                    // the last one of a catch-up; nullptr: there is none
  uint64_t newest_of_stop_ = 0;
};

}  // namespace tvan
