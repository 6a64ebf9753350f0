#include "gateway/dispatch/unreadables.h"

#include "gateway/core/log.h"

namespace tvan {
namespace {

std::string Words(const Listing& in) {
  if (const Stage* stage = std::get_if<Stage>(&in)) return ToString(*stage);
  const auto& queue = std::get<QueueKey>(in);
  return queue.provider.value() + "/" + std::string(ToString(queue.cls));
}

}  // namespace

Result<uint64_t> Unreadables::StepOver(const Listing& in, uint64_t after, const Status& failure, Time now) {
  if (failure.disposition() != Disposition::kPermanent) return failure;
  const auto damaged = store_.FirstDamaged(in, after);
  if (!damaged.ok()) return damaged.status();
  if (!*damaged) return after;  // readable by now: from the same place
  const Key key{Words(in), (*damaged)->acceptance};
  if (entries_.count(key) > 0) return key.second;
  if (entries_.size() >= kMost) return failure;
  entries_.emplace(key, Entry{in, {key.first, key.second, (*damaged)->gateway_id, now, failure.ToString()}});
  changed_ = true;
  Log(LogLevel::kError, "dispatch.unreadable",
      {{"place", key.first},
       {"acceptance", std::to_string(key.second)},
       {"mtdiep", (*damaged)->gateway_id.value()},
       {"status", failure.ToString()}});
  metrics_.GetCounter("tvan_dispatch_unreadable_total", "Damaged records that were met and stepped over").Add();
  return key.second;
}

void Unreadables::LookAgain() {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const uint64_t acceptance = entry->first.second;
    const auto damaged = store_.FirstDamaged(entry->second.in, acceptance - 1);
    const bool still = !damaged.ok() || (*damaged && (*damaged)->acceptance == acceptance);
    changed_ = changed_ || !still;
    entry = still ? std::next(entry) : entries_.erase(entry);
  }
}

std::vector<UnreadableRow> Unreadables::rows() const {
  std::vector<UnreadableRow> rows;
  for (const auto& [key, entry] : entries_) rows.push_back(entry.row);
  return rows;
}

Result<std::vector<MessageMeta>> ReadListing(const Store& store, Unreadables& unreadables, const Listing& in,
                                             uint64_t& after, uint32_t limit, Time now) {
  const Stage* stage = std::get_if<Stage>(&in);
  for (size_t stepped = 0;; ++stepped) {
    Result<std::vector<MessageMeta>> page =
        stage != nullptr ? store.InStage(*stage, after, limit) : store.ReadQueue(std::get<QueueKey>(in), after, limit);
    if (page.ok() && !page->empty()) after = page->back().acceptance;
    if (page.ok() || stepped > Unreadables::kMost) return page;
    const Result<uint64_t> next = unreadables.StepOver(in, after, page.status(), now);
    if (!next.ok()) return next.status();
    after = *next;
  }
}

}  // namespace tvan
