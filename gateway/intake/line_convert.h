#pragma once
// Phases, states of windows, modes and two-language texts of the calendar as messages of tvan.v1. Pure; shared by the
// providers' and the operators' services.

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/words.h"
#include "tvan/v1/calendar.pb.h"

namespace tvan {

inline v1::LinePhase ToProto(Phase phase) {
  switch (phase) {
    case Phase::kOpen:
      return v1::LINE_PHASE_OPEN;
    case Phase::kDraining:
      return v1::LINE_PHASE_DRAINING;
    case Phase::kClosed:
      return v1::LINE_PHASE_CLOSED;
    case Phase::kRamping:
      return v1::LINE_PHASE_RAMPING;
    case Phase::kDown:
      return v1::LINE_PHASE_DOWN;
    case Phase::kVerifying:
      return v1::LINE_PHASE_VERIFYING;
  }
  return v1::LINE_PHASE_UNSPECIFIED;
}

// Both sides count in the same order; the messages have "unspecified" before the first.
inline v1::WindowState ToProto(WindowState state) { return static_cast<v1::WindowState>(static_cast<int>(state) + 1); }
inline v1::WindowKind ToProto(WindowKind kind) { return static_cast<v1::WindowKind>(static_cast<int>(kind) + 1); }
inline v1::IntakeMode ToProto(IntakeMode mode) {
  return mode == IntakeMode::kHold ? v1::INTAKE_MODE_HOLD : v1::INTAKE_MODE_REFUSE_NEW;
}

inline void ToProto(const Words& words, v1::Text& out) {
  out.set_vi(words.vi);
  out.set_en(words.en);
}

}  // namespace tvan
