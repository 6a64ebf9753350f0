// What operators do with one record of the contract book at a time.
#include "adapters/signature.h"
#include "gateway/admin/admin_convert.h"
#include "gateway/core/digest.h"
#include "tests/support/fake_messages.h"
#include "tests/unit/admin/contract_world.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kA(64, 'a'), kB(64, 'b');

TEST_F(ContractDeskTest, WhatIsCreatedIsInForceAtOnceWithItsAuthorAndReason) {
  ASSERT_TRUE(Create(ContractOf("acme", "certificates: '" + kA + "'")).ok());
  EXPECT_EQ(change_.item().version(), 1u);
  EXPECT_EQ(change_.item().author(), "Lan");
  EXPECT_EQ(change_.item().reason(), "signed");
  EXPECT_EQ(FromProto(change_.item().changed_at()), clock_->Now());
  EXPECT_NE(contracts_->snapshot()->FindByCertificate(kA), nullptr);
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").SerializeAsString(), change_.item().SerializeAsString());
}

TEST_F(ContractDeskTest, AllFiveKindsAreCreatedAndFound) {
  ASSERT_TRUE(Create("agreement {" + kActive + "terms {" + On("from", "2026-01-01") + On("to", "2027-01-01") +
                     "} number: '12/TCT' }")
                  .ok());
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  ASSERT_TRUE(Create(MandateOf("acme", "0101234567")).ok());
  ASSERT_TRUE(Create("taxpayer { mst: '0101234567' statuses { code: '00'" + On("since", "2026-01-01") + "} }").ok());
  ASSERT_TRUE(Create("delegation { mst: '0101234567' delegate: '0107777777'" + kActive + "terms {} }").ok());
  EXPECT_EQ(Get(api::AGREEMENT, "authority").agreement().number(), "12/TCT");
  EXPECT_EQ(Get(api::MANDATE, "acme/0101234567").mandate().mst(), "0101234567");
  EXPECT_EQ(Get(api::TAXPAYER, "0101234567").taxpayer().statuses(0).code(), "00");
  EXPECT_EQ(Get(api::DELEGATION, "0101234567/0107777777").delegation().delegate(), "0107777777");
}

TEST_F(ContractDeskTest, WhatIsThereIsNotCreatedAgainAndWhatIsNotIsNotUpdated) {
  EXPECT_EQ(Update(ContractOf("acme"), "name").reason(), "admin.not_found"_reason);
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  EXPECT_EQ(Create(ContractOf("acme")).reason(), "admin.exists"_reason);
}

TEST_F(ContractDeskTest, AMandateWantsItsContract) {
  EXPECT_EQ(Create(MandateOf("acme", "0101234567")).reason(), "contract.invalid"_reason);
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  EXPECT_TRUE(Create(MandateOf("acme", "0101234567")).ok());
}

TEST_F(ContractDeskTest, OnlyTheFieldsOfTheMaskChange) {
  ASSERT_TRUE(Create(ContractOf("acme", "name: 'Acme' max_in_flight: 7 quotas { per_second: 5 per_day: 100 }")).ok());
  ASSERT_TRUE(
      Update("provider_contract { provider: 'acme' name: 'Other' quotas { per_day: 200 } }", "quotas.per_day").ok());
  const auto& contract = change_.item().provider_contract();
  EXPECT_EQ(contract.name(), "Acme");
  EXPECT_EQ(contract.max_in_flight(), 7u);
  EXPECT_EQ(contract.quotas().per_second(), 5u);
  EXPECT_EQ(contract.quotas().per_day(), 200u);
  EXPECT_EQ(change_.item().version(), 2u);
  ASSERT_TRUE(Update("provider_contract { provider: 'acme' }", "max_in_flight quotas").ok()) << "set to nothing";
  EXPECT_EQ(change_.item().provider_contract().max_in_flight(), 0u);
  EXPECT_FALSE(change_.item().provider_contract().has_quotas());
  ASSERT_TRUE(Update(ContractOf("acme", "number: '7'"), "").ok()) << "no mask: all of it";
  EXPECT_EQ(change_.item().provider_contract().name(), "");
}

