// tvanctl night: the whole night on one screen, drawn again and again.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "gateway/core/clock.h"
#include "ops/ctl/night_screen.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

struct NightFlags {
  bool once = false;
  double every_s = 2;
};

bool IsTerminal() { return isatty(STDOUT_FILENO) != 0; }

// Colours on a terminal only, and not where somebody asked for none (no-color.org).
ScreenOptions OptionsOf(const Tool& tool) {
  ScreenOptions options;
  options.vi = tool.lang == "vi";
  if (!IsTerminal()) return options;
  const char* no_color = std::getenv("NO_COLOR");
  options.color = no_color == nullptr || *no_color == 0;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    options.width = size.ws_col;
    options.height = size.ws_row - 1u;  // the cursor stands on the last line
  }
  return options;
}

// Over what stood there, without a flicker; what is longer than the new line goes.
void Draw(const std::string& screen) {
  std::string out = "\033[H";
  for (const char c : screen) out += c == '\n' ? std::string("\033[K\n") : std::string(1, c);
  std::cout << out << "\033[J" << std::flush;
}

int Ask(Tool& tool, admin::NightService::Stub& stub, bool redraw) {
  admin::Night night;
  const auto status = stub.GetNight(tool.Call().get(), {}, &night);
  if (!status.ok()) return Report(status);
  if (tool.json)
    PrintJson(night);
  else if (redraw)
    Draw(RenderNight(night, OptionsOf(tool)));
  else
    std::cout << RenderNight(night, OptionsOf(tool)) << std::flush;
  return kOk;
}

// A gateway that is started anew is waited for.
int Show(Tool& tool, const NightFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::NightService::NewStub(*channel);
  const bool redraw = IsTerminal() && !tool.json && !flags.once;
  if (redraw) std::cout << "\033[2J";
  const auto clock = MakeSystemClock();
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  int code = Ask(tool, *stub, redraw);
  while (!flags.once && (code == kOk || code == kTransport)) {
    const Span pause(static_cast<int64_t>(flags.every_s * 1e6));
    clock->WaitUntil(never, lock, clock->SteadyNow() + pause, [] { return false; });
    code = Ask(tool, *stub, redraw);
  }
  return code;
}

}  // namespace

void AddNightCommand(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<NightFlags>();
  CLI::App* night =
      app.add_subcommand("night", "a maintenance night on one screen: marks, zeros, who, what comes next (operators)");
  night->add_flag("--once", flags->once, "once, not again and again");
  night->add_option("--every", flags->every_s, "seconds between two looks, e.g. 2s")
      ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"m", 60}},
                                        CLI::AsNumberWithUnit::CASE_INSENSITIVE, "TIME"))
      ->check(CLI::Range(1.0, 600.0))
      ->default_str("2s");
  OnCall(night, tool, [&tool, flags] { return Show(tool, *flags); });
}

}  // namespace tvan::ctl
