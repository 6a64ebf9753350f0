#pragma once
// The written phases of a line, the order to break glass and the intake modes as operator records; RECORDS.md has the
// fields of their bodies. Pure functions.

#include <string>

#include "gateway/calendar/calendar.h"

namespace tvan {

inline const char kPhaseKind[] = "phase";             // id: the line
inline const char kLineOrderKind[] = "line_order";    // id: the line
inline const char kIntakeModeKind[] = "intake_mode";  // id: name of the class

std::string EncodePhases(const PhaseRecord& phases);
Result<PhaseRecord> DecodePhases(const OperatorRecord& record);  // calendar.damaged

struct LineOrder {
  BreakGlass order;
  bool in_force = true;  // false: a second operator must say the same
};
std::string EncodeOrder(const LineOrder& order);
Result<LineOrder> DecodeOrder(const OperatorRecord& record);  // calendar.damaged

std::string EncodeMode(IntakeMode mode);
Result<IntakeMode> DecodeMode(const OperatorRecord& record);  // calendar.damaged

}  // namespace tvan
