#pragma once
// Which decision to continue lifts which decision to stop (RECORDS.md, "What lifts a stop"). Pure.

#include <optional>
#include <string_view>
#include <vector>

#include "gateway/contract/taxpayer.h"

namespace tvan {

// A decision as it is judged; views into what it was made of.
struct StopView {
  bool stop = true;
  StopKind kind = StopKind::kUnsaid;
  Time from, to = kForever;
  std::string_view number, answers;
};
StopView ViewOf(const StopDecision& decision);

// The last to begin of the stops that stand then; nullopt: none, the taxpayer may issue. `decisions` stand in order of
// `from`.
std::optional<size_t> StandingStop(const std::vector<StopView>& decisions, Time at);

// Keeps at most `most` of decisions in order. What matters no longer goes first, the oldest of it before the rest; a
// stop that stands goes last of all.
void DropSettled(std::vector<StopDecision>& decisions, size_t most);

}  // namespace tvan
