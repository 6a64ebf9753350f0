#pragma once
// Which queued messages leave next: the class with the earliest legal deadline among its next messages, inside a class
// by deficit round robin between providers, inside a queue by acceptance; a message that must wait for an earlier one
// is passed over and blocks nobody (DESIGN section 3). A message whose record is damaged is stepped over by its place;
// a queue that cannot be read rests by itself and keeps no other back. Keeps one page per queue in memory, nothing
// else. Not thread-safe: the scheduler thread owns it.

#include <functional>
#include <map>
#include <vector>

#include "gateway/dispatch/deadline.h"
#include "gateway/dispatch/line_health.h"
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
  struct Limits {
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
  std::vector<Picked> Pick(Instant now, const Limits& limits, const std::function<bool(MessageClass)>& may_send);
  // Looks at every queue from its head again: messages that waited, that came back, or that were not recorded.
  void Rewind();
  // True: a queue's end has not been seen since the last Rewind, so Pick may find more at once.
  bool more() const { return more_; }
  uint64_t waiting() const { return waiting_; }  // passed over in the present pass, all queues

 private:
  struct Scan {
    uint64_t after = 0;  // acceptance of the last message taken into a page
    std::vector<MessageMeta> page;
    size_t next = 0;
    uint64_t deficit = 0;
    bool parent_overdue = false;  // of the message at `next`
    bool checked = false;         // the message at `next` need not wait
    uint32_t failures = 0;        // reads that failed since its end was seen
    Steady rest{};                // not read before
  };

  void FollowQueues();
  const MessageMeta* Head(const QueueKey& key, Scan& scan, Instant now);
  bool ReadPage(const QueueKey& key, Scan& scan, Instant now);
  Urgency UrgencyOf(const Scan& scan) const;
  void PickClass(MessageClass cls, Instant now, const Limits& limits, std::vector<Picked>& out);
  void Take(Scan& scan, std::vector<Picked>& out);

  const Store& store_;
  const Options options_;
  Unreadables& unreadables_;
  std::map<QueueKey, Scan> scans_;
  std::map<MessageClass, ProviderId> turn_;  // whose turn it is
  uint64_t waiting_ = 0;
  uint64_t taken_bytes_ = 0;  // in the present Pick
  uint32_t looked_ = 0;       // messages looked at in the present Pick
  bool more_ = false;
};

}  // namespace tvan
