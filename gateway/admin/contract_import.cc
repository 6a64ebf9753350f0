#include "gateway/admin/contract_import.h"

#include <utility>

#include "gateway/admin/admin_convert.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

namespace api = admin::v1;

constexpr size_t kLongestText = 300;  // bytes of an error

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

}  // namespace

Status ContractImport::Take(const api::ImportContractsRequest& request) {
  bytes_ += request.ByteSizeLong();
  if (bytes_ > kMostBytes) return BadRequest("rows: more than " + std::to_string(kMostBytes >> 20) + " MiB in all");
  if (request.has_options()) return TakeOptions(request.options());
  if (!begun_) return BadRequest("options: are wanted before the rows");
  if (!request.has_rows()) return BadRequest("part: rows are wanted");
  for (const api::ImportContractsRequest::Row& row : request.rows().rows()) {
    if (++rows_ > ContractBook::kMostInOneImport)
      return BadRequest("rows: at most " + std::to_string(ContractBook::kMostInOneImport));
    TakeRow(row);
  }
  return {};
}

Status ContractImport::TakeOptions(const api::ImportContractsRequest::Options& options) {
  if (std::exchange(begun_, true)) return BadRequest("options: only once");
  if (Status status = CheckReason(options.reason()); !status.ok()) return status;
  announced_ = options.rows();
  dry_run_ = options.dry_run();
  reason_ = options.reason();
  if (options.file_sha256().empty()) return {};
  const auto digest = ParseSha256Hex(options.file_sha256());
  if (!digest) return BadRequest("file_sha256: " + digest.status().message());
  const std::string file = " (file " + digest->Hex() + ")";
  reason_ = std::string(CutUtf8(reason_, ContractChanges::kLongestReason - file.size())) + file;
  return {};
}

void ContractImport::TakeRow(const api::ImportContractsRequest::Row& row) {
  const uint32_t number = row.row() != 0 ? row.row() : static_cast<uint32_t>(rows_);
  if (row.item().deleted()) return AddError(number, BadRequest("item.deleted: an import takes nothing away"));
  auto item = FromProto(row.item());
  if (!item) return AddError(number, item.status());
  items_.push_back(*std::move(item));
  numbers_.push_back(number);
}

void ContractImport::AddError(uint32_t row, const Status& status) {
  answer_.set_errors_total(answer_.errors_total() + 1);
  if (answer_.errors_size() == kMostErrors) return;
  auto& error = *answer_.add_errors();
  error.set_row(row);
  error.set_reason(std::string(status.reason().text()));
  error.set_text(std::string(CutUtf8(status.message(), kLongestText)));
}

Status ContractImport::Finish(ContractChanges& changes, const Caller& by, api::ImportContractsResponse& response) {
  if (!begun_) return BadRequest("options: are wanted");
  if (announced_ != 0 && announced_ != rows_)
    return BadRequest("rows: " + std::to_string(rows_) + " came, and " + std::to_string(announced_) +
                      " were announced");
  const bool enters = !dry_run_ && answer_.errors_total() == 0;
  const auto imported = changes.Import(items_, by, reason_, !enters);
  if (!imported) return imported.status();
  for (const ContractBook::RowFault& fault : imported->entered.faults) AddError(numbers_[fault.index], fault.status);
  answer_.set_created(imported->entered.created);
  answer_.set_updated(imported->entered.updated);
  answer_.set_unchanged(imported->entered.unchanged);
  answer_.set_proposal(imported->proposal);
  answer_.set_entered(enters && answer_.errors_total() == 0 && imported->proposal.empty());
  response = std::move(answer_);
  return {};
}

}  // namespace tvan
