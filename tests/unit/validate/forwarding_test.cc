// Wrapping and signatures: what is verified is what will be sent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/validate/wrap_plan.h"
#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

SigningWorld& W() { return SigningWorld::Get(); }
std::string Between(const std::string& text, const std::string& from, const std::string& to) {
  const size_t start = text.find(from), end = text.rfind(to) + to.size();
  return text.substr(start, end - start);
}
std::string Signed(MessageSpec spec, const XmlSigner& signer) {
  spec.signing_time = W().now;
  return MakeTDiep(spec, &signer);
}
SigningWorld::Outcome RunWith(const MessageSpec& spec, const XmlSigner& signer) { return W().Run(Signed(spec, signer)); }

TEST(Wrapping, PutsThePayloadBytesIntoANewMessageOfOurs) {
  const std::string bytes = Signed(Spec203(2), *W().seller);
  const auto outcome = W().Run(bytes);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  const std::string& sent = outcome.checked.sent_bytes;
  EXPECT_EQ(sent, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TDiep><TTChung><PBan>2.1.0</PBan><MNGui>V0309478306</MNGui>"
                  "<MNNhan>TCT</MNNhan><MLTDiep>203</MLTDiep><MTDiep>" + W().gateway_id().value() +
                  "</MTDiep><MTDTChieu/><MST>0101234567</MST><SLuong>2</SLuong></TTChung>" +
                  Between(bytes, "<DLieu>", "</DLieu>") + "</TDiep>");
  EXPECT_EQ(RenderWrapped(outcome.checked.plan, outcome.read.message->document->bytes(),
                          {"V0309478306", "TCT", W().gateway_id().value(), ""}),
            sent)
      << "what is sent later is what was verified";
}

TEST(Wrapping, KeepsThePackageSignatureAndTheAttributesOfThePayload) {
  MessageSpec spec = Spec206(2);
  spec.dlieu_attributes = " Id=\"Goi\"  ghi='1'";
  const std::string bytes = Signed(spec, *W().seller);
  const auto outcome = W().Run(bytes);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.checked.sent_bytes, HasSubstr(Between(bytes, "<DLieu Id=\"Goi\"  ghi='1'>", "</CKSNNT>")));
}

TEST(Wrapping, RedeclaresNamespacesAndXmlAttributesOfTheRootAndNothingElse) {
  MessageSpec spec = Spec206(1);
  spec.root_attributes =
      " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" Id=\"go>c\"\n  xmlns:xsd='urn:a'\txml:lang = \"vi\" "
      "xmlns=\"\" xsi:schemaLocation=\"a b\"";
  const auto outcome = W().RunSigned(spec);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_EQ(outcome.checked.plan.root_attributes,
            " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd='urn:a' xml:lang = \"vi\" xmlns=\"\"");
  EXPECT_THAT(outcome.checked.sent_bytes, HasSubstr("<TDiep" + outcome.checked.plan.root_attributes + "><TTChung>"));
}

TEST(Wrapping, CopiesAttributesFromAnyStartTag) {
  EXPECT_EQ(CopiedAttributes("<TDiep>"), "");
  EXPECT_EQ(CopiedAttributes("<TDiep/>"), "");
  EXPECT_EQ(CopiedAttributes("<TDiep a='xmlns:b=\"c\"'>"), "");
  EXPECT_EQ(CopiedAttributes("<TDiep xmlnsx='1' xml:space='preserve'\n>"), " xml:space='preserve'");
  EXPECT_EQ(CopiedAttributes("<TDiep xmlns:a=\"it's\"/>"), " xmlns:a=\"it's\"");
}

TEST(Wrapping, LeavesOutByteOrderMarkDeclarationAndCommentsAroundTheParts) {
  MessageSpec spec = Spec203(1);
  spec.declaration = "\xEF\xBB\xBF<?xml version='1.0'?><!-- a -->";
  const auto outcome = W().RunSigned(spec);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.checked.sent_bytes, StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TDiep><TTChung>"));
  EXPECT_EQ(outcome.read.message->document->bytes().substr(0, 5), "<?xml");
}

TEST(Wrapping, ABareInvoiceGetsItsEnvelope) {
  const std::string hdon = MakeBareHDon(InvoiceSpec(), W().seller.get(), W().now);
  const auto outcome = W().Run({"<?xml version=\"1.0\"?>" + hdon, 203, "ref-1"}, W().context());
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.warnings(), IsEmpty());
  EXPECT_THAT(outcome.checked.sent_bytes, HasSubstr("<SLuong>1</SLuong></TTChung><DLieu>" + hdon + "</DLieu></TDiep>"));
  EXPECT_EQ(outcome.checked.mst.value(), "0101234567");
  EXPECT_EQ(outcome.checked.plan.form, WrappingPlan::Form::kBareHDon);
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
  for (const auto& [spec, what, by] : {std::tuple{Spec203(1), "Giờ", "Ngày"}, {Spec206(1), "Giờ", "Ngày"},
                                       {Spec300(1), "Sai địa chỉ", "Sai tên"}, {Spec200(), "<THHDVu>", "<THHDVu> "}})
    EXPECT_THAT(W().Run(Replaced(Signed(spec, *W().seller), what, by)).errors(), ElementsAre("signature.digest"));
}

