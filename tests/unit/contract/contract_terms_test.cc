// Terms, certificates with dates, classes, direct senders, agreement, delegation: what each does to a verdict, and what
// is refused, one change from what is taken.
#include "tests/unit/contract/book_world.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = ContractVerdict::Kind;

std::string Cert(char digit) { return std::string(64, digit); }

class Terms : public BookWorld {
 protected:
  std::string Judge(char certificate, Time at) {
    const auto fault = book_->snapshot()->JudgeCertificate(Cert(certificate), at);
    return fault ? std::string(fault->rule.text()) : "holds";
  }
  void PutAgreement(Dates dates, ContractStatus status = ContractStatus::kActive, Time now = Day("2026-01-01")) {
    Agreement agreement;
    agreement.number = "01/TCT";
    agreement.dates = dates;
    agreement.status = status;
    Put(agreement, now);
  }
};

TEST_F(Terms, ARecordHoldsInEachOfItsTermsAndNotBetweenThem) {
  PutBoth();
  Mandate mandate = MandateOf("acme");
  mandate.earlier = {{Day("2026-02-01"), Day("2026-03-01")}};
  mandate.dates = {Day("2026-04-01"), Day("2026-12-01")};
  Put(mandate);
  Reload();
  EXPECT_THAT(Decide(Day("2026-02-01") - kSecond), ElementsAre("contract.mandate_not_started"));
  EXPECT_THAT(Decide(Day("2026-02-15")), IsEmpty());
  EXPECT_THAT(Decide(Day("2026-03-01")), ElementsAre("contract.mandate_not_started"));
  EXPECT_THAT(Verdict(Day("2026-03-01")).faults[0].values, ElementsAre("0101234567", "2026-04-01"));
  EXPECT_THAT(Decide(Day("2026-04-01")), IsEmpty());
  EXPECT_THAT(Decide(Day("2026-12-01")), ElementsAre("contract.mandate_expired"));
}

TEST_F(Terms, OneThatBeginsWhenAnotherEndsIsNoOverlapAndOneDayEarlierIs) {
  ProviderContract contract = Contract("acme", 'a');
  contract.earlier = {{Day("2025-01-01"), Day("2026-01-01")}};
  EXPECT_EQ(Refused(contract), "accepted");
  contract.earlier[0].to = Day("2026-01-02");
  EXPECT_EQ(Refused(contract), "contract.overlap");
  contract.earlier = {{Day("2027-01-01"), Day("2028-01-01")}};
  EXPECT_EQ(Refused(contract), "accepted") << "entered in any order";
  EXPECT_EQ(book_->snapshot()->Find(Provider("acme"))->dates.to, Day("2028-01-01")) << "the last one is its own";
  contract.earlier = {{Day("2026-03-01"), Day("2026-04-01")}};
  EXPECT_EQ(Refused(contract), "contract.overlap") << "one within another";
  contract.earlier = {{Day("2025-01-01"), Day("2025-01-01")}};
  EXPECT_EQ(Refused(contract), "contract.invalid") << "an empty one";
  contract.earlier = {{Day("2024-01-01"), Day("2025-01-01") + kSecond}};
  EXPECT_EQ(Refused(contract), "contract.invalid") << "not at midnight";
  contract.earlier.assign(64, {Day("2024-01-01"), Day("2025-01-01")});
  EXPECT_EQ(Refused(contract), "contract.invalid") << "too many";
}

