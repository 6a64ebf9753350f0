#include "gateway/dispatch/picker.h"

#include <algorithm>
#include <utility>

#include "gateway/core/log.h"

namespace tvan {
namespace {

// Bytes a provider may send in its turn: few, so that of any thousand sends each of many providers has its share.
constexpr int64_t kQuantum = 2 * 1024;
constexpr int64_t kMostOwed = 64 * kQuantum;          // of turns that were had before their time
constexpr int64_t kMessageCost = 1024;                // of a message beside its bytes
constexpr Span kReadRetry = std::chrono::seconds(1);  // doubled with each failure in a row, up to 32 times
constexpr uint32_t kMostLookedAt = 4096;  // in vain, by fronts and by laps in one Pick: the scheduler must go round

int64_t CostOf(const MessageMeta& meta) { return kMessageCost + static_cast<int64_t>(meta.payload_size); }

}  // namespace

struct Picker::Round {
  Instant now;
  const Ask& ask;
  std::vector<Picked> out{};
  std::set<MessageId> taken{};
  uint64_t bytes = 0;
  uint32_t looks_front = 0, looks_lap = 0;
  std::optional<QueueKey> enough{};  // the queue at which it had looked enough, first
  bool over = false;

  bool full() const { return over || out.size() >= ask.messages || (!out.empty() && bytes >= ask.bytes); }
  Stand StandOf(const MessageMeta& meta) const { return ask.stand ? ask.stand(meta.gateway_id) : Stand::kWithOthers; }
  bool MayTake(const MessageMeta& meta) const {
    return taken.count(meta.gateway_id) == 0 && StandOf(meta) != Stand::kBack;
  }
};

void Picker::Rewind() {
  const auto refresh = [](Cursor& at) {
    at.after = at.passed;
    at.page.clear();
    at.next = 0;
    at.checked = false;
  };
  for (auto& [key, scan] : scans_) {
    refresh(scan.front);
    refresh(scan.lap);
    scan.lap_wanted = true;
  }
  more_ = true;
}

uint64_t Picker::waiting() const {
  uint64_t waiting = 0;
  for (const auto& [key, scan] : scans_) waiting += scan.waited + scan.front.waited;
  return waiting;
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
bool Picker::ReadPage(const QueueKey& key, Scan& scan, Cursor& at, Instant now) {
  at.page.clear();
  at.next = 0;
  at.checked = false;
  if (now.steady < scan.rest) return false;
  Result<std::vector<MessageMeta>> page = ReadListing(store_, unreadables_, key, at.after, options_.page, now.wall);
  if (!page.ok()) {
    scan.rest = now.steady + kReadRetry * (1 << std::min(scan.failures++, 5U));
    Log(LogLevel::kError, "dispatch.store",
        {{"queue", key.provider.value() + "/" + std::to_string(static_cast<int>(key.cls))},
         {"status", page.status().ToString()}});
    return false;
  }
  at.page = std::move(page).value();
  if (at.page.empty()) return scan.failures = 0, false;
  return true;
}

// The earliest registration that it waits for and that is queued itself and may go: else, outranked by what waits for
// it, it might leave after the wait is over. An invoice has turns of its own, in the order of its queue: to take those
// that are named first would cost other providers theirs.
std::optional<MessageMeta> Picker::QueuedParent(const Round& round, const Parents& parents) const {
  const MessageMeta* first = nullptr;
  for (const MessageMeta& parent : parents.registrations)
    if (parent.stage == Stage::kQueued && (first == nullptr || parent.acceptance < first->acceptance)) first = &parent;
  if (first == nullptr || !round.ask.may_send(first->cls)) return std::nullopt;
  const WaitEnds ends = EndsOfWait(*first, options_.max_parent_wait, options_.deadlines);
  const bool goes =
      WaitForParent(store_, *first, round.now.wall, ends, options_.acknowledged_ends_wait) == ParentWait::kNo;
  return goes ? std::optional(*first) : std::nullopt;
}

void Picker::Check(const Round& round, Cursor& at) const {
  const MessageMeta& meta = at.page[at.next];
  const Parents parents = OpenParents(store_, meta, options_.acknowledged_ends_wait);
  const WaitEnds ends = EndsOfWait(meta, options_.max_parent_wait, options_.deadlines);
  const ParentWait wait = WaitFor(parents, round.now.wall, ends);
  at.waits = wait == ParentWait::kYes;
  at.parent_overdue = wait == ParentWait::kOverdue;
  at.parent = at.waits ? QueuedParent(round, parents) : std::nullopt;
  at.checked = true;
}

// What may go at this place: the message there, one that it waits for, or none.
const MessageMeta* Picker::Offer(const Round& round, Cursor& at) const {
  if (!at.checked) Check(round, at);
  const MessageMeta* offered = !at.waits ? &at.page[at.next] : at.parent ? &*at.parent : nullptr;
  return offered != nullptr && round.MayTake(*offered) ? offered : nullptr;
}

// Goes on to a place that offers something, not beyond `last`. kEnd: there is none, or it cannot be read now.
Picker::Found Picker::Find(Round& round, Queue& queue, Cursor& at, uint64_t last, uint32_t& looks) {
  while (at.next < at.page.size() || ReadPage(queue.first, queue.second, at, round.now)) {
    if (at.page[at.next].acceptance > last) return Found::kEnd;
    if (Offer(round, at) != nullptr) return Found::kHead;
    if (looks >= kMostLookedAt) {
      if (!round.enough) round.enough = queue.first;
      more_ = true;
      return Found::kLater;
    }
    ++looks;
    Pass(at);
  }
  return Found::kEnd;
}

void Picker::Pass(Cursor& at) {
  at.waited += at.waits ? 1 : 0;
  at.passed = at.page[at.next++].acceptance;
  at.checked = false;
}

// The first place that offers something; nullptr: none as far as it may be looked now. What was passed is earlier.
Picker::Cursor* Picker::Head(Round& round, Queue& queue) {
  Scan& scan = queue.second;
  if (!scan.lapping && std::exchange(scan.lap_wanted, false)) {
    scan.lapping = true;
    scan.lap = Cursor();
  }
  if (scan.lapping) {
    const Found found = Find(round, queue, scan.lap, scan.front.passed, round.looks_lap);
    if (found == Found::kHead) return &scan.lap;
    if (found == Found::kEnd) {
      scan.lapping = false;
      scan.waited = scan.lap.waited;
      scan.front.waited = 0;
    }
  }
  return Find(round, queue, scan.front, UINT64_MAX, round.looks_front) == Found::kHead ? &scan.front : nullptr;
}

// Of the page from the place on: one that is due earlier than those before it pulls them along, its queue stays in
// order.
Urgency Picker::UrgencyOf(const Cursor& at) const {
  Urgency earliest{kForever};
  for (size_t i = at.next; i < at.page.size(); ++i)
    earliest = std::min(earliest, options_.deadlines.UrgencyOf(at.page[i]));
  return earliest;
}

void Picker::Take(Round& round, Queue& queue, Cursor& at) {
  const MessageMeta meta = *Offer(round, at);
  queue.second.deficit -= CostOf(meta);
  // One that goes in another's place has had its turn in its own queue too.
  const auto own = at.waits ? scans_.find({meta.provider(), meta.cls}) : scans_.end();
  if (own != scans_.end() && &*own != &queue)
    own->second.deficit = std::max(own->second.deficit - CostOf(meta), -kMostOwed);
  round.bytes += meta.payload_size;
  round.taken.insert(meta.gateway_id);
  round.out.push_back({meta, !at.waits && at.parent_overdue});
  Pass(at);
}

void Picker::PickClass(Round& round, MessageClass cls) {
  std::vector<Queue*> ring;
  for (Queue& queue : scans_)
    if (queue.first.cls == cls) ring.push_back(&queue);
  const ProviderId first = turn_[cls];
  const auto start =
      std::find_if(ring.begin(), ring.end(), [&first](const Queue* q) { return !(q->first.provider < first); });
  std::rotate(ring.begin(), start, ring.end());
  while (!ring.empty()) {
    Queue& queue = *ring.front();
    int64_t& deficit = queue.second.deficit;
    turn_[cls] = queue.first.provider;
    Cursor* at = Head(round, queue);
    if (at == nullptr) {
      deficit = std::min<int64_t>(deficit, 0);
      ring.erase(ring.begin());
      continue;
    }
    const MessageMeta& head = *Offer(round, *at);
    const bool alone = round.StandOf(head) == Stand::kAlone;
    round.over = round.over || (alone && !round.out.empty());
    if (round.full()) return;  // its turn goes on next time
    if (deficit >= CostOf(head)) {
      Take(round, queue, *at);
      round.over = alone;
      continue;
    }
    deficit += kQuantum;
    // A turn ends when its deficit does not suffice; the quantum just given is for the next one.
    std::rotate(ring.begin(), ring.begin() + 1, ring.end());
  }
}

// By class, the most urgent of what may go. Begins behind the queue at which the last Pick had looked enough.
std::map<MessageClass, Urgency> Picker::LookAtAll(Round& round) {
  std::map<MessageClass, Urgency> urgent;
  auto queue = look_after_ ? scans_.upper_bound(*look_after_) : scans_.begin();
  for (size_t i = 0; i < scans_.size(); ++i, ++queue) {
    if (queue == scans_.end()) queue = scans_.begin();
    if (!round.ask.may_send(queue->first.cls)) continue;
    const Cursor* head = Head(round, *queue);
    if (head == nullptr) continue;
    const Urgency urgency = std::min(UrgencyOf(*head), UrgencyOf(queue->second.front));
    const auto [entry, is_new] = urgent.try_emplace(queue->first.cls, urgency);
    if (!is_new) entry->second = std::min(entry->second, urgency);
  }
  return urgent;
}

std::vector<Picker::Picked> Picker::Pick(Instant now, const Ask& ask) {
  FollowQueues();
  more_ = false;
  Round round{now, ask};
  std::vector<std::pair<Urgency, MessageClass>> order;
  for (const auto& [cls, urgency] : LookAtAll(round)) order.emplace_back(urgency, cls);
  std::sort(order.begin(), order.end());
  for (const auto& [urgency, cls] : order) {
    if (round.full()) break;
    PickClass(round, cls);
  }
  look_after_ = round.enough ? round.enough : look_after_;
  more_ = more_ || round.full();
  return std::move(round.out);
}

}  // namespace tvan
