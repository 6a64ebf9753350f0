#include "gateway/contract/contract_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/contract/taxpayer_facts.h"
#include "gateway/core/hex.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Time Day(const char* text) { return *ParseDate(text); }

template <class Record>
Stored<Record> Back(const Stored<Record>& stored) {
  const auto read = Decode(KindOf(stored.record), IdOf(stored.record), Encode(stored));
  EXPECT_TRUE(read.ok()) << read.status().ToString();
  return read.ok() ? std::get<Stored<Record>>(*read) : Stored<Record>();
}

std::string Why(ContractKind kind, const std::string& id, const std::string& body) {
  const auto read = Decode(kind, id, body);
  return read.ok() ? "read" : std::string(read.status().reason().text());
}
std::string WhyAcme(const std::string& body) { return Why(ContractKind::kProviderContract, "acme", body); }

// As gateways wrote it before there were terms, classes and quotas.
Stored<ProviderContract> OldAcme() {
  Stored<ProviderContract> stored;
  ProviderContract& c = stored.record;
  c.provider = ProviderId::Trusted("acme");
  c.name = "Công ty Acme";
  c.status = ContractStatus::kSuspended;
  c.dates = {Day("2026-01-01"), Day("2027-01-01")};
  c.tax_codes = {TaxCode::Trusted("0109999999"), TaxCode::Trusted("0109999999-001")};
  c.certificates = {std::string(64, 'a'), std::string(64, 'b')};
  c.message_types = {200, 203};
  c.refuse_authority_header = true;
  c.warn_breaks_on_forward = true;
  c.allow_legacy_sha1 = true;
  c.allow_enveloped_on_object = true;
  c.max_in_flight = 7;
  stored.statuses = {{ContractStatus::kActive, Day("2026-01-01")}, {ContractStatus::kSuspended, Day("2026-06-01")}};
  return stored;
}

Stored<ProviderContract> Acme() {
  Stored<ProviderContract> stored = OldAcme();
  ProviderContract& c = stored.record;
  c.number = "07/2026/HĐ-TVAN";
  c.earlier = {{Day("2024-01-01"), Day("2025-01-01")}, {Day("2025-03-01"), Day("2026-01-01")}};
  BoundCertificate dated(std::string(64, 'c'));
  dated.from = Day("2026-02-01");
  dated.to = Day("2026-09-01");
  dated.revoked_at = *ParseTime("2026-08-01T10:11:12+07:00");
  dated.note = "HSM 2";
  c.certificates.push_back(dated);
  c.classes = {MessageClass::kUncoded, MessageClass::kSummary};
  c.quotas = {50, 100, 20'000, 5'000'000'000};
  c.contacts = {{"technical", "Minh", "minh@acme.example", "+84 1"}, {"night", "", "", "+84 2"}};
  c.direct_sender = true;
  return stored;
}

Stored<Mandate> Seller() {
  Stored<Mandate> stored;
  stored.record.provider = ProviderId::Trusted("acme");
  stored.record.mst = TaxCode::Trusted("0101234567");
  stored.record.dates = {Day("2026-01-01"), kForever};
  stored.record.message_types = {206};
  stored.record.signer_certificates = {std::string(64, 'c'), std::string(64, 'd')};
  stored.record.delegates = {TaxCode::Trusted("0107777777"), TaxCode::Trusted("0108888888-001")};
  stored.statuses = {{ContractStatus::kActive, Day("2026-01-01")}};
  return stored;
}

