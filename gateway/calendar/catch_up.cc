#include "gateway/calendar/catch_up.h"

namespace tvan {
namespace {

constexpr Span kMinute = std::chrono::minutes(1);
constexpr Span kAtOnce = kMinute, kApart = kMinute * 10, kMoved = kMinute * 15;
constexpr size_t kMostADay = 24;

bool HasMoved(const CatchUp& told, const CatchUpFacts& facts) {
  if (told.empty_at.has_value() != facts.empty_at.has_value()) return true;
  return told.empty_at && (*facts.empty_at > *told.empty_at + kMoved || *facts.empty_at < *told.empty_at - kMoved);
}

}  // namespace

std::optional<NoticeKind> WhatToTell(const CatchUpTold& told, const CatchUpFacts& facts, Time now) {
  const bool just_told = told.at && *told.at <= now && now < *told.at + kApart;
  if (just_told || !facts.sending) return std::nullopt;
  const bool over = facts.empty_at && *facts.empty_at <= now + kAtOnce;
  if (over && told.open && !facts.back_since) return NoticeKind::kCatchUpOver;
  const bool known = facts.empty_at || facts.not_before_stop;
  if (over || !known || told.in_a_day + 1 >= kMostADay) return std::nullopt;
  if (!told.open) return facts.back_since ? std::optional(NoticeKind::kCatchUpBegun) : std::nullopt;
  return HasMoved(*told.open, facts) ? std::optional(NoticeKind::kCatchUpMoved) : std::nullopt;
}

CatchUp CatchUpSaid(NoticeKind kind, const CatchUpTold& told, const CatchUpFacts& facts) {
  CatchUp said;
  if (told.open) said.began_at = told.open->began_at;
  if (!told.open && facts.back_since) said.began_at = *facts.back_since;
  if (kind == NoticeKind::kCatchUpOver) return said;
  said.not_before_stop = facts.not_before_stop;
  if (facts.empty_at)
    said.empty_at = Time{(facts.empty_at->us + kMinute.count() - 1) / kMinute.count() * kMinute.count()};
  return said;
}

}  // namespace tvan
