#include "gateway/contract/contract_book.h"

#include <thread>

#include "store/keys.h"
#include "tests/unit/contract/book_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Book : public BookWorld {
 protected:
  std::vector<std::string> Why(const ContractVerdict& verdict) {
    EXPECT_EQ(verdict.allowed(), verdict.faults.empty());
    return RulesOf(verdict.faults);
  }
};

TEST_F(Book, AllowsWithTheVersionsThatDecided) {
  PutBoth();
  const auto verdict = book_->snapshot()->Decide({Provider("acme"), kSeller, 203, "", kNow});
  EXPECT_EQ(verdict.kind, ContractVerdict::Kind::kAllow);
  EXPECT_EQ(verdict.version, "provider_contract/acme@1,mandate/acme/0101234567@1");
  EXPECT_EQ(book_->snapshot()->DecideProvider(Provider("acme"), kNow).version, "provider_contract/acme@1");
}

TEST_F(Book, RefusesAnUnknownProvider) {
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.provider_unknown"));
  EXPECT_THAT(Why(book_->snapshot()->DecideProvider(Provider("acme"), kNow)), ElementsAre("contract.provider_unknown"));
  PutBoth();
  EXPECT_THAT(Decide(kNow), IsEmpty());
}

TEST_F(Book, AContractHoldsFromItsFirstInstantToBeforeItsEnd) {
  Put(Contract("acme", 'a'));
  const auto at = [&](Time t) { return Why(book_->snapshot()->DecideProvider(Provider("acme"), t)); };
  EXPECT_THAT(at(Day("2026-01-01") - kSecond), ElementsAre("contract.provider_not_started"));
  EXPECT_THAT(at(Day("2026-01-01")), IsEmpty());
  EXPECT_THAT(at(Day("2027-01-01") - kSecond), IsEmpty());
  EXPECT_THAT(at(Day("2027-01-01")), ElementsAre("contract.provider_expired"));
}

TEST_F(Book, AMandateHoldsFromItsFirstInstantToBeforeItsEnd) {
  PutBoth();
  EXPECT_THAT(Decide(Day("2026-02-01") - kSecond), ElementsAre("contract.mandate_not_started"));
  EXPECT_THAT(Decide(Day("2026-02-01")), IsEmpty());
  EXPECT_THAT(Decide(Day("2026-12-01") - kSecond), IsEmpty());
  EXPECT_THAT(Decide(Day("2026-12-01")), ElementsAre("contract.mandate_expired"));
}

TEST_F(Book, DatesEndAtMidnightInVietNamNotInUtc) {
  PutBoth();
  EXPECT_THAT(Decide(*ParseTime("2026-11-30T23:59:59+07:00")), IsEmpty());
  EXPECT_THAT(Decide(*ParseTime("2026-11-30T17:00:00Z")), ElementsAre("contract.mandate_expired"));
}

TEST_F(Book, EachStatusOfAContractSpeaksForItself) {
  PutBoth();
  ProviderContract contract = Contract("acme", 'a');
  contract.status = ContractStatus::kDraft;
  Put(contract);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.provider_draft"));
  contract.status = ContractStatus::kSuspended;
  Put(contract);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.provider_suspended"));
  contract.status = ContractStatus::kTerminated;
  Put(contract);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.provider_terminated"));
  contract.status = ContractStatus::kActive;
  EXPECT_EQ(Put(contract), 5u);
  EXPECT_THAT(Decide(kNow), IsEmpty());
}

TEST_F(Book, EachStatusOfAMandateSpeaksForItself) {
  PutBoth();
  Mandate mandate = MandateOf("acme");
  mandate.status = ContractStatus::kDraft;
  Put(mandate);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.mandate_draft"));
  mandate.status = ContractStatus::kSuspended;
  Put(mandate);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.mandate_suspended"));
  mandate.status = ContractStatus::kTerminated;
  Put(mandate);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.mandate_terminated"));
}

TEST_F(Book, ASuspensionDoesNotReachBackToWhatWasAcceptedBefore) {
  PutBoth();
  ProviderContract contract = Contract("acme", 'a');
  contract.status = ContractStatus::kSuspended;
  Put(contract, kNow);
  EXPECT_THAT(Decide(kNow - kSecond), IsEmpty());
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.provider_suspended"));
}

