#include "gateway/dispatch/deadline.h"

namespace tvan {
namespace {

constexpr int64_t kDay = 86'400'000'000;
constexpr int64_t kZone = 7 * 3'600'000'000;

struct Rule {
  int days, rank;
};

Rule RuleOf(MessageClass cls) {
  switch (cls) {
    case MessageClass::kCashRegister:
      return {0, 0};
    case MessageClass::kCoded:
      return {1, 1};
    case MessageClass::kErrorNotice:
      return {1, 2};
    case MessageClass::kRegistration:
      return {1, 3};
    case MessageClass::kUncoded:
      return {2, 4};
    case MessageClass::kSummary:
      return {3, 5};
    case MessageClass::kTechnical:
      break;  // never queued
  }
  return {3, 6};
}

}  // namespace

Time LegalDeadline(MessageClass cls, Time accepted_at) {
  const int64_t local = accepted_at.us + kZone;
  const int64_t midnight = local - local % kDay - kZone;
  return {midnight + (RuleOf(cls).days + 1) * kDay};
}

Urgency UrgencyOf(MessageClass cls, Time accepted_at) { return {LegalDeadline(cls, accepted_at), RuleOf(cls).rank}; }

}  // namespace tvan