TEST(Signatures, OverAnotherNodeAreRefused) {
  MessageSpec spec = Spec203(1);
  spec.invoices[0].more = "<DLQRCode Id=\"other\">0002</DLQRCode>";
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
  EXPECT_THAT(W().Run(MakeTDiep(spec, nullptr)).errors(), Contains("signature.id_reused_across_items"));
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
  const std::string before =
      Replaced(MakeTDiep(Spec203(1), nullptr), "</DLHDon>", "</DLHDon><DSCKS/>");
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
  spec.invoices[0].more = "<DLQRCode>0002</DLQRCode>";
  const std::string good = Signed(spec, *W().seller);
  SignRequest request{"data-1", "/TDiep/DLieu/HDon/DLQRCode", W().now, {}};
  EXPECT_THAT(W().Run(*W().seller->Sign(good, request)).errors(), ElementsAre("signature.misplaced"));
}

TEST(Signatures, TheSignerIsTheTaxpayerOrItsDelegate) {
  EXPECT_THAT(RunWith(Spec203(1), *W().delegate).errors(), ElementsAre("signature.signer_mismatch"));
  EXPECT_THAT(RunWith(Spec206(1), *W().delegate).errors(), ElementsAre("signature.signer_mismatch"));
  MessageSpec delegated = Spec203(1);
  delegated.invoices[0].related = "<MSTDVNUNLHDon>0107777777</MSTDVNUNLHDon>";
  EXPECT_THAT(RunWith(delegated, *W().delegate).errors(), IsEmpty());
  const auto nameless = RunWith(Spec203(3), *W().nameless);
  EXPECT_THAT(nameless.errors(), IsEmpty());
  EXPECT_THAT(nameless.warnings(), ElementsAre("signature.signer_unknown")) << "said once";
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
    SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands, Time) const override {
      ++calls;
      return {std::vector<SignatureReport>(demands.size()), {}};
    }
    mutable int calls = 0;
  } counting;
  const auto validator = Validator::Make({}, *W().parser, counting, *W().digester);
  MessageSpec spec = Spec203(1);
  spec.sluong = "2";
  auto read = validator->Read({MakeTDiep(spec, nullptr), 0, {}});
  validator->Check(*read.message, W().context());
  EXPECT_EQ(counting.calls, 0);
  read = validator->Read({MakeTDiep(Spec203(1), nullptr), 0, {}});
  validator->Check(*read.message, W().context());
  EXPECT_EQ(counting.calls, 1);
}

TEST(Wrapping, AMessageThatWouldGrowBeyondTheLimitIsRefused) {
  MessageSpec spec = Spec203(1);
  spec.mngui = "0109999999";
  spec.mtdiep = "x";
  const std::string small = Signed(spec, *W().seller);
  XmlLimits limits;
  limits.max_bytes = small.size() + 1;  // wrapped it is longer
  const auto tight = MakeXmlParser(limits);
  const auto validator = Validator::Make({limits}, *tight, *W().verifier, *W().digester);
  const auto read = validator->Read({small, 0, {}});
  ASSERT_TRUE(read.message);
  const auto checked = validator->Check(*read.message, W().context());
  ASSERT_EQ(checked.findings.size(), 1u);
  EXPECT_EQ(checked.findings[0].rule.text(), "envelope.wrapped_refused");
}

// The stock program says of what will be sent what we say.
int Xmlsec1(const std::string& bytes, const std::string& signature_path) {
  const std::string file = W().folder + "/sent.xml";
  std::ofstream(file, std::ios::binary) << bytes;
  const std::string command =
      "xmlsec1 --verify --enabled-reference-uris same-doc --enabled-key-data x509 --trusted-pem " + W().trust_file +
      " --X509-skip-strict-checks --id-attr:Id DLieu --id-attr:Id DLHDon --id-attr:Id DLTBao --id-attr:Id Object"
      " --node-xpath \"" + signature_path + "\" " + file + " >/dev/null 2>&1";
  return std::system(command.c_str());
}

TEST(Wrapping, WhatWillBeSentVerifiesWithTheStockProgram) {
  if (std::system("xmlsec1 --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "xmlsec1 is not installed";
  const std::string in_package = "/TDiep/CKSNNT/*[local-name()='Signature']";
  MessageSpec package = Spec206(2);
  package.root_attributes = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:t=\"urn:t\" xml:lang=\"vi\"";
  const auto outcome = W().RunSigned(package);
  ASSERT_THAT(outcome.errors(), IsEmpty());
  EXPECT_EQ(Xmlsec1(outcome.checked.sent_bytes, in_package), 0);
  EXPECT_NE(Xmlsec1(Replaced(outcome.checked.sent_bytes, " xmlns:t=\"urn:t\"", ""), in_package), 0)
      << "without the sender's declarations it would not";
  const auto invoices = W().RunSigned(Spec203(2));
  ASSERT_THAT(invoices.errors(), IsEmpty());
  for (const char* n : {"1", "2"})
    EXPECT_EQ(Xmlsec1(invoices.checked.sent_bytes, std::string("/TDiep/DLieu/HDon[") + n +
                                                       "]/DSCKS/NBan/*[local-name()='Signature']"),
              0);
}

}  // namespace
}  // namespace tvan
