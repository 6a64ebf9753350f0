#pragma once
// A contract desk on a store in memory, with three operators. Items are written as text of their messages. One thread.

#include <gmock/gmock.h>

#include <sstream>

#include "gateway/admin/contract_desk.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"
#include "tests/unit/admin/contract_texts.h"

namespace tvan {

class ContractDeskTest : public testing::Test {
 protected:
  explicit ContractDeskTest(ContractChanges::Options options = {}) : options_(options) { Open(); }

  void Open() {
    contracts_ = *ContractBook::Load(*store_);
    calendar_ = *Calendar::Load(*store_, PhaseRules());
    changes_ = std::make_unique<ContractChanges>(*store_, *contracts_, *clock_, options_);
    ContractDesk::Parts parts{*store_, *contracts_, *changes_, *calendar_, LineId::Trusted("main"), *clock_};
    parts.certificates = [this] { return files_; };
    desk_ = std::make_unique<ContractDesk>(std::move(parts));
  }
  Status Create(const std::string& item, const Caller& by = kLan) {
    admin::v1::CreateContractItemRequest request;
    *request.mutable_item() = Read<admin::v1::ContractItem>(item);
    request.set_reason("signed");
    change_.Clear();
    return desk_->Create(request, by, change_);
  }
  // `mask`: paths, by spaces.
  Status Update(const std::string& item, const std::string& mask, const Caller& by = kLan) {
    admin::v1::UpdateContractItemRequest request;
    *request.mutable_item() = Read<admin::v1::ContractItem>(item);
    std::istringstream paths(mask);
    for (std::string path; paths >> path;) request.mutable_update_mask()->add_paths(path);
    request.set_reason("changed");
    change_.Clear();
    return desk_->Update(request, by, change_);
  }
  Status Remove(const std::string& item, const Caller& by = kLan) {
    admin::v1::UpdateContractItemRequest request;
    *request.mutable_item() = Read<admin::v1::ContractItem>(item);
    request.set_delete_(true);
    request.set_reason("entered by mistake");
    change_.Clear();
    return desk_->Update(request, by, change_);
  }
  admin::v1::ContractItem Get(admin::v1::ContractKind kind, const std::string& id) {
    admin::v1::GetContractItemRequest request;
    request.set_kind(kind);
    request.set_id(id);
    admin::v1::ContractItem item;
    EXPECT_TRUE(desk_->Get(request, item).ok()) << id;
    return item;
  }
  // Rows as texts, numbered from 1.
  Status Import(const std::vector<std::string>& rows, bool dry_run = false, const Caller& by = kLan) {
    std::vector<admin::v1::ImportContractsRequest> requests(2);
    requests[0].mutable_options()->set_reason("file of today");
    requests[0].mutable_options()->set_dry_run(dry_run);
    for (const std::string& text : rows) {
      auto& row = *requests[1].mutable_rows()->add_rows();
      row.set_row(static_cast<uint32_t>(requests[1].rows().rows_size()));
      *row.mutable_item() = Read<admin::v1::ContractItem>(text);
    }
    return Import(requests, by);
  }
  Status Import(const std::vector<admin::v1::ImportContractsRequest>& requests, const Caller& by = kLan) {
    imported_.Clear();
    size_t next = 0;
    return desk_->Import(
        [&](admin::v1::ImportContractsRequest& request) {
          return next < requests.size() && (request = requests[next++], true);
        },
        [] { return false; }, by, imported_);
  }
  std::vector<admin::v1::ContractItem> Export(admin::v1::ContractKind kind = admin::v1::CONTRACT_KIND_UNSPECIFIED) {
    admin::v1::ExportContractsRequest request;
    request.set_kind(kind);
    std::vector<admin::v1::ContractItem> items;
    EXPECT_TRUE(desk_
                    ->Export(request, kLan,
                             [&](const admin::v1::ContractItem& item) {
                               items.push_back(item);
                               return true;
                             })
                    .ok());
    return items;
  }

  inline static const Caller kLan = {"Lan", std::string(64, '1')}, kMinh = {"Minh", std::string(64, '2')};
  const ContractChanges::Options options_;
  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({.manual_flush = true}, *clock_);
  std::unique_ptr<ContractBook> contracts_;
  std::unique_ptr<Calendar> calendar_;
  std::unique_ptr<ContractChanges> changes_;
  std::unique_ptr<ContractDesk> desk_;
  std::vector<NightScreen::Ending> files_;
  admin::v1::ContractChange change_;
  admin::v1::ImportContractsResponse imported_;
};

}  // namespace tvan
