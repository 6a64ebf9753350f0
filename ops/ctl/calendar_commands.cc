// tvanctl calendar: stops of the line as a provider sees them. tvanctl notice: who has read what, for operators.
#include <algorithm>
#include <iostream>

#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/night.grpc.pb.h"
#include "tvan/v1/calendar.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

struct CalendarFlags {
  std::string from, to, cursor;
  uint64_t number = 0;
  int limit = 0, last = 10;
  bool ack = false;
};

std::string Without(size_t prefix, const std::string& name) { return name.substr(std::min(prefix, name.size())); }
std::string PhaseText(v1::LinePhase phase) { return Without(sizeof "LINE_PHASE", v1::LinePhase_Name(phase)); }
std::string StateText(v1::WindowState state) { return Without(sizeof "WINDOW_STATE", v1::WindowState_Name(state)); }
std::string KindText(v1::WindowKind kind) { return Without(sizeof "WINDOW_KIND", v1::WindowKind_Name(kind)); }
std::string ModeText(v1::IntakeMode mode) { return Without(sizeof "INTAKE_MODE", v1::IntakeMode_Name(mode)); }
const std::string& In(const Tool& tool, const v1::Text& text) { return tool.lang == "vi" ? text.vi() : text.en(); }

Result<std::unique_ptr<v1::CalendarService::Stub>> Calendar(const Tool& tool) {
  const auto channel = tool.Connect(Role::kProvider);
  if (!channel.ok()) return channel.status();
  return v1::CalendarService::NewStub(*channel);
}

Status SetTime(const std::string& text, google::protobuf::Timestamp* to) {
  const auto time = ParseTime(text);
  if (time.ok()) SetTimestamp(*time, to);
  return time.ok() ? Status() : time.status();
}

std::string Classes(const v1::PublicWindow& window) {
  std::string classes;
  for (const int cls : window.message_classes()) classes += ToText(static_cast<v1::MessageClass>(cls)) + " ";
  return classes.empty() ? "all" : classes;
}

