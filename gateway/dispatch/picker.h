#pragma once
// Which queued messages leave next: the class with the earliest legal deadline among its next messages, inside a class
// by deficit round robin between providers, inside a queue by acceptance; a message that must wait for an earlier one
// is passed over and blocks nobody (DESIGN section 3), and a queued registration goes in the place of the first that
// waits for it. A queue remembers how far it was looked through; what was passed over is looked at again in laps beside
// that, so that thousands that wait cost their provider and others no turn. A message whose record is damaged is
// stepped over by its place; a queue that cannot be read rests by itself and keeps no other back. Keeps two pages per
// queue in memory, nothing else. Not thread-safe: the scheduler thread owns it.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "gateway/dispatch/deadline.h"
#include "gateway/dispatch/line_health.h"
#include "gateway/dispatch/release.h"
#include "gateway/dispatch/unreadables.h"
#include "store/store.h"

namespace tvan {

class Picker {
 public:
  struct Options {
    Span max_parent_wait = std::chrono::hours(24);
    bool acknowledged_ends_wait = false;  // a 999 of the parent is enough
    uint32_t page = 32;                   // messages of one queue that are kept
    Deadlines deadlines{};
  };
  enum class Stand { kWithOthers, kAlone, kBack };  // alone: in a pick of its own; back: passed over
  struct Ask {
    std::function<bool(MessageClass)> may_send;
    std::function<Stand(const MessageId&)> stand{};  // none: all go with others
    uint32_t messages = 32;
    uint64_t bytes = 4 * 1024 * 1024;  // at least one message, whatever its size
  };
  struct Picked {
    MessageMeta meta;
    bool parent_overdue = false;  // it waited for its parent as long as it may
  };
  Picker(const Store& store, const Options& options, Unreadables& unreadables)
      : store_(store), options_(options), unreadables_(unreadables) {}

  // Takes messages out of the pages; what is not recorded afterwards comes again after Rewind.
  std::vector<Picked> Pick(Instant now, const Ask& ask);
  // Looks at what was passed again: messages that waited, that came back, or that were not recorded. A lap that goes on
  // ends first.
  void Rewind();
  // True: Pick has not looked at all that there is, and may find more at once.
  bool more() const { return more_; }
  uint64_t waiting() const;  // passed over, all queues

 private:
  struct Cursor {         // a place in a queue
    uint64_t passed = 0;  // acceptance of the last message that it went past
    uint64_t after = 0;   // of the last one in the page
    std::vector<MessageMeta> page;
    size_t next = 0;
    // Of the message at `next`.
    bool checked = false, waits = false, parent_overdue = false;
    std::optional<MessageMeta> parent;  // goes in its place
    uint64_t waited = 0;                // messages passed over
  };
  struct Scan {
    Cursor front;  // everything before it was looked at
    Cursor lap;    // over what is still queued before that
    bool lapping = false, lap_wanted = false;
    uint64_t waited = 0;    // in the last whole lap
    int64_t deficit = 0;    // negative: it had turns before their time
    uint32_t failures = 0;  // reads that failed since its end was seen
    Steady rest{};          // not read before
  };
  using Queue = std::map<QueueKey, Scan>::value_type;
  struct Round;  // one Pick
  enum class Found { kHead, kEnd, kLater };

  void FollowQueues();
  bool ReadPage(const QueueKey& key, Scan& scan, Cursor& at, Instant now);
  void Check(const Round& round, Cursor& at) const;
  std::optional<MessageMeta> QueuedParent(const Round& round, const Parents& parents) const;
  const MessageMeta* Offer(const Round& round, Cursor& at) const;
  static void Pass(Cursor& at);
  Found Find(Round& round, Queue& queue, Cursor& at, uint64_t last, uint32_t& looks);
  Cursor* Head(Round& round, Queue& queue);
  Urgency UrgencyOf(const Cursor& at) const;
  std::map<MessageClass, Urgency> LookAtAll(Round& round);
  void PickClass(Round& round, MessageClass cls);
  void Take(Round& round, Queue& queue, Cursor& at);

  const Store& store_;
  const Options options_;
  Unreadables& unreadables_;
  std::map<QueueKey, Scan> scans_;
  std::map<MessageClass, ProviderId> turn_;  // whose turn it is
  std::optional<QueueKey> look_after_;       // the queue at which the last Pick had looked enough
  bool more_ = false;
};

}  // namespace tvan
