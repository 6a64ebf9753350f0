#include "gateway/dispatch/deadline.h"

#include "gateway/core/catalogue.h"

namespace tvan {
namespace {

constexpr int64_t kDay = 86'400'000'000;
constexpr int64_t kZone = 7 * 3'600'000'000;

const ClassRule& RuleOf(MessageClass cls) {
  static constexpr ClassRule kLast{MessageClass::kTechnical, 3, 6, ClassRule::Answer::kNoTerm, ""};  // never queued
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

Time AnswerDue(MessageClass cls, Time taken) {
  const ClassRule::Answer term = RuleOf(cls).answer;
  if (term == ClassRule::Answer::kNoTerm) return kForever;
  if (term == ClassRule::Answer::kQuarterHour) return taken + std::chrono::minutes(15);
  int64_t day = (taken.us + kZone) / kDay + 1;  // 1970-01-01 was a Thursday: days 2 and 3 of each week are free
  while (day % 7 == 2 || day % 7 == 3) ++day;
  return {(day + 1) * kDay - kZone};
}

}  // namespace tvan
