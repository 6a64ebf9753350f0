#pragma once
// A window as an operator's record of kind "window"; the body's fields are in RECORDS.md. Pure functions.

#include "gateway/calendar/calendar.h"

namespace tvan {

inline const char kWindowKind[] = "window";

std::string EncodeWindow(const Window& window);             // the body; the id is the record's
Result<Window> DecodeWindow(const OperatorRecord& record);  // calendar.damaged
// calendar.invalid: end not after start, bad id, an unknown class, a text of more than 500 bytes.
Status CheckWindow(const Window& window);

}  // namespace tvan