TEST_F(Terms, ACertificateHoldsWithinItsOwnDatesUntilItIsRevoked) {
  ProviderContract contract = Contract("acme", 'a');
  BoundCertificate dated(Cert('b'));
  dated.from = Day("2026-03-01");
  dated.to = Day("2026-09-01");
  contract.certificates.push_back(dated);
  Put(contract);
  EXPECT_EQ(Judge('a', Day("2026-01-01")), "holds");
  EXPECT_EQ(Judge('b', Day("2026-03-01") - kSecond), "contract.certificate_not_yet");
  EXPECT_EQ(Judge('b', Day("2026-03-01")), "holds");
  EXPECT_EQ(Judge('b', Day("2026-09-01") - kSecond), "holds");
  EXPECT_EQ(Judge('b', Day("2026-09-01")), "contract.certificate_ended");
  EXPECT_EQ(Judge('c', Day("2026-03-01")), "contract.certificate_unknown");
  EXPECT_NE(book_->snapshot()->FindByCertificate(Cert('b')), nullptr) << "whatever dates say";
  contract.certificates[1].revoked_at = *ParseTime("2026-05-01T10:11:12+07:00");
  Put(contract);
  EXPECT_EQ(Judge('b', *ParseTime("2026-05-01T10:11:11+07:00")), "holds");
  EXPECT_EQ(Judge('b', *ParseTime("2026-05-01T10:11:12+07:00")), "contract.certificate_revoked");
  EXPECT_EQ(Judge('a', *ParseTime("2026-05-01T10:11:12+07:00")), "holds") << "the other one";
}

TEST_F(Terms, BadCertificatesAreRefusedOneChangeFromGoodOnes) {
  ProviderContract contract = Contract("acme", 'a');
  contract.certificates.push_back(Cert('b'));
  EXPECT_EQ(Refused(contract), "accepted");
  const auto with = [&](auto change) {
    ProviderContract bad = contract;
    change(bad.certificates[1]);
    return Refused(bad);
  };
  EXPECT_EQ(with([](auto& c) { c.sha256 = std::string(64, 'A'); }), "contract.invalid") << "the same once more";
  EXPECT_EQ(with([](auto& c) { c.sha256.pop_back(); }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.to = c.from; }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.note = "line\nfeed"; }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.note = std::string(201, 'x'); }), "contract.invalid");
}

TEST_F(Terms, ClassesAreLimitedByTheContract) {
  PutBoth();
  ProviderContract contract = Contract("acme", 'a');
  contract.classes = {MessageClass::kUncoded, MessageClass::kErrorNotice};
  Put(contract);
  EXPECT_THAT(Decide(kNow, 203), IsEmpty());
  EXPECT_THAT(Decide(kNow, 300), IsEmpty());
  EXPECT_THAT(Decide(kNow, 200), ElementsAre("contract.class_not_allowed"));
  contract.classes = {MessageClass::kTechnical};
  EXPECT_EQ(Refused(contract), "contract.invalid");
}

TEST_F(Terms, ADirectSenderSendsItsOwnDataOnly) {
  ProviderContract direct = Contract("acme", 'a');
  direct.direct_sender = true;
  direct.tax_codes = {kSeller, Mst("0101234567-001")};
  EXPECT_EQ(Refused(direct), "accepted");
  EXPECT_EQ(Refused(MandateOf("acme", Mst("0101234567-001"))), "accepted");
  EXPECT_EQ(Refused(MandateOf("acme", Mst("0109999999"))), "contract.invalid");
  ProviderContract fewer = direct;
  fewer.tax_codes = {kSeller};
  EXPECT_EQ(Refused(fewer), "contract.invalid") << "a mandate would be left that is not its own";
  fewer.direct_sender = false;
  EXPECT_EQ(Refused(fewer), "accepted");
  EXPECT_EQ(Refused(MandateOf("acme", Mst("0109999999"))), "accepted");
  EXPECT_EQ(Refused(direct), "contract.invalid") << "it serves somebody else by now";
}

TEST_F(Terms, OurOwnAgreementHoldsWhatIsTakenAndRefusesNothing) {
  PutBoth();
  EXPECT_THAT(Decide(kNow), IsEmpty()) << "without one it is not judged";
  PutAgreement({Day("2026-01-01"), Day("2026-11-20")});
  Reload();
  const ContractVerdict verdict = Verdict(kNow);
  EXPECT_EQ(verdict.kind, Kind::kHold);
  EXPECT_TRUE(verdict.of_agreement);
  EXPECT_THAT(RulesOf(verdict.faults), ElementsAre("contract.agreement_expired"));
  EXPECT_THAT(verdict.version, HasSubstr(",authority_agreement/authority@1"));
  EXPECT_EQ(Verdict(Day("2026-11-19")).kind, Kind::kAllow);
  EXPECT_EQ(Verdict(kNow, 203, Mst("0301111111")).kind, Kind::kRefuse) << "the mandate weighs more";
  EXPECT_FALSE(Verdict(kNow, 203, Mst("0301111111")).of_agreement);
  PutAgreement({Day("2026-01-01"), kForever}, ContractStatus::kSuspended);
  EXPECT_THAT(RulesOf(Verdict(kNow).faults), ElementsAre("contract.agreement_suspended"));
}

