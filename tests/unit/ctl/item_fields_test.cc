// Fields of contract items as people write them: every field can be written and read back; what is wrong is named.
#include "ops/ctl/item_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string Wrong(google::protobuf::Message& inner, const std::string& path, const std::string& text) {
  const Status set = SetField(inner, path, text);
  EXPECT_EQ(set.reason(), "ctl.contract_field"_reason) << path << "=" << text;
  return set.message();
}

TEST(ItemFields, KindsAreNumberedAsTheItemsAre) {
  for (const std::string& name : KindNames()) {
    admin::ContractItem item;
    InnerOf(*KindNamed(name), item);
    EXPECT_EQ(NameOf(KindOf(item)), name);
  }
  EXPECT_EQ(KindNames().size(), static_cast<size_t>(admin::ContractItem::descriptor()->oneof_decl(0)->field_count()));
  EXPECT_EQ(KindNamed("contract").status().reason(), "ctl.contract_kind"_reason);
}

TEST(ItemFields, IdsAreWrittenAsTheBookWritesThem) {
  const auto round = [](const char* kind, const char* id) {
    admin::ContractItem item;
    const Status set = SetId(*KindNamed(kind), id, item);
    return set.ok() ? IdOf(item) : std::string(set.reason().text());
  };
  EXPECT_EQ(round("agreement", "authority"), "authority");
  EXPECT_EQ(round("provider_contract", "acme"), "acme");
  EXPECT_EQ(round("mandate", "acme/0101234567"), "acme/0101234567");
  EXPECT_EQ(round("taxpayer", "0101234567"), "0101234567");
  EXPECT_EQ(round("delegation", "0101234567/0107654321"), "0101234567/0107654321");
  EXPECT_EQ(round("agreement", "other"), "ctl.contract_id");
  EXPECT_EQ(round("mandate", "acme"), "ctl.contract_id");
  EXPECT_EQ(round("provider_contract", "acme/x"), "ctl.contract_id");
}