Taxpayer KnownSeller() {
  Taxpayer t;
  t.mst = TaxCode::Trusted("0101234567");
  t.statuses = {{"00", Day("2020-01-01"), "V1", Day("2026-01-02")}, {"03", Day("2026-05-01"), "V2", Day("2026-05-02")}};
  t.decisions = {
      {true, Day("2026-04-01"), "12/QĐ", "V3", Day("2026-04-02")},
      {false, Day("2026-06-01"), "13/QĐ", "V4", Day("2026-06-02")},
      {true, Day("2026-07-01"), "14/QĐ", "V5", Day("2026-06-02"), StopKind::kEnforcement, Day("2026-08-01")},
      {false, Day("2026-07-15"), "15/QĐ", "V6", Day("2026-06-02"), StopKind::kEnforcement, kForever, "14/QĐ"}};
  t.registrations = {{true,
                      Day("2024-01-01"),
                      {MessageClass::kCoded, MessageClass::kCashRegister},
                      "12",
                      "A1B2C",
                      "V5",
                      Day("2024-01-02")},
                     {false, Day("2025-01-01"), {}, "", "", "V6", Day("2025-01-02")}};
  BoundCertificate signer(std::string(64, 'e'));
  signer.to = Day("2027-01-01");
  t.signers = {signer};
  return t;
}

TEST(ContractRecords, AContractComesBackAsItWasWritten) {
  const auto read = Back(Acme());
  const ProviderContract &c = read.record, was = Acme().record;
  EXPECT_EQ(c.provider.value(), "acme");
  EXPECT_EQ(c.name, "Công ty Acme");
  EXPECT_EQ(c.number, was.number);
  EXPECT_EQ(c.status, ContractStatus::kSuspended);
  EXPECT_EQ(c.dates, was.dates);
  EXPECT_EQ(c.earlier, was.earlier);
  EXPECT_EQ(c.tax_codes, was.tax_codes);
  EXPECT_THAT(c.certificates, ::testing::UnorderedElementsAreArray(was.certificates));
  EXPECT_THAT(c.message_types, ElementsAre(200, 203));
  EXPECT_EQ(c.classes, was.classes);
  EXPECT_EQ(c.quotas, was.quotas);
  EXPECT_EQ(c.contacts, was.contacts);
  EXPECT_TRUE(c.refuse_authority_header);
  EXPECT_TRUE(c.warn_breaks_on_forward);
  EXPECT_TRUE(c.allow_legacy_sha1);
  EXPECT_TRUE(c.allow_enveloped_on_object);
  EXPECT_TRUE(c.direct_sender);
  EXPECT_EQ(c.max_in_flight, 7u);
  EXPECT_EQ(read.statuses, Acme().statuses);
}

TEST(ContractRecords, AnOpenEndAndSwitchesOffComeBackToo) {
  auto stored = Acme();
  stored.record.dates.to = kForever;
  stored.record.refuse_authority_header = false;
  stored.record.warn_breaks_on_forward = false;
  stored.record.direct_sender = false;
  const ProviderContract read = Back(stored).record;
  EXPECT_EQ(read.dates.to, kForever);
  EXPECT_FALSE(read.refuse_authority_header);
  EXPECT_FALSE(read.warn_breaks_on_forward);
  EXPECT_FALSE(read.direct_sender);
}

TEST(ContractRecords, EachAllowanceOfSignaturesHasAFieldOfItsOwn) {
  auto stored = Acme();
  stored.record.allow_legacy_sha1 = false;
  EXPECT_FALSE(Back(stored).record.allow_legacy_sha1);
  EXPECT_TRUE(Back(stored).record.allow_enveloped_on_object);
  stored.record.allow_legacy_sha1 = true;
  stored.record.allow_enveloped_on_object = false;
  EXPECT_TRUE(Back(stored).record.allow_legacy_sha1);
  EXPECT_FALSE(Back(stored).record.allow_enveloped_on_object);
}

TEST(ContractRecords, AMandateComesBackAsItWasWritten) {
  auto stored = Seller();
  stored.record.earlier = {{Day("2020-01-01"), Day("2021-01-01")}};
  const Mandate read = Back(stored).record;
  EXPECT_EQ(read.id(), "acme/0101234567");
  EXPECT_EQ(read.dates.to, kForever);
  EXPECT_EQ(read.earlier, stored.record.earlier);
  EXPECT_THAT(read.message_types, ElementsAre(206));
  EXPECT_EQ(read.signer_certificates, stored.record.signer_certificates);
  EXPECT_EQ(read.delegates, stored.record.delegates);
}

