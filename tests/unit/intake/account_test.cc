// GetAccount: a provider's own contract, quotas and certificates, and what ends soon.
#include "gateway/intake/account.h"

#include <gmock/gmock.h>

#include "gateway/core/local_day.h"
#include "gateway/intake/convert.h"
#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
const ProviderId kAcme = ProviderId::Trusted("acme");
constexpr Span kDay = std::chrono::hours(24);

class AccountTest : public testing::Test {
 protected:
  ProviderContract Contract() { return *world_.contracts->snapshot()->Find(kAcme); }
  void Put(const ProviderContract& contract) {
    const auto put = world_.contracts->Put(contract, {"test", "test", world_.clock->Now()});
    ASSERT_TRUE(put.ok()) << put.status().ToString();
  }
  v1::GetAccountResponse Ask(std::optional<Time> certificate_ends = std::nullopt) {
    const auto account = accounts_.Of(kAcme, {IntakeWorld::kAcmeCertificate, certificate_ends});
    EXPECT_TRUE(account.ok()) << account.status().ToString();
    return account.ok() ? *account : v1::GetAccountResponse();
  }
  static std::vector<std::string> RulesOf(const v1::GetAccountResponse& account) {
    std::vector<std::string> rules;
    for (const v1::Finding& note : account.notes()) rules.push_back(note.rule_id() + " " + note.text_en());
    return rules;
  }
  Time Midnight(int days) { return BeginOfDay(LocalDay(world_.clock->Now()) + days); }
  IntakeWorld world_;
  Accounts accounts_{{.max_in_flight_per_provider = 256}, *world_.contracts, *world_.store, *world_.clock};
};

TEST_F(AccountTest, SaysWhatTheContractSays) {
  ProviderContract contract = Contract();
  contract.name = "Acme";
  contract.earlier = {{*ParseDate("2025-01-01"), *ParseDate("2025-07-01")}};
  contract.dates = {*ParseDate("2026-01-01"), *ParseDate("2028-01-01")};
  contract.message_types = {203, 300};
  contract.classes = {MessageClass::kUncoded, MessageClass::kErrorNotice};
  Put(contract);
  const v1::GetAccountResponse account = Ask();
  EXPECT_EQ(account.provider(), "acme");
  EXPECT_EQ(account.name(), "Acme");
  EXPECT_EQ(account.status(), "active");
  EXPECT_TRUE(account.in_force());
  ASSERT_EQ(account.terms_size(), 2);
  EXPECT_EQ(FromProto(account.terms(0).to()), *ParseDate("2025-07-01"));
  EXPECT_EQ(FromProto(account.terms(1).from()), *ParseDate("2026-01-01"));
  EXPECT_FALSE(Ask().certificates(0).has_from() || Ask().certificates(0).has_to()) << "open";
  EXPECT_EQ(FromProto(account.as_of()), world_.clock->Now());
  EXPECT_THAT(account.message_types(), ElementsAre(203, 300));
  EXPECT_THAT(account.message_classes(), ElementsAre(v1::MESSAGE_CLASS_UNCODED, v1::MESSAGE_CLASS_ERROR_NOTICE));
  EXPECT_THAT(account.tax_codes(), ElementsAre("0109999999"));
  EXPECT_EQ(account.mandates(), 1U);
  EXPECT_EQ(account.contract_version(), "provider_contract/acme@2");
  EXPECT_THAT(account.notes(), IsEmpty());
}

TEST_F(AccountTest, ASuspendedContractIsNotInForce) {
  ProviderContract contract = Contract();
  contract.status = ContractStatus::kSuspended;
  Put(contract);
  EXPECT_FALSE(Ask().in_force());
  EXPECT_EQ(Ask().status(), "suspended");
}

TEST_F(AccountTest, SaysWhatIsLeftOfTheDay) {
  ProviderContract contract = Contract();
  contract.quotas = {.per_second = 50, .burst = 0, .per_day = 3, .bytes_per_day = 1'000'000};
  Put(contract);
  const SubmitInput message = world_.Signed(Spec203(1));
  const uint64_t size = message.submission.bytes.size();
  ASSERT_EQ(world_.Submit(message).kind, SubmitOutcome::Kind::kReceipt);
  const auto quota = Ask().quota();
  EXPECT_EQ(quota.per_second(), 50U);
  EXPECT_EQ(quota.burst(), 50U) << "one second's";
  EXPECT_EQ(quota.used_today(), 1U);
  EXPECT_EQ(quota.left_today(), 2U);
  EXPECT_EQ(quota.bytes_used_today(), size);
  EXPECT_EQ(quota.bytes_left_today(), 1'000'000 - size);
  EXPECT_EQ(FromProto(quota.renews_at()), Midnight(1));
  EXPECT_EQ(quota.per_day(), 3U);
  EXPECT_EQ(quota.bytes_per_day(), 1'000'000U);
  EXPECT_EQ(quota.max_in_flight(), 256U);
  world_.clock->AdvanceTo(Midnight(1));
  EXPECT_EQ(Ask().quota().left_today(), 3U);
  contract.quotas.burst = 7;
  contract.max_in_flight = 9;
  Put(contract);
  EXPECT_EQ(Ask().quota().burst(), 7U);
  EXPECT_EQ(Ask().quota().max_in_flight(), 9U);
}

