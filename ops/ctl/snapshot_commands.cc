// tvanctl snapshot: the sealed snapshots of the stops: what lies on the gateway's machine, what a file says and whether
// it is genuine, how two differ (duties 2.12, 2.22).
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "ops/ctl/files.h"
#include "ops/ctl/output.h"
#include "ops/ctl/snapshot_file.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Json = nlohmann::json;

struct SnapshotFlags {
  std::string file, other, keys;
  int limit = 0;
};

std::string Text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? "" : found->is_string() ? found->get<std::string>() : found->dump();
}

// Its counts and sums, one row a bin.
void PrintManifest(const Json& manifest) {
  std::cout << "line " << Text(manifest, "line") << ", window " << Text(manifest, "window") << ", stop "
            << Text(manifest, "stop_at") << ", made " << Text(manifest, "made_at")
            << (manifest.value("late", false) ? ", LATE" : "") << '\n';
  Table table({"bin", "class", "messages", "invoices", "sums of the bin"});
  const Json none = Json::object();
  const Json counts = manifest.value("counts", none), sums = manifest.value("sums", none);
  for (const auto& [bin, classes] : counts.items()) {
    std::string sum;
    const Json of_bin = sums.value(bin, none);
    for (const auto& [currency, amount] : of_bin.items())
      sum += (sum.empty() ? "" : ", ") + (amount.is_string() ? amount.get<std::string>() : "?") + " " + currency;
    if (classes.empty()) table.Add({bin, "", "0", "0", ""});
    for (const auto& [cls, count] : classes.items())
      table.Add({bin, cls, Text(count, "messages"), Text(count, "rows"), std::exchange(sum, "")});
  }
  table.Print();
  std::cout << "moved since the stop: " << Text(manifest, "moved")
            << "; amounts that are in no sum: " << Text(manifest, "not_summed")
            << "; could not be read: " << manifest.value("unreadable", none).dump() << '\n';
}

int Fetched(Tool& tool, const admin::Snapshot& snapshot) {
  if (tool.json) return PrintJson(snapshot), kOk;
  const Json manifest = Json::parse(snapshot.manifest(), nullptr, false);
  if (manifest.is_object()) PrintManifest(manifest);
  std::cout << snapshot.folder() << '/' << snapshot.name() << ".csv on the gateway's machine\n";
  return kOk;
}

int Take(Tool& tool) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::NightService::NewStub(*channel);
  grpc::ClientContext context;  // no deadline: it takes what there is to read
  const auto reader = stub->TakeSnapshot(&context, {});
  admin::TakeSnapshotResponse response;
  uint64_t told = 0;
  while (reader->Read(&response) && !response.has_done()) {
    if (response.messages() / 100'000 == told) continue;
    told = response.messages() / 100'000;
    std::cerr << response.messages() << " messages looked at, " << response.rows() << " rows" << std::endl;
  }
  const auto status = reader->Finish();
  return status.ok() ? Fetched(tool, response.done()) : Report(status);
}

