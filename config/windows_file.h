#pragma once
// A file of windows, YAML: `windows:` and a list below it (proto/tvan/config/v1/windows.proto). Unknown keys are
// refused; every problem is reported at once, each with file:line:column. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "config/loader.h"
#include "tvan/config/v1/windows.pb.h"

namespace tvan {

struct WindowsFile {
  std::vector<config::v1::WindowEntry> windows;  // complete when there are no errors
  ConfigReport report;                           // errors only; its `config` is empty
};

inline constexpr size_t kMostWindowsOfAFile = 500;

// `file` is what the problems are reported against.
WindowsFile ParseWindows(std::string_view yaml, const std::string& file);
// What ParseWindows reads as the same.
std::string WriteWindows(const std::vector<config::v1::WindowEntry>& windows);

}  // namespace tvan