TEST_F(ContractDeskTest, AMaskOfNoFieldIsRefused) {
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  for (const char* path : {"nam", "quotas.per_century", "tax_codes.first", "version", "provider_contract.name"})
    EXPECT_EQ(Update(ContractOf("acme"), path).reason(), "admin.bad_request"_reason) << path;
  api::UpdateContractItemRequest request;
  *request.mutable_item() = Read<api::ContractItem>(ContractOf("acme"));
  request.set_reason("changed");
  request.mutable_update_mask()->add_paths("");
  EXPECT_EQ(desk_->Update(request, kLan, change_).reason(), "admin.bad_request"_reason);
  request.mutable_update_mask()->Clear();
  for (int i = 0; i < 65; ++i) request.mutable_update_mask()->add_paths("name");
  EXPECT_EQ(desk_->Update(request, kLan, change_).reason(), "admin.bad_request"_reason);
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").version(), 1u);
  EXPECT_TRUE(Update(ContractOf("acme"), "name status from earlier_terms quotas.burst").ok());
}

TEST_F(ContractDeskTest, ACertificateThatIsNamedNoMoreIsBoundNoMore) {
  ASSERT_TRUE(Create(ContractOf("acme", "certificates: '" + kA + "' bound_certificates { sha256: '" + kB + "'" +
                                            On("revoked_at", "2026-06-01") + "}"))
                  .ok());
  ASSERT_TRUE(Update(ContractOf("acme", "certificates: '" + std::string(64, 'B') + "'"), "certificates").ok());
  EXPECT_THAT(change_.item().provider_contract().certificates(), ElementsAre(kB));
  EXPECT_TRUE(change_.item().provider_contract().bound_certificates(0).has_revoked_at()) << "its dates stay";
  EXPECT_EQ(contracts_->snapshot()->FindByCertificate(kA), nullptr);
  ASSERT_TRUE(Update(ContractOf("acme", "certificates: '" + kA + "'"), "certificates").ok());
  EXPECT_EQ(contracts_->snapshot()->FindByCertificate(kB), nullptr);
}

TEST_F(ContractDeskTest, AChangeOfAnOlderVersionIsAConflict) {
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  ASSERT_TRUE(Update(ContractOf("acme", "name: 'by Lan'") + " version: 1", "name").ok());
  EXPECT_EQ(Update(ContractOf("acme", "name: 'by Minh'") + " version: 1", "name").reason(), "store.conflict"_reason);
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").provider_contract().name(), "by Lan");
  EXPECT_EQ(Remove(ContractOf("acme") + " version: 1").reason(), "store.conflict"_reason);
}

TEST_F(ContractDeskTest, EveryChangeWantsAReasonOfBoundedLength) {
  api::CreateContractItemRequest request;
  *request.mutable_item() = Read<api::ContractItem>(ContractOf("acme"));
  EXPECT_EQ(desk_->Create(request, kLan, change_).reason(), "admin.bad_request"_reason);
  request.set_reason(std::string(501, 'x'));
  EXPECT_EQ(desk_->Create(request, kLan, change_).reason(), "admin.bad_request"_reason);
  request.set_reason(std::string(500, 'x'));
  EXPECT_TRUE(desk_->Create(request, kLan, change_).ok());
}

TEST_F(ContractDeskTest, WhatIsNoRecordIsRefusedWithTheNameOfItsField) {
  EXPECT_THAT(Create("").message(), HasSubstr("item"));
  EXPECT_THAT(Create("agreement {" + kActive + "}").message(), HasSubstr("terms"));
  EXPECT_THAT(Create(ContractOf("acme", "tax_codes: '12'")).message(), HasSubstr("tax_codes"));
  EXPECT_THAT(Create(ContractOf("acme", "message_classes: [99]")).message(), HasSubstr("message_classes"));
  EXPECT_THAT(Create(ContractOf("acme", "bound_certificates { sha256: '" + kA + "' } bound_certificates { sha256: '" +
                                            std::string(64, 'A') + "' }"))
                  .message(),
              HasSubstr("twice"));
  EXPECT_EQ(Create("provider_contract { provider: 'acme' tax_codes: '0109999999' status: 258 }").reason(),
            "contract.invalid"_reason)
      << "not the status 2 that its low byte is";
  EXPECT_EQ(Create(ContractOf("acme", "name: '" + std::string(10'000'000, 'x') + "'")).reason(),
            "contract.invalid"_reason);
  EXPECT_EQ(contracts_->snapshot()->sizes().contracts, 0u);
}

