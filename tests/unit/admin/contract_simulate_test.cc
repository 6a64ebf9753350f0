// What changes of the contract book would do, without doing them.
#include "gateway/admin/contract_simulate.h"

#include "gateway/core/catalogue.h"
#include "tests/unit/admin/contract_stop.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kA(64, 'a');

class ContractSimulated : public ContractStopTest {
 protected:
  api::SimulateContractsResponse Simulate(const std::vector<std::string>& items, const std::string& at = "") {
    auto request = Read<api::SimulateContractsRequest>(at);
    for (const std::string& item : items) *request.add_items() = Read<api::ContractItem>(item);
    api::SimulateContractsResponse response;
    EXPECT_TRUE(desk_->Simulate(request, response).ok());
    return response;
  }
  static std::vector<std::string> WhoIn(const api::SimulateContractsResponse& response) {
    std::vector<std::string> who;
    for (const auto& one : response.refused())
      who.push_back(one.provider() + "/" + one.mst() + " " + std::to_string(one.message_type()));
    return who;
  }

  ContractSimulated() {
    EXPECT_TRUE(Create(ContractOf("acme")).ok());
    EXPECT_TRUE(Create(ContractOf("beta")).ok());
    EXPECT_TRUE(Create(MandateOf("acme", "0101234567")).ok());
    EXPECT_TRUE(Create(MandateOf("acme", "0101234568")).ok());
    EXPECT_TRUE(Create(MandateOf("beta", "0101234567")).ok());
  }
};

TEST_F(ContractSimulated, NothingChangesForNobodyAndNothingIsEntered) {
  const auto same = Simulate({});
  EXPECT_EQ(same.refused_total(), 0u);
  EXPECT_EQ(same.mandates_looked_at(), 3u);
  EXPECT_FALSE(same.partial());
  Simulate({"provider_contract { provider: 'acme' tax_codes: '0109999999' status: CONTRACT_STATUS_TERMINATED }"});
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").version(), 1u);
}

TEST_F(ContractSimulated, AProviderIsNamedOnceForAllItsTaxpayers) {
  const auto told =
      Simulate({"provider_contract { provider: 'acme' tax_codes: '0109999999' status: CONTRACT_STATUS_SUSPENDED }"});
  EXPECT_THAT(WhoIn(told), ElementsAre("acme/ 0"));
  EXPECT_EQ(told.refused(0).before().kind(), api::ContractVerdict::ALLOW);
  EXPECT_EQ(told.refused(0).after().kind(), api::ContractVerdict::REFUSE);
  EXPECT_EQ(told.refused(0).after().findings(0).rule_id(), "contract.provider_suspended");
}

TEST_F(ContractSimulated, ATypeThatIsTakenAwayIsNamedForEachTaxpayer) {
  std::string others;  // all types but one that is not the first of its class
  for (const MessageType& type : MessageTypes())
    if (type.relayed && type.cls && type.code != 201) others += " message_types: " + std::to_string(type.code);
  const auto told = Simulate({ContractOf("acme", others)});
  EXPECT_THAT(WhoIn(told), ElementsAre("acme/0101234567 201", "acme/0101234568 201"));
  EXPECT_EQ(told.refused(0).after().findings(0).rule_id(), "contract.type_not_allowed");
  EXPECT_THAT(WhoIn(Simulate({MandateOf("acme", "0101234568", others)})), ElementsAre("acme/0101234568 201"));
  const auto none = Simulate({MandateOf("acme", "0101234568", "signer_certificates: '" + kA + "'")});
  EXPECT_EQ(none.refused_total(), 0u);
}

TEST_F(ContractSimulated, WhoIsRefusedOrHeldAlreadyIsNotNamed) {
  ASSERT_TRUE(Update("provider_contract { provider: 'beta' status: CONTRACT_STATUS_SUSPENDED }", "status").ok());
  ASSERT_TRUE(
      Update("mandate { provider: 'acme' mst: '0101234567' status: CONTRACT_STATUS_SUSPENDED }", "status").ok());
  EXPECT_EQ(Simulate({}).refused_total(), 0u);
  ASSERT_TRUE(Create("agreement {" + kActive + "terms {" + On("to", "2026-11-01") + "} }").ok());
  EXPECT_EQ(Simulate({}).refused_total(), 0u);
}

TEST_F(ContractSimulated, WhoseDatesEndByThenIsNamedWithoutAnyChange) {
  ASSERT_TRUE(Update(MandateOf("beta", "0101234567", On("to", "2026-11-22")), "to").ok());
  EXPECT_THAT(WhoIn(Simulate({})), ElementsAre(HasSubstr("beta/0101234567")))
      << "tomorrow at midnight, if nothing is said";
  EXPECT_EQ(Simulate({}, At("at", *ParseDate("2026-11-22") - Span(1))).refused_total(), 0u);
}

TEST_F(ContractSimulated, AMandateForOneTypeIsAskedAboutThatType) {
  ASSERT_TRUE(
      Update(MandateOf("beta", "0101234567", "message_types: 201" + On("to", "2026-11-22")), "message_types to").ok());
  EXPECT_THAT(WhoIn(Simulate({})), ElementsAre("beta/0101234567 201"));
}

TEST_F(ContractSimulated, BufferedMessagesThatWouldBeHeldAreNamed) {
  Accept("1", "0101234567");
  Accept("2", "0101234568");
  const std::string stopped = "taxpayer { mst: '0101234568' decisions { stop: true" + On("from", "2026-01-01") + "} }";
  const auto told = Simulate({stopped});
  EXPECT_EQ(told.buffered_looked_at(), 2u);
  ASSERT_EQ(told.touched_total(), 1u);
  EXPECT_EQ(told.touched(0).mst(), "0101234568");
  EXPECT_EQ(told.touched(0).provider(), "acme");
  EXPECT_EQ(told.touched(0).after().kind(), api::ContractVerdict::HOLD);
  EXPECT_THAT(WhoIn(told), ElementsAre(HasSubstr("acme/0101234568"))) << "and what comes tomorrow is refused";
  EXPECT_EQ(Simulate({}).touched_total(), 0u);
}

TEST_F(ContractSimulated, WhatWouldEndInAStopIsNamed) {
  PutStop();
  const auto told = Simulate({ContractOf("acme", On("to", "2026-11-25")), ContractOf("beta", On("to", "2026-11-26"))});
  ASSERT_EQ(told.endings_size(), 1);
  EXPECT_EQ(told.endings(0).id(), "acme");
  EXPECT_EQ(told.endings(0).window(), "night");
}

TEST_F(ContractSimulated, WhatCouldNotBeEnteredIsSaidAndNothingElse) {
  const auto told =
      Simulate({ContractOf("acme", "message_types: 999"), "agreement {}", ContractOf("beta") + " deleted: true"});
  EXPECT_EQ(told.errors_size(), 2) << "what is malformed is told first";
  EXPECT_THAT(told.errors(0), HasSubstr("item 2"));
  EXPECT_THAT(Simulate({ContractOf("beta"), ContractOf("acme", "message_types: 999")}).errors(0), HasSubstr("item 2"));
  EXPECT_EQ(told.mandates_looked_at(), 0u);
  api::SimulateContractsRequest request;
  for (int i = 0; i < 1001; ++i) *request.add_items() = Read<api::ContractItem>(ContractOf("acme"));
  api::SimulateContractsResponse response;
  EXPECT_EQ(desk_->Simulate(request, response).reason(), "admin.bad_request"_reason);
}

}  // namespace
}  // namespace tvan
