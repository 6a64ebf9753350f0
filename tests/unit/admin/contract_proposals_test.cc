// What needs a second person.
#include "tests/unit/admin/proposal_world.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(TwoToEnd, EndingAContractWaitsForSomebodyElse) {
  ASSERT_TRUE(Terminate().ok());
  const std::string id = change_.proposal();
  EXPECT_NE(id, "");
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").provider_contract().status(), api::CONTRACT_STATUS_ACTIVE);
  EXPECT_EQ(Decide(id, kLan).reason(), "admin.own_proposal"_reason);
  EXPECT_EQ(Decide(id, {"somebody", kLan.certificate}).reason(), "admin.own_proposal"_reason) << "under another name";
  EXPECT_EQ(Decide(id, {"Lan", kMinh.certificate}).reason(), "admin.own_proposal"_reason) << "with a new certificate";
  clock_->AdvanceBy(std::chrono::hours(1));
  ASSERT_TRUE(Decide(id, kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::APPROVED);
  EXPECT_EQ(decided_.decided_by(), "Minh");
  const auto ended = Get(api::PROVIDER_CONTRACT, "acme");
  EXPECT_EQ(ended.provider_contract().status(), api::CONTRACT_STATUS_TERMINATED);
  EXPECT_EQ(ended.author(), "Lan");
  EXPECT_THAT(ended.reason(), HasSubstr(id + ", approved by Minh: changed"));
  EXPECT_EQ(FromProto(ended.changed_at()), clock_->Now());
  EXPECT_EQ(Decide(id, kMinh).reason(), "admin.proposal_closed"_reason) << "once";
}

TEST_F(TwoToEnd, EveryWayToEndARecordIsOne) {
  const std::vector<std::pair<std::string, std::string>> ends = {
      {"mandate { provider: 'acme' mst: '0101234567' status: CONTRACT_STATUS_TERMINATED }", "status"},
      {MandateOf("acme", "0101234567", On("to", "2026-11-01")), "to"},
      {MandateOf("acme", "0101234567", On("to", "2030-01-01")), "to"},
      {MandateOf("acme", "0101234567", On("from", "2030-01-01")), "from"},
      {ContractOf("acme", On("to", "2026-12-31")), "to"}};
  for (const auto& [item, mask] : ends) {
    ASSERT_TRUE(Update(item, mask).ok()) << item;
    EXPECT_NE(change_.proposal(), "") << item;
  }
  ASSERT_TRUE(Remove(MandateOf("acme", "0101234567")).ok());
  EXPECT_NE(change_.proposal(), "");
  ASSERT_TRUE(Import({"mandate { provider: 'acme' mst: '0101234567' status: CONTRACT_STATUS_TERMINATED }"}).ok());
  EXPECT_NE(imported_.proposal(), "");
  EXPECT_FALSE(imported_.entered());
  EXPECT_EQ(Get(api::MANDATE, "acme/0101234567").version(), 1u);
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").version(), 1u);
  EXPECT_EQ(Proposals().size(), 7u);
}

// The clock of these tests stands at 2026-11-21.
TEST_F(TwoToEnd, AGapThatIsCutIntoATermEndsIt) {
  const std::string gap = " earlier_terms {" + On("from", "2026-01-01") + On("to", "2026-11-22") + "}";
  ASSERT_TRUE(Update(MandateOf("acme", "0101234567", gap + On("from", "2099-01-01")), "earlier_terms from").ok());
  EXPECT_NE(change_.proposal(), "") << "it holds today, and the day after only in 2099";
  const std::string none = " earlier_terms {" + On("from", "2026-01-01") + On("to", "2027-01-01") + "}";
  ASSERT_TRUE(Update(MandateOf("acme", "0101234567", none + On("from", "2027-01-01")), "earlier_terms from").ok());
  EXPECT_EQ(change_.proposal(), "") << "two terms without a gap are one";
}

TEST_F(TwoToEnd, ATermToComeThatIsTakenAwayIsAnEnd) {
  ASSERT_TRUE(Update(MandateOf("acme", "0101234567",
                               On("from", "2028-01-01") + "earlier_terms {" + On("to", "2027-01-01") + "}"),
                     "from to earlier_terms")
                  .ok());
  ASSERT_NE(change_.proposal(), "") << "the gap";
  ASSERT_TRUE(Decide(change_.proposal(), kMinh).ok());
  ASSERT_EQ(decided_.state(), api::Proposal::APPROVED);
  ASSERT_TRUE(Update(MandateOf("acme", "0101234567", On("to", "2027-06-01")), "from to earlier_terms").ok());
  EXPECT_NE(change_.proposal(), "");
}