TEST_F(ContractDeskTest, NobodyBindsTheCertificateOfItsOwnCall) {
  EXPECT_EQ(Create(ContractOf("acme", "certificates: '" + kLan.certificate + "'")).reason(),
            "admin.bad_request"_reason);
  EXPECT_TRUE(Create(ContractOf("acme", "certificates: '" + kLan.certificate + "'"), kMinh).ok());
}

TEST_F(ContractDeskTest, ARecordThatIsGoneIsFoundAsItWasKnown) {
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  ASSERT_TRUE(Create(MandateOf("acme", "0101234567")).ok());
  const Time then = clock_->Now();
  clock_->AdvanceBy(std::chrono::hours(1));
  ASSERT_TRUE(Remove(MandateOf("acme", "0101234567")).ok());
  EXPECT_TRUE(change_.item().deleted());
  EXPECT_EQ(change_.item().version(), 2u);
  api::GetContractItemRequest request;
  request.set_kind(api::MANDATE);
  request.set_id("acme/0101234567");
  api::ContractItem item;
  EXPECT_EQ(desk_->Get(request, item).reason(), "admin.not_found"_reason);
  ToProto(then, *request.mutable_as_known_at());
  ASSERT_TRUE(desk_->Get(request, item).ok());
  EXPECT_EQ(item.version(), 1u);
  ToProto(then - Span(1), *request.mutable_as_known_at());
  EXPECT_EQ(desk_->Get(request, item).reason(), "admin.not_found"_reason) << "before it was entered";
  ToProto(clock_->Now(), *request.mutable_as_known_at());
  EXPECT_EQ(desk_->Get(request, item).reason(), "admin.not_found"_reason) << "when it was gone";
  ASSERT_TRUE(Create(MandateOf("acme", "0101234567")).ok()) << "and it may come again";
  EXPECT_EQ(change_.item().version(), 3u);
}

TEST_F(ContractDeskTest, DeletingTakesNoMaskAndNoStranger) {
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  api::UpdateContractItemRequest request;
  *request.mutable_item() = Read<api::ContractItem>(ContractOf("acme"));
  request.set_delete_(true);
  request.set_reason("x");
  request.mutable_update_mask()->add_paths("name");
  EXPECT_EQ(desk_->Update(request, kLan, change_).reason(), "admin.bad_request"_reason);
  EXPECT_EQ(Remove(ContractOf("beta")).reason(), "admin.not_found"_reason);
}

// --- explained

class ContractExplained : public ContractDeskTest {
 protected:
  ContractExplained() {
    EXPECT_TRUE(Create(ContractOf("acme", On("to", "2026-12-01"))).ok());
    EXPECT_TRUE(Create(MandateOf("acme", "0101234567")).ok());
  }
  api::ExplainContractResponse Explain(const std::string& question) {
    api::ExplainContractResponse response;
    EXPECT_TRUE(desk_->Explain(Read<api::ExplainContractRequest>(question), response).ok());
    return response;
  }
  std::unique_ptr<Digester> digester_ = MakeDigester();
};
const std::string kQuestion = "provider: 'acme' mst: '0101234567' message_type: 203 ";

TEST_F(ContractExplained, AnAllowedQuestionNamesWhoDecidedAndUntilWhen) {
  const auto intake = Explain(kQuestion).intake();
  EXPECT_EQ(intake.kind(), api::ContractVerdict::ALLOW);
  EXPECT_EQ(intake.versions(), "provider_contract/acme@1,mandate/acme/0101234567@1");
  ASSERT_EQ(intake.deciders_size(), 2);
  EXPECT_EQ(intake.deciders(1).kind(), api::MANDATE);
  EXPECT_EQ(intake.deciders(1).id(), "acme/0101234567");
  EXPECT_EQ(FromProto(intake.ends_at()), *ParseDate("2026-12-01"));
}

