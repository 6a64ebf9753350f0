// Bad input by name: never a crash or a hang, always a finding that says what is wrong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

SigningWorld& W() { return SigningWorld::Get(); }
using Rules = std::vector<std::string>;

std::string Good() {
  MessageSpec spec = Spec203(1);
  spec.signing_time = W().now;
  return MakeTDiep(spec, W().seller.get());
}
// A document that is refused unread: one error, nothing else.
Rules Unread(const std::string& bytes) {
  const auto outcome = W().Run(bytes);
  EXPECT_FALSE(outcome.read.message.has_value());
  for (const Finding& finding : outcome.read.findings) EXPECT_EQ(finding.authority_code, "1000");
  return outcome.errors();
}

TEST(BadInput, TheGoodTwinPasses) { EXPECT_THAT(W().Run(Good()).errors(), IsEmpty()); }

TEST(BadInput, Empty) {
  EXPECT_THAT(Unread(""), ElementsAre("xml.empty"));
  EXPECT_THAT(Unread("\xEF\xBB\xBF"), ElementsAre("xml.empty"));
}

TEST(BadInput, TruncatedAnywhere) {
  const std::string good = Good();
  for (size_t size = 1; size < good.size(); size += 97)
    EXPECT_THAT(W().Run(good.substr(0, size)).errors(), Not(IsEmpty()));
  EXPECT_THAT(Unread(good.substr(0, good.size() - 1)), ElementsAre("xml.not_well_formed"));
}

// The outline of such a message is fine: its header is known, and the error is said in the line where it stands.
TEST(BadInput, BrokenInsideDLieu) {
  const std::string good = Good();
  for (const auto& [what, by] : {std::pair<std::string, std::string>{"</NDHDon>", "</NDHdon>"},
                                 {"<NDHDon>", "<NDHDon a=\"1\" a=\"2\">"},
                                 {"<NDHDon>", "\n\n\n<NDHDon>&nbsp;"}}) {
    const auto outcome = W().Run(Replaced(good, what, by));
    EXPECT_THAT(outcome.errors(), ElementsAre("xml.not_well_formed")) << by;
    ASSERT_TRUE(outcome.read.message.has_value());
    EXPECT_EQ(outcome.read.message->header.mltdiep, 203);
    EXPECT_EQ(outcome.checked.sent_bytes, "");
  }
  EXPECT_THAT(W().Run(Replaced(good, "<NDHDon>", "<q:NDHDon>")).errors(), ElementsAre("xml.not_well_formed"));
  const auto lines = W().Run("\n\n" + Replaced(good, "<NDHDon>", "\n<NDHDon>&nbsp;").substr(good.find("<TDiep")));
  ASSERT_EQ(lines.checked.findings.size(), 1u);
  EXPECT_THAT(lines.checked.findings.front().text_en, ::testing::HasSubstr("(line 4,"));
}

TEST(BadInput, BrokenBehindDLieuIsSaidInItsLine) {
  const auto outcome = W().Run(Replaced(Replaced(Good(), "<NDHDon>", "\n\n<NDHDon>"), "</TDiep>", "\n&nbsp;</TDiep>"));
  ASSERT_EQ(outcome.read.findings.size(), 1u);
  EXPECT_FALSE(outcome.read.message.has_value());
  EXPECT_THAT(outcome.read.findings.front().text_en, ::testing::HasSubstr("(line 5,"));
}

TEST(BadInput, ARefusedHeaderHidesNoFaultOfTheContent) {
  MessageSpec spec = Spec203(1);
  spec.pban = "9.9.9";
  const std::string bad = MakeTDiep(spec, W().seller.get());
  EXPECT_THAT(W().Run(bad).errors(), ElementsAre("header.pban"));
  EXPECT_THAT(W().Run(Replaced(bad, "</NDHDon>", "</NDHdon>")).errors(),
              ElementsAre("header.pban", "xml.not_well_formed"));
  spec.sluong = "2";
  EXPECT_THAT(W().Run(MakeTDiep(spec, W().seller.get())).errors(), ElementsAre("header.pban", "count.sluong_mismatch"));
}