TEST(ContractRecords, AgreementAndDelegationComeBackAsTheyWereWritten) {
  Stored<Agreement> agreement;
  agreement.record = {ContractStatus::kActive,
                      {Day("2026-01-01"), Day("2027-01-01")},
                      {{Time{}, Day("2025-01-01")}},
                      "01/TCT",
                      "gia hạn"};
  agreement.statuses = {{ContractStatus::kActive, Day("2026-01-01")}};
  const Agreement read = Back(agreement).record;
  EXPECT_EQ(read.dates, agreement.record.dates);
  EXPECT_EQ(read.earlier, agreement.record.earlier);
  EXPECT_EQ(read.number, "01/TCT");
  EXPECT_EQ(read.note, "gia hạn");
  Stored<Delegation> delegation;
  delegation.record = {TaxCode::Trusted("0101234567"),
                       TaxCode::Trusted("0107777777"),
                       ContractStatus::kTerminated,
                       {Day("2026-01-01"), kForever},
                       {},
                       {203}};
  delegation.statuses = {{ContractStatus::kActive, Day("2026-01-01")},
                         {ContractStatus::kTerminated, Day("2026-02-01")}};
  const auto back = Back(delegation);
  EXPECT_EQ(back.record.id(), "0101234567/0107777777");
  EXPECT_EQ(back.record.status, ContractStatus::kTerminated);
  EXPECT_THAT(back.record.message_types, ElementsAre(203));
  EXPECT_EQ(back.statuses, delegation.statuses);
}

TEST(ContractRecords, WhatIsKnownOfATaxpayerComesBackAsItWasWritten) {
  const Taxpayer was = KnownSeller(), t = Back(Stored<Taxpayer>{was, {}, 0, {}}).record;
  ASSERT_EQ(t.statuses.size(), 2u);
  EXPECT_EQ(t.statuses[1].code, "03");
  EXPECT_EQ(t.statuses[1].since, was.statuses[1].since);
  EXPECT_EQ(t.statuses[1].source, "V2");
  EXPECT_EQ(t.statuses[1].known_at, was.statuses[1].known_at);
  ASSERT_EQ(t.decisions.size(), 4u);
  EXPECT_TRUE(t.decisions[0].stop);
  EXPECT_FALSE(t.decisions[1].stop);
  EXPECT_EQ(t.decisions[0].number, "12/QĐ");
  EXPECT_EQ(t.decisions[0].from, was.decisions[0].from);
  EXPECT_EQ(t.decisions[0].kind, StopKind::kUnsaid);
  EXPECT_EQ(t.decisions[0].to, kForever);
  EXPECT_EQ(t.decisions[2].kind, StopKind::kEnforcement);
  EXPECT_EQ(t.decisions[2].to, was.decisions[2].to);
  EXPECT_EQ(t.decisions[3].answers, "14/QĐ");
  ASSERT_EQ(t.registrations.size(), 2u);
  EXPECT_TRUE(t.registrations[0].accepted);
  EXPECT_FALSE(t.registrations[1].accepted);
  EXPECT_EQ(t.registrations[0].classes, was.registrations[0].classes);
  EXPECT_EQ(t.registrations[0].kinds, "12");
  EXPECT_EQ(t.registrations[0].register_range, "A1B2C");
  EXPECT_EQ(t.registrations[0].known_at, was.registrations[0].known_at);
  EXPECT_EQ(t.signers, was.signers);
}