TEST(ItemFields, AContractIsWrittenFieldByField) {
  admin::ProviderContract contract;
  const std::vector<std::pair<std::string, std::string>> fields = {
      {"name", "Công ty, Acme"},
      {"status", "suspended"},
      {"from", "2026-01-01"},
      {"to", "2027-01-01"},
      {"tax_codes", "0109999999,0109999998"},
      {"message_types", "203,300"},
      {"max_in_flight", "7"},
      {"allow_legacy_sha1", "true"},
      {"bound_certificates", std::string(64, 'a') + "@2026-01-01..2026-06-01@2026-05-01T10:00:00+07:00@stolen"},
      {"earlier_terms", "..2025-01-01,2025-03-01..2025-12-01"},
      {"message_classes", "coded,cash_register"},
      {"quotas.per_second", "50"},
      {"quotas.bytes_per_day", "5000000000"},
      {"contacts", "night|Ca trực\\, phó|an@acme.vn|0900"},
      {"direct_sender", "true"}};
  for (const auto& [path, text] : fields) EXPECT_TRUE(SetField(contract, path, text).ok()) << path;
  for (const auto& [path, text] : fields) EXPECT_EQ(GetField(contract, path), text);
  EXPECT_EQ(contract.status(), admin::CONTRACT_STATUS_SUSPENDED);
  EXPECT_EQ(contract.quotas().bytes_per_day(), 5'000'000'000U);
  EXPECT_FALSE(contract.earlier_terms(0).has_from());
  EXPECT_EQ(ToTime(contract.earlier_terms(1).to()), *ParseDate("2025-12-01"));
  EXPECT_EQ(ToTime(contract.bound_certificates(0).revoked_at()), *ParseTime("2026-05-01T10:00:00+07:00"));
  EXPECT_EQ(FieldsOf(contract).size(), fields.size()) << "nothing else is set";
}

TEST(ItemFields, FactsOfATaxpayerAreWords) {
  admin::Taxpayer taxpayer;
  const std::vector<std::pair<std::string, std::string>> fields = {
      {"statuses", "00@,03@2026-11-20T01:00:00.000001+07:00"},
      {"decisions",
       "stop@2026-11-22@QD-1,continue@2026-12-01,stop@2026-12-02@QD-2@enforcement@2026-12-24T00:00:01+07:00,"
       "continue@2026-12-03@QD-3@use@QD-1"},
      {"registrations", "accepted@2026-01-01@coded+cash_register@1+2@A1B2C,refused@2026-02-01"},
      {"signers", std::string(64, 'b')}};
  for (const auto& [path, text] : fields) EXPECT_TRUE(SetField(taxpayer, path, text).ok()) << path;
  for (const auto& [path, text] : fields) EXPECT_EQ(GetField(taxpayer, path), text);
  EXPECT_THAT(taxpayer.registrations(0).classes(), ElementsAre(1, 3));
  EXPECT_FALSE(taxpayer.decisions(1).stop());
  EXPECT_EQ(taxpayer.decisions(2).kind(), admin::Taxpayer::Decision::ENFORCEMENT);
  EXPECT_EQ(taxpayer.decisions(3).answers(), "QD-1");
}

TEST(ItemFields, EveryFieldThatIsListedCanBeEmptied) {
  for (const std::string& name : KindNames()) {
    admin::ContractItem item;
    google::protobuf::Message& inner = InnerOf(*KindNamed(name), item);
    for (const std::string& path : FieldPaths(inner))
      EXPECT_TRUE(SetField(inner, path, "").ok()) << name << "." << path;
    EXPECT_TRUE(FieldsOf(inner).empty());
  }
}

TEST(ItemFields, AListIsReplacedNotAddedTo) {
  admin::Mandate mandate;
  ASSERT_TRUE(SetField(mandate, "message_types", "203,300").ok());
  ASSERT_TRUE(SetField(mandate, "message_types", "206").ok());
  EXPECT_THAT(mandate.message_types(), ElementsAre(206));
  ASSERT_TRUE(SetField(mandate, "message_types", "1;2", ';').ok());
  EXPECT_EQ(GetField(mandate, "message_types", ';'), "1;2");
}

TEST(ItemFields, WhatIsWrongIsNamed) {
  admin::ProviderContract contract;
  EXPECT_THAT(Wrong(contract, "colour", "red"), HasSubstr("colour: no such field; known: provider, name"));
  EXPECT_THAT(Wrong(contract, "quotas", "5"), HasSubstr("no such field"));
  EXPECT_THAT(Wrong(contract, "name.first", "x"), HasSubstr("no such field"));
  EXPECT_THAT(Wrong(contract, "status", "sleeping"), HasSubstr("one of draft, active, suspended, terminated"));
  EXPECT_THAT(Wrong(contract, "from", "tomorrow"), HasSubstr("YYYY-MM-DD"));
  EXPECT_THAT(Wrong(contract, "max_in_flight", "many"), HasSubstr("whole number"));
  EXPECT_THAT(Wrong(contract, "max_in_flight", "5x"), HasSubstr("whole number"));
  EXPECT_THAT(Wrong(contract, "max_in_flight", "-1"), HasSubstr("whole number"));
  EXPECT_THAT(Wrong(contract, "max_in_flight", "99999999999"), HasSubstr("whole number"));
  EXPECT_THAT(Wrong(contract, "direct_sender", "maybe"), HasSubstr("true or false"));
  EXPECT_THAT(Wrong(contract, "earlier_terms", "2026-01-01"), HasSubstr("FROM..TO"));
  EXPECT_THAT(Wrong(contract, "message_classes", "coded,glass"), HasSubstr("one of coded"));
  EXPECT_THAT(Wrong(contract, "contacts", "a|b|c|d|e"), HasSubstr("role|name|email|phone"));
  admin::Taxpayer taxpayer;
  EXPECT_THAT(Wrong(taxpayer, "statuses", "3@2026-01-01"), HasSubstr("CODE@SINCE"));
  EXPECT_THAT(Wrong(taxpayer, "decisions", "pause@2026-01-01"), HasSubstr("stop@FROM"));
  EXPECT_THAT(Wrong(taxpayer, "decisions", "stop@2026-01-01@1@whim"), HasSubstr("KIND use or enforcement"));
  EXPECT_THAT(Wrong(taxpayer, "registrations", "accepted@2026-01-01@glass"), HasSubstr("a class"));
}

TEST(ItemFields, TheVersionOfTheOlderCallsIsNoField) {
  EXPECT_THAT(FieldPaths(admin::Mandate()), testing::Not(Contains("version")));
  EXPECT_THAT(FieldPaths(admin::ProviderContract()), Contains("quotas.per_day"));
}

}  // namespace
}  // namespace tvan::ctl
