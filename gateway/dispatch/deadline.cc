#include "gateway/dispatch/deadline.h"

#include "gateway/core/catalogue.h"

namespace tvan {
namespace {

constexpr int64_t kDay = 86'400'000'000;
constexpr int64_t kZone = 7 * 3'600'000'000;

const ClassRule& RuleOf(MessageClass cls) {
  static constexpr ClassRule kLast{MessageClass::kTechnical, 3, 6, ""};  // never queued
  for (const ClassRule& rule : ClassRules())
    if (rule.cls == cls) return rule;
  return kLast;
}

}  // namespace

Urgency Deadlines::UrgencyOf(const MessageMeta& meta) const {
  const ClassRule& rule = RuleOf(meta.cls);
  const auto other = due_days_.find(meta.cls);
  const int days = meta.same_day ? 0 : other != due_days_.end() ? other->second : rule.due_days;
  const int64_t local = meta.accepted_at.us + kZone;
  const int64_t midnight = local - local % kDay - kZone;
  return {{midnight + (days + 1) * kDay}, rule.rank};
}

}  // namespace tvan
