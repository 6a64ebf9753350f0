// tvanctl store: a backup of the live store through the admin API; restore and salvage of stores at rest, on this
// machine, into a new folder.
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "adapters/signature.h"
#include "gateway/core/clock.h"
#include "gateway/core/hex.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "store/rocksdb/maintenance.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Json = nlohmann::json;

struct StoreFlags {
  std::string name, from, to;
};

std::string NewIncarnation() {
  const std::string bytes = RandomBytes(16);
  return HexLower({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

// At most one line per tenth of the way.
class Progress {
 public:
  Progress(bool json, std::string unit) : json_(json), unit_(std::move(unit)) {}
  void Show(uint64_t done, uint64_t all) {
    const uint64_t tenth = all == 0 ? 10 : done * 10 / all;
    if (tenth <= shown_) return;
    shown_ = tenth;
    if (json_)
      std::cout << Json{{"done", done}, {"all", all}}.dump() << std::endl;
    else
      std::cerr << done << " of " << all << ' ' << unit_ << std::endl;
  }

 private:
  const bool json_;
  const std::string unit_;
  uint64_t shown_ = 0;
};

// "dir/" is "dir": what is put beside it must not land inside.
std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

int BackUp(Tool& tool, const StoreFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::AdminService::NewStub(*channel);
  admin::BackupStoreRequest request;
  request.set_name(flags.name);
  grpc::ClientContext context;  // no deadline: it takes what the disk takes
  const auto reader = stub->BackupStore(&context, request);
  admin::BackupStoreResponse response;
  Progress progress(tool.json, "bytes");
  while (reader->Read(&response)) {
    if (response.has_done()) break;
    progress.Show(response.done_bytes(), response.all_bytes());
  }
  const auto status = reader->Finish();
  if (!status.ok()) return Report(status);
  const auto& done = response.done();
  if (tool.json)
    PrintJson(response);
  else
    std::cout << "backed up " << done.acceptance() << " messages, " << done.files() << " files, " << done.bytes()
              << " bytes, as of " << ToText(done.taken_at()) << "\nin " << done.folder()
              << " on the gateway's machine; copy it to another disk\n";
  return kOk;
}

Json ToJson(const BackupFacts& facts) {
  return {{"from_incarnation", facts.incarnation}, {"act", facts.sequence}, {"acceptance", facts.acceptance},
          {"as_of", FormatTime(facts.taken_at)},   {"files", facts.files},  {"bytes", facts.bytes}};
}

void PrintWhatNow(const std::string& to, const std::string& incarnation) {
  std::cout
      << "the new store is " << to << ", incarnation " << incarnation
      << "\nset store.path to it and start the gateway: it recovers first (tvanctl queue shows it), sends nothing\n"
         "meanwhile, and tells every provider from when on to submit again\n";
}

int Restore(Tool& tool, const StoreFlags& flags) {
  const auto digester = MakeDigester();
  const auto clock = MakeSystemClock();
  const std::string incarnation = NewIncarnation();
  Progress progress(tool.json, "bytes");
  const auto facts = RestoreStore({flags.from, flags.to, incarnation, clock->Now(), *digester,
                                   [&](uint64_t done, uint64_t all) { progress.Show(done, all); }});
  if (!facts.ok()) return Report(facts.status()), kNegative;
  if (tool.json) {
    Json json = ToJson(*facts);
    json["store"] = flags.to;
    json["incarnation"] = incarnation;
    std::cout << json.dump() << '\n';
    return kOk;
  }
  std::cout << "restored " << facts->acceptance << " messages as of " << FormatTime(facts->taken_at) << '\n';
  PrintWhatNow(flags.to, incarnation);
  return kOk;
}

Json ToJson(const SalvageLoss& loss) { return {{"lost", loss.what}, {"mtdiep", loss.mtdiep}, {"detail", loss.detail}}; }

// A report beside the new store, one JSON object a line; the same on standard output with --json.
int Salvage(Tool& tool, const StoreFlags& flags) {
  const auto digester = MakeDigester();
  const auto clock = MakeSystemClock();
  const std::string incarnation = NewIncarnation(), report_file = flags.to + ".report.jsonl";
  std::ofstream file(report_file, std::ios::app);
  if (!file) return std::cerr << "tvanctl: cannot write " << report_file << '\n', kUsage;
  const auto tell = [&](const Json& json) {
    const std::string line = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    file << line << std::endl;
    if (tool.json) std::cout << line << '\n';
  };
  const auto report = SalvageStore({flags.from, flags.to, incarnation, clock->Now(), *digester, {}},
                                   [&](const SalvageLoss& loss) { tell(ToJson(loss)); });
  if (!report.ok()) return Report(report.status()), kNegative;
  tell({{"salvaged", flags.to},
        {"incarnation", incarnation},
        {"from_incarnation", report->incarnation},
        {"messages", report->messages},
        {"answers", report->answers},
        {"mailbox_items", report->mailbox_items},
        {"losses", report->losses},
        {"log_cut", report->log_cut},
        {"as_of", FormatTime(report->as_of)}});
  if (!file.flush())
    return std::cerr << "tvanctl: the new store is made, but not all of its losses could be written to " << report_file
                     << ": run it again into another folder\n",
           kNegative;
  if (tool.json) return kOk;
  std::cout << "kept " << report->messages << " messages, " << report->answers << " answers, " << report->mailbox_items
            << " mailbox items; " << report->losses << " losses, listed in " << report_file << '\n';
  PrintWhatNow(flags.to, incarnation);
  return kOk;
}

}  // namespace

void AddStoreCommands(CLI::App& app, Tool& tool) {
  CLI::App* store = app.add_subcommand("store", "backup of the live store; restore and salvage of stores at rest");
  store->require_subcommand(1);
  auto flags = std::make_shared<StoreFlags>();
  CLI::App* backup = store->add_subcommand("backup", "copies the live store below store.backup_dir (operators)");
  backup->add_option("--name", flags->name, "name of the backup; without it date and time");
  OnCall(backup, tool, [&tool, flags] { return BackUp(tool, *flags); });
  CLI::App* restore = store->add_subcommand("restore", "makes a new store of a backup; no gateway is asked");
  restore->add_option("--from", flags->from, "folder of the backup")->required()->transform(WithoutSlash);
  restore->add_option("--to", flags->to, "folder of the new store; must not exist")
      ->required()
      ->transform(WithoutSlash);
  OnCall(restore, tool, [&tool, flags] { return Restore(tool, *flags); });
  CLI::App* salvage = store->add_subcommand("salvage", "copies what is readable of a damaged store into a new one");
  salvage->add_option("--from", flags->from, "folder of the damaged store; it is only read")
      ->required()
      ->transform(WithoutSlash);
  salvage->add_option("--to", flags->to, "folder of the new store; must not exist")
      ->required()
      ->transform(WithoutSlash);
  OnCall(salvage, tool, [&tool, flags] { return Salvage(tool, *flags); });
}

}  // namespace tvan::ctl
