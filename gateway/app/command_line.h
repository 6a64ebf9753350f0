#pragma once
// The command line of tvan-gateway. Pure.

#include <string>
#include <vector>

namespace tvan {

struct CommandLine {
  enum class Action { kRun, kCheckConfig, kPrintReference, kPrintCatalogue, kVersion, kHelp } action = Action::kRun;
  std::string config_file;
  std::string ready_file;      // empty: none
  std::string clock;           // empty: as configured
  std::string failpoint;       // NAME:COUNT, empty: none
  std::string failpoint_page;  // empty: none
  std::string error;           // not empty: what is wrong with the command line
};
CommandLine ParseCommandLine(const std::vector<std::string>& arguments);  // without the program's name
extern const char kUsage[];

}  // namespace tvan
