// tvanctl window list, show, history, preview, budget: nothing is changed.
#include <cstdlib>
#include <iostream>

#include "ops/ctl/night_words.h"
#include "ops/ctl/output.h"
#include "ops/ctl/window_edit.h"
#include "ops/ctl/window_group.h"
#include "ops/ctl/window_text.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

int List(Tool& tool) {
  WindowClient client(tool);
  if (const int code = client.Connect(); code != kOk) return code;
  std::vector<admin::Window> windows;
  if (const int code = client.List(windows); code != kOk) return code;
  if (!tool.json) std::cout << WindowsText(windows) << std::flush;
  for (const admin::Window& window : tool.json ? windows : std::vector<admin::Window>()) PrintJson(window);
  return kOk;
}

int Show(Tool& tool, const std::string& id) {
  WindowClient client(tool);
  if (const int code = client.Connect(); code != kOk) return code;
  admin::Window window;
  if (const int code = client.Find(NameOf(id).id, window); code != kOk) return code;
  tool.json ? PrintJson(window) : void(std::cout << WindowText(window) << std::flush);
  return kOk;
}

int History(Tool& tool, const std::string& id, int limit) {
  WindowClient client(tool);
  if (const int code = client.Connect(); code != kOk) return code;
  admin::GetWindowHistoryRequest request;
  request.set_id(NameOf(id).id);
  request.set_limit(limit);
  admin::GetWindowHistoryResponse response;
  const auto status = client.night().GetWindowHistory(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (!tool.json) std::cout << HistoryText({response.windows().begin(), response.windows().end()}) << std::flush;
  if (tool.json)
    for (const admin::Window& window : response.windows()) PrintJson(window);
  return kOk;
}

int Preview(Tool& tool, const std::string& id) {
  WindowClient client(tool);
  if (const int code = client.Connect(); code != kOk) return code;
  admin::Window window;
  if (const int code = client.Find(NameOf(id).id, window); code != kOk) return code;
  admin::PreviewWindowRequest request;
  *request.mutable_window() = window;
  admin::PreviewWindowResponse preview;
  if (const int code = client.Preview(request, preview); code != kOk) return code;
  tool.json ? PrintJson(preview) : void(std::cout << PreviewText(preview, tool.lang == "vi") << std::flush);
  return kOk;
}

// "175 h 12 min": what is allowed is said in hours; without a sign.
std::string HoursText(Span span) {
  const int64_t minutes = std::abs(span.count()) / 60'000'000;
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

int Budget(Tool& tool, int year) {
  WindowClient client(tool);
  if (const int code = client.Connect(); code != kOk) return code;
  admin::GetMaintenanceBudgetRequest request;
  request.set_year(year);
  admin::GetMaintenanceBudgetResponse budget;
  const auto status = client.night().GetMaintenanceBudget(tool.Call().get(), request, &budget);
  if (!status.ok()) return Report(status);
  const bool over = ToSpan(budget.left()) < Span(0);
  if (tool.json) {
    PrintJson(budget);
    return kOk;
  }
  Table table({"year", "allowed", "used", "planned", over ? "over by" : "left"});
  table.Add({std::to_string(budget.year()), HoursText(ToSpan(budget.allowed())), HoursText(ToSpan(budget.used())),
             HoursText(ToSpan(budget.planned())), HoursText(ToSpan(budget.left()))});
  table.Print();
  return kOk;
}

CLI::App* OfOne(CLI::App* group, const char* name, const char* what, std::string& id) {
  CLI::App* command = group->add_subcommand(name, what);
  command->add_option("ID", id, "of the window")->required();
  return command;
}

}  // namespace

void AddWindowQuestions(CLI::App* group, Tool& tool) {
  OnCall(group->add_subcommand("list", "all windows, by start"), tool, [&tool] { return List(tool); });
  auto id = std::make_shared<std::string>();
  OnCall(OfOne(group, "show", "one window with all that is known of it", *id), tool,
         [&tool, id] { return Show(tool, *id); });
  auto of = std::make_shared<std::string>();
  auto limit = std::make_shared<int>(100);
  CLI::App* history = OfOne(group, "history", "its versions, newest first: who changed what, and why", *of);
  history->add_option("--limit", *limit, "versions")->capture_default_str()->check(CLI::Range(1, 1000));
  OnCall(history, tool, [&tool, of, limit] { return History(tool, *of, *limit); });
  auto looked = std::make_shared<std::string>();
  OnCall(OfOne(group, "preview", "what it does as it is entered: warnings, overlaps, messages that wait", *looked),
         tool, [&tool, looked] { return Preview(tool, *looked); });
  auto year = std::make_shared<int>(0);
  CLI::App* budget = group->add_subcommand("budget", "our own maintenance of a year against 2 % of its hours");
  budget->add_option("YEAR", *year, "default: this one")->check(CLI::Range(1970, 9998));
  OnCall(budget, tool, [&tool, year] { return Budget(tool, *year); });
}

}  // namespace tvan::ctl