int List(Tool& tool, const SnapshotFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ListSnapshotsRequest request;
  request.set_limit(flags.limit);
  admin::ListSnapshotsResponse response;
  const auto status = admin::NightService::NewStub(*channel)->ListSnapshots(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (tool.json) return PrintJson(response), kOk;
  Table table({"snapshot", "stop", "late", "messages", "bytes", "folder"});
  for (const auto& snapshot : response.snapshots()) {
    const Json manifest = Json::parse(snapshot.manifest(), nullptr, false);
    if (!manifest.is_object()) continue;
    table.Add({snapshot.name(), Text(manifest, "stop_at"), manifest.value("late", false) ? "late" : "",
               Text(manifest, "messages"), std::to_string(snapshot.bytes()), snapshot.folder()});
  }
  table.empty() ? std::cout << "there are no snapshots\n", void() : table.Print();
  if (!response.failure().empty()) std::cout << "ALARM " << response.failure() << '\n';
  return kOk;
}

int NotValid(const Status& status) {
  if (status.reason() == "ctl.file"_reason) return Report(status);
  std::cout << "NOT VALID: " << status.message() << " [" << status.reason().text() << "]\n";
  return kNegative;
}

int Verify(Tool& tool, const SnapshotFlags& flags) {
  const auto keys = ReadFile(flags.keys);
  if (!keys.ok()) return Report(keys.status());
  const auto manifest = VerifySnapshot(SnapshotBase(flags.file), *keys);
  if (!manifest.ok()) return NotValid(manifest.status());
  if (tool.json) return std::cout << *manifest << '\n', kOk;
  std::cout << "VALID\n";
  PrintManifest(Json::parse(*manifest, nullptr, false));
  return kOk;
}

int Show(Tool& tool, const SnapshotFlags& flags) {
  if (!flags.keys.empty()) return Verify(tool, flags);
  const auto text = ReadFile(SnapshotBase(flags.file) + ".json");
  if (!text.ok()) return Report(text.status());
  const Json manifest = Json::parse(*text, nullptr, false);
  if (!manifest.is_object()) return NotValid(Status::Permanent("ctl.snapshot"_reason, "no manifest of a snapshot"));
  if (tool.json) return std::cout << *text << '\n', kOk;
  std::cout << "NOT VERIFIED (give --keys)\n";
  PrintManifest(manifest);
  return kOk;
}

std::string StandingOf(const SnapshotCells& row) { return At(row, Column::kBin) + "/" + At(row, Column::kState); }

// Messages of both, by what each says; what is the same in both is counted only.
int Diff(Tool& tool, const SnapshotFlags& flags) {
  std::map<std::string, std::string> before;
  Status read = ReadSnapshot(SnapshotBase(flags.file) + ".csv", [&](const SnapshotCells& row) {
    return before.insert_or_assign(At(row, Column::kGatewayId), StandingOf(row)), true;
  });
  uint64_t same = 0, changed = 0, left = static_cast<uint64_t>(flags.limit);
  Table table({"gateway's MTDiep", "in the first", "in the second"});
  const auto tell = [&](const std::string& id, const std::string& was, const std::string& is) {
    ++changed;
    if (left == 0) return;
    --left;
    if (tool.json)
      std::cout << Json{{"mtdiep", id}, {"first", was}, {"second", is}}.dump() << '\n';
    else
      table.Add({id, was, is});
  };
  std::string last;
  const auto second = [&](const SnapshotCells& row) {
    const std::string& id = At(row, Column::kGatewayId);
    if (std::exchange(last, id) == id) return true;
    const auto was = before.find(id);
    if (was != before.end() && was->second == StandingOf(row))
      ++same;
    else
      tell(id, was == before.end() ? "" : was->second, StandingOf(row));
    if (was != before.end()) before.erase(was);
    return true;
  };
  if (read.ok()) read = ReadSnapshot(SnapshotBase(flags.other) + ".csv", second);
  if (!read.ok()) return NotValid(read);
  for (const auto& [id, was] : before) tell(id, was, "");
  if (tool.json) return kOk;
  if (!table.empty()) table.Print();
  std::cout << same << " the same, " << changed << " not\n";
  return kOk;
}

void AddOffline(CLI::App& group, Tool& tool) {
  auto shown = std::make_shared<SnapshotFlags>(), verified = std::make_shared<SnapshotFlags>();
  CLI::App* show = group.add_subcommand("show", "what a snapshot says: counts and sums; no gateway is asked");
  show->add_option("FILE", shown->file, "its .csv, .json or .jws")->required();
  show->add_option("--keys", shown->keys, "key set: verify it too");
  OnCall(show, tool, [&tool, shown] { return Show(tool, *shown); });
  CLI::App* verify = group.add_subcommand("verify", "check seal and digest offline, against a saved key set");
  verify->add_option("FILE", verified->file, "its .csv, .json or .jws; the three lie together")->required();
  verify->add_option("--keys", verified->keys, "key set, as `tvanctl keys` prints it")->required();
  OnCall(verify, tool, [&tool, verified] { return Verify(tool, *verified); });
  auto both = std::make_shared<SnapshotFlags>();
  both->limit = 1000;
  CLI::App* diff = group.add_subcommand("diff", "how two snapshots differ, message by message");
  diff->add_option("FIRST", both->file, "the earlier")->required();
  diff->add_option("SECOND", both->other, "the later")->required();
  diff->add_option("--limit", both->limit, "differences shown")->capture_default_str()->check(CLI::NonNegativeNumber);
  OnCall(diff, tool, [&tool, both] { return Diff(tool, *both); });
}

}  // namespace

void AddSnapshotCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("snapshot", "sealed snapshots of the stops (operators)");
  group->require_subcommand(1);
  auto listed = std::make_shared<SnapshotFlags>();
  CLI::App* list = group->add_subcommand("list", "those on the gateway's machine, newest first");
  list->add_option("--limit", listed->limit, "at most; 0: 50")->check(CLI::Range(0, 1000));
  OnCall(list, tool, [&tool, listed] { return List(tool, *listed); });
  OnCall(group->add_subcommand("take", "one of now, by hand"), tool, [&tool] { return Take(tool); });
  AddOffline(*group, tool);
}

}  // namespace tvan::ctl
