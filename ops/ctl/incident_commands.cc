// tvanctl incident: what happened, who said it, when. A log that only grows.
#include <iostream>

#include "ops/ctl/files.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Stub = admin::NightService::Stub;

struct IncidentFlags {
  std::string id, title, window, fault, text, file;
  std::string kind = "note";
  bool open = false;
  int limit = 100;
};

constexpr std::pair<const char*, admin::EntryKind> kKinds[] = {{"note", admin::ENTRY_KIND_NOTE},
                                                               {"decision", admin::ENTRY_KIND_DECISION},
                                                               {"handover", admin::ENTRY_KIND_HANDOVER},
                                                               {"contact", admin::ENTRY_KIND_CONTACT},
                                                               {"alarm", admin::ENTRY_KIND_ALARM}};

admin::EntryKind KindOf(const std::string& name) {
  for (const auto& [word, kind] : kKinds)
    if (name == word) return kind;
  return admin::ENTRY_KIND_UNSPECIFIED;
}

const char* NameOf(admin::EntryKind kind) {
  for (const auto& [word, number] : kKinds)
    if (kind == number) return word;
  return "?";
}

int Print(Tool& tool, const admin::Incident& incident) {
  if (tool.json)
    PrintJson(incident);
  else
    std::cout << incident.id() << "  " << incident.title() << ": " << incident.entries_total() << " entries, "
              << (incident.has_closed_at() ? "closed " + ToText(incident.closed_at())
                                           : "open since " + ToText(incident.opened_at()))
              << '\n';
  return kOk;
}

int Open(Tool& tool, const IncidentFlags& flags, Stub& stub) {
  admin::OpenIncidentRequest request;
  request.set_title(flags.title);
  request.set_window(flags.window);
  request.set_fault_class(flags.fault);
  request.set_kind(KindOf(flags.kind));
  request.set_text(flags.text);
  admin::OpenIncidentResponse response;
  const auto status = stub.OpenIncident(tool.Call().get(), request, &response);
  return status.ok() ? Print(tool, response.incident()) : Report(status);
}

int Add(Tool& tool, const IncidentFlags& flags, Stub& stub) {
  admin::AddToIncidentRequest request;
  request.set_id(flags.id);
  request.set_kind(KindOf(flags.kind));
  request.set_text(flags.text);
  request.set_fault_class(flags.fault);
  admin::AddToIncidentResponse response;
  const auto status = stub.AddToIncident(tool.Call().get(), request, &response);
  return status.ok() ? Print(tool, response.incident()) : Report(status);
}

int Close(Tool& tool, const IncidentFlags& flags, Stub& stub) {
  admin::CloseIncidentRequest request;
  request.set_id(flags.id);
  request.set_text(flags.text);
  request.set_fault_class(flags.fault);
  admin::CloseIncidentResponse response;
  const auto status = stub.CloseIncident(tool.Call().get(), request, &response);
  return status.ok() ? Print(tool, response.incident()) : Report(status);
}

