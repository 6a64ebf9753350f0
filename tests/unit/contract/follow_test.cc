// Gateways that share a store: each one's book follows what the others entered, and loses nothing of its own.
#include "gateway/contract/contract_records.h"
#include "tests/unit/contract/book_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Follow : public BookWorld {
 protected:
  Follow() {
    auto other = ContractBook::Load(*store_, rules_);
    other_ = *std::move(other);
  }
  void Enter(const ContractItem& item) { ASSERT_TRUE(other_->Put(item, {"Lan", "test", kNow}).ok()); }
  void FollowContract() { ASSERT_TRUE(book_->Follow(ContractKind::kProviderContract, {"acme"}).ok()); }
  void FollowMandate() { ASSERT_TRUE(book_->Follow(ContractKind::kMandate, {"acme/0101234567"}).ok()); }
  std::unique_ptr<ContractBook> other_;
};

TEST_F(Follow, WhatAnotherGatewayEnteredHoldsWithTheNextMessage) {
  Enter(Contract("acme", 'a'));
  Enter(MandateOf("acme"));
  EXPECT_FALSE(Verdict(kNow).allowed());
  FollowMandate();  // in whatever order they are told of
  FollowContract();
  EXPECT_THAT(Decide(kNow), IsEmpty());
  EXPECT_EQ(Verdict(kNow).version, other_->snapshot()->Decide({Provider("acme"), kSeller, 203, "", kNow}).version);
  EXPECT_NE(book_->snapshot()->FindByCertificate(std::string(64, 'a')), nullptr);
}

TEST_F(Follow, AnEndThatAnotherGatewayEnteredIsAnEnd) {
  PutBoth();
  ASSERT_TRUE(other_->Follow(ContractKind::kProviderContract, {"acme"}).ok());
  ProviderContract contract = Contract("acme", 'b');
  contract.status = ContractStatus::kSuspended;
  Enter(contract);
  FollowContract();
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.provider_suspended"));
  EXPECT_EQ(book_->snapshot()->FindByCertificate(std::string(64, 'a')), nullptr) << "its certificate is another one";
}

TEST_F(Follow, WhatAnotherGatewayDeletedIsGone) {
  PutBoth();
  ASSERT_TRUE(other_->Follow(ContractKind::kProviderContract, {"acme"}).ok());
  ASSERT_TRUE(other_->Follow(ContractKind::kMandate, {"acme/0101234567"}).ok());
  ASSERT_TRUE(other_->Delete(ContractKind::kMandate, "acme/0101234567", {"Lan", "test", kNow}).ok());
  FollowMandate();
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.no_mandate"));
  FollowMandate();
  EXPECT_EQ(book_->snapshot()->CountMandates(Provider("acme")), 0u) << "once";
}

TEST_F(Follow, AChangeOfWhatWasNotFollowedYetIsAConflictAndNotAnOverwriting) {
  PutBoth();
  ASSERT_TRUE(other_->Follow(ContractKind::kProviderContract, {"acme"}).ok());
  Enter(Contract("acme", 'c'));
  EXPECT_EQ(Refused(Contract("acme", 'd')), "store.conflict");
  FollowContract();
  EXPECT_EQ(Refused(Contract("acme", 'd')), "accepted");
}

TEST_F(Follow, AFactOfTheAuthorityIsLearnedBesideWhatAnotherGatewayLearnedMeanwhile) {
  const auto status = [](const char* code, const char* since) {
    Taxpayer taxpayer;
    taxpayer.mst = kSeller;
    taxpayer.statuses.push_back({.code = code, .since = Day(since), .source = code, .known_at = kNow});
    return taxpayer;
  };
  ASSERT_TRUE(other_->Learn({status("00", "2020-01-01")}, {"authority", "507", kNow}).ok());
  ASSERT_TRUE(book_->Learn({status("01", "2026-11-01")}, {"authority", "507", kNow}).ok());
  EXPECT_EQ(book_->snapshot()->FindTaxpayer(kSeller)->statuses.size(), 2u);
  Reload();
  EXPECT_EQ(book_->snapshot()->FindTaxpayer(kSeller)->statuses.size(), 2u) << "in the store, too";
}

TEST_F(Follow, ItsOwnChangesComeBackAndChangeNothing) {
  PutBoth();
  const auto before = book_->snapshot();
  FollowContract();
  FollowMandate();
  ASSERT_TRUE(book_->Follow(ContractKind::kMandate, {"never/was"}).ok());
  EXPECT_EQ(before->Get(ContractKind::kMandate, "acme/0101234567")->version,
            book_->snapshot()->Get(ContractKind::kMandate, "acme/0101234567")->version);
  EXPECT_THAT(Decide(kNow), IsEmpty());
}

TEST_F(Follow, WhatCannotBeReadStaysAsItWas) {
  PutBoth();
  store_->SetReads(MemoryStore::Reads::kFail);
  EXPECT_FALSE(book_->Follow(ContractKind::kMandate, {"acme/0101234567"}).ok());
  EXPECT_THAT(Decide(kNow), IsEmpty());
}

}  // namespace
}  // namespace tvan