// Written down once, read for ever: what stands on disk is never written otherwise, nor understood otherwise.
TEST(ContractRecords, BodiesAreThoseOfTheFormat) {
  EXPECT_EQ(HexLower({reinterpret_cast<const uint8_t*>(Encode(OldAcme()).data()), Encode(OldAcme()).size()}),
            "010461636d6504088090b681cdd0a30605088090d5c29efcb10608029003080296030c0d01010202088090b681cdd0a3"
            "060c0d0101030208809083a280c8a906020d43c3b46e672074792041636d65060a30313039393939393939060e303130"
            "393939393939392d30303107406161616161616161616161616161616161616161616161616161616161616161616161"
            "616161616161616161616161616161616161616161616161616161616107406262626262626262626262626262626262"
            "626262626262626262626262626262626262626262626262626262626262626262626262626262626262626262626209"
            "01010a01010d01010e01010b0107");
  Stored<Mandate> mandate = Seller();
  EXPECT_EQ(HexLower({reinterpret_cast<const uint8_t*>(Encode(mandate).data()), Encode(mandate).size()}),
            "010461636d6504088090b681cdd0a306050afeffffffffffffffff0108029c030c0d01010202088090b681cdd0a3060f"
            "406363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363"
            "63636363636363636363636363636363630f406464646464646464646464646464646464646464646464646464646464"
            "6464646464646464646464646464646464646464646464646464646464646464646464100a3031303737373737373710"
            "0e303130383838383838382d303031030a30313031323334353637");
  Taxpayer taxpayer;
  taxpayer.mst = TaxCode::Trusted("0101234567");
  taxpayer.decisions = {
      {true, Day("2026-04-01"), "1", "V3", Day("2026-04-02")},
      {true, Day("2026-04-01"), "1", "V3", Day("2026-04-02"), StopKind::kUse, Day("2026-08-01")},
      {false, Day("2026-07-15"), "2", "V6", Day("2026-06-02"), StopKind::kEnforcement, kForever, "1"}};
  const std::string body = EncodeTaxpayer(taxpayer);
  EXPECT_EQ(HexLower({reinterpret_cast<const uint8_t*>(body.data()), body.size()}),
            "030a303130313233343536371a1e01010102088090f4dc9c95a7060301310402563305088090afbaa09aa7061a2b010101"
            "02088090f4dc9c95a7060301310402563305088090afbaa09aa7060601010708809092e7e3faab061a2401010002088090"
            "a7b2a4a5ab060301320402563605088090beff83cda906060102080131");
}

TEST(ContractRecords, RecordsOfAnOlderGatewayAllowNothingAndRegisterNobody) {
  TaggedWriter change;
  change.Unsigned(1, 2).Signed(2, 0);
  TaggedWriter body;
  body.Bytes(1, "acme").Signed(4, 0).Signed(5, kForever.us).Bytes(12, change.bytes());
  const auto contract = Decode(ContractKind::kProviderContract, "acme", body.bytes());
  ASSERT_TRUE(contract.ok()) << contract.status().ToString();
  const ProviderContract& c = std::get<Stored<ProviderContract>>(*contract).record;
  EXPECT_FALSE(c.allow_legacy_sha1 || c.allow_enveloped_on_object || c.direct_sender);
  EXPECT_EQ(c.quotas, Quotas());
  EXPECT_THAT(c.classes, IsEmpty());
  const auto mandate = Decode(ContractKind::kMandate, "acme/0101234567", body.Bytes(3, "0101234567").bytes());
  ASSERT_TRUE(mandate.ok()) << mandate.status().ToString();
  EXPECT_THAT(std::get<Stored<Mandate>>(*mandate).record.signer_certificates, IsEmpty());
  EXPECT_THAT(std::get<Stored<Mandate>>(*mandate).record.delegates, IsEmpty());
}

TEST(ContractRecords, UnknownFieldsOfANewerGatewayAreSkipped) {
  TaggedWriter more;
  more.Bytes(99, "later");
  EXPECT_EQ(WhyAcme(Encode(Acme()) + more.bytes()), "read");
  EXPECT_EQ(Why(ContractKind::kTaxpayer, "0101234567", EncodeTaxpayer(KnownSeller()) + more.bytes()), "read");
}

TEST(ContractRecords, ABodyUnderAnotherIdIsDamaged) {
  EXPECT_EQ(WhyAcme(Encode(Acme())), "read");
  EXPECT_EQ(Why(ContractKind::kProviderContract, "beta", Encode(Acme())), "contract.damaged");
  EXPECT_EQ(Why(ContractKind::kMandate, "acme", Encode(Acme())), "contract.damaged");
}

