// tvanctl line: its phase, the order to open it without green, and what becomes of new messages meanwhile.
#include <algorithm>
#include <cctype>
#include <iostream>

#include "ops/ctl/line_text.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

struct LineFlags {
  int history = 0;
  std::string reason, cls, mode;
  bool break_glass = false, preview = false;
};

// Runs `call` with a stub of the service, if somebody is there.
template <class Call>
int WithNight(Tool& tool, const Call& call) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  return call(*admin::NightService::NewStub(*channel));
}

int ShowLine(Tool& tool, admin::NightService::Stub& stub, int history) {
  admin::GetLineRequest request;
  request.set_history(history);
  admin::GetLineResponse line;
  const auto status = stub.GetLine(tool.Call().get(), request, &line);
  if (!status.ok()) return Report(status);
  tool.json ? PrintJson(line) : void(std::cout << LineText(line, tool.lang == "vi") << std::flush);
  return kOk;
}

int Open(Tool& tool, const LineFlags& flags, admin::NightService::Stub& stub) {
  if (flags.preview) {
    std::cerr << "tvanctl: would open what is VERIFYING or DOWN here, without green probes; nothing was ordered\n";
    return ShowLine(tool, stub, 0);
  }
  admin::OrderLineRequest request;
  request.set_reason(flags.reason);
  admin::OrderLineResponse response;
  const auto status = stub.OrderLine(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (tool.json)
    PrintJson(response);
  else
    std::cout << (response.in_force() ? "ordered: the line ramps up without green probes\n"
                                      : "noted: a second operator must say the same within fifteen minutes\n");
  return kOk;
}

int Modes(Tool& tool, admin::NightService::Stub& stub, admin::ListIntakeModesResponse& response) {
  return Report(stub.ListIntakeModes(tool.Call().get(), {}, &response));
}

int ShowModes(Tool& tool, admin::NightService::Stub& stub) {
  admin::ListIntakeModesResponse response;
  if (const int code = Modes(tool, stub, response); code != kOk) return code;
  if (!tool.json) std::cout << ModesText(response.modes(), tool.lang == "vi") << std::flush;
  if (tool.json)
    for (const auto& mode : response.modes()) PrintJson(mode);
  return kOk;
}

const char* ModeText(v1::IntakeMode mode) { return mode == v1::INTAKE_MODE_HOLD ? "hold" : "refuse_new"; }

// "CODED: hold -> refuse_new", or that it is so already.
int PrintChange(Tool& tool, const admin::SetIntakeModeRequest& request, admin::NightService::Stub& stub) {
  admin::ListIntakeModesResponse modes;
  if (const int code = Modes(tool, stub, modes); code != kOk) return code;
  for (const auto& mode : modes.modes())
    if (mode.message_class() == request.message_class())
      (tool.json ? std::cerr : std::cout) << ToText(mode.message_class()) << ": " << ModeText(mode.mode()) << " -> "
                                          << ModeText(request.mode()) << '\n';
  return kOk;
}

int SetMode(Tool& tool, const LineFlags& flags, admin::NightService::Stub& stub) {
  std::string name = flags.cls;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
  v1::MessageClass cls;
  if (!v1::MessageClass_Parse("MESSAGE_CLASS_" + name, &cls))
    return Report(Status::Permanent("ctl.usage"_reason, "no such class: " + flags.cls + " (coded, uncoded …)"));
  admin::SetIntakeModeRequest request;
  request.set_message_class(cls);
  request.set_mode(flags.mode == "hold" ? v1::INTAKE_MODE_HOLD : v1::INTAKE_MODE_REFUSE_NEW);
  request.set_reason(flags.reason);
  if (const int code = PrintChange(tool, request, stub); code != kOk || flags.preview) return code;
  admin::SetIntakeModeResponse response;
  const auto status = stub.SetIntakeMode(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (tool.json) PrintJson(response.mode());
  return kOk;
}

void AddOpen(CLI::App* group, Tool& tool) {
  auto flags = std::make_shared<LineFlags>();
  CLI::App* open = group->add_subcommand("open", "break glass: open a line that is verified or down, without green");
  open->add_flag("--break-glass", flags->break_glass, "yes, without green probes; it raises an alarm")->required();
  open->add_option("--reason", flags->reason, "why, typed by a person: at least 10 bytes, kept for ever")->required();
  open->add_flag("--preview", flags->preview, "show the phases; order nothing");
  open->footer("A line that a window closes is not opened by this: `window end` says that the stop is over.");
  OnCall(open, tool, [&tool, flags] {
    return WithNight(tool, [&](admin::NightService::Stub& stub) { return Open(tool, *flags, stub); });
  });
}

void AddMode(CLI::App* group, Tool& tool) {
  auto flags = std::make_shared<LineFlags>();
  CLI::App* mode = group->add_subcommand("mode", "what becomes of new messages of a class while it does not send");
  auto* cls = mode->add_option("CLASS", flags->cls, "coded, uncoded, cash_register …; none: show all");
  auto* word = mode->add_option("MODE", flags->mode, "hold (accept and send later) or refuse_new")
                   ->check(CLI::IsMember({"hold", "refuse_new"}));
  cls->needs(word);
  mode->add_option("--reason", flags->reason, "why; kept with the change");
  mode->add_flag("--preview", flags->preview, "show the change; write nothing");
  OnCall(mode, tool, [&tool, flags] {
    return WithNight(tool, [&](admin::NightService::Stub& stub) {
      return flags->cls.empty() ? ShowModes(tool, stub) : SetMode(tool, *flags, stub);
    });
  });
}

}  // namespace

void AddLineCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("line", "the line to the authority: phase, break-glass, intake (operators)");
  group->require_subcommand(1);
  auto flags = std::make_shared<LineFlags>();
  CLI::App* show =
      group->add_subcommand("show", "the phase of each class and why, the last probe, what providers read");
  show->add_option("--history", flags->history, "versions of the past, newest first")->check(CLI::Range(0, 1000));
  OnCall(show, tool, [&tool, flags] {
    return WithNight(tool, [&](admin::NightService::Stub& stub) { return ShowLine(tool, stub, flags->history); });
  });
  AddOpen(group, tool);
  AddMode(group, tool);
}

}  // namespace tvan::ctl
