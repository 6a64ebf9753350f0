// tvanctl snapshot compare: what became since of what was unknown or waited at the stop (duties 2.12, 2.21, 2.22).
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "ops/ctl/files.h"
#include "ops/ctl/output.h"
#include "ops/ctl/snapshot_file.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Json = nlohmann::json;

struct CompareFlags {
  std::string file, keys;
  int limit = 10'000;
  bool all = false;
};

int NotValid(const Status& status) {
  if (status.reason() == "ctl.file"_reason) return Report(status);
  std::cout << "NOT VALID: " << status.message() << " [" << status.reason().text() << "]\n";
  return kNegative;
}

class Comparing {
 public:
  Comparing(Tool& tool, const CompareFlags& flags, admin::AdminService::Stub& stub)
      : tool_(tool), flags_(flags), stub_(stub) {}

  int Run() {
    const Status read = ReadSnapshot(SnapshotBase(flags_.file) + ".csv", [this](const SnapshotCells& row) {
      const std::string& bin = At(row, Column::kBin);
      if (bin != "sent_unknown" && bin != "queued") return true;
      if (last_ == At(row, Column::kGatewayId)) return true;  // the next invoice of the same message
      last_ = At(row, Column::kGatewayId);
      if (asked_ == flags_.limit) return more_ = true, false;
      ++asked_;
      return Ask(row);
    });
    if (!read.ok()) return NotValid(read);
    if (!status_.ok()) return Report(status_);
    Summary();
    return unsettled_ == 0 && !more_ ? kOk : kNegative;
  }

 private:
  bool Ask(const SnapshotCells& row) {
    admin::GetMessageRequest request;
    request.set_mtdiep(At(row, Column::kGatewayId));
    admin::GetMessageResponse response;
    status_ = stub_.GetMessage(tool_.Call().get(), request, &response);
    if (!status_.ok()) return false;
    const v1::Message* now = nullptr;
    for (const auto& owned : response.messages())
      if (owned.message().gateway_mtdiep() == request.mtdiep()) now = &owned.message();
    Tell(row, FateOf(row, now));
    return true;
  }

  void Tell(const SnapshotCells& row, Fate fate) {
    ++counts_[{At(row, Column::kBin), fate}];
    unsettled_ += IsSettled(fate) ? 0 : 1;
    if (tool_.json)
      std::cout << Json{{"mtdiep", At(row, Column::kGatewayId)},
                        {"was", At(row, Column::kBin) + "/" + At(row, Column::kState)},
                        {"now", ToString(fate)},
                        {"settled", IsSettled(fate)}}
                       .dump()
                << '\n';
    else if (flags_.all || !IsSettled(fate))
      table_.Add({At(row, Column::kGatewayId), At(row, Column::kProvider), At(row, Column::kProviderId),
                  At(row, Column::kSeries) + " " + At(row, Column::kNumber), At(row, Column::kDate),
                  At(row, Column::kAmount), At(row, Column::kBin) + "/" + At(row, Column::kState), ToString(fate)});
  }

  void Summary() {
    if (tool_.json) return;
    if (!table_.empty()) table_.Print();
    for (const auto& [key, count] : counts_)
      std::cout << "was " << key.first << ": " << count << ' ' << ToString(key.second) << '\n';
    std::cout << asked_ << " messages asked for, " << unsettled_ << " not settled"
              << (more_ ? "; there are more: raise --limit" : "") << '\n';
  }

  Tool& tool_;
  const CompareFlags& flags_;
  admin::AdminService::Stub& stub_;
  Table table_{{"gateway's MTDiep", "provider", "its id", "first invoice", "date", "amount", "was", "now"}};
  std::map<std::pair<std::string, Fate>, uint64_t> counts_;
  std::string last_;
  grpc::Status status_;
  int asked_ = 0;
  uint64_t unsettled_ = 0;
  bool more_ = false;
};

int Compare(Tool& tool, const CompareFlags& flags) {
  if (!flags.keys.empty()) {
    const auto keys = ReadFile(flags.keys);
    if (!keys.ok()) return Report(keys.status());
    const auto manifest = VerifySnapshot(SnapshotBase(flags.file), *keys);
    if (!manifest.ok()) return NotValid(manifest.status());
  }
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::AdminService::NewStub(*channel);
  return Comparing(tool, flags, *stub).Run();
}

}  // namespace

void AddSnapshotCompare(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<CompareFlags>();
  CLI::App* compare =
      app.get_subcommand("snapshot")
          ->add_subcommand("compare", "what became since of what was unknown or waited; 2: not all is settled");
  compare->add_option("FILE", flags->file, "its .csv")->required();
  compare->add_option("--keys", flags->keys, "key set: verify it first");
  compare->add_option("--limit", flags->limit, "messages asked for")->capture_default_str()->check(CLI::PositiveNumber);
  compare->add_flag("--all", flags->all, "also those that are settled");
  OnCall(compare, tool, [&tool, flags] { return Compare(tool, *flags); });
}

}  // namespace tvan::ctl
