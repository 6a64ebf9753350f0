#pragma once
// A window as it stands in a file (config/windows_file.h), and as the gateway takes it, both ways. Pure.

#include "config/windows_file.h"
#include "gateway/core/status.h"
#include "tvan/admin/v1/admin.pb.h"

namespace tvan::ctl {

// Of an entry without errors. ctl.usage: nothing of a file without errors.
Result<admin::v1::Window> ToWindow(const config::v1::WindowEntry& entry);
config::v1::WindowEntry ToEntry(const admin::v1::Window& window);

}  // namespace tvan::ctl
