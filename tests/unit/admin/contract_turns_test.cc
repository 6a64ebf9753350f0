// What takes long at the contract desk: one of each at a time, no longer than somebody waits for it, and nothing
// written down of an export of nobody.
#include "tests/unit/admin/contract_world.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr size_t kPage = 1000;  // of the book, as export and forecast read it

class ContractTurns : public ContractDeskTest {
 protected:
  Status ExportOf(const std::string& provider) {
    api::ExportContractsRequest request;
    request.set_provider(provider);
    exported_.clear();
    return desk_->Export(request, kLan, [&](const api::ContractItem& item) {
      exported_.push_back(item.has_mandate() ? item.mandate().provider() + "/" + item.mandate().mst()
                                             : item.provider_contract().provider());
      return true;
    });
  }
  std::vector<std::string> ActIds() const {
    const auto acts = store_->ListRecords("operator_act");
    std::vector<std::string> ids;
    for (const OperatorRecord& act : *acts) ids.push_back(act.id);
    return ids;
  }
  void ImportMandates(size_t count, const std::string& more = "") {
    std::vector<std::string> rows = {ContractOf("acme")};
    for (size_t i = 0; i < count; ++i) rows.push_back(MandateOf("acme", std::to_string(1'000'000'000 + i), more));
    ASSERT_TRUE(Import(rows).ok());
    ASSERT_TRUE(imported_.entered()) << imported_.ShortDebugString();
  }
  std::vector<std::string> exported_;
};

TEST_F(ContractTurns, AnExportOfAProviderIsItsContractAndItsMandates) {
  ASSERT_TRUE(Import({ContractOf("acm"), ContractOf("acme"), ContractOf("acme-2"), MandateOf("acm", "0101234567"),
                      MandateOf("acme", "0101234567"), MandateOf("acme", "0101234568"),
                      MandateOf("acme-2", "0101234567"), "taxpayer { mst: '0101234567' }"})
                  .ok());
  ASSERT_TRUE(imported_.entered()) << imported_.ShortDebugString();
  EXPECT_TRUE(ExportOf("acme").ok());
  EXPECT_THAT(exported_, ElementsAre("acme", "acme/0101234567", "acme/0101234568"));
  EXPECT_TRUE(ExportOf("acme-2").ok());
  EXPECT_THAT(exported_, ElementsAre("acme-2", "acme-2/0101234567"));
}

TEST_F(ContractTurns, AnExportOfNobodyIsNotFoundAndNoActOfAnyone) {
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  EXPECT_EQ(ExportOf("acmo").reason(), "admin.not_found"_reason);
  EXPECT_THAT(ActIds(), IsEmpty());
  EXPECT_TRUE(ExportOf("acme").ok());
  EXPECT_THAT(ActIds(), ElementsAre("export_contracts/acme"));
}

TEST_F(ContractTurns, SoManyAreExportedAtATimeAndTheNextWhenOneIsOver) {
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  // Each begins the next one while it is under way.
  int begun = 0;
  Status last;
  std::function<bool(const api::ContractItem&)> begin_another = [&](const api::ContractItem&) {
    if (++begun < ContractDesk::kMostExports)
      EXPECT_TRUE(desk_->Export({}, kMinh, begin_another).ok());
    else
      last = desk_->Export({}, kMinh, begin_another);
    return true;
  };
  EXPECT_TRUE(desk_->Export({}, kLan, begin_another).ok());
  EXPECT_EQ(begun, ContractDesk::kMostExports);
  EXPECT_EQ(last.reason(), "admin.busy"_reason);
  EXPECT_TRUE(last.is_transient());
  const auto acts = store_->RecordHistory("operator_act", "export_contracts/all", {});
  EXPECT_EQ(acts->size(), size_t{ContractDesk::kMostExports}) << "what was refused is no act";
  EXPECT_TRUE(desk_->Export({}, kMinh, [](const api::ContractItem&) { return true; }).ok());
}

TEST_F(ContractTurns, OneForecastIsMadeAtATimeAndTheNextWhenItIsOver) {
  Status second;
  api::ForecastExpiryResponse response;
  const auto meanwhile = [&] {
    second = desk_->Forecast({}, response);
    return false;
  };
  EXPECT_TRUE(desk_->Forecast({}, response, meanwhile).ok());
  EXPECT_EQ(second.reason(), "admin.busy"_reason);
  EXPECT_TRUE(desk_->Forecast({}, response).ok());
}

TEST_F(ContractTurns, AForecastThatNobodyWaitsForEnds) {
  ImportMandates(3 * kPage, On("to", "2026-12-01"));
  api::ForecastExpiryResponse response;
  int asked = 0;
  ASSERT_TRUE(desk_->Forecast({}, response, [&] { return ++asked, false; }).ok());
  EXPECT_EQ(response.mandates(), 3 * kPage);
  const int in_all = asked;
  response.Clear();
  asked = 0;
  ASSERT_TRUE(desk_->Forecast({}, response, [&] { return ++asked == in_all - 2; }).ok());
  EXPECT_LT(response.mandates(), 3 * kPage);
}

}  // namespace
}  // namespace tvan
