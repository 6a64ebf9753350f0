// Signatures: which are demanded, what they must cover, who may sign, what breaks on the way.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

SigningWorld& W() { return SigningWorld::Get(); }
std::string Signed(MessageSpec spec, const XmlSigner& signer) {
  spec.signing_time = W().now;
  return MakeTDiep(spec, &signer);
}
SigningWorld::Outcome RunWith(const MessageSpec& spec, const XmlSigner& signer) {
  return W().Run(Signed(spec, signer));
}

TEST(Signatures, AreDemandedWhereTheTypeHasThem) {
  for (MessageSpec spec : {Spec200(), Spec203(2), Spec206(2), Spec300(1)}) {
    EXPECT_THAT(RunWith(spec, *W().seller).errors(), IsEmpty()) << spec.type;
    const auto unsigned_one = W().Run(MakeTDiep(spec, nullptr));
    EXPECT_THAT(unsigned_one.errors(), Contains("signature.missing")) << spec.type;
  }
  const auto outcome = RunWith(Spec203(2), *W().seller);
  ASSERT_EQ(outcome.checked.signers.size(), 2u);
  EXPECT_TRUE(outcome.checked.signers[1].valid);
  EXPECT_EQ(outcome.checked.signers[1].signer_tax_code, "0101234567");
}

TEST(Signatures, AMissingOneIsNamedByItsPlace) {
  const Finding* finding = nullptr;
  const auto package = W().Run(MakeTDiep(Spec203(2), nullptr));
  finding = package.Find("signature.missing");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->path, "/TDiep/DLieu/HDon[1]/DSCKS/NBan/Signature");
  const auto bare = W().Run({MakeBareHDon(InvoiceSpec(), nullptr, W().now), 203, "r"}, W().context());
  ASSERT_NE(bare.Find("signature.missing"), nullptr);
  EXPECT_EQ(bare.Find("signature.missing")->path, "/HDon/DSCKS/NBan/Signature") << "as the sender knows it";
}

TEST(Signatures, ChangedContentIsFound) {
  for (const auto& [spec, what, by] : {std::tuple{Spec203(1), "Giờ", "Ngày"},
                                       {Spec206(1), "Giờ", "Ngày"},
                                       {Spec300(1), "Sai địa chỉ", "Sai tên"},
                                       {Spec200(), "<THHDVu>", "<THHDVu> "}})
    EXPECT_THAT(W().Run(Replaced(Signed(spec, *W().seller), what, by)).errors(), ElementsAre("signature.digest"));
}

TEST(Signatures, OverAnotherNodeAreRefused) {
  MessageSpec spec = Spec203(1);
  spec.invoices[0].more = "<DLQRCode Id=\"other\">000201</DLQRCode>";
  spec.signing_time = W().now;
  const std::string document = MakeTDiep(spec, nullptr);
  SignRequest request{"other", "/TDiep/DLieu/HDon/DSCKS/NBan", W().now, {}};
  EXPECT_THAT(W().Run(*W().seller->Sign(document, request)).errors(), ElementsAre("signature.not_covered"));
  request.node_id = "data-1";
  EXPECT_THAT(W().Run(*W().seller->Sign(document, request)).errors(), IsEmpty());
}

TEST(Signatures, APackageMayBeSignedOverEachInvoiceButNotOverSome) {
  MessageSpec spec = Spec206(2);
  std::string document = MakeTDiep(spec, nullptr);
  document = Replaced(document, "<HDon><DLHDon Id=\"data-1\"", "<HDon Id=\"a\"><DLHDon Id=\"data-1\"");
  document = Replaced(document, "<HDon><DLHDon Id=\"data-2\"", "<HDon Id=\"b\"><DLHDon Id=\"data-2\"");
  SignRequest request{"a", "/TDiep/CKSNNT", W().now, {"b"}};
  EXPECT_THAT(W().Run(*W().seller->Sign(document, request)).errors(), IsEmpty());
  request.more_ids.clear();
  EXPECT_THAT(W().Run(*W().seller->Sign(document, request)).errors(), ElementsAre("signature.not_covered"));
}

