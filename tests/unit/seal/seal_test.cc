// Seals: what is sealed can be opened with the published key set, and nothing else can.
#include "gateway/seal/seal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "adapters/signature/pki.h"
#include "gateway/core/json.h"
#include "gateway/seal/proofs.h"

namespace tvan {
namespace {

constexpr const char* kPayload = R"({"a":1,"b":"Thuế"})";

class Seal : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tvan-seal-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    sealer_ = Make("one.pem");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Sealer> Make(const std::string& file) {
    const std::string path = (folder_ / file).string();
    const auto pem = MakeEd25519KeyPem();
    EXPECT_TRUE(pem.ok());
    EXPECT_TRUE(WritePem(path, *pem, PemKind::kSecret).ok());
    auto sealer = Sealer::Load(path);
    EXPECT_TRUE(sealer.ok());
    key_file_ = path;
    return std::move(*sealer);
  }
  std::string Reason(const std::string& jws, const std::string& key_set = {}) {
    const auto opened = Unseal(jws, kReceiptType, key_set.empty() ? sealer_->KeySetJson() : key_set);
    return opened.ok() ? "ok" : std::string(opened.status().reason().text());
  }
  // A JWS with another header, properly signed with the sealer's key.
  std::string WithHeader(const std::string& header, const std::string& payload = kPayload) {
    const std::string text = Base64UrlEncode(header) + "." + Base64UrlEncode(payload);
    const auto key = LoadSealKey(key_file_);
    return text + "." + Base64UrlEncode((*key)->Sign(text));
  }
  std::string Header(const std::string& alg, const std::string& more = "") {
    return R"({"alg":")" + alg + R"(","kid":")" + sealer_->kid() + R"(","typ":"tvan-receipt+jws")" + more + "}";
  }

  std::filesystem::path folder_;
  std::string key_file_;
  std::unique_ptr<Sealer> sealer_;
};

TEST_F(Seal, OpensWithThePublishedKeySet) {
  const std::string jws = sealer_->Seal(kReceiptType, kPayload);
  const auto opened = Unseal(jws, kReceiptType, sealer_->KeySetJson());
  ASSERT_TRUE(opened.ok()) << opened.status().ToString();
  EXPECT_EQ(*opened, kPayload);
  EXPECT_EQ(jws, sealer_->Seal(kReceiptType, kPayload)) << "Ed25519 is deterministic";
}

TEST_F(Seal, FindsTheKeyAmongSeveral) {
  const std::string jws = sealer_->Seal(kReceiptType, kPayload);
  const std::string mine = sealer_->KeySetJson();
  const auto other = Make("two.pem");
  const std::string both =
      other->KeySetJson().substr(0, other->KeySetJson().size() - 2) + "," + mine.substr(mine.find('[') + 1);
  EXPECT_EQ(Reason(jws, both), "ok");
  EXPECT_EQ(Reason(jws, other->KeySetJson()), "seal.unknown_key");
  EXPECT_NE(other->kid(), sealer_->kid());
}

TEST_F(Seal, RefusesChangedBytes) {
  const std::string jws = sealer_->Seal(kReceiptType, kPayload);
  const size_t first = jws.find('.');
  const size_t second = jws.find('.', first + 1);
  const std::string payload = Base64UrlEncode(R"({"a":2,"b":"Thuế"})");
  EXPECT_EQ(Reason(jws.substr(0, first + 1) + payload + jws.substr(second)), "seal.bad_signature");
  EXPECT_EQ(Reason(jws.substr(0, second + 1) + Base64UrlEncode(std::string(64, 'x'))), "seal.bad_signature");
  EXPECT_EQ(Reason(jws.substr(0, second + 1)), "seal.bad_signature");
  // The same kid over another key.
  const std::string mine = sealer_->KeySetJson();
  const std::string other = Make("two.pem")->KeySetJson();
  const size_t x = mine.find("\"x\":\"") + 5;
  std::string forged = mine;
  forged.replace(x, 43, other.substr(other.find("\"x\":\"") + 5, 43));
  EXPECT_EQ(Reason(jws, forged), "seal.bad_signature");
}

TEST_F(Seal, RefusesOtherHeaders) {
  EXPECT_EQ(Reason(WithHeader(Header("EdDSA"))), "ok");
  EXPECT_EQ(Reason(WithHeader(Header("none"))), "seal.format");
  EXPECT_EQ(Reason(WithHeader(Header("HS256"))), "seal.format");
  EXPECT_EQ(Reason(WithHeader(Header("EdDSA", R"(,"crit":["exp"])"))), "seal.format");
  EXPECT_EQ(Reason(WithHeader(Header("EdDSA", R"(,"alg":"EdDSA")"))), "seal.format") << "a member twice";
  EXPECT_EQ(Reason(WithHeader(R"({"alg":"EdDSA","typ":"tvan-receipt+jws"})")), "seal.unknown_key");
  EXPECT_EQ(Reason(WithHeader("[]")), "seal.format");
  EXPECT_EQ(Reason(WithHeader("{")), "seal.format");
  EXPECT_EQ(Reason(WithHeader(Header("EdDSA"), "[1]")), "seal.format");
  EXPECT_EQ(Reason(sealer_->Seal("tvan-snapshot+jws", kPayload)), "seal.type");
}

TEST_F(Seal, RefusesWhatIsNoJws) {
  const std::string jws = sealer_->Seal(kReceiptType, kPayload);
  for (const std::string& bad : {std::string(), std::string("a.b"), std::string("a.b.c.d"), std::string("!.!.!"),
                                 jws + ".x", std::string(2 * 1024 * 1024, '.')}) {
    EXPECT_EQ(Reason(bad), "seal.format");
  }
  for (const char* set : {"{}", "[]", "{\"keys\":1}", "x"}) EXPECT_EQ(Reason(jws, set), "seal.format");
  EXPECT_EQ(Reason(jws, R"({"keys":[]})"), "seal.unknown_key");
  EXPECT_EQ(Reason(jws, R"({"keys":[1,{"kid":7}]})"), "seal.unknown_key");
}

TEST_F(Seal, NamesAKeyFileItCannotUse) {
  const std::string missing = (folder_ / "missing.pem").string();
  const auto sealer = Sealer::Load(missing);
  ASSERT_FALSE(sealer.ok());
  EXPECT_EQ(sealer.status().reason().text(), "seal.key");
  EXPECT_NE(sealer.status().message().find(missing), std::string::npos);
}

TEST(Receipt, HasAStableForm) {
  ReceiptFacts facts;
  facts.provider = ProviderId::Trusted("abc");
  facts.gateway_id = MessageId::Trusted("V0109999999AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  facts.provider_mtdiep = "K01";
  facts.accepted_at = *ParseLocal("2026-11-21T23:50:00");
  facts.cls = MessageClass::kCoded;
  facts.message_type = 200;
  facts.mst = TaxCode::Trusted("0101234567");
  facts.contract_version = "7";
  facts.incarnation = "0f";
  EXPECT_EQ(ReceiptJson(facts),
            R"({"accepted_at":"2026-11-21T23:50:00.000000+07:00","class":"coded","contract_version":"7",)"
            R"("durability":"FLUSHED_LOCAL","gateway_mtdiep":"V0109999999AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",)"
            R"("incarnation":"0f","message_type":200,"mst":"0101234567","provider":"abc","provider_mtdiep":"K01",)"
            R"("sha256":"0000000000000000000000000000000000000000000000000000000000000000"})");
  facts.provider_mtdiep.clear();
  facts.client_reference = "ref-1";
  EXPECT_NE(ReceiptJson(facts).find(R"("class":"coded","client_reference":"ref-1","contract_version")"),
            std::string::npos);
}

TEST(Receipt, StatesTheAllowancesThatSignaturesNeeded) {
  ReceiptFacts facts;
  EXPECT_EQ(ReceiptJson(facts).find("signature_marks"), std::string::npos) << "none: the receipt is as it always was";
  facts.signature_marks = {"enveloped_on_object", "legacy_sha1"};
  const std::string json = ReceiptJson(facts), end = R"(","signature_marks":["enveloped_on_object","legacy_sha1"]})";
  ASSERT_GT(json.size(), end.size());
  EXPECT_EQ(json.substr(json.size() - end.size()), end) << "the last key, since they are sorted";
}

