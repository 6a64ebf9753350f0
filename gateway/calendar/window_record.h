#pragma once
// A window as an operator's record of kind "window"; the body's fields are in RECORDS.md. Pure functions.

#include "gateway/calendar/window.h"
#include "store/records.h"
#include "store/store.h"

namespace tvan {

inline const char kWindowKind[] = "window";

std::string EncodeWindow(const Window& window);             // the body; the id is the record's
Result<Window> DecodeWindow(const OperatorRecord& record);  // calendar.damaged

}  // namespace tvan