TEST(Signatures, IdsTwiceAreRefused) {
  MessageSpec spec = Spec203(2);
  spec.signing_time = W().now;
  spec.invoices[1].id = "data-1";
  std::string document = MakeTDiep(spec, nullptr);
  for (size_t at = 0; (at = document.find("</NBan></DSCKS>", at)) != std::string::npos; at += 60)
    document.insert(at, "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>");
  EXPECT_THAT(W().Run(document).errors(), Contains("signature.id_reused_across_items"));
  const std::string twice = Replaced(Signed(Spec203(1), *W().seller), "<NDHDon>", "<NDHDon Id=\"data-1\">");
  EXPECT_THAT(W().Run(twice).errors(), Contains("signature.id_not_unique"));
}

TEST(Signatures, TwoOfOneRoleAreRefused) {
  MessageSpec spec = Spec203(1);
  EXPECT_THAT(RunWith(spec, *W().seller).errors(), IsEmpty());
  const std::string once = Signed(spec, *W().seller);
  SignRequest request{"data-1", "/TDiep/DLieu/HDon/DSCKS/NBan", W().now, {}};
  EXPECT_THAT(W().Run(*W().seller->Sign(once, request)).errors(), ElementsAre("signature.role_twice"));
}

TEST(Signatures, ASecondEmptyPlaceMayFollowOrPrecede) {
  MessageSpec spec = Spec203(1);
  spec.invoices[0].more = "<DSCKS><NBan/><NMua/></DSCKS>";
  EXPECT_THAT(RunWith(spec, *W().seller).errors(), IsEmpty());
  const std::string before = Replaced(MakeTDiep(Spec203(1), nullptr), "</DLHDon>", "</DLHDon><DSCKS/>");
  SignRequest request{"data-1", "/TDiep/DLieu/HDon/DSCKS[2]/NBan", W().now, {}};
  EXPECT_THAT(W().Run(*W().seller->Sign(before, request)).errors(), IsEmpty());
}

TEST(Signatures, ABuyersSignatureIsVerifiedToo) {
  const std::string sold = Signed(Spec203(1), *W().seller);
  SignRequest request{"data-1", "/TDiep/DLieu/HDon/DSCKS/NMua", W().now, {}};
  EXPECT_THAT(W().Run(*W().delegate->Sign(sold, request)).errors(), IsEmpty());
  EXPECT_THAT(W().Run(*W().untrusted->Sign(sold, request)).errors(), ElementsAre("signature.untrusted"));
}

TEST(Signatures, WhereTheTypeHasNoneAreRefused) {
  MessageSpec spec = Spec203(1);
  spec.invoices[0].more = "<Khac></Khac>";
  const std::string good = Signed(spec, *W().seller);
  SignRequest request{"data-1", "/TDiep/DLieu/HDon/Khac", W().now, {}};
  EXPECT_THAT(W().Run(*W().seller->Sign(good, request)).errors(), ElementsAre("signature.misplaced"));
}

TEST(Signatures, TheSignerIsTheTaxpayerOrItsDelegate) {
  EXPECT_THAT(RunWith(Spec203(1), *W().delegate).errors(), ElementsAre("signature.signer_mismatch"));
  EXPECT_THAT(RunWith(Spec206(1), *W().delegate).errors(), ElementsAre("signature.signer_mismatch"));
  MessageSpec delegated = Spec203(1);
  delegated.invoices[0].related =
      "<MSTDVNUNLHDon>0107777777</MSTDVNUNLHDon><TDVNUNLHDon>Công ty Nhận Ủy Nhiệm</TDVNUNLHDon>"
      "<DCDVNUNLHDon>Hà Nội</DCDVNUNLHDon>";
  const auto by_delegate = RunWith(delegated, *W().delegate);
  EXPECT_THAT(by_delegate.errors(), IsEmpty());
  EXPECT_THAT(by_delegate.warnings(), ElementsAre("signature.delegate_unregistered"));
  EXPECT_THAT(RunWith(delegated, *W().seller).warnings(), IsEmpty());
  const auto nameless = RunWith(Spec203(3), *W().nameless);
  EXPECT_THAT(nameless.errors(), IsEmpty());
  EXPECT_THAT(nameless.warnings(), ElementsAre("signature.signer_unknown")) << "said once";
}

