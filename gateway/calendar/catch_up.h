#pragma once
// The catch-up after a stop or an outage, while what waited meanwhile is sent: when providers are told of it. Pure.

#include <optional>

#include "gateway/calendar/notice.h"

namespace tvan {

// What is known of the line now.
struct CatchUpFacts {
  std::optional<Time> back_since{};  // of the class that was back first and still ramps, or came back just now
  bool sending = false;              // some class is sent
  std::optional<Time> empty_at{};    // forecast: nothing waits any more; nullopt: not known
  bool not_before_stop = false;      // some of it will still wait when the next stop begins
};

// What was told of it.
struct CatchUpTold {
  std::optional<CatchUp> open{};  // last, of one that is not over
  std::optional<Time> at{};       // last, of any
  size_t in_a_day = 0;            // notices of the last 24 hours
};

// What must be told now: that it has begun, that its end moved by more than 15 minutes, that it is over. Nothing of
// what is over within a minute; nothing within ten minutes of the last; at most 24 a day, the last of them an end. A
// line that closes again before it is over goes on with the same catch-up.
std::optional<NoticeKind> WhatToTell(const CatchUpTold& told, const CatchUpFacts& facts, Time now);
// As it is told then: the forecast in whole minutes, none of one that is over.
CatchUp CatchUpSaid(NoticeKind kind, const CatchUpTold& told, const CatchUpFacts& facts);

}  // namespace tvan
