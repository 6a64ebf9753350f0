// Many rows at a time: in, out, and in again.
#include "gateway/admin/contract_mask.h"
#include "gateway/admin/operator_act.h"
#include "tests/unit/admin/contract_world.h"

namespace tvan {
namespace {

namespace api = admin::v1;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kA(64, 'a'), kB(64, 'b');

using ContractImports = ContractDeskTest;

TEST_F(ContractImports, RowsThatBuildOnOneAnotherAreEnteredTogether) {
  ASSERT_TRUE(Import({MandateOf("acme", "0101234567"), ContractOf("acme"), MandateOf("acme", "0101234568")}).ok());
  EXPECT_TRUE(imported_.entered());
  EXPECT_EQ(imported_.created(), 3u);
  EXPECT_EQ(contracts_->snapshot()->sizes().mandates, 2u);
  EXPECT_EQ(Get(api::MANDATE, "acme/0101234568").author(), "Lan");
}

TEST_F(ContractImports, OneWrongRowKeepsAllOut) {
  ASSERT_TRUE(Import({ContractOf("acme"), MandateOf("acme", "12"),
                      MandateOf("acme", "0101234567", On("to", "1999-01-01") + On("from", "2026-01-01")),
                      MandateOf("beta", "0101234567"), "agreement {}"})
                  .ok());
  EXPECT_FALSE(imported_.entered());
  std::vector<uint32_t> rows;
  for (const auto& error : imported_.errors()) rows.push_back(error.row());
  EXPECT_THAT(rows, testing::UnorderedElementsAre(2u, 3u, 4u, 5u));
  EXPECT_EQ(imported_.errors_total(), 4u);
  EXPECT_EQ(contracts_->snapshot()->sizes().contracts, 0u);
}

TEST_F(ContractImports, ARowThatIsNoRecordAtAllKeepsTheGoodOnesOut) {
  ASSERT_TRUE(Import({ContractOf("acme"), "agreement {}"}).ok());
  EXPECT_FALSE(imported_.entered());
  EXPECT_EQ(imported_.errors_total(), 1u);
  EXPECT_EQ(contracts_->snapshot()->sizes().contracts, 0u);
}

TEST_F(ContractImports, ADryRunSaysTheSameAndEntersNothing) {
  ASSERT_TRUE(Create(ContractOf("acme")).ok());
  ASSERT_TRUE(Import({ContractOf("acme", "name: 'Acme'"), MandateOf("acme", "0101234567")}, true).ok());
  EXPECT_FALSE(imported_.entered());
  EXPECT_EQ(imported_.created(), 1u);
  EXPECT_EQ(imported_.updated(), 1u);
  EXPECT_EQ(Get(api::PROVIDER_CONTRACT, "acme").version(), 1u);
}

TEST_F(ContractImports, TheSameFileAgainChangesNothing) {
  const std::vector<std::string> rows = {ContractOf("acme"), MandateOf("acme", "0101234567")};
  ASSERT_TRUE(Import(rows).ok());
  ASSERT_TRUE(Import(rows).ok());
  EXPECT_EQ(imported_.unchanged(), 2u);
  EXPECT_EQ(Get(api::MANDATE, "acme/0101234567").version(), 1u);
}

TEST_F(ContractImports, TheFileIsNamedInEveryRecordsReason) {
  std::vector<api::ImportContractsRequest> requests(2);
  requests[0].mutable_options()->set_reason(std::string(500, 'x'));
  requests[0].mutable_options()->set_file_sha256(kA);
  *requests[1].mutable_rows()->add_rows()->mutable_item() = Read<api::ContractItem>(ContractOf("acme"));
  ASSERT_TRUE(Import(requests).ok());
  const std::string reason = Get(api::PROVIDER_CONTRACT, "acme").reason();
  EXPECT_THAT(reason, HasSubstr("(file " + kA + ")"));
  EXPECT_LE(reason.size(), 500u);
  requests[0].mutable_options()->set_file_sha256("abc");
  EXPECT_EQ(Import(requests).reason(), "admin.bad_request"_reason);
}

TEST_F(ContractImports, OptionsComeFirstOnceAndHaveAReason) {
  api::ImportContractsRequest options, rows;
  options.mutable_options()->set_reason("x");
  *rows.mutable_rows()->add_rows()->mutable_item() = Read<api::ContractItem>(ContractOf("acme"));
  EXPECT_EQ(Import({rows}).reason(), "admin.bad_request"_reason);
  EXPECT_EQ(Import({rows, options}).reason(), "admin.bad_request"_reason);
  EXPECT_EQ(Import(std::vector<api::ImportContractsRequest>()).reason(), "admin.bad_request"_reason);
  EXPECT_EQ(Import({options, options, rows}).reason(), "admin.bad_request"_reason);
  EXPECT_EQ(Import({api::ImportContractsRequest(), rows}).reason(), "admin.bad_request"_reason);
  EXPECT_EQ(contracts_->snapshot()->sizes().contracts, 0u);
  EXPECT_TRUE(Import({options, rows}).ok());
  options.mutable_options()->clear_reason();
  EXPECT_EQ(Import({options, rows}).reason(), "admin.bad_request"_reason);
}

TEST_F(ContractImports, OfAStreamThatBrokeNothingIsEntered) {
  api::ImportContractsRequest options, rows;
  options.mutable_options()->set_reason("x");
  options.mutable_options()->set_rows(2);
  *rows.mutable_rows()->add_rows()->mutable_item() = Read<api::ContractItem>(ContractOf("acme"));
  EXPECT_EQ(Import({options, rows}).reason(), "admin.bad_request"_reason) << "fewer than were announced";
  options.mutable_options()->set_rows(1);
  int next = 0;
  EXPECT_EQ(desk_
                ->Import(
                    [&](api::ImportContractsRequest& request) {
                      request = next == 0 ? options : rows;
                      return next++ < 2;
                    },
                    [] { return true; }, kLan, imported_)
                .reason(),
            "admin.bad_request"_reason)
      << "its client is gone";
  EXPECT_EQ(contracts_->snapshot()->sizes().contracts, 0u);
  EXPECT_TRUE(Import({options, rows}).ok());
}

TEST_F(ContractImports, RowsAndBytesAreBoundedInAll) {
  std::vector<api::ImportContractsRequest> requests(2);
  requests[0].mutable_options()->set_reason("x");
  for (int i = 0; i < 1000; ++i) requests[1].mutable_rows()->add_rows();
  requests.resize(102, requests[1]);
  EXPECT_THAT(Import(requests).message(), HasSubstr("at most 100000"));
  requests.resize(2);
  requests[1].mutable_rows()->clear_rows();
  requests[1].mutable_rows()->add_rows()->mutable_item()->mutable_provider_contract()->set_name(
      std::string(4'000'000, 'x'));
  requests.resize(18, requests[1]);
  EXPECT_THAT(Import(requests).message(), HasSubstr("64 MiB"));
}

TEST_F(ContractImports, ErrorsAreNamedUpToABoundAndAllCounted) {
  ASSERT_TRUE(Import(std::vector<std::string>(1500, "agreement {}")).ok());
  EXPECT_EQ(imported_.errors_size(), 1000);
  EXPECT_EQ(imported_.errors_total(), 1500u);
}

TEST_F(ContractImports, OneAtATime) {
  Status inner;
  int calls = 0;
  static_cast<void>(desk_->Import(
      [&](api::ImportContractsRequest&) {
        if (calls++ > 0) return false;
        api::ImportContractsResponse other;
        inner = desk_->Import([](api::ImportContractsRequest&) { return false; }, [] { return false; }, kMinh, other);
        return false;
      },
      [] { return false; }, kLan, imported_));
  EXPECT_EQ(inner.reason(), "admin.busy"_reason);
  EXPECT_TRUE(Import({ContractOf("acme")}).ok()) << "and then the next";
}

TEST_F(ContractImports, NobodyImportsTheCertificateOfItsOwnCall) {
  ASSERT_TRUE(Import({ContractOf("acme", "certificates: '" + kLan.certificate + "'")}).ok());
  EXPECT_FALSE(imported_.entered());
  EXPECT_EQ(imported_.errors(0).reason(), "admin.bad_request");
}

TEST_F(ContractImports, NothingIsDeletedByAFile) {
  ASSERT_TRUE(Import({ContractOf("acme") + " deleted: true"}).ok());
  EXPECT_THAT(imported_.errors(0).text(), HasSubstr("deleted"));
}

// --- out, and in again

std::string Known(const std::string& source) {
  return " source: '" + source + "'" + On("known_at", "2026-11-20") + " ";
}

std::vector<std::string> RichRows() {
  const std::string terms =
      "terms {" + On("from", "2024-01-01") + On("to", "2025-01-01") + "} terms {" + On("from", "2025-06-01") + "}";
  return {"agreement {" + kActive + terms + " number: '12/TCT' note: 'ghi chú' }",
          ContractOf("acme", On("from", "2025-01-01") + On("to", "2027-01-01") + "earlier_terms {" +
                                 On("from", "2023-01-01") + On("to", "2024-01-01") +
                                 "} name: 'Công ty A' number: '7' certificates: ['" + kA + "', '" + kB +
                                 "'] bound_certificates { sha256: '" + kB + "' from { seconds: 5 nanos: 7000 }" +
                                 On("to", "2026-12-01") + On("revoked_at", "2026-11-01") +
                                 "note: 'lost' } message_types: [200, 203] message_classes: [MESSAGE_CLASS_CODED, "
                                 "MESSAGE_CLASS_UNCODED] quotas { per_second: 1 burst: 2 per_day: 3 bytes_per_day: 4 } "
                                 "contacts { role: 'night' name: 'Lan' email: 'lan@example.vn' phone: '024' } "
                                 "refuse_authority_header: true warn_breaks_on_forward: true max_in_flight: 9 "
                                 "allow_legacy_sha1: true allow_enveloped_on_object: true tax_codes: '0108888888'"),
          "provider_contract { provider: 'own' status: CONTRACT_STATUS_SUSPENDED tax_codes: '0107777777' "
          "direct_sender: true }",
          MandateOf("acme", "0101234567",
                    On("from", "2025-01-01") + On("to", "2026-01-01") + "earlier_terms {" + On("to", "2024-01-01") +
                        "} message_types: 203 signer_certificates: '" + kB + "' delegates: '0106666666'"),
          MandateOf("acme", "0101234568"),
          "mandate { provider: 'own' mst: '0107777777' status: CONTRACT_STATUS_DRAFT }",
          "taxpayer { mst: '0101234567' statuses { code: '00'" + Known("V1") + "} statuses { code: '04'" +
              On("since", "2026-01-01") + Known("Lan") + "} decisions { stop: true" + On("from", "2026-02-01") +
              "number: '5/QĐ'" + Known("V2") + "} decisions {" + On("from", "2026-03-01") + Known("Minh") +
              "} decisions { stop: true kind: ENFORCEMENT" + On("from", "2026-04-01") + On("to", "2026-05-01") +
              "number: '6/QĐ'" + Known("V4") + "} decisions { kind: ENFORCEMENT answers: '6/QĐ'" +
              On("from", "2026-04-10") + Known("V5") + "} registrations { accepted: true" + On("from", "2025-01-01") +
              "classes: [MESSAGE_CLASS_CODED, MESSAGE_CLASS_CASH_REGISTER] invoice_kinds: ['1', '2'] "
              "register_range: 'AB123'" +
              Known("V3") + "} signers { sha256: '" + kA + "'" + On("to", "2027-01-01") + "} }",
          "delegation { mst: '0101234567' delegate: '0106666666'" + kActive + terms + " message_types: 203 }"};
}

TEST_F(ContractImports, WhatIsExportedMakesAnEqualBookOfAnEmptyOne) {
  ASSERT_TRUE(Import(RichRows()).ok());
  ASSERT_TRUE(imported_.entered()) << imported_.ShortDebugString();
  const auto exported = Export();
  ASSERT_EQ(exported.size(), RichRows().size());
  store_ = MakeMemoryStore({.manual_flush = true}, *clock_);
  Open();
  std::vector<api::ImportContractsRequest> requests(2);
  requests[0].mutable_options()->set_reason("moved");
  for (const auto& item : exported) *requests[1].mutable_rows()->add_rows()->mutable_item() = item;
  ASSERT_TRUE(Import(requests).ok());
  ASSERT_TRUE(imported_.entered()) << imported_.ShortDebugString();
  const auto again = Export();
  ASSERT_EQ(again.size(), exported.size());
  for (size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].DebugString(), exported[i].DebugString());
}

TEST_F(ContractImports, WhatWasEnteredComesOutAsItWasSaid) {
  ASSERT_TRUE(Import(RichRows()).ok());
  std::map<std::string, std::string> exported;
  for (api::ContractItem item : Export()) {
    item.clear_version();
    item.clear_changed_at();
    if (item.has_provider_contract()) item.mutable_provider_contract()->clear_version();
    if (item.has_mandate()) item.mutable_mandate()->clear_version();
    exported[NameOf(item)->id] = item.DebugString();
  }
  for (const std::string& row : RichRows()) {
    const auto wanted = Read<api::ContractItem>(row);
    EXPECT_EQ(exported[NameOf(wanted)->id], wanted.DebugString());
  }
}

TEST_F(ContractImports, AnExportMayBeOfOneKindOrOneProvider) {
  ASSERT_TRUE(Import(RichRows()).ok());
  EXPECT_EQ(Export(api::MANDATE).size(), 3u);
  std::vector<std::string> names;
  const auto keep = [&](const api::ContractItem& item) {
    names.push_back(item.has_mandate() ? item.mandate().mst() : item.provider_contract().provider());
    return true;
  };
  ASSERT_TRUE(desk_->Export(Read<api::ExportContractsRequest>("provider: 'acme'"), kLan, keep).ok());
  EXPECT_THAT(names, ElementsAre("acme", "0101234567", "0101234568"));
  EXPECT_EQ(desk_->Export(Read<api::ExportContractsRequest>("provider: 'A'"), kLan, keep).reason(),
            "admin.bad_request"_reason);
}

TEST_F(ContractImports, AnExportStandsInTheAuditLogAndEndsWhenNobodyReads) {
  ASSERT_TRUE(Import(RichRows()).ok());
  int written = 0;
  ASSERT_TRUE(desk_->Export({}, kMinh, [&](const api::ContractItem&) { return ++written < 2; }).ok());
  EXPECT_EQ(written, 2);
  const auto acts = store_->ListRecords(kOperatorActKind);
  ASSERT_TRUE(acts.ok());
  ASSERT_EQ(acts->size(), 1u);
  EXPECT_EQ((*acts)[0].id, "export_contracts/all");
  EXPECT_EQ((*acts)[0].author, "Minh");
}

TEST_F(ContractImports, AHundredThousandRowsAreOneImport) {
  std::vector<api::ImportContractsRequest> requests(2);
  requests[0].mutable_options()->set_reason("migration");
  *requests[1].mutable_rows()->add_rows()->mutable_item() = Read<api::ContractItem>(ContractOf("acme"));
  auto mandate = Read<api::ContractItem>(MandateOf("acme", "0101234567"));
  for (int i = 1; i < 100'000; ++i) {
    mandate.mutable_mandate()->set_mst(std::to_string(1'000'000'000 + i));
    *requests[1].mutable_rows()->add_rows()->mutable_item() = mandate;
  }
  ASSERT_TRUE(Import(requests).ok());
  EXPECT_TRUE(imported_.entered()) << imported_.ShortDebugString();
  EXPECT_EQ(imported_.created(), 100'000u);
  EXPECT_EQ(contracts_->snapshot()->sizes().mandates, 99'999u);
}

}  // namespace
}  // namespace tvan