TEST_F(ContractExplained, ARefusedOneSaysWhyInBothLanguages) {
  const auto intake = Explain(kQuestion + On("at", "2026-12-01")).intake();
  EXPECT_EQ(intake.kind(), api::ContractVerdict::REFUSE);
  ASSERT_EQ(intake.findings_size(), 1);
  EXPECT_EQ(intake.findings(0).rule_id(), "contract.provider_expired");
  EXPECT_NE(intake.findings(0).text_vi(), "");
  EXPECT_NE(intake.findings(0).text_en(), "");
  EXPECT_FALSE(intake.has_ends_at());
}

TEST_F(ContractExplained, ReleaseIsToldWhenItIsAskedFor) {
  EXPECT_FALSE(Explain(kQuestion).has_release());
  const auto later = Explain(kQuestion + On("release_at", "2027-01-01"));
  EXPECT_EQ(later.release().kind(), api::ContractVerdict::ALLOW)
      << "what was taken is not stopped by its provider's end";
}

TEST_F(ContractExplained, WhoHoldsIsNamed) {
  const auto stranger =
      Explain("provider: 'acme' mst: '0109876543' message_type: 203 " + On("release_at", "2027-01-01"));
  EXPECT_EQ(stranger.release().kind(), api::ContractVerdict::HOLD);
  EXPECT_EQ(stranger.release().owner(), "operator");
  ASSERT_TRUE(Create("agreement {" + kActive + "terms {" + On("to", "2026-11-01") + "} }").ok());
  const auto lapsed = Explain(kQuestion);
  EXPECT_EQ(lapsed.intake().kind(), api::ContractVerdict::HOLD);
  EXPECT_EQ(lapsed.intake().owner(), "management");
}

TEST_F(ContractExplained, MalformedQuestionsAreRefused) {
  api::ExplainContractResponse response;
  for (const char* question :
       {"", "provider: 'A B' mst: '0101234567' message_type: 203", "provider: 'acme' mst: '12' message_type: 203",
        "provider: 'acme' mst: '0101234567' message_type: 999", "provider: 'acme' mst: '0101234567'",
        "provider: 'acme' mst: '0101234567' message_type: 203 invoice_kinds: 'x'", "gateway_mtdiep: 'with space'"})
    EXPECT_EQ(desk_->Explain(Read<api::ExplainContractRequest>(question), response).reason(),
              "admin.bad_request"_reason)
        << question;
  EXPECT_EQ(desk_->Explain(Read<api::ExplainContractRequest>("gateway_mtdiep: 'V1'"), response).reason(),
            "admin.not_found"_reason);
}

TEST_F(ContractExplained, AMessageIsJudgedByTheVersionsItWasAcceptedBy) {
  NewMessage message = MakeFakeMessage({.type = 203}, *digester_, clock_->Now());
  message.contract_version = Explain(kQuestion).intake().versions();
  const MessageId id = message.gateway_id;
  store_->Accept(std::move(message), [](const Result<AcceptAnswer>& answer) { EXPECT_TRUE(answer.ok()); });
  store_->Flush();
  clock_->AdvanceBy(std::chrono::hours(1));
  ASSERT_TRUE(Update(ContractOf("acme", "message_types: 300 name: 'Acme'"), "message_types name").ok());
  ASSERT_TRUE(Update(MandateOf("acme", "0101234567", On("to", "2026-06-01")), "to").ok()) << "entered afterwards";
  const auto told = Explain("gateway_mtdiep: '" + id.value() + "'");
  EXPECT_EQ(told.kept_versions(), "provider_contract/acme@1,mandate/acme/0101234567@1");
  EXPECT_EQ(told.intake().kind(), api::ContractVerdict::ALLOW) << "as the book was then";
  EXPECT_EQ(told.intake().versions(), told.kept_versions());
  EXPECT_EQ(told.intake().deciders(0).version(), 1u);
  EXPECT_EQ(told.release().kind(), api::ContractVerdict::HOLD) << "the mandate did not hold, as is known by now";
  EXPECT_THAT(told.release().versions(), HasSubstr("mandate/acme/0101234567@2"));
}