TEST_F(Terms, AtReleaseTheProviderStopsNothingAndTheMandateIsJudgedAsOfAcceptance) {
  PutBoth();
  ProviderContract contract = Contract("acme", 'a');
  contract.status = ContractStatus::kTerminated;
  contract.message_types = {200};
  Put(contract);
  const auto release = [&](Time accepted, Time now) {
    return book_->snapshot()->DecideRelease({Provider("acme"), kSeller, 203, "", accepted}, now);
  };
  EXPECT_EQ(Verdict(kNow).kind, Kind::kRefuse);
  EXPECT_EQ(release(kNow, kNow).kind, Kind::kAllow);
  EXPECT_EQ(release(kNow, kNow).version, Verdict(kNow).version) << "comparable with what was kept at acceptance";
  EXPECT_EQ(release(Day("2026-11-30"), Day("2027-06-01")).kind, Kind::kAllow) << "the mandate held when it was taken";
  EXPECT_EQ(release(Day("2026-12-01"), Day("2026-12-01")).kind, Kind::kHold);
  EXPECT_FALSE(release(Day("2026-12-01"), Day("2026-12-01")).of_agreement);
  PutAgreement({Day("2026-01-01"), Day("2027-01-01")});
  EXPECT_EQ(release(kNow, Day("2027-01-01") - kSecond).kind, Kind::kAllow);
  EXPECT_EQ(release(kNow, Day("2027-01-01")).kind, Kind::kHold) << "as of now";
  EXPECT_TRUE(release(kNow, Day("2027-01-01")).of_agreement);
}

TEST_F(Terms, WhoMaySignForTheTaxpayerIsSaidByMandateAndDelegations) {
  PutBoth();
  Mandate mandate = MandateOf("acme");
  mandate.delegates = {Mst("0107777777")};
  mandate.signer_certificates = {Cert('c')};
  Put(mandate);
  Delegation delegation{kSeller, Mst("0108888888"), ContractStatus::kActive, {Day("2026-05-01"), Day("2026-06-01")}, {},
                        {203}};
  Put(delegation);
  Taxpayer taxpayer;
  taxpayer.mst = kSeller;
  taxpayer.signers = {Cert('d'), Cert('c')};
  taxpayer.signers[0].to = Day("2026-06-01");
  Put(taxpayer);
  Reload();
  const auto delegates = [&](Time at, int type = 203) {
    return book_->snapshot()->DelegatesOf(Provider("acme"), kSeller, type, at);
  };
  const auto signers = [&](Time at) { return book_->snapshot()->SignersOf(Provider("acme"), kSeller, at); };
  EXPECT_THAT(delegates(Day("2026-05-01")), ElementsAre(Mst("0107777777"), Mst("0108888888")));
  EXPECT_THAT(delegates(Day("2026-05-01"), 206), ElementsAre(Mst("0107777777"))) << "not for this type";
  EXPECT_THAT(delegates(Day("2026-06-01")), ElementsAre(Mst("0107777777"))) << "it ended";
  EXPECT_THAT(delegates(Day("2026-12-01")), IsEmpty()) << "the mandate ended";
  EXPECT_THAT(signers(Day("2026-05-01")), ElementsAre(Cert('c'), Cert('d')));
  EXPECT_THAT(signers(Day("2026-06-01")), ElementsAre(Cert('c')));
  EXPECT_THAT(signers(Day("2026-12-01")), ElementsAre(Cert('c'))) << "what the taxpayer registered itself";
  EXPECT_THAT(book_->snapshot()->DelegatesOf(Provider("beta"), kSeller, 203, Day("2026-06-01")), IsEmpty());
  EXPECT_EQ(Refused(delegation), "accepted");
  delegation.delegate = kSeller;
  EXPECT_EQ(Refused(delegation), "contract.invalid") << "to oneself";
}