TEST_F(Book, AnEndEnteredAfterwardsReachesBack) {
  PutBoth();
  Mandate mandate = MandateOf("acme");
  mandate.dates.to = Day("2026-11-01");
  Put(mandate, kNow);
  EXPECT_THAT(Decide(kNow - kSecond), ElementsAre("contract.mandate_expired"));
}

TEST_F(Book, AMandateIsOfOneTaxpayer) {
  PutBoth();
  EXPECT_THAT(Decide(kNow, 203, Mst("0101234567-001")), ElementsAre("contract.no_mandate"));
  Put(MandateOf("acme", Mst("0101234567-001")));
  EXPECT_THAT(Decide(kNow, 203, Mst("0101234567-001")), IsEmpty());
}

TEST_F(Book, AMandateIsWithOneProvider) {
  Put(Contract("acme", 'a'));
  Put(Contract("other", 'b'));
  Put(MandateOf("other"));
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.no_mandate"));
  EXPECT_EQ(book_->snapshot()->Decide({Provider("other"), kSeller, 203, "", kNow}).kind, ContractVerdict::Kind::kAllow);
}

TEST_F(Book, TypesAreLimitedByContractAndMandate) {
  ProviderContract contract = Contract("acme", 'a');
  contract.message_types = {200, 203};
  Put(contract);
  Mandate mandate = MandateOf("acme");
  mandate.message_types = {203, 206};
  Put(mandate);
  EXPECT_THAT(Decide(kNow, 203), IsEmpty());
  EXPECT_THAT(Decide(kNow, 200), ElementsAre("contract.type_not_in_mandate"));
  EXPECT_THAT(Decide(kNow, 206), ElementsAre("contract.type_not_allowed"));
}

TEST_F(Book, FindsAProviderByAnyOfItsCertificates) {
  ProviderContract contract = Contract("acme", 'a');
  contract.certificates.push_back(std::string(64, 'C'));
  contract.dates = {Day("2020-01-01"), Day("2021-01-01")};
  Put(contract);
  const auto snapshot = book_->snapshot();
  ASSERT_NE(snapshot->FindByCertificate(std::string(64, 'a')), nullptr);
  ASSERT_NE(snapshot->FindByCertificate(std::string(64, 'c')), nullptr) << "stored in lower case";
  EXPECT_EQ(snapshot->FindByCertificate(std::string(64, 'a'))->provider, Provider("acme"));
  EXPECT_EQ(snapshot->FindByCertificate(std::string(64, 'd')), nullptr);
}

TEST_F(Book, ACertificateTakenOutOfAContractIsNobodysAndFree) {
  Put(Contract("acme", 'a'));
  Put(Contract("acme", 'b'));
  EXPECT_EQ(book_->snapshot()->FindByCertificate(std::string(64, 'a')), nullptr);
  Put(Contract("other", 'a'));
  EXPECT_EQ(book_->snapshot()->FindByCertificate(std::string(64, 'a'))->provider, Provider("other"));
}

TEST_F(Book, ACertificateOfTwoProvidersIsRefused) {
  Put(Contract("acme", 'a'));
  EXPECT_EQ(Refused(Contract("other", 'a')), "contract.certificate_taken");
  EXPECT_EQ(book_->snapshot()->Find(Provider("other")), nullptr);
  EXPECT_EQ(Refused(Contract("other", 'b')), "accepted");
}

TEST_F(Book, BadContractsAreRefusedOneChangeFromAGoodOne) {
  const ProviderContract good = Contract("acme", 'a');
  EXPECT_EQ(Refused(good), "accepted");
  const auto with = [&](auto change) {
    ProviderContract bad = good;
    change(bad);
    return Refused(bad);
  };
  EXPECT_EQ(with([](auto& c) { c.provider = Provider("Acme"); }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.tax_codes.clear(); }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.tax_codes = {Mst("123")}; }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.certificates = {std::string("abc")}; }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.dates.to = c.dates.from; }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.dates.to = c.dates.to + kSecond; }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.dates.from = c.dates.from + kSecond; }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.message_types = {20}; }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.message_types = {100, 106, 211, 216, 304, 401}; }), "accepted");
  for (const int type : {109, 202, 500, 777, 999})
    EXPECT_EQ(with([type](auto& c) { c.message_types = {type}; }), "contract.invalid") << type << " is not relayed";
  EXPECT_EQ(with([](auto& c) { c.status = static_cast<ContractStatus>(9); }), "contract.invalid");
}

