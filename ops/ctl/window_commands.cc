// tvanctl window: the authority's announced stops.
#include <iostream>

#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

struct WindowFlags {
  std::string id, start, end, line, reason, source;
  std::vector<std::string> classes;
};

void PrintWindows(const std::vector<admin::Window>& windows) {
  Table table({"id", "start", "end", "line", "classes", "state", "reason", "version"});
  for (const admin::Window& w : windows) {
    std::string classes;
    for (const int cls : w.message_classes()) classes += ToText(static_cast<v1::MessageClass>(cls)) + " ";
    table.Add({w.id(), ToText(w.start()), ToText(w.end()), w.line().empty() ? "all" : w.line(),
               classes.empty() ? "all" : classes, w.cancelled() ? "cancelled" : "planned", w.reason(),
               std::to_string(w.version())});
  }
  table.Print();
}

int Put(Tool& tool, admin::AdminService::Stub& stub, const admin::PutWindowRequest& request) {
  admin::PutWindowResponse response;
  const auto status = stub.PutWindow(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  tool.json ? PrintJson(response.window()) : PrintWindows({response.window()});
  return kOk;
}

int Add(Tool& tool, const WindowFlags& flags) {
  const auto start = ParseTime(flags.start), end = ParseTime(flags.end);
  if (!start.ok()) return Report(start.status());
  if (!end.ok()) return Report(end.status());
  admin::PutWindowRequest request;
  admin::Window* window = request.mutable_window();
  window->set_id(flags.id);
  SetTimestamp(*start, window->mutable_start());
  SetTimestamp(*end, window->mutable_end());
  window->set_line(flags.line);
  window->set_reason(flags.reason);
  window->set_source(flags.source);
  for (const std::string& name : flags.classes) {
    v1::MessageClass cls;
    if (!v1::MessageClass_Parse("MESSAGE_CLASS_" + name, &cls)) {
      std::cerr << "tvanctl: no such class: " << name << " (CODED, UNCODED, CASH_REGISTER, ERROR_NOTICE …)\n";
      return kUsage;
    }
    window->add_message_classes(cls);
  }
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  return Put(tool, *admin::AdminService::NewStub(*channel), request);
}

int List(Tool& tool) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ListWindowsResponse response;
  const auto status = admin::AdminService::NewStub(*channel)->ListWindows(tool.Call().get(), {}, &response);
  if (!status.ok()) return Report(status);
  if (tool.json)
    for (const auto& window : response.windows()) PrintJson(window);
  else
    PrintWindows({response.windows().begin(), response.windows().end()});
  return kOk;
}

int Cancel(Tool& tool, const std::string& id, const std::string& reason) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::AdminService::NewStub(*channel);
  admin::ListWindowsResponse response;
  const auto status = stub->ListWindows(tool.Call().get(), {}, &response);
  if (!status.ok()) return Report(status);
  for (const admin::Window& window : response.windows()) {
    if (window.id() != id) continue;
    admin::PutWindowRequest request;
    *request.mutable_window() = window;
    request.mutable_window()->set_cancelled(true);
    if (!reason.empty()) request.mutable_window()->set_reason(reason);
    return Put(tool, *stub, request);
  }
  std::cerr << "tvanctl: there is no window " << id << '\n';
  return kNegative;
}

}  // namespace

void AddWindowCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("window", "announced stops of the authority (operators)");
  group->require_subcommand(1);
  auto flags = std::make_shared<WindowFlags>();
  CLI::App* add = group->add_subcommand("add", "enter a stop, or its next version; effective at once");
  add->add_option("ID", flags->id, "[a-z0-9-]{1,32}")->required();
  add->add_option("--start", flags->start, "e.g. 2026-11-21T00:00:00 (+07:00 unless it says otherwise)")->required();
  add->add_option("--end", flags->end, "half-open")->required();
  add->add_option("--line", flags->line, "default: every line");
  add->add_option("--class", flags->classes, "default: every class; repeatable")->delimiter(',');
  add->add_option("--reason", flags->reason, "of the stop");
  add->add_option("--source", flags->source, "the authority's notice");
  OnCall(add, tool, [&tool, flags] { return Add(tool, *flags); });
  OnCall(group->add_subcommand("list", "all windows"), tool, [&tool] { return List(tool); });
  CLI::App* cancel = group->add_subcommand("cancel", "the stop will not take place");
  auto id = std::make_shared<std::string>(), reason = std::make_shared<std::string>();
  cancel->add_option("ID", *id, "of the window")->required();
  cancel->add_option("--reason", *reason, "why");
  OnCall(cancel, tool, [&tool, id, reason] { return Cancel(tool, *id, *reason); });
}

}  // namespace tvan::ctl
