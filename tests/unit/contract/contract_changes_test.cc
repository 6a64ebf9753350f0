// Deleting, the history, lists in pages, what would be if, and who hears of a change.
#include "gateway/contract/contract_records.h"
#include "tests/unit/contract/book_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Cert(char digit) { return std::string(64, digit); }

class Changes : public BookWorld {};

TEST_F(Changes, WhatIsDeletedIsGoneAndItsVersionsGoOn) {
  PutBoth();
  EXPECT_EQ(Deleted(ContractKind::kProviderContract, "acme"), "contract.in_use") << "there is a mandate";
  EXPECT_EQ(Deleted(ContractKind::kMandate, "acme/0101234567", 7), "store.conflict");
  EXPECT_EQ(Deleted(ContractKind::kMandate, "acme/0101234567", 1), "deleted");
  EXPECT_EQ(Deleted(ContractKind::kMandate, "acme/0101234567"), "contract.not_found");
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.no_mandate"));
  Reload();
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.no_mandate"));
  EXPECT_EQ(book_->snapshot()->CountMandates(Provider("acme")), 0u);
  EXPECT_EQ(Deleted(ContractKind::kProviderContract, "acme"), "deleted");
  EXPECT_EQ(book_->snapshot()->FindByCertificate(Cert('a')), nullptr);
  EXPECT_EQ(Refused(Contract("other", 'a')), "accepted") << "the certificate is free";
  EXPECT_EQ(Refused(MandateOf("acme")), "contract.invalid") << "under no contract";
  EXPECT_EQ(Refused(Contract("acme", 'b'), 0), "accepted") << "it is new again";
  EXPECT_EQ(book_->snapshot()->Get(ContractKind::kProviderContract, "acme")->version, 3u);
  EXPECT_EQ(Refused(Contract("acme", 'b'), 0), "store.conflict") << "and now it is not";
}

TEST_F(Changes, AHistoryTellsEveryVersionNewestFirst) {
  PutBoth();
  Mandate mandate = MandateOf("acme");
  mandate.status = ContractStatus::kSuspended;
  ASSERT_TRUE(book_->Put(mandate, {"Lan", "by phone", kNow}).ok());
  ASSERT_EQ(Deleted(ContractKind::kMandate, mandate.id()), "deleted");
  const auto all = book_->History(ContractKind::kMandate, mandate.id(), 0, 10).value();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_FALSE(all[0].item) << "deleted";
  EXPECT_EQ(all[1].version, 2u);
  EXPECT_EQ(all[1].author, "Lan");
  EXPECT_EQ(all[1].reason, "by phone");
  EXPECT_EQ(all[1].changed_at, kNow);
  EXPECT_EQ(std::get<Mandate>(*all[1].item).status, ContractStatus::kSuspended);
  EXPECT_EQ(std::get<Mandate>(*all[2].item).status, ContractStatus::kActive);
  const auto page = book_->History(ContractKind::kMandate, mandate.id(), 3, 1).value();
  ASSERT_EQ(page.size(), 1u);
  EXPECT_EQ(page[0].version, 2u);
  EXPECT_THAT(book_->History(ContractKind::kMandate, "acme/0301111111", 0, 10).value(), IsEmpty());
}

TEST_F(Changes, ListsComeInPagesInOrder) {
  Put(Contract("acme-2", 'b'));
  Put(Contract("acme", 'a'));
  std::vector<std::string> expected;
  for (const char* provider : {"acme", "acme-2"})
    for (int i = 0; i < 150; ++i) {
      const std::string mst = "01012" + std::to_string(34000 + i * 7) + (i % 3 == 0 ? "-001" : "");
      Put(MandateOf(provider, Mst(mst)));
      expected.push_back(std::string(provider) + "/" + mst);
    }
  std::vector<std::string> listed;
  for (std::string after;;) {
    const auto page = book_->snapshot()->List(ContractKind::kMandate, after, 7);
    if (page.empty()) break;
    for (const auto& one : page) listed.push_back(IdOf(one.item));
    after = listed.back();
  }
  EXPECT_EQ(listed, expected);
  EXPECT_EQ(book_->snapshot()->List(ContractKind::kMandate, "", 1000).size(), 300u) << "and in one page";
  EXPECT_EQ(book_->snapshot()->CountMandates(Provider("acme")), 150u);
  EXPECT_EQ(book_->snapshot()->sizes().mandates, 300u);
  EXPECT_EQ(book_->snapshot()->sizes().contracts, 2u);
  EXPECT_EQ(IdOf(book_->snapshot()->List(ContractKind::kMandate, "acme-2/", 1)[0].item), expected[150]);
  EXPECT_EQ(IdOf(book_->snapshot()->List(ContractKind::kProviderContract, "acme", 5).at(0).item), "acme-2");
}

TEST_F(Changes, ProvidersOfATaxpayerStandInOrderWhateverCameFirst) {
  for (const auto& [id, certificate] : {std::pair{"gamma", 'c'}, {"acme", 'a'}, {"beta", 'b'}}) {
    Put(Contract(id, certificate));
    Put(MandateOf(id));
  }
  EXPECT_THAT(book_->snapshot()->ProvidersOf(kSeller, kNow),
              ElementsAre(Provider("acme"), Provider("beta"), Provider("gamma")));
}

TEST_F(Changes, TheFirstDayOfAStatusIsKeptThroughLaterOnes) {
  PutBoth();
  Mandate mandate = MandateOf("acme");
  for (const ContractStatus status : {ContractStatus::kSuspended, ContractStatus::kActive}) {
    mandate.status = status;
    Put(mandate, kNow);
  }
  const auto stored = Decode(ContractKind::kMandate, mandate.id(),
                             store_->RecordHistory("mandate", mandate.id(), {.limit = 1}).value().back().body);
  const std::vector<StatusSince> expected = {{ContractStatus::kActive, Day("2026-01-01")},
                                             {ContractStatus::kSuspended, kNow},
                                             {ContractStatus::kActive, kNow}};
  EXPECT_EQ(std::get<Stored<Mandate>>(*stored).statuses, expected);
}

TEST_F(Changes, ASimulationChangesNothing) {
  PutBoth();
  ProviderContract ended = Contract("acme", 'a');
  ended.dates.to = Day("2026-11-20");
  std::vector<ContractSnapshot::ItemFault> faults;
  const auto before = book_->snapshot();
  const auto after = before->With({MandateOf("beta"), ended, Contract("beta", 'b')}, kNow, faults);
  ASSERT_THAT(faults, IsEmpty()) << "contracts go first";
  EXPECT_THAT(RulesOf(after->Decide({Provider("acme"), kSeller, 203, "", kNow}).faults),
              ElementsAre("contract.provider_expired"));
  EXPECT_TRUE(after->Decide({Provider("beta"), kSeller, 203, "", kNow}).allowed());
  EXPECT_THAT(Decide(kNow), IsEmpty());
  EXPECT_EQ(book_->snapshot()->Find(Provider("beta")), nullptr);
  EXPECT_EQ(before->With({MandateOf("acme"), MandateOf("gamma"), MandateOf("acme")}, kNow, faults), nullptr);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0].index, 1u) << "there is no such provider";
  EXPECT_EQ(faults[1].index, 2u) << "named twice";
}

}  // namespace
}  // namespace tvan
