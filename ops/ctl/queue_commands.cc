// tvanctl queue: what waits, and how the line stands.
#include <algorithm>
#include <cctype>
#include <iostream>
#include <map>

#include "gateway/core/clock.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

void PrintLines(const admin::GetQueueResponse& queue) {
  Table table({"line", "phase", "since", "next change", "window", "per second", "down because"});
  for (const auto& line : queue.lines())
    table.Add({line.line(), line.phase(), ToText(line.since()), ToText(line.next_change()), line.window(),
               std::to_string(static_cast<int64_t>(line.rate_per_s())), line.down_reason()});
  table.Print();
  for (const auto& line : queue.lines())
    if (!line.signature_alarm().empty())
      std::cout << "SIGNATURES of line " << line.line() << ": " << line.signature_alarm()
                << " (feedback.unverified_rate)\n";
}

// "ask", or "resend or give_up?" where an operator must say it.
std::string Next(const std::string& next, const google::protobuf::RepeatedPtrField<std::string>& asked) {
  std::string text;
  for (const std::string& decision : asked) text += (text.empty() ? "" : " or ") + decision;
  return text.empty() ? next : text + "?";
}

void PrintDepths(const admin::GetQueueResponse& queue) {
  Table table({"provider", "class", "waiting", "bytes", "oldest"});
  for (const auto& depth : queue.queues())
    table.Add({depth.provider(), ToText(depth.message_class()), std::to_string(depth.messages()),
               std::to_string(depth.bytes()), ToText(depth.oldest_accepted_at())});
  if (table.empty())
    std::cout << "nothing waits\n";
  else
    table.Print();
}

void PrintCounts(const char* title, const google::protobuf::RepeatedPtrField<admin::GetQueueResponse::Count>& counts) {
  std::cout << title << ':';
  for (const auto& count : counts) std::cout << "  " << count.name() << ' ' << count.count();
  std::cout << '\n';
}

// What stands where between the line's OK and a final answer, with what follows or what is asked of a person.
void PrintStandings(const admin::GetQueueResponse& queue) {
  Table table({"standing", "class", "messages", "oldest since", "reason", "next", "not before"});
  for (const auto& row : queue.standings())
    table.Add({row.standing(), ToText(row.message_class()), std::to_string(row.messages()), ToText(row.oldest_since()),
               row.reason(), Next(row.next(), row.asked()), ToText(row.next_at())});
  if (!table.empty()) table.Print();
}

void PrintUnreadable(const admin::GetQueueResponse& queue) {
  Table table({"cannot be read", "acceptance", "gateway's MTDiep", "seen", "why"});
  for (const auto& row : queue.unreadable())
    table.Add(
        {row.place(), std::to_string(row.acceptance()), row.gateway_mtdiep(), ToText(row.seen_at()), row.status()});
  if (!table.empty()) table.Print();
}

void PrintSums(const admin::GetQueueResponse& queue) {
  std::map<std::string, uint64_t> sums;
  for (const auto& row : queue.standings()) sums[row.standing()] += row.messages();
  std::cout << sums["un_999d"] + sums["silent"] + sums["after_t2"] << " without a 999, of these "
            << sums["silent"] + sums["after_t2"] << " silent; " << sums["only_999"] + sums["only_999_overdue"]
            << " with a 999 only; " << sums["in_doubt"] << " in doubt; " << sums["work_item"] << " work items; "
            << sums["held"] << " held\n";
}

void PrintRecovery(const admin::GetQueueResponse& queue) {
  if (!queue.has_recovery()) return;
  const auto& r = queue.recovery();
  std::cout << "this store was made by " << r.reason() << " on " << ToText(r.made_at()) << ", as of "
            << ToText(r.as_of()) << "; providers submit again from " << ToText(r.submit_again_from()) << " on; "
            << (r.phase().empty() ? "recovered " + ToText(r.ended_at()) : "RECOVERING, nothing is sent: " + r.phase())
            << '\n';
}

void PrintQueue(const admin::GetQueueResponse& queue) {
  std::cout << "as of " << ToText(queue.as_of()) << ": " << queue.accepted_total() << " accepted, "
            << queue.answers_total() << " answers, " << queue.parked() << " parked, " << queue.own_999_waiting()
            << " of our 999s wait, " << queue.waiting_for_parent() << " wait for an earlier message\n";
  PrintRecovery(queue);
  PrintLines(queue);
  PrintDepths(queue);
  PrintSums(queue);
  PrintStandings(queue);
  PrintUnreadable(queue);
  PrintCounts("states", queue.stages());
  PrintCounts("not acknowledged by providers", queue.undelivered());
}

