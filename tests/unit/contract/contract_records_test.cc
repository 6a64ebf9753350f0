#include "gateway/contract/contract_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/core/tagged.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Time Day(const char* text) { return *ParseDate(text); }

StoredContract Acme() {
  StoredContract stored;
  ProviderContract& c = stored.contract;
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

TEST(ContractRecords, AContractComesBackAsItWasWritten) {
  const auto read = DecodeContract(EncodeContract(Acme()));
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  const ProviderContract& c = read->contract;
  EXPECT_EQ(c.provider.value(), "acme");
  EXPECT_EQ(c.name, "Công ty Acme");
  EXPECT_EQ(c.status, ContractStatus::kSuspended);
  EXPECT_EQ(c.dates.from, Day("2026-01-01"));
  EXPECT_EQ(c.dates.to, Day("2027-01-01"));
  EXPECT_EQ(c.tax_codes, Acme().contract.tax_codes);
  EXPECT_EQ(c.certificates, Acme().contract.certificates);
  EXPECT_THAT(c.message_types, ElementsAre(200, 203));
  EXPECT_TRUE(c.refuse_authority_header);
  EXPECT_TRUE(c.warn_breaks_on_forward);
  EXPECT_TRUE(c.allow_legacy_sha1);
  EXPECT_TRUE(c.allow_enveloped_on_object);
  EXPECT_EQ(c.max_in_flight, 7u);
  ASSERT_EQ(read->statuses.size(), 2u);
  EXPECT_EQ(read->statuses[1].since, Day("2026-06-01"));
}

TEST(ContractRecords, AnOpenEndAndSwitchesOffComeBackToo) {
  StoredContract stored = Acme();
  stored.contract.dates.to = kForever;
  stored.contract.refuse_authority_header = false;
  stored.contract.warn_breaks_on_forward = false;
  const auto read = DecodeContract(EncodeContract(stored));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->contract.dates.to, kForever);
  EXPECT_FALSE(read->contract.refuse_authority_header);
  EXPECT_FALSE(read->contract.warn_breaks_on_forward);
}

TEST(ContractRecords, EachAllowanceOfSignaturesHasAFieldOfItsOwn) {
  StoredContract stored = Acme();
  stored.contract.allow_legacy_sha1 = false;
  EXPECT_FALSE(DecodeContract(EncodeContract(stored))->contract.allow_legacy_sha1);
  EXPECT_TRUE(DecodeContract(EncodeContract(stored))->contract.allow_enveloped_on_object);
  stored.contract.allow_legacy_sha1 = true;
  stored.contract.allow_enveloped_on_object = false;
  EXPECT_TRUE(DecodeContract(EncodeContract(stored))->contract.allow_legacy_sha1);
  EXPECT_FALSE(DecodeContract(EncodeContract(stored))->contract.allow_enveloped_on_object);
}

TEST(ContractRecords, RecordsOfAnOlderGatewayAllowNothingAndRegisterNobody) {
  TaggedWriter change;
  change.Unsigned(1, 2).Signed(2, 0);
  TaggedWriter body;
  body.Bytes(1, "acme").Signed(4, 0).Signed(5, kForever.us).Bytes(12, change.bytes());
  const auto contract = DecodeContract(body.bytes());
  ASSERT_TRUE(contract.ok()) << contract.status().ToString();
  EXPECT_FALSE(contract->contract.allow_legacy_sha1);
  EXPECT_FALSE(contract->contract.allow_enveloped_on_object);
  const auto mandate = DecodeMandate(body.Bytes(3, "0101234567").bytes());
  ASSERT_TRUE(mandate.ok()) << mandate.status().ToString();
  EXPECT_THAT(mandate->mandate.signer_certificates, IsEmpty());
  EXPECT_THAT(mandate->mandate.delegates, IsEmpty());
}

TEST(ContractRecords, AMandateComesBackAsItWasWritten) {
  StoredMandate stored;
  stored.mandate.provider = ProviderId::Trusted("acme");
  stored.mandate.mst = TaxCode::Trusted("0101234567");
  stored.mandate.dates = {Day("2026-01-01"), kForever};
  stored.mandate.message_types = {206};
  stored.mandate.signer_certificates = {std::string(64, 'c'), std::string(64, 'd')};
  stored.mandate.delegates = {TaxCode::Trusted("0107777777"), TaxCode::Trusted("0108888888-001")};
  stored.statuses = {{ContractStatus::kActive, Day("2026-01-01")}};
  const auto read = DecodeMandate(EncodeMandate(stored));
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(read->mandate.id(), "acme/0101234567");
  EXPECT_EQ(read->mandate.dates.to, kForever);
  EXPECT_THAT(read->mandate.message_types, ElementsAre(206));
  EXPECT_EQ(read->mandate.signer_certificates, stored.mandate.signer_certificates);
  EXPECT_EQ(read->mandate.delegates, stored.mandate.delegates);
}

TEST(ContractRecords, UnknownFieldsOfANewerGatewayAreSkipped) {
  TaggedWriter more;
  more.Bytes(99, "later");
  EXPECT_TRUE(DecodeContract(EncodeContract(Acme()) + more.bytes()).ok());
}

TEST(ContractRecords, ACutBodyIsDamaged) {
  const std::string body = EncodeContract(Acme());
  EXPECT_EQ(DecodeContract(body.substr(0, body.size() - 1)).status().reason().text(), "contract.damaged");
  EXPECT_EQ(DecodeContract("").status().reason().text(), "contract.damaged");
}

TEST(ContractRecords, AnUnknownStatusIsDamaged) {
  TaggedWriter change;
  change.Unsigned(1, 9).Signed(2, 0);
  TaggedWriter more;
  more.Bytes(12, change.bytes());
  EXPECT_EQ(DecodeContract(EncodeContract(Acme()) + more.bytes()).status().reason().text(), "contract.damaged");
}

TEST(ContractRecords, AStatusIsThatOfItsTime) {
  const auto statuses = Acme().statuses;
  EXPECT_EQ(StatusAt(statuses, Day("2026-05-31")), ContractStatus::kActive);
  EXPECT_EQ(StatusAt(statuses, Day("2026-06-01")), ContractStatus::kSuspended);
  EXPECT_EQ(StatusAt(statuses, Day("2020-01-01")), ContractStatus::kActive) << "before the first entry: the first one";
}

}  // namespace
}  // namespace tvan
