#include "gateway/app/command_line.h"

namespace tvan {

const char kUsage[] =
    "usage: tvan-gateway --config FILE [--ready-file FILE] [--clock system|file:PATH]\n"
    "       tvan-gateway --config FILE --check-config     checks the file and what it names, starts nothing\n"
    "       tvan-gateway --print-config-reference         prints config/REFERENCE.md\n"
    "       tvan-gateway --print-catalogue                prints config/CATALOGUE.md\n"
    "       tvan-gateway --version\n"
    "sandboxes only (gateway/core/failpoint.h):\n"
    "       --failpoint NAME:COUNT   ends by SIGKILL at that pass\n"
    "       --failpoint-page FILE    counts passes there, and dies as the file is told to\n"
    "exit codes: 0 ended on request, 1 usage or configuration, 2 cannot start, 3 died\n";

CommandLine ParseCommandLine(const std::vector<std::string>& arguments) {
  using Action = CommandLine::Action;
  CommandLine line;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    std::string* value = word == "--config"           ? &line.config_file
                         : word == "--ready-file"     ? &line.ready_file
                         : word == "--clock"          ? &line.clock
                         : word == "--failpoint"      ? &line.failpoint
                         : word == "--failpoint-page" ? &line.failpoint_page
                                                      : nullptr;
    if (value != nullptr) {
      if (++i == arguments.size()) return line.error = word + " needs a value", line;
      *value = arguments[i];
    } else if (word == "--check-config") {
      line.action = Action::kCheckConfig;
    } else if (word == "--print-config-reference") {
      line.action = Action::kPrintReference;
    } else if (word == "--print-catalogue") {
      line.action = Action::kPrintCatalogue;
    } else if (word == "--version") {
      line.action = Action::kVersion;
    } else if (word == "--help" || word == "-h") {
      line.action = Action::kHelp;
    } else {
      return line.error = "unknown argument " + word, line;
    }
  }
  const bool needs_config = line.action == Action::kRun || line.action == Action::kCheckConfig;
  if (needs_config && line.config_file.empty()) line.error = "--config FILE is wanted";
  return line;
}

}  // namespace tvan