TEST(BadInput, OneByteMoreThanTwoMegabytes) {
  const std::string good = Good();
  const size_t limit = XmlLimits().max_bytes;
  EXPECT_THAT(Unread(good + std::string(limit + 1 - good.size(), ' ')), ElementsAre("xml.too_large"));
  EXPECT_THAT(W().Run(good + std::string(limit - good.size(), ' ')).errors(), IsEmpty());
}

TEST(BadInput, NotUtf8) {
  EXPECT_THAT(Unread(Replaced(Good(), "<Ten>Công ty Người Bán", "<Ten>C\xF4ng")), ElementsAre("xml.encoding"));
  EXPECT_THAT(Unread(Replaced(Good(), "encoding=\"UTF-8\"", "encoding=\"UTF-16\"")), ElementsAre("xml.encoding"));
}

TEST(BadInput, Doctype) {
  EXPECT_THAT(Unread(Replaced(Good(), "<TDiep>", "<!DOCTYPE TDiep><TDiep>")), ElementsAre("xml.doctype"));
  EXPECT_THAT(Unread("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><TDiep>&b;</TDiep>"),
              ElementsAre("xml.doctype"));
}

TEST(BadInput, TenThousandLevelsDeep) {
  std::string deep = "<TDiep>";
  for (int i = 0; i < 10000; ++i) deep += "<a>";
  EXPECT_THAT(Unread(deep), ElementsAre("xml.too_deep"));
}

TEST(BadInput, WrongItemCount) {
  EXPECT_THAT(W().Run(Replaced(Good(), "<SLuong>1</SLuong>", "<SLuong>3</SLuong>")).errors(),
              ElementsAre("count.sluong_mismatch"));
}

TEST(BadInput, MalformedTaxCode) {
  EXPECT_THAT(W().Run(Replaced(Good(), "<MST>0101234567</MST><SLuong>1<", "<MST>01012</MST><SLuong>1<")).errors(),
              ElementsAre("header.mst_syntax"));
}

TEST(BadInput, UnknownMessageType) {
  EXPECT_THAT(W().Run(Replaced(Good(), "<MLTDiep>203<", "<MLTDiep>987<")).errors(),
              ElementsAre("catalogue.unknown_type"));
}

TEST(BadInput, AMessageInAForeignNamespace) {
  EXPECT_THAT(Unread(Replaced(Good(), "<TDiep>", "<TDiep xmlns=\"urn:x\">")), ElementsAre("envelope.namespace"));
  const std::string prefixed =
      Replaced(Replaced(Good(), "<TDiep>", "<TDiep xmlns:x=\"urn:x\">"), "<TTChung><PBan>2.1.0</PBan><MNGui>",
               "<x:TTChung/><TTChung><PBan>2.1.0</PBan><MNGui>");
  EXPECT_THAT(W().Run(prefixed).errors(), ElementsAre("envelope.namespace"));
  MessageSpec declared = Spec203(1);
  declared.root_attributes = " xmlns:x=\"urn:x\"";
  EXPECT_THAT(W().RunSigned(declared).errors(), IsEmpty()) << "declaring one is no fault";
}

TEST(BadInput, ASignatureOverAnotherNode) {
  MessageSpec spec = Spec203(1);
  spec.invoices[0].more = "<DLQRCode Id=\"other\"/>";
  const SignRequest request{"other", "/TDiep/DLieu/HDon/DSCKS/NBan", W().now, {}};
  EXPECT_THAT(W().Run(*W().seller->Sign(MakeTDiep(spec, nullptr), request)).errors(),
              ElementsAre("signature.not_covered"));
}

