#pragma once
// How tvanctl shows windows and what a change of one would do. Pure.

#include <string>
#include <vector>

#include "tvan/admin/v1/night.pb.h"

namespace tvan::ctl {

std::string StateText(v1::WindowState state);  // "announced", "ended early"
// A table, one window a line.
std::string WindowsText(const std::vector<admin::v1::Window>& windows);
// Everything of one, with contacts.
std::string WindowText(const admin::v1::Window& window);
// Versions as GetWindowHistory gives them: who, when, why, and when it stops.
std::string HistoryText(const std::vector<admin::v1::Window>& versions);
// Changes, warnings, what must be accepted, errors, one a line.
std::string PreviewText(const admin::v1::PreviewWindowResponse& preview, bool vi);  // NOLINT: one of two languages

}  // namespace tvan::ctl