TEST(ContractRecords, ACutBodyIsDamaged) {
  const std::string body = Encode(Acme());
  EXPECT_EQ(WhyAcme(body.substr(0, body.size() - 1)), "contract.damaged");
  EXPECT_EQ(WhyAcme(""), "contract.damaged");
  const std::string facts = EncodeTaxpayer(KnownSeller());
  EXPECT_EQ(Why(ContractKind::kTaxpayer, "0101234567", facts.substr(0, facts.size() - 1)), "contract.damaged");
}

TEST(ContractRecords, AnUnknownStatusIsDamaged) {
  TaggedWriter change;
  change.Unsigned(1, 9).Signed(2, 0);
  TaggedWriter more;
  more.Bytes(12, change.bytes());
  EXPECT_EQ(WhyAcme(Encode(Acme()) + more.bytes()), "contract.damaged");
}

TEST(ContractRecords, AStatusIsThatOfItsTime) {
  const auto statuses = Acme().statuses;
  EXPECT_EQ(StatusAt(statuses, Day("2026-05-31")), ContractStatus::kActive);
  EXPECT_EQ(StatusAt(statuses, Day("2026-06-01")), ContractStatus::kSuspended);
  EXPECT_EQ(StatusAt(statuses, Day("2020-01-01")), ContractStatus::kActive) << "before the first entry: the first one";
}

TEST(ContractRecords, AHistoryOfStatusesKeepsTheNewest) {
  std::vector<StatusSince> statuses;
  for (int i = 0; i < 300; ++i)
    statuses = WithStatus(statuses, i % 2 == 0 ? ContractStatus::kActive : ContractStatus::kSuspended, Time{i});
  ASSERT_EQ(statuses.size(), kMostStatusChanges);
  EXPECT_EQ(statuses.back().since, Time{299});
  EXPECT_EQ(statuses.front().since, Time{300 - static_cast<int64_t>(kMostStatusChanges)});
  EXPECT_EQ(WithStatus(statuses, ContractStatus::kSuspended, Time{400}), statuses) << "it is that already";
}

TEST(TaxpayerFacts, TheLastOneCountsInWhateverOrderTheyStand) {
  Taxpayer turned = KnownSeller();
  std::swap(turned.statuses[0], turned.statuses[1]);
  std::swap(turned.decisions[0], turned.decisions[1]);
  const std::string body = EncodeTaxpayer(turned);
  const TaxpayerFacts facts = FactsAt(body, Day("2026-06-02"));
  EXPECT_EQ(facts.status->code, "03");
  EXPECT_FALSE(facts.stop) << "what lets go on came later";
}

TEST(TaxpayerFacts, AreThoseOfTheTimeAskedAbout) {
  const std::string body = EncodeTaxpayer(KnownSeller());
  const TaxpayerFacts none = FactsAt(body, Day("2019-01-01"));
  EXPECT_FALSE(none.status || none.stop);
  EXPECT_EQ(none.registered.classes, 0u);
  const TaxpayerFacts stopped = FactsAt(body, Day("2026-05-01"));
  EXPECT_EQ(stopped.status->code, "03");
  EXPECT_EQ(stopped.status->known_at, Day("2026-05-02"));
  ASSERT_TRUE(stopped.stop);
  EXPECT_EQ(stopped.stop->number, "12/QĐ");
  EXPECT_EQ(stopped.registered.classes, 1u << 1 | 1u << 3) << "the refused one does not count";
  EXPECT_EQ(stopped.registered.kinds, 1u << 1 | 1u << 2);
  EXPECT_EQ(FactsAt(body, Day("2026-04-30")).status->code, "00");
  EXPECT_FALSE(FactsAt(body, Day("2026-06-01")).stop) << "it may continue";
  EXPECT_EQ(FactsAt(body, Day("2026-07-14")).stop->number, "14/QĐ");
  EXPECT_FALSE(FactsAt(body, Day("2026-07-15")).stop) << "by its kind and number";
}

}  // namespace
}  // namespace tvan