TEST_F(ContractExplained, ARecordThatBeganAnewMeanwhileIsStillJudgedAsItWas) {
  NewMessage message = MakeFakeMessage({.type = 203}, *digester_, clock_->Now());
  message.contract_version = Explain(kQuestion).intake().versions();
  const MessageId id = message.gateway_id;
  store_->Accept(std::move(message), [](const Result<AcceptAnswer>& answer) { EXPECT_TRUE(answer.ok()); });
  store_->Flush();
  clock_->AdvanceBy(std::chrono::hours(1));
  ASSERT_TRUE(Remove(MandateOf("acme", "0101234567")).ok());
  ASSERT_TRUE(Create("mandate { provider: 'acme' mst: '0101234567' status: CONTRACT_STATUS_SUSPENDED }").ok());
  const auto told = Explain("gateway_mtdiep: '" + id.value() + "'");
  EXPECT_EQ(told.intake().kind(), api::ContractVerdict::ALLOW);
  EXPECT_EQ(told.intake().versions(), told.kept_versions());
}

TEST_F(ContractDeskTest, FactsThatAnOperatorEntersAreTheOperatorsAndOfNow) {
  ASSERT_TRUE(Create("taxpayer { mst: '0101234567' statuses { code: '03'" + On("since", "2026-11-20") + "} }").ok());
  const api::Taxpayer entered = Get(api::TAXPAYER, "0101234567").taxpayer();
  EXPECT_EQ(entered.statuses(0).source(), "Lan");
  EXPECT_EQ(FromProto(entered.statuses(0).known_at()), clock_->Now()) << "else it would be old, and only warn";
}

TEST_F(ContractDeskTest, FactsThatAreKnownKeepWhereTheyCameFrom) {
  Taxpayer known;
  known.mst = TaxCode::Trusted("0101234567");
  known.statuses = {{"03", *ParseDate("2026-11-20"), "TCT1", *ParseDate("2026-11-20")}};
  ASSERT_TRUE(contracts_->Learn({known}, {"TCT1", "message 505", *ParseDate("2026-11-20")}).ok());
  ASSERT_TRUE(Update("taxpayer { mst: '0101234567' statuses { code: '03'" + On("since", "2026-11-20") +
                         "} statuses { code: '00'" + On("since", "2026-11-21") + "} }",
                     "statuses")
                  .ok());
  const api::Taxpayer now = Get(api::TAXPAYER, "0101234567").taxpayer();
  ASSERT_EQ(now.statuses_size(), 2);
  EXPECT_EQ(now.statuses(0).source(), "TCT1");
  EXPECT_EQ(now.statuses(1).source(), "Lan");
}

TEST_F(ContractDeskTest, AReasonIsBoundedWhicheverWayItComes) {
  const auto item = FromProto(Read<api::ContractItem>(ContractOf("acme")));
  ASSERT_TRUE(item.ok());
  const std::string most(ContractChanges::kLongestReason, 'x');
  EXPECT_EQ(changes_->Put(*item, std::nullopt, kLan, most + "x").status().reason(), "admin.bad_request"_reason);
  EXPECT_TRUE(changes_->Put(*item, std::nullopt, kLan, most).ok());
}

class NamedOperators : public ContractDeskTest {
 protected:
  NamedOperators() : ContractDeskTest({.operators = {std::string(64, '7')}}) {}
};

TEST_F(NamedOperators, TheirCertificatesAreNoProviders) {
  EXPECT_EQ(Create(ContractOf("acme", " certificates: '" + std::string(64, '7') + "'")).reason(),
            "admin.bad_request"_reason);
  EXPECT_TRUE(Create(ContractOf("acme", " certificates: '" + std::string(64, '8') + "'")).ok());
}

}  // namespace
}  // namespace tvan
