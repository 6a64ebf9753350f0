#include "gateway/app/record_follower.h"

#include <algorithm>

#include "gateway/core/log.h"

namespace tvan {
namespace {
constexpr uint32_t kPage = 256;
}

Status RecordFollower::Begin() {
  const auto end = store_.AuditEnd();
  if (!end.ok()) return end.status();
  taken_ = end->sequence;
  return {};
}

Status RecordFollower::Step() {
  for (;;) {
    const auto entries = store_.AuditFrom(taken_ + 1, kPage);
    if (!entries.ok()) return entries.status();
    if (entries->empty()) return {};
    Ids ids;
    for (const AuditEntry& entry : *entries) {
      std::vector<std::string>& of_kind = ids[entry.kind];
      if (std::find(of_kind.begin(), of_kind.end(), entry.id) == of_kind.end()) of_kind.push_back(entry.id);
    }
    if (Status status = Hand(ids); !status.ok()) return status;
    taken_ = entries->back().sequence;
  }
}

// One room that cannot take does not keep the others from it.
Status RecordFollower::Hand(const Ids& ids) const {
  Status first;
  for (const auto& [kind, of_kind] : ids) {
    const auto [begin, end] = rooms_.equal_range(kind);
    for (auto room = begin; room != end; ++room) {
      Status status = room->second(of_kind);
      if (status.ok()) continue;
      if (status.disposition() != Disposition::kPermanent) {
        if (first.ok()) first = std::move(status);
        continue;
      }
      passed_over_.Add();
      Log(LogLevel::kError, "app.follow_passed_over", {{"kind", kind}, {"status", status.ToString()}});
    }
  }
  return first;
}

}  // namespace tvan
