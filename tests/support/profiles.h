#pragma once
// The profiles that are built in, ready for validators of tests; made once per process.

#include <memory>

#include "gateway/validate/profile_set.h"

namespace tvan {

std::shared_ptr<const ProfileSet> TestProfiles();

}  // namespace tvan
