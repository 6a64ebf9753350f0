#pragma once
// How tvanctl shows the contract book: tables and lines for people, JSON for machines. One thread.

#include <CLI/CLI.hpp>

#include <vector>

#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan::ctl {

// Each answers the exit code.
int Show(Tool& tool, const admin::v1::ContractItem& item);
int Show(Tool& tool, const admin::v1::ContractChange& change);
int Show(Tool& tool, const admin::v1::GetContractHistoryResponse& page);
int Show(Tool& tool, const admin::v1::DiffContractsResponse& page);
int Show(Tool& tool, const admin::v1::ExplainContractResponse& answer);
int Show(Tool& tool, const admin::v1::SimulateContractsResponse& answer);
int Show(Tool& tool, const admin::v1::ImportContractsResponse& answer);
int Show(Tool& tool, const admin::v1::ForecastExpiryResponse& answer);
int Show(Tool& tool, const std::vector<admin::v1::Proposal>& proposals);

// Records of one kind, a row each; as JSON a line each, as they come.
class ItemTable {
 public:
  ItemTable(Tool& tool, admin::v1::ContractKind kind);
  void Add(const admin::v1::ContractItem& item);
  int Print();

 private:
  Tool& tool_;
  std::vector<std::string> paths_;
  Table table_;
};

// Into the group `book`.
void AddBookVerdicts(CLI::App* group, Tool& tool);  // explain, simulate, expiry
void AddBookFiles(CLI::App* group, Tool& tool);     // import, export

}  // namespace tvan::ctl