int List(Tool& tool, const IncidentFlags& flags, Stub& stub) {
  admin::ListIncidentsRequest request;
  request.set_open_only(flags.open);
  request.set_limit(flags.limit);
  admin::ListIncidentsResponse response;
  const auto status = stub.ListIncidents(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  Table table({"incident", "title", "fault", "stop", "opened", "closed", "entries"});
  for (const admin::Incident& incident : response.incidents()) {
    if (tool.json) PrintJson(incident);
    table.Add({incident.id(), incident.title(), incident.fault_class(), incident.window(), ToText(incident.opened_at()),
               ToText(incident.closed_at()), std::to_string(incident.entries_total())});
  }
  if (!tool.json) table.Print();
  return kOk;
}

std::string LogOf(const admin::Incident& incident) {
  std::string log = incident.id() + "  " + incident.title() + "\n";
  if (!incident.fault_class().empty()) log += "fault: " + incident.fault_class() + "\n";
  if (!incident.window().empty()) log += "stop: " + incident.window() + "\n";
  log += "opened " + ToText(incident.opened_at());
  log += incident.has_closed_at() ? ", closed " + ToText(incident.closed_at()) + "\n\n" : ", open\n\n";
  for (const auto& entry : incident.entries())
    log += ToText(entry.at()) + "  " + NameOf(entry.kind()) + "  " + entry.author() + "\n    " + entry.text() + "\n";
  return log;
}

int Export(Tool& tool, const IncidentFlags& flags, Stub& stub) {
  admin::ListIncidentsRequest request;
  request.set_id(flags.id);
  admin::ListIncidentsResponse response;
  const auto status = stub.ListIncidents(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  for (const admin::Incident& incident : response.incidents()) {
    if (!flags.file.empty()) return Report(WriteFile(flags.file, LogOf(incident)));
    tool.json ? PrintJson(incident) : void(std::cout << LogOf(incident) << std::flush);
  }
  return kOk;
}

void OnStub(CLI::App* command, Tool& tool, std::shared_ptr<IncidentFlags> flags,
            int (*run)(Tool&, const IncidentFlags&, Stub&)) {
  OnCall(command, tool, [&tool, flags, run] {
    const auto channel = tool.Connect(Role::kOperator);
    if (!channel.ok()) return Report(channel.status());
    return run(tool, *flags, *admin::NightService::NewStub(*channel));
  });
}

void AddFault(CLI::App* command, IncidentFlags& flags) {
  command->add_option("--fault", flags.fault, "whose: authority, line, own, one_provider")
      ->check(CLI::IsMember({"authority", "line", "own", "one_provider"}));
}

void AddText(CLI::App* command, IncidentFlags& flags) {
  command->add_option("--text", flags.text, "what happened, at most 1000 bytes")->required();
}

void AddKind(CLI::App* command, IncidentFlags& flags) {
  command->add_option("--kind", flags.kind, "of the entry")
      ->capture_default_str()
      ->check(CLI::IsMember({"note", "decision", "handover", "contact", "alarm"}));
}

}  // namespace

void AddIncidentCommands(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<IncidentFlags>();
  CLI::App* group = app.add_subcommand("incident", "incidents, and the hand-over log of a stop (operators)");
  group->require_subcommand(1);
  CLI::App* open = group->add_subcommand("open", "a new incident");
  open->add_option("TITLE", flags->title, "what it is, at most 200 bytes")->required();
  open->add_option("--stop", flags->window, "that it belongs to");
  open->add_option("--text", flags->text, "of its first entry; default: the title");
  AddKind(open, *flags);
  AddFault(open, *flags);
  OnStub(open, tool, flags, Open);
  CLI::App* add = group->add_subcommand("add", "one more entry; nothing that was said is changed");
  add->add_option("ID", flags->id, "an incident, or a stop; default: the stop that goes on, or the next");
  AddKind(add, *flags);
  AddText(add, *flags);
  AddFault(add, *flags);
  OnStub(add, tool, flags, Add);
  CLI::App* close = group->add_subcommand("close", "the last entry; nothing comes after it");
  close->add_option("ID", flags->id, "the incident, or the stop")->required();
  AddText(close, *flags);
  AddFault(close, *flags);
  OnStub(close, tool, flags, Close);
  CLI::App* list = group->add_subcommand("list", "newest first");
  list->add_flag("--open", flags->open, "those that are open");
  list->add_option("--limit", flags->limit, "at most")->capture_default_str()->check(CLI::Range(1, 1000));
  OnStub(list, tool, flags, List);
  CLI::App* out = group->add_subcommand("export", "the whole log of one, as text");
  out->add_option("ID", flags->id, "the incident, or the stop")->required();
  out->add_option("--out", flags->file, "file; default: standard output");
  OnStub(out, tool, flags, Export);
}

}  // namespace tvan::ctl
