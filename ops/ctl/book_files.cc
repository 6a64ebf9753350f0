// tvanctl book import and export: records as CSV (one kind a file) or YAML.
#include <iostream>

#include "config/book_file.h"
#include "gateway/reconcile/csv.h"
#include "ops/ctl/book_rows.h"
#include "ops/ctl/book_text.h"
#include "ops/ctl/item_fields.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/contracts.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Rows = std::vector<admin::ImportContractsRequest::Row>;

constexpr int kRowsInARequest = 500;
constexpr char kInCell = ';';  // between the values of a list

Status Refuse(const std::string& what) { return Status::Permanent("ctl.contract_file"_reason, what); }

struct ImportFlags {
  std::string file, kind, reason;
  bool dry_run = false;
};

bool Send(grpc::ClientWriter<admin::ImportContractsRequest>& writer, const ImportFlags& flags, const Rows& rows) {
  admin::ImportContractsRequest request;
  request.mutable_options()->set_reason(flags.reason);
  request.mutable_options()->set_dry_run(flags.dry_run);
  request.mutable_options()->set_rows(static_cast<uint32_t>(rows.size()));
  if (!writer.Write(request)) return false;
  for (size_t i = 0; i < rows.size(); i += kRowsInARequest) {
    auto* part = request.mutable_rows();
    part->Clear();
    for (size_t k = i; k < std::min(rows.size(), i + kRowsInARequest); ++k) *part->add_rows() = rows[k];
    if (!writer.Write(request)) return false;
  }
  return writer.WritesDone();
}

int Import(Tool& tool, const ImportFlags& flags) {
  Rows rows;
  if (const int code = ReadBookRows(flags.file, flags.kind, rows); code != kOk) return code;
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ImportContractsResponse response;
  const auto context = std::make_unique<grpc::ClientContext>();  // it takes as long as it takes
  const auto writer = admin::ContractService::NewStub(*channel)->ImportContracts(context.get(), &response);
  static_cast<void>(Send(*writer, flags, rows));  // why it ended says the status
  const auto status = writer->Finish();
  return status.ok() ? Show(tool, response) : Report(status);
}

// What stands in a row or an entry: what may be set, not what the gateway sets itself.
class Writer {
 public:
  Writer(std::ostream& to, admin::ContractKind kind, bool yaml) : to_(to), yaml_(yaml) {
    admin::ContractItem item;
    paths_ = FieldPaths(InnerOf(kind, item));
    if (!yaml_) Row(paths_);
  }
  void Add(const admin::ContractItem& item) {
    if (yaml_) return AddEntry(item);
    std::vector<std::string> cells;
    for (const std::string& path : paths_) cells.push_back(GetField(InnerOf(item), path, kInCell));
    Row(cells);
  }

 private:
  void Row(const std::vector<std::string>& cells) {
    std::string line;
    AppendCsvRecord(cells, line);
    to_ << line;
  }
  void AddEntry(const admin::ContractItem& item) {
    config::v1::BookEntry entry;
    entry.set_kind(NameOf(KindOf(item)));
    entry.set_id(IdOf(item));
    for (const auto& [path, text] : FieldsOf(InnerOf(item), kInCell)) entry.add_set(path + "=" + text);
    to_ << WriteBook(entry, std::exchange(first_, false));
  }

  std::ostream& to_;
  const bool yaml_;
  bool first_ = true;
  std::vector<std::string> paths_;
};

struct ExportFlags {
  std::string kind, provider, format = "yaml";
};

int Export(Tool& tool, const ExportFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ExportContractsRequest request;
  const auto kind = KindNamed(flags.kind);
  if (kind.ok()) request.set_kind(*kind);
  if (!kind.ok() && (flags.format == "csv" || !flags.kind.empty()))
    return Report(Refuse("--kind says what to write into a CSV file: " + kind.status().message()));
  request.set_provider(flags.provider);
  const auto context = std::make_unique<grpc::ClientContext>();
  const auto reader = admin::ContractService::NewStub(*channel)->ExportContracts(context.get(), request);
  Writer writer(std::cout, kind.ok() ? *kind : admin::AGREEMENT, flags.format == "yaml");
  admin::ContractItem item;
  while (reader->Read(&item)) tool.json ? PrintJson(item) : writer.Add(item);
  std::cout << std::flush;
  const auto status = reader->Finish();
  return status.ok() ? kOk : Report(status);
}

}  // namespace

void AddBookFiles(CLI::App* group, Tool& tool) {
  auto in = std::make_shared<ImportFlags>();
  CLI::App* import = group->add_subcommand("import", "records from a CSV or YAML file: all of them, or none");
  import
      ->add_option("FILE", in->file,
                   "*.yaml, else CSV with a header of field names; the values of a list are separated by semicolons")
      ->required();
  import->add_option("--kind", in->kind, "of the rows of a CSV file")->check(CLI::IsMember(KindNames()));
  import->add_option("--reason", in->reason, "why; kept with every record")->required();
  import->add_flag("--dry-run", in->dry_run, "only say what it would do");
  import->footer(
      "Every row that cannot be entered is named; then nothing is entered and the exit code is 2. A row is the whole "
      "record: what it leaves empty is emptied; what is known of a taxpayer is added to. Records that are not in the "
      "file stay as they are. At most 100 000 rows.");
  OnCall(import, tool, [&tool, in] { return Import(tool, *in); });
  auto out = std::make_shared<ExportFlags>();
  CLI::App* export_to = group->add_subcommand("export", "records as `book import` reads them, to standard output");
  export_to->add_option("--kind", out->kind, "only these; a CSV file has one kind")->check(CLI::IsMember(KindNames()));
  export_to->add_option("--provider", out->provider, "contracts and mandates of this provider only");
  export_to->add_option("--format", out->format, "csv or yaml")
      ->capture_default_str()
      ->check(CLI::IsMember({"csv", "yaml"}));
  OnCall(export_to, tool, [&tool, out] { return Export(tool, *out); });
}

}  // namespace tvan::ctl
