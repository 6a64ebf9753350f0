#pragma once
// What `tvanctl drain` shows of a board: a screen for people, one line for a log. Pure.

#include <string>
#include <vector>

#include "ops/ctl/screen_text.h"
#include "tvan/admin/v1/night.pb.h"

namespace tvan::ctl {

// "empty at 23:41", or "short by 12 400 at 00:00; without SUMMARY short by 0".
std::string DrainVerdict(const admin::v1::Drain& board);
std::string DrainLine(const admin::v1::Drain& board);
// `paused`: the classes that the forecast was asked without.
std::vector<Row> DrainScreen(const admin::v1::Drain& board, const std::string& paused);
std::string Grouped(uint64_t number);  // "12 400"

}  // namespace tvan::ctl
