#include "gateway/dispatch/picker.h"

#include <algorithm>
#include <set>

#include "gateway/core/log.h"
#include "gateway/dispatch/release.h"

namespace tvan {
namespace {

// Bytes a provider may send in its turn: few, so that of any thousand sends each of many providers has its share.
constexpr uint64_t kQuantum = 2 * 1024;
constexpr uint64_t kMessageCost = 1024;               // of a message beside its bytes
constexpr Span kReadRetry = std::chrono::seconds(1);  // doubled with each failure in a row, up to 32 times
constexpr uint32_t kMostLookedAt = 4096;              // messages that wait, in one Pick: the scheduler must go round

uint64_t CostOf(const MessageMeta& meta) { return kMessageCost + meta.payload_size; }

bool IsFull(const std::vector<Picker::Picked>& out, uint64_t bytes, const Picker::Limits& limits) {
  return out.size() >= limits.messages || (!out.empty() && bytes >= limits.bytes);
}

}  // namespace

void Picker::Rewind() {
  for (auto& [key, scan] : scans_) {
    scan.after = 0;
    scan.page.clear();
    scan.next = 0;
    scan.checked = false;
  }
  waiting_ = 0;
  more_ = true;
}

// Scans are kept for queues that are not empty, and for no other; as they are while that cannot be read.
void Picker::FollowQueues() {
  Result<std::vector<QueueKey>> queues = store_.Queues();
  if (!queues.ok()) return;
  std::set<QueueKey> live;
  for (QueueKey& key : *queues) live.insert(std::move(key));
  std::erase_if(scans_, [&live](const auto& entry) { return live.count(entry.first) == 0; });
  for (const QueueKey& key : live) scans_.try_emplace(key);
}

// False: the queue's end, or it cannot be read now.
bool Picker::ReadPage(const QueueKey& key, Scan& scan, Instant now) {
  scan.page.clear();
  scan.next = 0;
  scan.checked = false;
  if (now.steady < scan.rest) return false;
  Result<std::vector<MessageMeta>> page = ReadListing(store_, unreadables_, key, scan.after, options_.page, now.wall);
  if (!page.ok()) {
    scan.rest = now.steady + kReadRetry * (1 << std::min(scan.failures++, 5U));
    Log(LogLevel::kError, "dispatch.store",
        {{"queue", key.provider.value() + "/" + std::to_string(static_cast<int>(key.cls))},
         {"status", page.status().ToString()}});
    return false;
  }
  scan.page = std::move(page).value();
  if (scan.page.empty()) return scan.failures = 0, false;
  return true;
}

// The first message that need not wait; nullptr: none up to the queue's end, or to what cannot be read.
const MessageMeta* Picker::Head(const QueueKey& key, Scan& scan, Instant now) {
  while (true) {
    if (scan.next >= scan.page.size() && !ReadPage(key, scan, now)) return nullptr;
    if (scan.checked) return &scan.page[scan.next];
    if (looked_ >= kMostLookedAt) return more_ = true, nullptr;
    const MessageMeta& meta = scan.page[scan.next];
    const WaitEnds ends = EndsOfWait(meta, options_.max_parent_wait, options_.deadlines);
    const ParentWait wait = WaitForParent(store_, meta, now.wall, ends, options_.acknowledged_ends_wait);
    scan.parent_overdue = wait == ParentWait::kOverdue;
    scan.checked = wait != ParentWait::kYes;
    if (scan.checked) continue;
    ++scan.next;
    ++waiting_;
    ++looked_;
  }
}

// Of the page from the head on: one that is due earlier than those before it pulls them along, its queue stays in
// order.
Urgency Picker::UrgencyOf(const Scan& scan) const {
  Urgency earliest = options_.deadlines.UrgencyOf(scan.page[scan.next]);
  for (size_t i = scan.next + 1; i < scan.page.size(); ++i)
    earliest = std::min(earliest, options_.deadlines.UrgencyOf(scan.page[i]));
  return earliest;
}

void Picker::Take(Scan& scan, std::vector<Picked>& out) {
  MessageMeta& meta = scan.page[scan.next];
  scan.deficit -= std::min(scan.deficit, CostOf(meta));
  taken_bytes_ += meta.payload_size;
  out.push_back({std::move(meta), scan.parent_overdue});
  ++scan.next;
  scan.checked = false;
}

void Picker::PickClass(MessageClass cls, Instant now, const Limits& limits, std::vector<Picked>& out) {
  std::vector<std::pair<const QueueKey*, Scan*>> ring;
  for (auto& [key, scan] : scans_)
    if (key.cls == cls) ring.emplace_back(&key, &scan);
  const ProviderId first = turn_[cls];
  const auto start =
      std::find_if(ring.begin(), ring.end(), [&first](const auto& entry) { return !(entry.first->provider < first); });
  std::rotate(ring.begin(), start, ring.end());
  while (!ring.empty()) {
    auto& [key, scan] = ring.front();
    turn_[cls] = key->provider;
    const MessageMeta* head = Head(*key, *scan, now);
    if (head == nullptr) {
      scan->deficit = 0;
      ring.erase(ring.begin());
      continue;
    }
    if (IsFull(out, taken_bytes_, limits)) return;  // its turn goes on next time
    if (scan->deficit >= CostOf(*head)) {
      Take(*scan, out);
      continue;
    }
    scan->deficit += kQuantum;
    // A turn ends when its deficit does not suffice; the quantum just given is for the next one.
    std::rotate(ring.begin(), ring.begin() + 1, ring.end());
  }
}

std::vector<Picker::Picked> Picker::Pick(Instant now, const Limits& limits,
                                         const std::function<bool(MessageClass)>& may_send) {
  FollowQueues();
  more_ = false;
  taken_bytes_ = 0;
  looked_ = 0;
  std::map<MessageClass, Urgency> urgent;
  for (auto& [key, scan] : scans_) {
    if (!may_send(key.cls)) continue;
    if (Head(key, scan, now) == nullptr) continue;
    const Urgency urgency = UrgencyOf(scan);
    const auto [entry, is_new] = urgent.try_emplace(key.cls, urgency);
    if (!is_new) entry->second = std::min(entry->second, urgency);
  }
  std::vector<std::pair<Urgency, MessageClass>> order;
  for (const auto& [cls, urgency] : urgent) order.emplace_back(urgency, cls);
  std::sort(order.begin(), order.end());
  std::vector<Picked> out;
  for (const auto& [urgency, cls] : order) {
    if (IsFull(out, taken_bytes_, limits)) break;
    PickClass(cls, now, limits, out);
  }
  more_ = more_ || IsFull(out, taken_bytes_, limits);
  return out;
}

}  // namespace tvan