TEST(BadInput, IdsTwice) {
  EXPECT_THAT(W().Run(Replaced(Good(), "<NDHDon>", "<NDHDon Id=\"data-1\">")).errors(),
              Contains("signature.id_not_unique"));
}

TEST(BadInput, AnotherRoot) {
  EXPECT_THAT(Unread("<HoaDon/>"), ElementsAre("envelope.root"));
  EXPECT_THAT(W().Run("<TDiep/>").errors(), Contains("envelope.missing_element"));
  EXPECT_THAT(W().Run("<HDon/>").errors(), Contains("envelope.client_reference"));
}

TEST(BadInput, TheShapeOfTheEnvelope) {
  EXPECT_THAT(W().Run(Replaced(Good(), "</TDiep>", "<Khac/></TDiep>")).errors(),
              ElementsAre("envelope.unknown_element"));
  EXPECT_THAT(W().Run(Replaced(Good(), "</TDiep>", "<DLieu/></TDiep>")).errors(),
              ElementsAre("envelope.duplicate_element"));
  EXPECT_THAT(W().Run(Replaced(Good(), "</TDiep>", "<CKSNNT/></TDiep>")).errors(),
              ElementsAre("envelope.cksnnt_not_allowed"));
  EXPECT_THAT(W().Run(Replaced(Good(), "</TDiep>", "<!-- fine --></TDiep>")).errors(), IsEmpty());
}

TEST(BadInput, AFloodOfFaultsIsCutAndStaysARefusal) {
  std::string flood;
  for (int i = 0; i < 100000; ++i) flood += "<a/>";
  for (const auto& [what, by] : {std::pair<std::string, std::string>{"</DLieu>", flood + "</DLieu>"},
                                 {"</TDiep>", flood + "</TDiep>"},
                                 {"</SLuong></TTChung>", "</SLuong>" + flood + "<x:b xmlns:x=\"urn:x\"/></TTChung>"},
                                 {"</HDon>", flood + "<x:b xmlns:x=\"urn:x\"/></HDon>"}}) {
    const auto outcome = W().Run(Replaced(Good(), what, by));
    EXPECT_TRUE(HasError(outcome.read.findings) || HasError(outcome.checked.findings)) << what;
    EXPECT_LE(outcome.read.findings.size(), 201u);
    EXPECT_LE(outcome.checked.findings.size(), 201u);
  }
}

TEST(BadInput, ATDiepIsKnownByItsIdNotByAReference) {
  const auto outcome = W().Run({Good(), 0, "ref"}, W().context());
  EXPECT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.warnings(), ElementsAre("envelope.reference_ignored"));
  EXPECT_EQ(outcome.read.message->id_kind, SubmitIdKind::kMTDiep);
}

// --- the bare form

SigningWorld::Outcome Bare(int type, const std::string& reference, const InvoiceSpec& invoice = InvoiceSpec()) {
  return W().Run({MakeBareHDon(invoice, W().seller.get(), W().now), type, reference}, W().context());
}

TEST(BareInvoice, NeedsATypeThatItCanBe) {
  EXPECT_THAT(Bare(203, "r").errors(), IsEmpty());
  EXPECT_THAT(Bare(200, "r").errors(), IsEmpty());
  InvoiceSpec single;
  single.related = "<MHSo>HS0001</MHSo>";  // of the 106 that it follows
  EXPECT_THAT(Bare(201, "r", single).errors(), IsEmpty());
  for (const int type : {0, 206, 300, 999}) EXPECT_THAT(Bare(type, "r").errors(), ElementsAre("envelope.bare_type"));
}

TEST(BareInvoice, NeedsAReference) {
  EXPECT_EQ(Bare(203, "my ref").read.message->id_value, "my ref");
  EXPECT_EQ(Bare(203, "r").read.message->id_kind, SubmitIdKind::kClientReference);
  EXPECT_THAT(Bare(203, std::string(64, 'r')).errors(), IsEmpty());
  for (const std::string& reference : {std::string(), std::string(65, 'r'), std::string("a\nb"), std::string("ữ")})
    EXPECT_THAT(Bare(203, reference).errors(), ElementsAre("envelope.client_reference"));
}

