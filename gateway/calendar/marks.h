#pragma once
// The six marks of a night (duties 0.16): notice → contact sheet due → draining begins → stop → planned end, where the
// check begins → normal. And which stop "the night" is. Pure.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "gateway/calendar/contact_sheet.h"
#include "gateway/calendar/phase.h"

namespace tvan {

enum class MarkKind { kNotice = 1, kContactDue, kDrain, kStop, kVerify, kNormal };
enum class MarkState { kPassed = 1, kNext, kToCome, kOverdue };

struct NightMark {
  MarkKind kind = MarkKind::kNotice;
  std::optional<Time> at;  // none: nobody has set a time
  MarkState state = MarkState::kToCome;
};

struct NightFacts {
  Time now;
  Phase phase = Phase::kOpen;  // of the line
  ContactState contact = ContactState::kNotNeeded;
  Time contact_due;
  Span drain_before{};
};

// The sheet's mark is passed when it was sent, the last one when the line is open after the stop; the others by the
// clock. Next is the earliest that is to come; there is none when all are passed, or only overdue ones are left.
std::array<NightMark, 6> MarksOf(const Window& occurrence, const NightFacts& facts);

// The stop that matters now: `unsettled` (the id that the written phase names, while the line is not open again) if
// there is such a stop; else one that goes on, or is being checked, or was until an hour ago while no other begins
// within the hour, and of several the one that ends last; else the next within 35 days.
std::optional<Window> NightOf(const std::vector<Window>& windows, const LineId& line, Time now,
                              const std::string& unsettled = "", bool rehearsals = true);

}  // namespace tvan
