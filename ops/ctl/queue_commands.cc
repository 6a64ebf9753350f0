// tvanctl queue: what waits, and how the line stands.
#include <iostream>

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

void PrintQueue(const admin::GetQueueResponse& queue) {
  std::cout << "as of " << ToText(queue.as_of()) << ": " << queue.accepted_total() << " accepted, "
            << queue.answers_total() << " answers, " << queue.parked() << " parked, " << queue.own_999_waiting()
            << " of our 999s wait, " << queue.waiting_for_parent() << " wait for an earlier message\n";
  PrintLines(queue);
  PrintDepths(queue);
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

}  // namespace

void AddQueueCommands(CLI::App& app, Tool& tool) {
  auto watch = std::make_shared<double>(0);
  CLI::App* queue = app.add_subcommand("queue", "what waits, and how the line stands (operators)");
  queue->add_option("--watch", *watch, "again every so many seconds, default 2, until Ctrl-C")
      ->expected(0, 1)
      ->default_str("2")
      ->check(CLI::Range(0.1, 3600.0));
  OnCall(queue, tool, [&tool, watch] { return Queue(tool, *watch); });
}

}  // namespace tvan::ctl