TEST_F(Book, BadMandatesAreRefusedOneChangeFromAGoodOne) {
  Put(Contract("acme", 'a'));
  EXPECT_EQ(Refused(MandateOf("acme")), "accepted");
  EXPECT_EQ(Refused(MandateOf("other")), "contract.invalid") << "no contract with that provider";
  EXPECT_EQ(Refused(MandateOf("acme", Mst("12345"))), "contract.invalid");
  Mandate backwards = MandateOf("acme");
  std::swap(backwards.dates.from, backwards.dates.to);
  EXPECT_EQ(Refused(backwards), "contract.invalid");
}

TEST_F(Book, AMandateNamesWhoSignsForTheTaxpayer) {
  Put(Contract("acme", 'a'));
  Mandate mandate = MandateOf("acme");
  mandate.signer_certificates = {std::string(64, 'C'), std::string(64, 'c')};
  mandate.delegates = {Mst("0107777777"), Mst("0107777777")};
  Put(mandate);
  Reload();
  const auto snapshot = book_->snapshot();
  const auto kept = snapshot->FindMandate(Provider("acme"), kSeller);
  ASSERT_TRUE(kept);
  EXPECT_THAT(kept->signer_certificates, ElementsAre(std::string(64, 'c'))) << "in lower case, once";
  EXPECT_THAT(kept->delegates, ElementsAre(Mst("0107777777")));
  EXPECT_FALSE(snapshot->FindMandate(Provider("acme"), Mst("0301111111")));
  EXPECT_FALSE(snapshot->FindMandate(Provider("beta"), kSeller)) << "another provider's";
}

TEST_F(Book, BadSignersOfAMandateAreRefusedOneChangeFromAGoodOne) {
  Put(Contract("acme", 'a'));
  Mandate good = MandateOf("acme");
  good.signer_certificates.assign(32, std::string(64, 'c'));
  good.delegates.assign(32, Mst("0107777777"));
  EXPECT_EQ(Refused(good), "accepted");
  const auto with = [&](auto change) {
    Mandate bad = good;
    change(bad);
    return Refused(bad);
  };
  EXPECT_EQ(with([](auto& m) { m.signer_certificates.back() = "c0ffee"; }), "contract.invalid");
  EXPECT_EQ(with([](auto& m) { m.signer_certificates.push_back(m.signer_certificates[0]); }), "contract.invalid");
  EXPECT_EQ(with([](auto& m) { m.delegates.back() = Mst("12345"); }), "contract.invalid");
  EXPECT_EQ(with([](auto& m) { m.delegates.push_back(m.delegates[0]); }), "contract.invalid");
}

TEST_F(Book, ProvidersOfATaxpayerAreThoseWithAMandateInForce) {
  for (const auto& [id, certificate] : {std::pair{"acme", 'a'}, {"beta", 'b'}, {"gamma", 'c'}, {"delta", 'd'}})
    Put(Contract(id, certificate));
  Put(MandateOf("beta"));
  Put(MandateOf("acme"));
  Put(MandateOf("gamma", Mst("0209999999")));
  Mandate suspended = MandateOf("delta");
  suspended.status = ContractStatus::kSuspended;
  Put(suspended);
  const auto snapshot = book_->snapshot();
  EXPECT_THAT(snapshot->ProvidersOf(kSeller, kNow), ElementsAre(Provider("acme"), Provider("beta")));
  EXPECT_THAT(snapshot->ProvidersOf(kSeller, Day("2026-12-01")), IsEmpty());
  EXPECT_THAT(snapshot->ProvidersOf(Mst("0301111111"), kNow), IsEmpty());
}

TEST_F(Book, AnEndedContractEndsTheMandatesUnderIt) {
  PutBoth();
  const Time within_the_mandate = Day("2026-11-15");
  EXPECT_THAT(book_->snapshot()->ProvidersOf(kSeller, within_the_mandate), ElementsAre(Provider("acme")));
  ProviderContract contract = Contract("acme", 'a');
  contract.dates.to = Day("2026-11-01");
  Put(contract);
  EXPECT_THAT(book_->snapshot()->ProvidersOf(kSeller, within_the_mandate), IsEmpty());
}