int List(Tool& tool, const CalendarFlags& flags) {
  v1::ListWindowsRequest request;
  if (!flags.from.empty())
    if (Status status = SetTime(flags.from, request.mutable_from()); !status.ok()) return Report(status);
  if (!flags.to.empty())
    if (Status status = SetTime(flags.to, request.mutable_to()); !status.ok()) return Report(status);
  const auto stub = Calendar(tool);
  if (!stub.ok()) return Report(stub.status());
  v1::ListWindowsResponse response;
  const auto status = (*stub)->ListWindows(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  Table table({"id", "kind", "state", "start", "end", "verify until", "classes", "reason", "source", "support"});
  for (const v1::PublicWindow& w : response.windows()) {
    if (tool.json) PrintJson(w);
    table.Add({w.id(), KindText(w.kind()), StateText(w.state()), ToText(w.start()), ToText(w.end()),
               ToText(w.verify_until()), Classes(w), w.reason(), w.source(), w.support()});
  }
  if (!tool.json) table.Print();
  return kOk;
}

void Print(const Tool& tool, const v1::Notice& notice) {
  if (tool.json) return PrintJson(notice);
  std::cout << "notice " << notice.number() << " (" << notice.kind() << ", " << ToText(notice.made_at())
            << (notice.has_acknowledged_at() ? ", acknowledged" : "") << ")\n"
            << In(tool, notice.for_provider()) << "\n--- to pass on ---\n"
            << In(tool, notice.for_users()) << "\ncursor: " << notice.cursor() << "\n\n"
            << std::flush;
}

int Acknowledge(Tool& tool, v1::CalendarService::Stub& stub, uint64_t number) {
  v1::AcknowledgeNoticeRequest request;
  request.set_number(number);
  v1::AcknowledgeNoticeResponse response;
  const auto status = stub.AcknowledgeNotice(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (tool.json)
    PrintJson(response);
  else
    std::cout << "notice " << number << " acknowledged at " << ToText(response.acknowledged_at()) << '\n';
  return kOk;
}

int Watch(Tool& tool, const CalendarFlags& flags) {
  const auto stub = Calendar(tool);
  if (!stub.ok()) return Report(stub.status());
  grpc::ClientContext context;  // no deadline: until Ctrl-C, --limit, or the connection breaks
  v1::WatchNoticesRequest request;
  request.set_cursor(flags.cursor);
  const auto stream = (*stub)->WatchNotices(&context, request);
  v1::WatchNoticesResponse response;
  for (int seen = 0; (flags.limit == 0 || seen < flags.limit) && stream->Read(&response); ++seen) {
    Print(tool, response.notice());
    if (!flags.ack) continue;
    if (const int code = Acknowledge(tool, **stub, response.notice().number()); code != kOk) return code;
  }
  context.TryCancel();
  const auto status = stream->Finish();
  const bool ours = status.ok() || (flags.limit != 0 && status.error_code() == grpc::StatusCode::CANCELLED);
  return ours ? kOk : Report(status);
}

void PrintForecast(const v1::GetLineStatusResponse::Forecast& forecast) {
  std::cout << "forecast: ";
  if (forecast.has_empty_at())
    std::cout << "what waits will have left by " << ToText(forecast.empty_at());
  else
    std::cout << (forecast.not_before_stop() ? "some of what waits will still wait at the next stop" : "not known");
  std::cout << '\n';
}

int LineStatus(Tool& tool) {
  const auto stub = Calendar(tool);
  if (!stub.ok()) return Report(stub.status());
  v1::GetLineStatusResponse response;
  const auto status = (*stub)->GetLineStatus(tool.Call().get(), {}, &response);
  if (!status.ok()) return Report(status);
  if (tool.json) return PrintJson(response), kOk;
  std::cout << "line: " << PhaseText(response.phase()) << " at " << ToText(response.now()) << '\n';
  Table table({"class", "phase", "since", "mode", "next stop", "expected return", "window"});
  for (const auto& one : response.classes())
    table.Add({ToText(one.message_class()), PhaseText(one.phase()), ToText(one.since()), ModeText(one.mode()),
               ToText(one.next_stop()), ToText(one.expected_return()), one.window()});
  table.Print();
  for (const auto& one : response.classes())
    std::cout << ToText(one.message_class()) << ": " << In(tool, one.advice()) << '\n';
  if (response.has_last_probe())
    std::cout << "last probe: level " << response.last_probe().level()
              << (response.last_probe().green() ? ", green" : "") << " at " << ToText(response.last_probe().at())
              << ": " << response.last_probe().evidence() << '\n';
  if (response.has_forecast()) PrintForecast(response.forecast());
  return kOk;
}

struct Readers {
  grpc::Status status;
  admin::ListAcknowledgementsResponse response;
};
Readers Ask(Tool& tool, admin::NightService::Stub& stub, const admin::ListAcknowledgementsRequest& request) {
  Readers readers;
  readers.status = stub.ListAcknowledgements(tool.Call().get(), request, &readers.response);
  return readers;
}

bool IsRead(const admin::ListAcknowledgementsResponse::Row& row) { return row.has_acknowledged_at(); }

// The newest ones, and how many providers have read each.
int ListNotices(Tool& tool, const CalendarFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::NightService::NewStub(*channel);
  Table table({"no.", "read", "unread", "title"});
  admin::ListAcknowledgementsRequest request;
  request.set_any(true);
  for (int i = 0; i < flags.last; ++i) {
    const Readers readers = Ask(tool, *stub, request);
    if (readers.status.error_code() == grpc::StatusCode::NOT_FOUND) break;  // there is none, or no older one is kept
    if (!readers.status.ok()) return Report(readers.status);
    if (tool.json) PrintJson(readers.response);
    const auto& rows = readers.response.rows();
    const auto read = std::count_if(rows.begin(), rows.end(), IsRead);
    table.Add({std::to_string(readers.response.notice()), std::to_string(read), std::to_string(rows.size() - read),
               In(tool, readers.response.title())});
    request.set_notice(readers.response.notice() - 1);
    if (request.notice() == 0) break;
  }
  if (!tool.json) table.Print();
  return kOk;
}

// Who has not read it. Somebody: kNegative, so that a script can wait for the last one.
int Unread(Tool& tool, const CalendarFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ListAcknowledgementsRequest request;
  request.set_notice(flags.number);
  const Readers readers = Ask(tool, *admin::NightService::NewStub(*channel), request);
  if (!readers.status.ok()) return Report(readers.status);
  Table table({"provider", "delivered"});
  for (const auto& row : readers.response.rows()) {
    if (IsRead(row)) continue;
    if (tool.json) PrintJson(row);
    table.Add({row.provider(), row.has_delivered_at() ? ToText(row.delivered_at()) : "never"});
  }
  if (tool.json) return table.empty() ? kOk : kNegative;
  std::cout << "notice " << readers.response.notice() << ": " << In(tool, readers.response.title()) << '\n';
  if (table.empty())
    std::cout << "every provider has read it\n";
  else
    table.Print();
  return table.empty() ? kOk : kNegative;
}

void AddNoticeCommands(CLI::App& app, Tool& tool, const std::shared_ptr<CalendarFlags>& flags) {
  CLI::App* group = app.add_subcommand("notice", "notices of stops, and who has read them (operators)");
  group->require_subcommand(1);
  CLI::App* list = group->add_subcommand("list", "the newest notices");
  list->add_option("--last", flags->last, "so many")->capture_default_str()->check(CLI::Range(1, 1000));
  OnCall(list, tool, [&tool, flags] { return ListNotices(tool, *flags); });
  CLI::App* unread =
      group->add_subcommand("unread", "providers that have not acknowledged a notice; exit code 2: some");
  unread->add_option("NUMBER", flags->number, "default: the newest of a stop");
  OnCall(unread, tool, [&tool, flags] { return Unread(tool, *flags); });
}

}  // namespace

void AddCalendarCommands(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<CalendarFlags>();
  CLI::App* group = app.add_subcommand("calendar", "stops of the line to the authority (providers)");
  group->require_subcommand(1);
  CLI::App* list = group->add_subcommand("list", "stops, day by day");
  list->add_option("--from", flags->from, "default: now");
  list->add_option("--to", flags->to, "default: 35 days later");
  OnCall(list, tool, [&tool, flags] { return List(tool, *flags); });
  CLI::App* watch = group->add_subcommand("watch", "notices as they are made, until Ctrl-C");
  watch->add_option("--cursor", flags->cursor, "begin after this; default: at the first that is not acknowledged");
  watch->add_option("--limit", flags->limit, "end after so many");
  watch->add_flag("--ack", flags->ack, "acknowledge each");
  OnCall(watch, tool, [&tool, flags] { return Watch(tool, *flags); });
  CLI::App* ack = group->add_subcommand("ack", "we have read this notice");
  ack->add_option("NUMBER", flags->number, "of the notice")->required();
  OnCall(ack, tool, [&tool, flags] {
    const auto stub = Calendar(tool);
    return stub.ok() ? Acknowledge(tool, **stub, flags->number) : Report(stub.status());
  });
  OnCall(group->add_subcommand("status", "what goes on now, and what to do"), tool,
         [&tool] { return LineStatus(tool); });
  AddNoticeCommands(app, tool, flags);
}

}  // namespace tvan::ctl