TEST(Signatures, OfACertificateWithoutATaxCodeAreRefusedWhereTheContextSaysSo) {
  CheckContext strict = W().context();
  strict.unknown_signer = Leniency::kRefuse;
  const auto run = [&](MessageSpec spec, const XmlSigner& signer) {
    spec.signing_time = W().now;
    return W().Run({MakeTDiep(spec, &signer), 0, {}}, strict);
  };
  for (const MessageSpec& spec : {Spec203(1), Spec206(1), Spec300(1)}) {
    EXPECT_THAT(run(spec, *W().nameless).errors(), ElementsAre("signature.signer_unknown")) << spec.type;
    EXPECT_THAT(run(spec, *W().seller).errors(), IsEmpty()) << spec.type;
  }
}

TEST(Signatures, OfAnUntrustedIssuerAreRefused) {
  EXPECT_THAT(RunWith(Spec203(1), *W().untrusted).errors(), ElementsAre("signature.untrusted"));
}

// A reference to the whole document or to the header cannot hold after wrapping.
std::string OverWholeDocument(const std::string& uri) {
  MessageSpec spec = Spec203(1);
  spec.root_attributes = " Id=\"goc\"";
  std::string document = Signed(spec, *W().seller);
  document = Replaced(document, "<TTChung><PBan>2.1.0</PBan><MNGui>", "<TTChung Id=\"dau\"><PBan>2.1.0</PBan><MNGui>");
  return Replaced(document, "URI=\"#data-1\"", "URI=\"" + uri + "\"");
}

TEST(Signatures, ThatBreakOnForwardAreRefusedByName) {
  EXPECT_THAT(W().Run(OverWholeDocument("#data-1")).errors(), IsEmpty());
  for (const char* uri : {"", "#goc", "#dau"}) {
    const auto outcome = W().Run(OverWholeDocument(uri));
    EXPECT_THAT(outcome.errors(), ElementsAre("signature.breaks_on_forward")) << uri;
    EXPECT_EQ(outcome.Find("signature.breaks_on_forward")->path, "/TDiep/DLieu/HDon/DSCKS/NBan/Signature");
  }
}

TEST(Signatures, ThatBreakPassBySwitchWhenTheyHoldAsSubmitted) {
  CheckContext lenient = W().context();
  lenient.breaks_on_forward = Leniency::kWarn;
  MessageSpec spec = Spec206(1);
  spec.root_attributes = " Id=\"goc\"";
  const SignRequest request{"goc", "/TDiep/CKSNNT", W().now, {}};
  const std::string whole = *W().seller->Sign(MakeTDiep(spec, nullptr), request);
  EXPECT_THAT(W().Run(whole).errors(), ElementsAre("signature.breaks_on_forward"));
  const auto passed = W().Run({whole, 0, {}}, lenient);
  EXPECT_THAT(passed.errors(), IsEmpty());
  EXPECT_THAT(passed.warnings(), ElementsAre("signature.breaks_on_forward"));
  const auto forged = W().Run({Replaced(whole, "Giờ", "Ngày"), 0, {}}, lenient);
  EXPECT_THAT(forged.errors(), ElementsAre("signature.digest"));
}

TEST(Signatures, NoneIsComputedForAMessageThatIsRefusedAnyway) {
  class Counting final : public SignatureVerifier {
   public:
    SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands,
                          const VerifyContext&) const override {
      ++calls;
      return {std::vector<SignatureReport>(demands.size()), {}};
    }
    mutable int calls = 0;
  } counting;
  const auto validator = Validator::Make({.profiles = TestProfiles()}, *W().parser, counting, *W().digester);
  MessageSpec spec = Spec203(1);
  spec.sluong = "2";  // Check finds it
  auto read = validator->Read({MakeTDiep(spec, nullptr), 0, {}});
  EXPECT_EQ(validator->Check(*read.message, W().context()).plan.payload.size, 0u) << "nothing to send";
  spec.sluong = "1";
  spec.pban = "9.9.9";  // Read finds it
  read = validator->Read({MakeTDiep(spec, nullptr), 0, {}});
  EXPECT_EQ(validator->Check(*read.message, W().context()).sent_bytes, "");
  EXPECT_EQ(counting.calls, 0);
  read = validator->Read({MakeTDiep(Spec203(1), nullptr), 0, {}});
  validator->Check(*read.message, W().context());
  EXPECT_EQ(counting.calls, 0) << "a signature that is not there";
  read = validator->Read({Signed(Spec203(1), *W().seller), 0, {}});
  validator->Check(*read.message, W().context());
  EXPECT_EQ(counting.calls, 1);
}

}  // namespace
}  // namespace tvan
