#include "gateway/intake/failure.h"

#include <gmock/gmock.h>

#include "gateway/core/json.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/identity.h"
#include "gateway/validate/rule_table.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tvan {
namespace {

constexpr Span kSecond = std::chrono::seconds(1);

TEST(Failure, TellsOverloadWhenToTryAgainAndWhoseQuotaItIs) {
  const RpcDetails details =
      DetailsOf(Status::Transient("intake.provider_overloaded"_reason, "too many"), kSecond, "provider:acme");
  EXPECT_EQ(details.code, static_cast<int>(RpcCode::kResourceExhausted));
  google::rpc::Status status;
  ASSERT_TRUE(status.ParseFromString(EncodeRpcDetails(details)));
  ASSERT_EQ(status.details_size(), 3);
  google::rpc::ErrorInfo info;
  google::rpc::RetryInfo retry;
  google::rpc::QuotaFailure quota;
  ASSERT_TRUE(status.details(0).UnpackTo(&info) && status.details(1).UnpackTo(&retry) &&
              status.details(2).UnpackTo(&quota));
  EXPECT_EQ(info.reason(), "intake.provider_overloaded");
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(quota.violations(0).subject(), "provider:acme");
}

TEST(Failure, MapsEachKindToItsCode) {
  const auto code = [](const Status& status) { return DetailsOf(status, kSecond, "").code; };
  EXPECT_EQ(code(Status::Permanent("intake.unknown_certificate"_reason, "")), 16);
  EXPECT_EQ(code(Status::Permanent("intake.bad_request"_reason, "document: x")), 3);
  EXPECT_EQ(code(Status::Transient("store.full"_reason, "")), 8);
  EXPECT_EQ(code(Status::Transient("store.busy"_reason, "")), 8);
  EXPECT_EQ(code(Status::Transient("store.io"_reason, "")), 14);
  EXPECT_EQ(code(Status::InDoubt("store.io"_reason, "")), 14);
  EXPECT_EQ(code(Status::Permanent("intake.gateway_id_taken"_reason, "")), 13);
}

TEST(Failure, AsksForTheSameBytesOnlyWhenInDoubt) {
  const auto text = [](const Status& status) { return DetailsOf(status, kSecond, "").message; };
  EXPECT_THAT(text(Status::InDoubt("store.io"_reason, "cut")), testing::HasSubstr("submit the same bytes again"));
  EXPECT_EQ(text(Status::Transient("store.io"_reason, "cut")), "cut");
}

TEST(Failure, NamesThePageThatExplainsIt) {
  const auto page = [](Reason reason) {
    return DetailsOf(Status::Permanent(reason, ""), kSecond, "").metadata.at("rules");
  };
  EXPECT_EQ(page("intake.voided"_reason), "config/RULES.md#intake.voided");
  EXPECT_EQ(page("intake.overloaded"_reason), "ops/REASONS.md") << "no rule of messages";
}

TEST(Findings, CarryTheirSeverityAndTheirPage) {
  google::protobuf::RepeatedPtrField<v1::Finding> out;
  ToProto({FindingOf("field.missing"_reason, "/TDiep", {"NLap"}),
           FindingOf("field.unknown"_reason, "", {"a", "b", "c"}), FindingOf("history.unknown"_reason, "", {"a", "b"})},
          out);
  ASSERT_EQ(out.size(), 3);
  EXPECT_EQ(out[0].severity(), v1::SEVERITY_ERROR);
  EXPECT_EQ(out[0].page(), "config/RULES.md#field.missing");
  EXPECT_EQ(out[0].text_en(), "Required field NLap is missing or empty.");
  EXPECT_EQ(out[1].severity(), v1::SEVERITY_WARNING);
  EXPECT_EQ(out[2].severity(), v1::SEVERITY_INFO);
}

class PlainDigester : public Digester {
 public:
  Sha256 Sha256Of(std::string_view bytes) const override {
    Sha256 digest;
    digest.bytes[0] = static_cast<uint8_t>(bytes.size());
    return digest;
  }
  Sha256 HmacSha256(std::string_view, std::string_view bytes) const override { return Sha256Of(bytes); }
};

TEST(Identity, IsTheDigestOfTheDerOfTheFirstCertificate) {
  const PlainDigester digester;
  const std::string pem = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";
  EXPECT_EQ(CertificateFingerprint(pem + pem, digester), digester.Sha256Of("ABC").Hex());
  EXPECT_EQ(CertificateFingerprint("-----BEGIN CERTIFICATE-----\nQUJD\n", digester), std::nullopt);
  EXPECT_EQ(CertificateFingerprint("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----", digester),
            std::nullopt);
  EXPECT_EQ(CertificateFingerprint("", digester), std::nullopt);
}

TEST(Document, IsATDiepAloneOrAnHDonWithWhatTheEnvelopeWouldSay) {
  v1::Document document;
  EXPECT_FALSE(FromProto(document, "c").ok());
  document.set_tdiep("<TDiep/>");
  EXPECT_TRUE(FromProto(document, "c").ok());
  document.set_client_reference("r");
  EXPECT_FALSE(FromProto(document, "c").ok());
  document.set_hdon("<HDon/>");
  document.set_message_type(200);
  const auto input = FromProto(document, "c");
  ASSERT_TRUE(input.ok());
  EXPECT_EQ(input->form, WrappingPlan::Form::kBareHDon);
  EXPECT_EQ(input->submission.bytes, "<HDon/>");
  EXPECT_EQ(input->submission.client_reference, "r");
}

}  // namespace
}  // namespace tvan