TEST_F(TwoToEnd, WhatTwoEndedOneDoesNotBringBack) {
  ASSERT_TRUE(Terminate().ok());
  ASSERT_TRUE(Decide(change_.proposal(), kMinh).ok());
  ASSERT_TRUE(Update("provider_contract { provider: 'acme' status: CONTRACT_STATUS_ACTIVE }", "status").ok());
  EXPECT_NE(change_.proposal(), "");
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").provider_contract().status(), api::CONTRACT_STATUS_TERMINATED);
}

TEST_F(TwoToEnd, WhatEndsNothingIsDoneAtOnce) {
  ASSERT_TRUE(Update("provider_contract { provider: 'acme' status: CONTRACT_STATUS_SUSPENDED }", "status").ok());
  EXPECT_EQ(change_.proposal(), "");
  ASSERT_TRUE(Update(ContractOf("acme", On("to", "2028-01-01")), "to").ok()) << "later";
  EXPECT_EQ(change_.proposal(), "");
  ASSERT_TRUE(Update(ContractOf("acme", "name: 'x'"), "name").ok());
  EXPECT_EQ(change_.proposal(), "");
  ASSERT_TRUE(Import({MandateOf("acme", "0101234568")}).ok());
  EXPECT_TRUE(imported_.entered());
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").version(), 4u);
}

