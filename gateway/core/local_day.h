#pragma once
// The day in +07:00 that an instant lies in, as days since 1970-01-01 there, and when it begins. Pure.

#include "gateway/core/time.h"

namespace tvan {

inline int32_t LocalDay(Time at) {
  const Span local = Span(at.us) + std::chrono::hours(7);
  return static_cast<int32_t>(std::chrono::floor<std::chrono::days>(local).count());
}

inline Time BeginOfDay(int32_t day) { return {(Span(std::chrono::days(day)) - std::chrono::hours(7)).count()}; }

}  // namespace tvan