int Once(Tool& tool, admin::AdminService::Stub& stub) {
  admin::GetQueueResponse response;
  const auto status = stub.GetQueue(tool.Call().get(), {}, &response);
  if (!status.ok()) return Report(status);
  tool.json ? PrintJson(response) : PrintQueue(response);
  return kOk;
}

int Queue(Tool& tool, double watch_s) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::AdminService::NewStub(*channel);
  const auto clock = MakeSystemClock();
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  int code = Once(tool, *stub);
  while (watch_s > 0 && (code == kOk || code == kTransport)) {
    const Span pause(static_cast<int64_t>(watch_s * 1e6));
    clock->WaitUntil(never, lock, clock->SteadyNow() + pause, [] { return false; });
    if (!tool.json) std::cout << '\n';
    code = Once(tool, *stub);
  }
  return code;
}

struct ListFlags {
  std::string standing, cls, provider, reason;
  int limit = 100;
};

Result<admin::ListQueueRequest> RequestOf(const ListFlags& flags) {
  admin::ListQueueRequest request;
  request.set_standing(flags.standing);
  request.set_provider(flags.provider);
  request.set_reason(flags.reason);
  std::string cls = flags.cls;
  std::transform(cls.begin(), cls.end(), cls.begin(), [](unsigned char c) { return std::toupper(c); });
  v1::MessageClass number = v1::MESSAGE_CLASS_UNSPECIFIED;
  if (!cls.empty() && !v1::MessageClass_Parse("MESSAGE_CLASS_" + cls, &number))
    return Status::Permanent("ctl.usage"_reason, "no such class: " + flags.cls + " (coded, uncoded, cash_register …)");
  request.set_message_class(number);
  return request;
}

int ListOne(Tool& tool, const ListFlags& flags) {
  auto request = RequestOf(flags);
  if (!request.ok()) return Report(request.status());
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::AdminService::NewStub(*channel);
  Table table(
      {"gateway's MTDiep", "provider", "type", "MST", "standing", "since", "attempts", "reason", "next", "not before"});
  int left = flags.limit;
  do {
    request->set_page_size(std::min(left, 1000));
    admin::ListQueueResponse response;
    if (const auto status = stub->ListQueue(tool.Call().get(), *request, &response); !status.ok())
      return Report(status);
    for (const auto& entry : response.entries()) {
      if (tool.json) PrintJson(entry);
      const v1::Message& m = entry.message();
      table.Add({m.gateway_mtdiep(), entry.provider(), std::to_string(m.message_type()), m.mst(), entry.standing(),
                 ToText(m.state_since()), std::to_string(m.attempts()), m.reason(), Next(entry.next(), entry.asked()),
                 ToText(entry.next_at())});
    }
    left -= response.entries_size();
    request->set_page_token(response.next_page_token());
  } while (left > 0 && !request->page_token().empty());
  if (!tool.json) table.Print();
  return kOk;
}

void AddList(CLI::App& queue, Tool& tool) {
  auto flags = std::make_shared<ListFlags>();
  CLI::App* list = queue.add_subcommand("list", "the messages of one standing, in order of acceptance");
  list->add_option("--stage", flags->standing, "where they stand")
      ->required()
      ->check(CLI::IsMember({"queued", "held", "sending", "in_doubt", "un_999d", "silent", "after_t2", "only_999",
                             "only_999_overdue", "work_item"}));
  list->add_option("--class", flags->cls, "of this class only: coded, uncoded, cash_register …");
  list->add_option("--provider", flags->provider, "of this one only");
  list->add_option("--reason", flags->reason, "with this reason only, e.g. dispatch.silent_ask");
  list->add_option("--limit", flags->limit, "at most")->capture_default_str()->check(CLI::PositiveNumber);
  OnCall(list, tool, [&tool, flags] { return ListOne(tool, *flags); });
}

}  // namespace

void AddQueueCommands(CLI::App& app, Tool& tool) {
  auto watch = std::make_shared<double>(0);
  CLI::App* queue = app.add_subcommand("queue",
                                       "what waits, what is silent or in doubt, and how the line stands "
                                       "(operators)");
  queue->add_option("--watch", *watch, "again every so many seconds, default 2, until Ctrl-C")
      ->expected(0, 1)
      ->default_str("2")
      ->check(CLI::Range(0.1, 3600.0));
  AddList(*queue, tool);
  // A parent's callback comes after its sub-command's.
  queue->callback([&tool, queue, watch] {
    if (queue->get_subcommands().empty()) tool.action = [&tool, watch] { return Queue(tool, *watch); };
  });
}

}  // namespace tvan::ctl