TEST_F(TwoToEnd, AProposalThatWasOvertakenFails) {
  ASSERT_TRUE(Terminate().ok());
  const std::string id = change_.proposal();
  ASSERT_TRUE(Update(ContractOf("acme", "name: 'renewed'"), "name", kMinh).ok());
  ASSERT_TRUE(Decide(id, kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::FAILED);
  EXPECT_THAT(decided_.decision_reason(), HasSubstr("version 2"));
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").provider_contract().status(), api::CONTRACT_STATUS_ACTIVE);
  EXPECT_TRUE(Proposals().empty());
}

TEST_F(TwoToEnd, ADeletionThatWasOvertakenFailsToo) {
  ASSERT_TRUE(Remove(MandateOf("acme", "0101234567")).ok());
  const std::string id = change_.proposal();
  ASSERT_TRUE(Update(MandateOf("acme", "0101234567", "message_types: 203"), "message_types").ok());
  ASSERT_TRUE(Decide(id, kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::FAILED);
  ASSERT_TRUE(Remove(MandateOf("acme", "0101234567")).ok());
  ASSERT_TRUE(Decide(change_.proposal(), kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::APPROVED);
  EXPECT_EQ(contracts_->snapshot()->sizes().mandates, 0u);
}

TEST_F(TwoToEnd, AProposalLapses) {
  ASSERT_TRUE(Terminate().ok());
  const std::string id = change_.proposal();
  clock_->AdvanceBy(std::chrono::hours(24 * 7) - Span(1));
  EXPECT_EQ(Proposals().size(), 1u);
  clock_->AdvanceBy(Span(1));
  EXPECT_TRUE(Proposals().empty());
  ASSERT_EQ(Proposals(true).size(), 1u);
  EXPECT_EQ(Proposals(true)[0].state(), api::Proposal::LAPSED);
  EXPECT_EQ(Decide(id, kMinh).reason(), "admin.proposal_closed"_reason);
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").version(), 1u);
}

TEST_F(TwoToEnd, ARejectedProposalDoesNothingEvenIfItsAuthorRejectsIt) {
  ASSERT_TRUE(Terminate().ok());
  ASSERT_TRUE(Decide(change_.proposal(), kLan, false).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::REJECTED);
  EXPECT_EQ(Decide(decided_.id(), kMinh).reason(), "admin.proposal_closed"_reason);
  EXPECT_EQ(Decide("p999999", kMinh).reason(), "admin.not_found"_reason);
}

TEST_F(TwoToEnd, AProposalSaysWhatItWouldDoAndOutlivesARestart) {
  ASSERT_TRUE(Terminate().ok());
  const std::string id = change_.proposal();
  Open();
  const auto open = Proposals();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].id(), id);
  EXPECT_EQ(open[0].author(), "Lan");
  EXPECT_EQ(open[0].reason(), "changed");
  EXPECT_THAT(open[0].summary(), HasSubstr("provider_contract acme"));
  ASSERT_EQ(open[0].shown_size(), 1);
  EXPECT_EQ(open[0].shown(0).provider_contract().status(), api::CONTRACT_STATUS_TERMINATED);
  EXPECT_EQ(open[0].shown(0).version(), 1u);
  ASSERT_TRUE(Decide(id, kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::APPROVED);
}

TEST_F(TwoToEnd, WhatCouldNotBeEnteredIsNotProposed) {
  EXPECT_EQ(Update("provider_contract { provider: 'acme' status: CONTRACT_STATUS_TERMINATED message_types: 999 }",
                   "status message_types")
                .reason(),
            "contract.invalid"_reason);
  EXPECT_EQ(
      Update("provider_contract { provider: 'acme' status: CONTRACT_STATUS_TERMINATED } version: 7", "status").reason(),
      "store.conflict"_reason);
  EXPECT_TRUE(Proposals(true).empty());
}

TEST_F(TwoToEnd, ACrashBetweenTheActAndItsNoteIsMendedByApprovingAgain) {
  ASSERT_TRUE(Terminate().ok());
  const std::string id = change_.proposal();
  auto ended = contracts_->snapshot()->Get(ContractKind::kProviderContract, "acme")->item;
  std::get<ProviderContract>(ended).status = ContractStatus::kTerminated;
  ASSERT_TRUE(contracts_->Put(ended, {"Lan", "as if approved", clock_->Now()}).ok());
  ASSERT_TRUE(Decide(id, kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::APPROVED);
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").version(), 2u) << "done once";
}

TEST_F(TwoToEnd, ProposalsThatWaitAreBounded) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Terminate().ok());
  EXPECT_EQ(Terminate().reason(), "admin.too_many_proposals"_reason);
  clock_->AdvanceBy(std::chrono::hours(24 * 7));
  EXPECT_TRUE(Terminate().ok()) << "lapsed ones wait no more";
}

TEST_F(TwoToImport, AnImportWaitsForSomebodyElse) {
  std::vector<std::string> rows;
  for (int i = 0; i < 1200; ++i) rows.push_back(MandateOf("acme", std::to_string(1000000000 + i)));
  ASSERT_TRUE(Import(rows).ok());
  EXPECT_FALSE(imported_.entered());
  EXPECT_EQ(imported_.created(), 1200u);
  const std::string id = imported_.proposal();
  EXPECT_EQ(contracts_->snapshot()->sizes().mandates, 1u);
  ASSERT_EQ(Proposals().size(), 1u);
  EXPECT_EQ(Proposals()[0].items(), 1200u);
  EXPECT_EQ(Proposals()[0].shown_size(), 20);
  ASSERT_TRUE(Decide(id, kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::APPROVED);
  EXPECT_EQ(contracts_->snapshot()->sizes().mandates, 1201u);
  EXPECT_TRUE(Terminate().ok());
  EXPECT_EQ(change_.proposal(), "") << "one contract is ended by one person here";
}

TEST_F(TwoToImport, AnImportMayChangeWhatIsThere) {
  ASSERT_TRUE(Import({MandateOf("acme", "0101234567", "message_types: 203"), MandateOf("acme", "0101234568")}).ok());
  ASSERT_TRUE(Decide(imported_.proposal(), kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::APPROVED) << decided_.decision_reason();
  EXPECT_EQ(Get(api::MANDATE, "acme/0101234567").version(), 2u);
}

TEST_F(TwoToImport, OfAnImportThatWasOvertakenNothingIsEntered) {
  ASSERT_TRUE(Import({MandateOf("acme", "0101234568"), MandateOf("acme", "0101234569")}).ok());
  const std::string id = imported_.proposal();
  ASSERT_TRUE(Create(MandateOf("acme", "0101234569", On("to", "2028-01-01"))).ok());
  ASSERT_TRUE(Decide(id, kMinh).ok());
  EXPECT_EQ(decided_.state(), api::Proposal::FAILED);
  EXPECT_EQ(contracts_->snapshot()->sizes().mandates, 2u);
}

TEST_F(TwoToImport, FaultsDryRunsAndWhatIsThereAlreadyNeedNobody) {
  ASSERT_TRUE(Import({MandateOf("beta", "0101234567")}).ok());
  EXPECT_EQ(imported_.errors_total(), 1u);
  ASSERT_TRUE(Import({MandateOf("acme", "0101234568")}, true).ok());
  EXPECT_EQ(imported_.proposal(), "");
  ASSERT_TRUE(Import({MandateOf("acme", "0101234567")}).ok());
  EXPECT_EQ(imported_.unchanged(), 1u);
  EXPECT_EQ(imported_.proposal(), "");
  EXPECT_TRUE(Proposals(true).empty());
}

TEST_F(ContractDeskTest, OnePersonDoesItAllUnlessTheSwitchSaysOtherwise) {
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  ASSERT_TRUE(Update("provider_contract { provider: 'acme' status: CONTRACT_STATUS_TERMINATED }", "status").ok());
  EXPECT_EQ(change_.proposal(), "");
  ASSERT_TRUE(Import({ContractOf("beta")}).ok());
  EXPECT_TRUE(imported_.entered());
}

}  // namespace
}  // namespace tvan