TEST_F(AccountTest, WithoutTheCountOfTheDayThereIsNoAnswer) {
  world_.store->SetReads(MemoryStore::Reads::kFail);
  EXPECT_EQ(accounts_.Of(kAcme, {}).status().reason(), "store.io"_reason);
}

TEST_F(AccountTest, ALimitBelowWhatWasUsedLeavesNothing) {
  ASSERT_EQ(world_.Submit(world_.Signed(Spec203(1))).kind, SubmitOutcome::Kind::kReceipt);
  ProviderContract contract = Contract();
  contract.quotas.bytes_per_day = 1;
  Put(contract);
  EXPECT_EQ(Ask().quota().bytes_left_today(), 0U);
}

TEST_F(AccountTest, NamesItsCertificatesAndTheOneOfThisCall) {
  ProviderContract contract = Contract();
  BoundCertificate old(std::string(64, 'd'));
  old.revoked_at = world_.clock->Now();
  contract.certificates.push_back(old);
  Put(contract);
  const Time ends = world_.clock->Now() + 400 * kDay;
  const v1::GetAccountResponse account = Ask(ends);
  ASSERT_EQ(account.certificates_size(), 2);
  EXPECT_TRUE(account.certificates(0).this_call());
  EXPECT_EQ(FromProto(account.certificates(0).expires_at()), ends);
  EXPECT_FALSE(account.certificates(0).revoked());
  EXPECT_FALSE(account.certificates(1).this_call());
  EXPECT_TRUE(account.certificates(1).revoked());
  EXPECT_FALSE(account.certificates(1).has_expires_at());
  EXPECT_THAT(account.notes(), IsEmpty()) << "what has ended does not end soon";
}

TEST_F(AccountTest, SaysFromWhenUntilWhenACertificateIsBound) {
  ProviderContract contract = Contract();
  BoundCertificate& bound = contract.certificates[0];
  bound.from = Midnight(-1);
  bound.to = Midnight(50);
  Put(contract);
  EXPECT_EQ(FromProto(Ask().certificates(0).from()), Midnight(-1));
  EXPECT_EQ(FromProto(Ask().certificates(0).to()), Midnight(50));
  EXPECT_THAT(Ask().notes(), IsEmpty());
  bound.revoked_at = Midnight(40);
  Put(contract);
  EXPECT_EQ(FromProto(Ask().certificates(0).to()), Midnight(40)) << "what comes first";
  EXPECT_FALSE(Ask().certificates(0).revoked());
  bound.revoked_at = Midnight(1);
  Put(contract);
  EXPECT_THAT(RulesOf(Ask()), ElementsAre(HasSubstr("within 1 days"))) << "revoked in a few hours";
}

TEST_F(AccountTest, NotesOnceWhatEndsWithin30DaysOr7Or1) {
  ProviderContract contract = Contract();
  contract.dates = {Time{}, Midnight(8)};
  Put(contract);
  EXPECT_THAT(RulesOf(Ask()), ElementsAre(HasSubstr("contract.ends_soon Contract \"acme\" ends at 2026-11-29")));
  EXPECT_THAT(RulesOf(Ask()).front(), HasSubstr("within 30 days"));
  world_.clock->AdvanceTo(Midnight(1));
  EXPECT_THAT(RulesOf(Ask()).front(), HasSubstr("within 7 days"));
}

TEST_F(AccountTest, ATermThatIsFollowedAtOnceDoesNotEnd) {
  ProviderContract contract = Contract();
  contract.earlier = {{Time{}, Midnight(2)}};
  contract.dates = {Midnight(2), Midnight(100)};
  Put(contract);
  EXPECT_THAT(Ask().notes(), IsEmpty());
  contract.dates = {Midnight(3), Midnight(100)};
  Put(contract);
  EXPECT_THAT(RulesOf(Ask()), ElementsAre(HasSubstr("contract.ends_soon"))) << "there is a day between";
}

TEST_F(AccountTest, NotesACertificateThatEndsByItself) {
  EXPECT_THAT(RulesOf(Ask(world_.clock->Now() + 20 * kDay)),
              ElementsAre(HasSubstr("contract.certificate_ends_soon Certificate aaaa")));
  EXPECT_THAT(Ask(world_.clock->Now() + 40 * kDay).notes(), IsEmpty());
  ProviderContract contract = Contract();
  contract.certificates[0].to = world_.clock->Now() + 5 * kDay;
  contract.certificates.push_back(std::string(64, 'd'));
  Put(contract);
  EXPECT_THAT(RulesOf(Ask(world_.clock->Now() + 20 * kDay)),
              ElementsAre(AllOf(HasSubstr("Certificate aaaa"), HasSubstr("within 7 days"))))
      << "the binding ends first, and of the other nobody knows";
}

TEST_F(AccountTest, AnAccountThatIsGoneIsNobodys) {
  const auto answer = accounts_.Of(ProviderId::Trusted("nobody"), {});
  EXPECT_EQ(answer.status().reason(), "intake.unknown_certificate"_reason);
}

}  // namespace
}  // namespace tvan
