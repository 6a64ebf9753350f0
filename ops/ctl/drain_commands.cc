// tvanctl drain: whether what waits will have left before the stop, or when it will be caught up after it.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <iostream>

#include "gateway/core/clock.h"
#include "ops/ctl/drain_text.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

constexpr size_t kPlainWidth = 200;  // of what is no terminal

size_t WidthOf(bool terminal) {
  winsize size{};
  if (!terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kPlainWidth;
  return size.ws_col;
}

void PrintScreen(const admin::Drain& board, const std::string& paused, bool terminal) {
  const size_t width = WidthOf(terminal);
  for (const Row& row : DrainScreen(board, paused)) std::cout << row.Text(width, terminal) << '\n';
  std::cout << std::flush;
}

// Over what stood there, without a flicker.
void Redraw(const admin::Drain& board) {
  const size_t width = WidthOf(true);
  std::string screen = "\033[H";
  for (const Row& row : DrainScreen(board, "")) screen += row.Text(width, true) + "\033[K\n";
  std::cout << screen << "\033[J" << std::flush;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " and ") + name;
  return text;
}

int Show(Tool& tool, std::vector<std::string> pause) {
  admin::GetDrainRequest request;
  for (std::string& name : pause) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
    v1::MessageClass cls;
    if (!v1::MessageClass_Parse("MESSAGE_CLASS_" + name, &cls))
      return Report(
          Status::Permanent("ctl.usage"_reason, "no such class: " + name + " (coded, uncoded, cash_register …)"));
    request.add_pause(cls);
  }
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::Drain board;
  const auto status = admin::NightService::NewStub(*channel)->GetDrain(tool.Call().get(), request, &board);
  if (!status.ok()) return Report(status);
  if (tool.json)
    PrintJson(board);
  else
    PrintScreen(board, Joined(pause), isatty(STDOUT_FILENO) != 0);
  return kOk;
}

// Until the connection breaks.
int Follow(Tool& tool, admin::NightService::Stub& stub, const admin::WatchDrainRequest& request, bool terminal) {
  grpc::ClientContext context;  // no deadline: until Ctrl-C or the connection breaks
  const auto reader = stub.WatchDrain(&context, request);
  admin::Drain board;
  while (reader->Read(&board)) {
    if (tool.json)
      PrintJson(board);
    else if (terminal)
      Redraw(board);
    else
      std::cout << DrainLine(board) << std::endl;
  }
  return Report(reader->Finish());
}

// A gateway that is started anew is waited for.
int Watch(Tool& tool, double every_s) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::NightService::NewStub(*channel);
  const Span every(static_cast<int64_t>(every_s * 1e6));
  admin::WatchDrainRequest request;
  request.mutable_every()->set_seconds(every.count() / 1'000'000);
  request.mutable_every()->set_nanos(static_cast<int32_t>(every.count() % 1'000'000) * 1000);
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  if (terminal && !tool.json) std::cout << "\033[2J";
  const auto clock = MakeSystemClock();
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  int code = kOk;
  do {
    code = Follow(tool, *stub, request, terminal);
    clock->WaitUntil(never, lock, clock->SteadyNow() + every, [] { return false; });
  } while (code == kOk || code == kTransport);
  return code;
}

}  // namespace

void AddDrainCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("drain", "what is to leave before a stop, and whether it will (operators)");
  group->require_subcommand(1);
  auto pause = std::make_shared<std::vector<std::string>>();
  CLI::App* show = group->add_subcommand("show", "the board and its forecast, once");
  show->add_option("--pause", *pause, "as if no more of this class came in; repeatable")->delimiter(',');
  OnCall(show, tool, [&tool, pause] { return Show(tool, *pause); });
  auto every = std::make_shared<double>(2);
  CLI::App* watch = group->add_subcommand("watch", "the board as it goes, until Ctrl-C");
  watch->add_option("--every", *every, "seconds between two boards, e.g. 2s")
      ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"m", 60}},
                                        CLI::AsNumberWithUnit::CASE_INSENSITIVE, "TIME"))
      ->check(CLI::Range(1.0, 60.0))
      ->default_str("2s")
      ->type_name("TIME");
  OnCall(watch, tool, [&tool, every] { return Watch(tool, *every); });
}

}  // namespace tvan::ctl
