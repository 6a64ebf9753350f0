#include "gateway/contract/quota_meter.h"

#include <algorithm>

#include "gateway/core/local_day.h"

namespace tvan {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr Span kSoon = std::chrono::seconds(1);  // others on their way may fail and leave room

std::string Whose(const ProviderId& provider) { return "of provider " + provider.value(); }

QuotaMeter::Refusal DayIsUsedUp(const std::string& what, bool for_today, Time now) {
  const Span until_midnight = BeginOfDay(LocalDay(now) + 1) - now;
  return {Status::Transient("contract.day_quota"_reason, what), for_today ? until_midnight : kSoon};
}

}  // namespace

// A bucket that holds `burst` calls and fills at `per_second`, kept as the time at which it would be full again.
std::optional<QuotaMeter::Refusal> QuotaMeter::TakeCall(const ProviderId& provider, const Quotas& quotas, Steady now) {
  if (quotas.per_second == 0) return std::nullopt;
  const int64_t each = kSecondNs / quotas.per_second;
  const int64_t holds = each * (quotas.burst != 0 ? quotas.burst : quotas.per_second);
  const int64_t now_ns = now.us * 1000;
  const std::lock_guard lock(calls_mutex_);
  int64_t& full = full_at_ns_[provider];
  full = std::clamp(full, now_ns, now_ns + holds);  // of a bucket that was larger nothing is owed
  const int64_t full_at = full + each;
  if (const int64_t wait = full_at - (now_ns + holds); wait > 0)
    return Refusal{Status::Transient("contract.rate_quota"_reason, "more than " + std::to_string(quotas.per_second) +
                                                                       " calls a second " + Whose(provider)),
                   Span(wait / 1000 + 1)};
  full = full_at;
  return std::nullopt;
}

std::optional<QuotaMeter::Refusal> QuotaMeter::TakeMessage(const ProviderId& provider, const Quotas& quotas,
                                                           uint64_t bytes, Time now,
                                                           const std::function<Result<Use>()>& accepted,
                                                           std::shared_ptr<Share>& share) {
  if (quotas.per_day == 0 && quotas.bytes_per_day == 0) return std::nullopt;
  const std::lock_guard lock(day_mutex_);
  Use& on_way = on_way_[provider];
  const Result<Use> used = accepted();
  if (!used.ok()) return Refusal{used.status(), kSoon};
  const auto over = [](uint64_t limit, uint64_t taken, uint64_t more) { return limit != 0 && taken + more > limit; };
  const auto refuse = [&](uint64_t limit, const char* unit, bool for_today) {
    return DayIsUsedUp("more than " + std::to_string(limit) + " " + unit + " a day " + Whose(provider), for_today, now);
  };
  if (over(quotas.per_day, used->messages + on_way.messages, 1))
    return refuse(quotas.per_day, "messages", over(quotas.per_day, used->messages, 1));
  if (over(quotas.bytes_per_day, used->bytes + on_way.bytes, bytes))
    return refuse(quotas.bytes_per_day, "bytes", over(quotas.bytes_per_day, used->bytes, bytes));
  share = std::make_shared<Share>(*this, provider, bytes);
  on_way.messages += 1;
  on_way.bytes += bytes;
  return std::nullopt;
}

void QuotaMeter::GiveBack(const ProviderId& provider, uint64_t bytes) {
  const std::lock_guard lock(day_mutex_);
  Use& on_way = on_way_[provider];
  on_way.messages -= 1;
  on_way.bytes -= bytes;
}

}  // namespace tvan
