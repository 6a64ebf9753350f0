// tvanctl window: stops of the line, the authority's and our own.
#include <chrono>
#include <iostream>

#include "config/scalars.h"
#include "ops/ctl/output.h"
#include "ops/ctl/window_client.h"
#include "ops/ctl/window_edit.h"
#include "ops/ctl/window_group.h"
#include "ops/ctl/window_text.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

constexpr Span kMoment = std::chrono::seconds(10);

struct EditFlags {
  std::string id, by, until, at, reason, source;
  std::vector<std::string> days;
  bool undo = false;
  ChangeFlags change;
};

// Finds the window, has it edited, and enters what comes of it.
template <class Edit>
int Change(Tool& tool, const EditFlags& flags, const Edit& edit) {
  WindowClient client(tool);
  if (const int code = client.Connect(); code != kOk) return code;
  const WindowName name = NameOf(flags.id);
  admin::Window window;
  if (const int code = client.Find(name.id, window); code != kOk) return code;
  const Result<Windows> windows = edit(client, window, name.day);
  if (!windows) return Report(windows.status());
  return client.Apply(*windows, flags.change);
}

int Extend(Tool& tool, const EditFlags& flags) {
  NewEnd end;
  if (!flags.by.empty()) {
    const auto by = config::ParseMicroseconds(flags.by);
    if (!by || *by <= 0) return Report(Status::Permanent("ctl.usage"_reason, "--by: as in 90s, 30m or 1h"));
    end.by = Span(*by);
  }
  if (!flags.until.empty()) {
    const auto until = ParseTime(flags.until);
    if (!until) return Report(until.status());
    end.until = *until;
  }
  return Change(tool, flags, [&end](WindowClient&, const admin::Window& window, const std::string& day) {
    return Extended(window, day, end);
  });
}

// The gateway's own time: a sandbox may live in another.
Result<Time> Now(WindowClient& client, const admin::Window& window) {
  admin::PreviewWindowRequest request;
  *request.mutable_window() = window;
  admin::PreviewWindowResponse response;
  if (client.Preview(request, response) != kOk)
    return Status::Transient("ctl.usage"_reason, "the gateway does not say what time it is; give --at");
  return ToTime(response.now());
}

int End(Tool& tool, const EditFlags& flags) {
  return Change(tool, flags,
                [&flags](WindowClient& client, const admin::Window& window, const std::string& day) -> Result<Windows> {
                  if (!flags.at.empty()) {
                    const auto at = ParseTime(flags.at);
                    return at ? EndedAt(window, day, *at) : at.status();
                  }
                  const auto now = Now(client, window);
                  if (!now) return now.status();
                  return EndedAt(window, day, day.empty() ? *now : *now + kMoment);
                });
}

int Cancel(Tool& tool, const EditFlags& flags) {
  return Change(tool, flags, [&flags](WindowClient&, const admin::Window& window, const std::string& day) {
    return Cancelled(window, day, flags.reason);
  });
}

Status OfAllDays(const std::string& day) {
  if (day.empty()) return {};
  return Status::Permanent("ctl.usage"_reason, "this changes every day of the window: name it without " + day);
}

int Verify(Tool& tool, const EditFlags& flags) {
  return Change(tool, flags, [&flags](WindowClient&, admin::Window window, const std::string& day) -> Result<Windows> {
    if (Status whole = OfAllDays(day); !whole.ok()) return whole;
    window.set_unverified(false);
    if (!flags.source.empty()) window.set_source(flags.source);
    return Windows{window};
  });
}

int ExceptDays(Tool& tool, const EditFlags& flags) {
  return Change(tool, flags,
                [&flags](WindowClient&, const admin::Window& window, const std::string& day) -> Result<Windows> {
                  if (Status whole = OfAllDays(day); !whole.ok()) return whole;
                  return Except(window, flags.days, flags.undo ? Days::kAgain : Days::kWithout);
                });
}

CLI::App* Edited(CLI::App* group, const char* name, const char* what, EditFlags& flags) {
  CLI::App* command = group->add_subcommand(name, what);
  command->add_option("ID", flags.id, "of the window; one day of a repeating one: ID/YYYY-MM-DD")->required();
  AddChangeFlags(command, flags.change);
  return command;
}

constexpr const char* kOneDay =
    "One day of a window that repeats is named ID/YYYY-MM-DD. It gets an exception in the window, and, unless it is "
    "cancelled, a window of its own named ID-YYYYMMDD with what shall be then.";

void AddEnds(CLI::App* group, Tool& tool) {
  auto flags = std::make_shared<EditFlags>();
  CLI::App* extend = Edited(group, "extend", "the expected return is later; the check after it moves along", *flags);
  auto* by = extend->add_option("--by", flags->by, "as in 30m or 1h: later than the end that is entered");
  extend->add_option("--until", flags->until, "the new end, instead of --by")->excludes(by);
  extend->footer(kOneDay);
  OnCall(extend, tool, [&tool, flags] {
    if (!flags->by.empty() || !flags->until.empty()) return Extend(tool, *flags);
    return Report(Status::Permanent("ctl.usage"_reason, "--by SPAN or --until TIME is wanted"));
  });
  auto ended = std::make_shared<EditFlags>();
  CLI::App* end = Edited(group, "end", "it ended early: the line is verified, and opens with green probes", *ended);
  end->add_option("--at", ended->at, "when; default: now by the gateway's clock, of one day in ten seconds");
  end->footer(kOneDay);
  OnCall(end, tool, [&tool, ended] { return End(tool, *ended); });
  auto cancelled = std::make_shared<EditFlags>();
  CLI::App* cancel = Edited(group, "cancel", "the stop will not take place", *cancelled);
  cancel->add_option("--reason", cancelled->reason, "why");
  cancel->footer(kOneDay);
  OnCall(cancel, tool, [&tool, cancelled] { return Cancel(tool, *cancelled); });
}

void AddRest(CLI::App* group, Tool& tool) {
  auto flags = std::make_shared<EditFlags>();
  CLI::App* verify = Edited(group, "verify", "the notice is confirmed: from now on it closes the line", *flags);
  verify->add_option("--source", flags->source, "number of the notice, or who confirmed it");
  OnCall(verify, tool, [&tool, flags] { return Verify(tool, *flags); });
  auto excepted = std::make_shared<EditFlags>();
  CLI::App* except = Edited(group, "except", "days on which a repeating window has no stop", *excepted);
  except->add_option("DAY", excepted->days, "YYYY-MM-DD; repeatable")->required();
  except->add_flag("--undo", excepted->undo, "these days have their stop again");
  OnCall(except, tool, [&tool, excepted] { return ExceptDays(tool, *excepted); });
}

}  // namespace

void AddChangeFlags(CLI::App* command, ChangeFlags& flags) {
  command->add_flag("--preview", flags.preview, "show changes, warnings and errors; write nothing");
  command->add_flag("--accept-warnings", flags.accept_warnings,
                    "our own maintenance with less than 30 days' notice, or over 2 % of the year: it was seen");
}

void AddWindowCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("window", "stops of the line, the authority's and our own (operators)");
  group->require_subcommand(1);
  AddWindowAdd(group, tool);
  AddWindowQuestions(group, tool);
  AddEnds(group, tool);
  AddRest(group, tool);
  AddWindowFiles(group, tool);
}

}  // namespace tvan::ctl