TEST(Proof, StatesTheFactsOfAVoidingWithSortedKeys) {
  VoidFacts facts;
  facts.key = {ProviderId::Trusted("acme"), SubmitIdKind::kMTDiep, "M-1"};
  facts.voided_at = {1700000000000000};
  facts.incarnation = "00ff";
  EXPECT_EQ(VoidJson(facts), R"({"durability":"FLUSHED_LOCAL","incarnation":"00ff","provider":"acme",)"
                             R"("provider_mtdiep":"M-1","voided_at":"2023-11-15T05:13:20.000000+07:00"})");
  facts.key.kind = SubmitIdKind::kClientReference;
  facts.key.value = "a \"b\"";
  EXPECT_EQ(VoidJson(facts), R"({"client_reference":"a \"b\"","durability":"FLUSHED_LOCAL","incarnation":"00ff",)"
                             R"("provider":"acme","voided_at":"2023-11-15T05:13:20.000000+07:00"})");
}

TEST(Proof, StatesTheFactsOfAWithdrawalWithSortedKeys) {
  WithdrawalFacts facts;
  facts.key = {ProviderId::Trusted("acme"), SubmitIdKind::kMTDiep, "M-1"};
  facts.gateway_id = MessageId::Trusted("V01");
  facts.digest.bytes.fill(0xab);
  facts.accepted_at = {1700000000000000};
  facts.withdrawn_at = {1700000001000000};
  facts.incarnation = "00ff";
  std::string hex;
  for (int i = 0; i < 32; ++i) hex += "ab";
  EXPECT_EQ(WithdrawalJson(facts),
            R"({"accepted_at":"2023-11-15T05:13:20.000000+07:00","durability":"FLUSHED_LOCAL","gateway_mtdiep":"V01",)"
            R"("incarnation":"00ff","provider":"acme","provider_mtdiep":"M-1","sha256":")" +
                hex + R"(","withdrawn_at":"2023-11-15T05:13:21.000000+07:00"})");
  facts.key.kind = SubmitIdKind::kClientReference;
  EXPECT_NE(WithdrawalJson(facts).find(R"("client_reference":"M-1")"), std::string::npos);
  EXPECT_EQ(WithdrawalJson(facts).find("provider_mtdiep"), std::string::npos);
}

TEST_F(Seal, AProofOfOneKindIsNoneOfAnother) {
  const std::string_view kinds[] = {kReceiptType, kVoidType, kWithdrawalType};
  for (const std::string_view made : kinds)
    for (const std::string_view asked : kinds)
      EXPECT_EQ(Unseal(sealer_->Seal(made, kPayload), asked, sealer_->KeySetJson()).ok(), made == asked)
          << made << " as " << asked;
}

}  // namespace
}  // namespace tvan