TEST_F(Book, ASuspendedProviderKeepsItsMailboxATerminatedOneDoesNot) {
  PutBoth();
  ProviderContract contract = Contract("acme", 'a');
  contract.status = ContractStatus::kSuspended;
  Put(contract);
  EXPECT_THAT(book_->snapshot()->ProvidersOf(kSeller, kNow), ElementsAre(Provider("acme")));
  contract.status = ContractStatus::kTerminated;
  Put(contract);
  EXPECT_THAT(book_->snapshot()->ProvidersOf(kSeller, kNow), IsEmpty());
}

TEST_F(Book, AChangeShowsInTheNextSnapshotAndNotInAnOlderOne) {
  PutBoth();
  const auto before = book_->snapshot();
  Mandate mandate = MandateOf("acme");
  mandate.status = ContractStatus::kSuspended;
  Put(mandate);
  EXPECT_EQ(before->Decide({Provider("acme"), kSeller, 203, "", kNow}).kind, ContractVerdict::Kind::kAllow);
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.mandate_suspended"));
}

TEST_F(Book, EverythingIsThereAfterARestart) {
  PutBoth();
  ProviderContract contract = Contract("acme", 'a');
  contract.status = ContractStatus::kSuspended;
  Put(contract, kNow);
  Reload();
  EXPECT_THAT(Decide(kNow - kSecond), IsEmpty()) << "the status history is stored";
  EXPECT_THAT(Decide(kNow), ElementsAre("contract.provider_suspended"));
  ASSERT_EQ(book_->snapshot()->Contracts().size(), 1u);
  ASSERT_EQ(book_->snapshot()->List(ContractKind::kMandate, "", 10).size(), 1u);
  EXPECT_EQ(Put(contract), 3u) << "versions go on";
}

TEST_F(Book, ADamagedRecordIsNamedAndNothingIsLoaded) {
  OperatorRecord record;
  record.kind = "provider_contract";
  record.id = "acme";
  record.body = "\x01\x7f";
  ASSERT_TRUE(store_->PutRecord(record, 0).ok());
  const auto book = ContractBook::Load(*store_);
  ASSERT_FALSE(book.ok());
  EXPECT_EQ(book.status().reason().text(), "contract.damaged");
  EXPECT_THAT(book.status().message(), HasSubstr("provider_contract/acme"));
}

TEST_F(Book, WithoutAllOfItsRecordsThereIsNoBook) {
  PutBoth();
  store_->SetReads(MemoryStore::Reads::kFail);
  const auto book = ContractBook::Load(*store_);
  ASSERT_FALSE(book.ok());
  EXPECT_EQ(book.status().reason().text(), "contract.damaged");
  EXPECT_THAT(book.status().message(), HasSubstr("store.io"));
  store_->SetReads(MemoryStore::Reads::kGood);
  EXPECT_TRUE(ContractBook::Load(*store_).ok());
  ASSERT_TRUE(store_->Damage(Family::kRecord, keys::Newest("mandate", "acme/0101234567")));
  EXPECT_THAT(ContractBook::Load(*store_).status().message(), HasSubstr("store.damaged"));
}

TEST_F(Book, AConflictWithAnotherWriterChangesNothing) {
  Put(Contract("acme", 'a'));
  auto other = ContractBook::Load(*store_);
  ASSERT_TRUE(other.ok());
  Put(Contract("acme", 'b'));
  const auto put = (*other)->Put(Contract("acme", 'c'), {"operator", "test", kNow});
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.status().reason().text(), "store.conflict");
  EXPECT_NE((*other)->snapshot()->FindByCertificate(std::string(64, 'a')), nullptr);
}

TEST_F(Book, ReadersGoOnWhileTheBookChanges) {
  PutBoth();
  std::thread writer([&] {
    for (int i = 0; i < 50; ++i) Put(MandateOf("acme", Mst("01012345" + std::to_string(10 + i))));
  });
  for (int i = 0; i < 500; ++i)
    EXPECT_EQ(book_->snapshot()->Decide({Provider("acme"), kSeller, 203, "", kNow}).kind,
              ContractVerdict::Kind::kAllow);
  writer.join();
  EXPECT_EQ(book_->snapshot()->List(ContractKind::kMandate, "", 100).size(), 51u);
}

}  // namespace
}  // namespace tvan