TEST(BareInvoice, MakesItsHeaderFromItsContent) {
  const auto outcome = Bare(200, "r");
  const Envelope& header = outcome.read.message->header;
  EXPECT_EQ(header.pban, "2.1.0");
  EXPECT_EQ(header.mst, "0101234567");
  EXPECT_EQ(header.sluong, "1");
  EXPECT_EQ(header.mltdiep, 200);
  EXPECT_EQ(header.mtdiep, "");
  InvoiceSpec invoice;
  invoice.pban = "9.9.9";
  EXPECT_THAT(Bare(203, "r", invoice).errors(), ElementsAre("header.pban"));
  invoice.pban = "2.1.0";
  invoice.mst = "1";
  EXPECT_THAT(Bare(203, "r", invoice).errors(), ElementsAre("field.mst"));
}

TEST(BareInvoice, OverTheWholeDocumentBreaksWhenItIsWrapped) {
  const std::string hdon = Replaced(MakeBareHDon(InvoiceSpec(), nullptr, W().now), "<HDon>", "<HDon Id=\"toan\">");
  const SignRequest request{"toan", "/HDon/DSCKS/NBan", W().now, {}};
  const std::string by_id = *W().seller->Sign(hdon, request);
  EXPECT_THAT(W().Run({by_id, 203, "r"}, W().context()).errors(), IsEmpty());
  EXPECT_THAT(W().Run({Replaced(by_id, "URI=\"#toan\"", "URI=\"\""), 203, "r"}, W().context()).errors(),
              ElementsAre("signature.breaks_on_forward"));
}

// --- samples that others made

std::filesystem::path Shared() {
  if (const char* given = std::getenv("TVAN_SHARED")) return given;
  const char* source = std::getenv("TVAN_SOURCE_DIR");
  return std::filesystem::path(source ? source : ".") / ".." / "shared";
}

std::string Sample(const std::string& name) {
  std::ifstream in(Shared() / "vectors" / "invoices" / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Samples, AreJudgedAsTheirTableSays) {
  if (!std::filesystem::exists(Shared() / "vectors" / "invoices"))
    GTEST_SKIP() << "NOT RUN: no vectors/invoices in " << Shared() << " (set TVAN_SHARED)";
  CheckContext context = W().context();
  context.our_mst = TaxCode::Trusted("0107001729-001");  // of the 206 sample
  context.gateway_id = MessageId::Trusted("V0107001729001" + std::string(32, 'A'));
  const auto cash = W().Run({Sample("206-pban210-unsigned.xml"), 0, {}}, context);
  EXPECT_THAT(cash.errors(), ElementsAre("signature.missing", "qr.form"));
  EXPECT_THAT(cash.warnings(), ElementsAre("header.mtdtchieu_filled", "header.authority_hop"));
  ASSERT_EQ(cash.checked.claims.size(), 1u);
  EXPECT_EQ(cash.checked.claims[0].ToString(), "0107001729;1;C25MXX;12345");
  context.our_mst = TaxCode::Trusted("0101360697");
  const auto notice = W().Run({Sample("300-envelope-only.xml"), 0, {}}, context);
  EXPECT_THAT(notice.errors(), ElementsAre("envelope.text", "count.no_items"));
  EXPECT_THAT(notice.read.findings, IsEmpty()) << "the envelope itself is read without fault";
  EXPECT_EQ(notice.read.message->header.mst, "0101360697-999");
  const auto bare = W().Run({Sample("hdon-minimal-ehoadondientu.xml"), 203, "r"}, context);
  EXPECT_THAT(bare.errors(), Contains("field.missing"));
}

}  // namespace
}  // namespace tvan
