#pragma once
// Rows of a mass import as they come in: bounded, each made a record at once, with its fault if it is none. One thread.

#include <string>
#include <vector>

#include "gateway/admin/contract_changes.h"
#include "gateway/contract/contract_book.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

class ContractImport {
 public:
  static constexpr uint64_t kMostBytes = 64 << 20;  // of all requests
  static constexpr int kMostErrors = 1000;          // named

  // The options first, once, then rows. admin.bad_request: what ends the import.
  Status Take(const admin::v1::ImportContractsRequest& request);
  // Enters all rows or none; faults of rows stand in the response. admin.bad_request: there were no options, or other
  // rows than they announced; and those of ContractChanges::Import.
  Status Finish(ContractChanges& changes, const Caller& by, admin::v1::ImportContractsResponse& response);

 private:
  Status TakeOptions(const admin::v1::ImportContractsRequest::Options& options);
  void TakeRow(const admin::v1::ImportContractsRequest::Row& row);
  void AddError(uint32_t row, const Status& status);

  bool begun_ = false, dry_run_ = false;
  std::string reason_;
  uint64_t bytes_ = 0, rows_ = 0, announced_ = 0;
  std::vector<ContractItem> items_;
  std::vector<uint32_t> numbers_;  // of the rows of items_
  admin::v1::ImportContractsResponse answer_;
};

}  // namespace tvan
