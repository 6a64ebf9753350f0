// tvanctl window import and export: windows as YAML.
#include <iostream>

#include "ops/ctl/files.h"
#include "ops/ctl/window_entry.h"
#include "ops/ctl/window_group.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

struct ImportFlags {
  std::string file;
  bool yes = false;
  ChangeFlags change;
};

// All of the file, or nothing and what is wrong with it.
int Read(const std::string& name, std::vector<admin::Window>& windows, std::vector<std::string>& weekdays) {
  const auto yaml = ReadFile(name);
  if (!yaml) return Report(yaml.status());
  const WindowsFile file = ParseWindows(*yaml, name);
  std::cerr << file.report.Text();
  if (!file.report.ok()) return kUsage;
  for (const auto& entry : file.windows) {
    auto window = ToWindow(entry);
    if (!window) return Report(window.status());
    windows.push_back(*std::move(window));
    weekdays.push_back(entry.weekday());
  }
  return kOk;
}

int Import(Tool& tool, ImportFlags flags) {
  std::vector<admin::Window> windows;
  std::vector<std::string> weekdays;
  if (const int code = Read(flags.file, windows, weekdays); code != kOk) return code;
  WindowClient client(tool);
  if (const int code = client.Connect(); code != kOk) return code;
  const bool asked = flags.change.preview;
  flags.change.preview = asked || !flags.yes;
  const int code = client.Apply(windows, flags.change, weekdays);
  if (code != kOk || asked || flags.yes) return code;
  std::cerr << "tvanctl: nothing was entered; to enter this, repeat the command with --yes\n";
  return kUsage;
}

bool IsOver(const admin::Window& window) {
  return window.state() == v1::WINDOW_STATE_CLOSED || window.state() == v1::WINDOW_STATE_ENDED_EARLY ||
         window.state() == v1::WINDOW_STATE_CANCELLED;
}

int Export(Tool& tool, const std::string& file, bool all) {
  WindowClient client(tool);
  if (const int code = client.Connect(); code != kOk) return code;
  std::vector<admin::Window> windows;
  if (const int code = client.List(windows); code != kOk) return code;
  std::vector<config::v1::WindowEntry> entries;
  for (const admin::Window& window : windows)
    if (all || !IsOver(window)) entries.push_back(ToEntry(window));
  const std::string yaml = WriteWindows(entries);
  if (!file.empty()) return Report(WriteFile(file, yaml));
  std::cout << yaml << std::flush;
  return kOk;
}

}  // namespace

void AddWindowFiles(CLI::App* group, Tool& tool) {
  auto flags = std::make_shared<ImportFlags>();
  CLI::App* import = group->add_subcommand("import", "windows from a YAML file, all of them or none");
  import->add_option("FILE", flags->file, "as `window export` writes it; -: standard input")->required();
  import->add_flag("--yes", flags->yes, "enter them; without it they are only previewed, and the exit code is 1");
  AddChangeFlags(import, flags->change);
  import->footer(
      "Every problem of the file is named at once with line and column; unknown keys are refused. Each window is "
      "checked "
      "as if those above it were entered. What does not change is left alone; what is not in the file too. They are "
      "entered one by one: if the gateway stops taking them, exit code 5 and which were entered and which not; the "
      "same "
      "command again enters the rest.");
  OnCall(import, tool, [&tool, flags] { return Import(tool, *flags); });
  auto file = std::make_shared<std::string>();
  auto all = std::make_shared<bool>(false);
  CLI::App* out = group->add_subcommand("export", "windows as YAML, as `window import` reads it");
  out->add_option("FILE", *file, "default: standard output");
  out->add_flag("--all", *all, "also what is over or cancelled");
  OnCall(out, tool, [&tool, file, all] { return Export(tool, *file, *all); });
}

}  // namespace tvan::ctl
