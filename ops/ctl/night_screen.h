#pragma once
// The night at one look: NightService.GetNight as one screen of at most 100 columns and 40 lines, in Vietnamese or
// English. What the gateway does not say is shown as unknown. Pure.

#include <string>

#include "tvan/admin/v1/night.pb.h"

namespace tvan::ctl {

struct ScreenOptions {
  bool vi = false;
  bool color = false;
  size_t width = 100, height = 40;  // of the terminal; more than that is not used
};

std::string RenderNight(const admin::v1::Night& night, const ScreenOptions& options);

}  // namespace tvan::ctl