TEST_F(Terms, AVerdictEndsWhenTheFirstOfWhatItRestsOnDoes) {
  PutBoth();
  const auto ends = [&](Time at) { return book_->snapshot()->EndsAt({Provider("acme"), kSeller, 203, "1", at}); };
  EXPECT_EQ(ends(kNow), Day("2026-12-01")) << "the mandate's end";
  PutAgreement({Day("2026-01-01"), Day("2026-11-25")});
  EXPECT_EQ(ends(kNow), Day("2026-11-25"));
  Agreement next;
  next.earlier = {{Day("2026-01-01"), Day("2026-11-25")}};
  next.dates = {Day("2026-11-25"), kForever};
  Put(next);
  EXPECT_EQ(ends(kNow), Day("2026-12-01")) << "the next term begins where this one ends";
  Taxpayer taxpayer;
  taxpayer.mst = kSeller;
  taxpayer.decisions = {{true, Day("2026-11-22"), "1", "s", kNow}};
  Put(taxpayer);
  EXPECT_EQ(ends(kNow), Day("2026-11-22"));
  taxpayer.decisions = {{true, Day("2026-11-10"), "1", "s", kNow, StopKind::kUnsaid, Day("2026-11-15")}};
  Put(taxpayer);
  EXPECT_EQ(ends(Day("2026-11-12")), Day("2026-11-12"));
  EXPECT_EQ(ends(Day("2026-11-15")), Day("2026-12-01")) << "the stop ended";
  taxpayer.decisions.clear();
  Put(taxpayer);
  taxpayer.statuses = {{"03", Day("2026-11-21"), "s", kNow}};
  Put(taxpayer);
  EXPECT_EQ(ends(kNow), Day("2026-11-21"));
  EXPECT_EQ(ends(Day("2026-12-05")), Day("2026-12-05")) << "it does not hold then";
  Mandate open = MandateOf("acme", Mst("0302222222"));
  open.dates.to = kForever;
  Put(open);
  ProviderContract contract = Contract("acme", 'a');
  contract.dates.to = kForever;
  Put(contract);
  EXPECT_EQ(book_->snapshot()->EndsAt({Provider("acme"), open.mst, 203, "", kNow}), kForever);
}

TEST_F(Terms, HostileTextsAreRefusedOneChangeFromGoodOnes) {
  ProviderContract good = Contract("acme", 'a');
  good.name = "Công ty Acme";
  good.contacts.assign(16, {"technical", "Minh", "m@acme.example", "+84"});
  EXPECT_EQ(Refused(good), "accepted");
  const auto with = [&](auto change) {
    ProviderContract bad = good;
    change(bad);
    return Refused(bad);
  };
  EXPECT_EQ(with([](auto& c) { c.name = std::string(401, 'x'); }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.name = std::string(10'000'000, 'x'); }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.name = "a\x1b[2Jb"; }), "contract.invalid") << "moves a cursor";
  EXPECT_EQ(with([](auto& c) { c.name = "\xff"; }), "contract.invalid") << "no UTF-8";
  EXPECT_EQ(with([](auto& c) { c.number = std::string(101, '1'); }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.contacts.push_back(c.contacts[0]); }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.contacts[3].phone = "1\n2"; }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.tax_codes.assign(257, c.tax_codes[0]); }), "contract.invalid");
  EXPECT_EQ(with([](auto& c) { c.message_types.assign(257, 203); }), "contract.invalid");
  Agreement agreement;
  agreement.note = "gia hạn\tnăm sau";
  EXPECT_EQ(Refused(agreement), "contract.invalid");
  agreement.note = "gia hạn năm sau";
  EXPECT_EQ(Refused(agreement), "accepted");
}

}  // namespace
}  // namespace tvan
