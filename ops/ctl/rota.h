#pragma once
// "NAME,FROM,TO[,MOBILE]" of `tvanctl oncall set` as a shift. Pure.

#include <string>

#include "gateway/core/time.h"
#include "tvan/admin/v1/night.pb.h"

namespace tvan::ctl {

// A time is whole, as 2026-11-22T03:00:00, or "03:00": then the one that is next to the stop's start, within twelve
// hours before it or after; the end is after the beginning. ctl.usage
Result<admin::v1::Shift> ParseShift(const std::string& text, Time stop);

}  // namespace tvan::ctl
