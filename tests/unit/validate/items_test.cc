// What DLieu must hold, type by type: each rule accepted and refused, one change apart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/profiles/profiles.h"
#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

SigningWorld& W() { return SigningWorld::Get(); }
using Rules = std::vector<std::string>;

// Signed, then changed: the structure is judged before any signature.
SigningWorld::Outcome Changed(MessageSpec spec, const std::string& what, const std::string& by) {
  spec.signing_time = W().now;
  return W().Run(Replaced(MakeTDiep(spec, W().seller.get()), what, by));
}
std::vector<std::string> Keys(const std::vector<InvoiceKey>& keys) {
  std::vector<std::string> text;
  for (const InvoiceKey& key : keys) text.push_back(key.ToString());
  return text;
}

TEST(Items, ItemCountMustBeThatOfTheHeader) {
  MessageSpec spec = Spec203(3);
  EXPECT_THAT(W().RunSigned(spec).errors(), IsEmpty());
  EXPECT_EQ(W().RunSigned(spec).checked.item_count, 3);
  spec.sluong = "2";
  const auto outcome = W().RunSigned(spec);
  EXPECT_THAT(outcome.errors(), ElementsAre("count.sluong_mismatch"));
  const Finding* finding = outcome.Find("count.sluong_mismatch");
  EXPECT_EQ(finding->authority_code, "2010");
  EXPECT_THAT(finding->text_en, HasSubstr("is 2"));
  EXPECT_THAT(finding->text_en, HasSubstr("holds 3"));
  EXPECT_THAT(finding->text_vi, HasSubstr("2"));
}

TEST(Items, A206CountsItsInvoices) {
  MessageSpec spec = Spec206(3);
  EXPECT_THAT(W().RunSigned(spec).errors(), IsEmpty());
  spec.sluong = "1";
  EXPECT_THAT(W().RunSigned(spec).errors(), ElementsAre("count.sluong_mismatch"));
}

TEST(Items, A200HoldsExactlyOneInvoice) {
  MessageSpec spec = Spec200();
  EXPECT_THAT(W().RunSigned(spec).errors(), IsEmpty());
  spec.invoices = Spec203(2).invoices;
  EXPECT_THAT(W().RunSigned(spec).errors(), ElementsAre("count.one_invoice_only"));
}

TEST(Items, AnEmptyMessageIsRefused) {
  MessageSpec spec = Spec203(1);
  spec.invoices.clear();
  spec.sluong = "1";
  EXPECT_THAT(W().Run(MakeTDiep(spec, nullptr)).errors(),
              UnorderedElementsAre("count.no_items", "count.sluong_mismatch"));
}

TEST(Items, TooManyItemsAreRefusedUnread) {
  Validator::Options options;
  options.max_items = 3;
  options.profiles = TestProfiles();
  const auto validator = Validator::Make(options, *W().parser, *W().verifier, *W().digester);
  const auto rules = [&](int count) {
    MessageSpec spec = Spec203(count);
    spec.signing_time = W().now;
    const auto read = validator->Read({MakeTDiep(spec, W().seller.get()), 0, {}});
    Rules out;
    for (const Finding& f : validator->Check(*read.message, W().context()).findings) out.emplace_back(f.rule.text());
    return out;
  };
  EXPECT_THAT(rules(3), IsEmpty());
  EXPECT_THAT(rules(4), ElementsAre("count.too_many_items"));
}

TEST(Items, OnlyItemsStandInThePayload) {
  EXPECT_THAT(Changed(Spec203(1), "</DLieu>", "<Khac/></DLieu>").errors(), ElementsAre("envelope.unknown_element"));
  EXPECT_THAT(Changed(Spec203(1), "</DLieu>", "<x:HDon xmlns:x=\"urn:x\"/></DLieu>").errors(),
              ElementsAre("envelope.namespace"));
  EXPECT_THAT(Changed(Spec203(1), "</DLieu>", "<!-- fine --></DLieu>").errors(), IsEmpty());
}

TEST(Items, AnInvoicesForeignOrUnknownChildren) {
  MessageSpec spec = Spec203(1);
  spec.invoices[0].more = "<DSCKS/><DLQRCode>000201</DLQRCode>";
  EXPECT_THAT(W().RunSigned(spec).errors(), IsEmpty());
  EXPECT_THAT(W().RunSigned(spec).warnings(), IsEmpty());
  spec.invoices[0].more = "<Moi/>";
  EXPECT_THAT(W().RunSigned(spec).errors(), IsEmpty());
  EXPECT_THAT(W().RunSigned(spec).warnings(), ElementsAre("field.unknown"));
  spec.invoices[0].more = "<x:DLHDon xmlns:x=\"urn:x\"/>";
  EXPECT_THAT(W().RunSigned(spec).errors(), ElementsAre("envelope.namespace"));
}

struct FieldCase {
  const char* from;
  const char* good;
  const char* bad;
  const char* rule;
};
class InvoiceField : public ::testing::TestWithParam<FieldCase> {};
TEST_P(InvoiceField, IsReadAndRefused) {
  const FieldCase& c = GetParam();
  // The good twin breaks the signature only: all that is cheap has passed.
  EXPECT_THAT(Changed(Spec203(1), c.from, c.good).errors(), ElementsAre("signature.digest")) << c.good;
  EXPECT_THAT(Changed(Spec203(1), c.from, c.bad).errors(), ElementsAre(c.rule)) << c.bad;
}
INSTANTIATE_TEST_SUITE_P(
    Rules, InvoiceField,
    ::testing::Values(
        FieldCase{"<KHMSHDon>1<", "<KHMSHDon>6<", "<KHMSHDon>0<", "field.khmshdon"},
        FieldCase{"<KHMSHDon>1<", "<KHMSHDon>2<", "<KHMSHDon>01<", "field.khmshdon"},
        FieldCase{"<KHMSHDon>1</KHMSHDon>", "<KHMSHDon>2</KHMSHDon>", "", "field.missing"},
        FieldCase{"<KHHDon>K26TAA<", "<KHHDon>K26TBB<", "<KHHDon>K26T;A<", "field.khhdon"},
        FieldCase{"<KHHDon>K26TAA<", "<KHHDon>C26TAA<", "<KHHDon>K26TAAA<", "field.khhdon"},
        FieldCase{"<KHHDon>K26TAA<", "<KHHDon>C26TAA<", "<KHHDon><", "field.missing"},
        FieldCase{"<SHDon>1<", "<SHDon>99999999<", "<SHDon>100000000<", "field.shdon"},
        FieldCase{"<SHDon>1<", "<SHDon>00000002<", "<SHDon>000000002<", "field.shdon"},
        FieldCase{"<SHDon>1<", "<SHDon>2<", "<SHDon>0<", "field.shdon"},
        FieldCase{"<SHDon>1<", "<SHDon>2<", "<SHDon>-2<", "field.shdon"},
        FieldCase{"<SHDon>1</SHDon>", "<SHDon>2</SHDon>", "<SHDon><x/>2</SHDon>", "field.not_text"},
        FieldCase{"<SHDon>1</SHDon>", "<SHDon>2</SHDon>", "<SHDon>1</SHDon><SHDon>2</SHDon>", "field.repeated"},
        FieldCase{"<NLap>2026-11-20<", "<NLap>2026-11-19<", "<NLap>20/11/2026<", "field.nlap"},
        FieldCase{"<NLap>2026-11-20<", "<NLap>2024-02-29<", "<NLap>2026-02-30<", "field.nlap"},
        FieldCase{"<NLap>2026-11-20</NLap>", "<NLap>2026-11-19</NLap>", "", "field.missing"},
        FieldCase{"<MST>0101234567</MST><DChi>", "<MST>0101234567</MST><DChi>x", "<MST>123</MST><DChi>", "field.mst"},
        FieldCase{"<MST>0101234567</MST><DChi>", "<MST>0101234567</MST><DChi>x", "<DChi>", "field.missing"},
        FieldCase{"<MST>0101234567</MST><DChi>", "<MST>0101<!-- -->234567</MST><DChi>x",
                  "<MST>0101234567-001</MST><DChi>", "header.mst_mismatch"},
        FieldCase{"<Ten>Công ty Người Bán", "<Ten>Công ty", "</NBan><NBan><Ten>", "field.repeated"},
        FieldCase{"<NDHDon>", "<NDHDon><x/>", "<NDHDonX/><NDHDon><NBan/>", "field.repeated"}));

TEST(Items, AMissingFieldIsNamedByItsPath) {
  const auto outcome = Changed(Spec203(2), "<SHDon>2</SHDon>", "");
  ASSERT_NE(outcome.Find("field.missing"), nullptr);
  EXPECT_EQ(outcome.Find("field.missing")->path, "/TDiep/DLieu/HDon[2]/DLHDon/TTChung/SHDon");
}

TEST(Items, ASecondDataElementIsRefused) {
  EXPECT_THAT(Changed(Spec203(1), "<HDon><DLHDon", "<HDon><DLHDon/><DLHDon").errors(), ElementsAre("field.repeated"));
  EXPECT_THAT(Changed(Spec203(1), "<DLHDon Id=\"data-1\">", "<DLHDon Id=\"data-1\"><TTChung/>").errors(),
              ElementsAre("field.repeated"));
}

// Tables that let a malformed number pass: nobody could claim such an invoice.
TEST(Items, AnInvoiceWithoutAUsableKeyIsRefusedWhateverTheTablesSay) {
  std::vector<ProfileSource> sources = SourcesOf(EmbeddedProfiles());
  const std::string row = "hdon\tDLHDon/TTChung/SHDon\t";
  for (ProfileSource& source : sources) {
    const size_t start = source.fields_tsv.find(row);
    if (start == std::string::npos) continue;
    const std::string weak = row + "0..1\ttext\t20\t\t\tweak\tweak\t\t\tprotocol §7.1\t";
    source.fields_tsv.replace(start, source.fields_tsv.find('\n', start) - start, weak);
  }
  Validator::Options options;
  options.profiles = *ProfileSet::Make(sources, *W().digester);
  const auto validator = Validator::Make(options, *W().parser, *W().verifier, *W().digester);
  for (const auto& [number, rules] : {std::pair<std::string, Rules>{"17", {}}, {"A17", {"invoice.key_unusable"}}}) {
    MessageSpec spec = Spec203(1);
    spec.signing_time = W().now;
    spec.invoices[0].shdon = number;
    const auto read = validator->Read({MakeTDiep(spec, W().seller.get()), 0, {}});
    Rules errors;
    for (const Finding& finding : validator->Check(*read.message, W().context()).findings)
      if (finding.severity == Severity::kError) errors.emplace_back(finding.rule.text());
    EXPECT_EQ(errors, rules) << number;
  }
}

// The content of these types has no table, but whose the invoices are and that nobody else files them is known.
TEST(Items, InvoicesOfATypeThatIsNotReadAreClaimedAndOfTheTaxpayer) {
  for (const int type : {209, 210, 216}) {
    MessageSpec spec = Spec203(2);
    spec.type = type;
    spec.signing_time = W().now;
    const auto good = W().RunSigned(spec);
    EXPECT_THAT(good.errors(), IsEmpty()) << type;
    EXPECT_THAT(Keys(good.checked.claims), ElementsAre("0101234567;1;K26TAA;1", "0101234567;1;K26TAA;2")) << type;
    EXPECT_THAT(Changed(spec, "<SHDon>2</SHDon>", "<SHDon>1</SHDon>").errors(), ElementsAre("invoice.key_repeated"));
    MessageSpec other = spec;
    other.invoices[1].mst = "0102222222";
    EXPECT_THAT(W().RunSigned(other).errors(), ElementsAre("header.mst_mismatch")) << type;
  }
  MessageSpec few = Spec203(2);
  few.type = 216;
  few.sluong = "3";
  EXPECT_THAT(W().RunSigned(few).errors(), ElementsAre("count.sluong_mismatch"));
}

TEST(Items, ATaxCodeThatOnlyLooksLikeAnotherIsNotTheTaxpayers) {
  EXPECT_THAT(Changed(SpecOfTaxpayer(100), "</TNNT><MST>0101234567<", "</TNNT><MST>0101234567 <").errors(),
              ElementsAre("header.mst_mismatch"));
}

TEST(Items, WhatStandsBesideThePackagesSignatureIsRefused) {
  EXPECT_THAT(Changed(Spec206(1), "</CKSNNT>", "<HDon/></CKSNNT>").errors(), ElementsAre("envelope.unknown_element"));
  EXPECT_THAT(Changed(Spec206(1), "</CKSNNT>", "x</CKSNNT>").errors(), ElementsAre("envelope.text"));
}

TEST(Items, AQrCodeHasItsFormSince1271Only) {
  for (const auto& [pban, errors] : {std::pair<std::string, Rules>{"2.0.1", {}}, {"2.1.0", {"qr.form"}}}) {
    MessageSpec spec = Spec203(1);
    spec.pban = pban;
    spec.invoices[0].more = "<DLQRCode>https://hoadon.example</DLQRCode>";
    EXPECT_EQ(W().RunSigned(spec).errors(), errors) << pban;
  }
}

TEST(Items, ClaimsAreTheInvoiceKeysWithoutLeadingZeros) {
  MessageSpec spec = Spec203(2);
  spec.invoices[0].shdon = "00000017";
  const auto outcome = W().RunSigned(spec);
  EXPECT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(Keys(outcome.checked.claims), ElementsAre("0101234567;1;K26TAA;17", "0101234567;1;K26TAA;2"));
  EXPECT_THAT(outcome.checked.refers, IsEmpty());
  EXPECT_THAT(Keys(W().RunSigned(Spec200(5)).checked.claims), ElementsAre("0101234567;1;C26TAA;5"));
  EXPECT_THAT(Keys(W().RunSigned(Spec206(1, 9)).checked.claims), ElementsAre("0101234567;1;C26MAA;9"));
}

TEST(Items, AnInvoiceTwiceInOneMessageIsRefused) {
  MessageSpec spec = Spec203(2);
  EXPECT_THAT(W().RunSigned(spec).errors(), IsEmpty());
  spec.invoices[1].shdon = "01";
  const auto outcome = W().RunSigned(spec);
  EXPECT_THAT(outcome.errors(), ElementsAre("invoice.key_repeated"));
  EXPECT_EQ(outcome.Find("invoice.key_repeated")->path, "/TDiep/DLieu/HDon[2]");
}

TEST(Items, AReplacementNamesItsInvoice) {
  MessageSpec spec = Spec203(1);
  spec.invoices[0].related =
      "<TTHDLQuan><TCHDon>1</TCHDon><LHDCLQuan>1</LHDCLQuan><KHMSHDCLQuan>1</KHMSHDCLQuan>"
      "<KHHDCLQuan>K26TAA</KHHDCLQuan><SHDCLQuan>0099</SHDCLQuan><NLHDCLQuan>2026-11-19</NLHDCLQuan></TTHDLQuan>";
  auto outcome = W().RunSigned(spec);
  EXPECT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.warnings(), IsEmpty());
  EXPECT_THAT(Keys(outcome.checked.refers), ElementsAre("0101234567;1;K26TAA;99"));
  spec.invoices[0].related = Replaced(spec.invoices[0].related, "<SHDCLQuan>0099</SHDCLQuan>", "");
  outcome = W().RunSigned(spec);
  EXPECT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.warnings(), ElementsAre("invoice.reference_incomplete"));
  EXPECT_THAT(outcome.checked.refers, IsEmpty());
}

TEST(Items, OnlyACashRegisterInvoiceCarriesACode) {
  MessageSpec coded = Spec200();
  coded.invoices[0].mccqt = "M1-26-A1B2C-00000000001";
  EXPECT_THAT(W().RunSigned(coded).errors(), ElementsAre("invoice.code_not_allowed"));
  MessageSpec uncoded = Spec203(1);
  uncoded.invoices[0].more = "<MCCQT/>";
  EXPECT_THAT(W().RunSigned(uncoded).errors(), IsEmpty()) << "an empty element is no code";
  MessageSpec without = Spec206(1);
  without.invoices[0].mccqt = "";
  EXPECT_THAT(W().RunSigned(without).errors(), ElementsAre("invoice.code_missing"));
}

TEST(Items, TheCodeOfACashRegisterHasItsForm) {
  const auto with = [](const std::string& code) {
    MessageSpec spec = Spec206(1);
    spec.invoices[0].mccqt = code;
    return W().RunSigned(spec);
  };
  EXPECT_THAT(with("M1-26-ZZZ99-99999999999").errors(), IsEmpty());
  EXPECT_THAT(with("M1-26-ZZZ99-99999999999").warnings(), IsEmpty());
  EXPECT_THAT(with("M7-26-ZZZ99-99999999999").errors(), IsEmpty());
  EXPECT_THAT(with("M7-26-ZZZ99-99999999999").warnings(), Contains("invoice.code_type"));
  for (const char* code :
       {"M0-25-ZZZ99-99999999999", "X1-25-ZZZ99-99999999999", "M1-2A-ZZZ99-99999999999", "M1-25-zzz99-99999999999",
        "M1-25-ZZZ99-9999999999", "M1-25-ZZZ99-999999999990", "M1_25-ZZZ99-99999999999", "M1-25-ZZZ99_99999999999",
        "M1-25-ZZZ99-9999999999A", "001234567890ABCDEF1234567890ABCDEF"})
    EXPECT_THAT(with(code).errors(), ElementsAre("invoice.code_form")) << code;
}

TEST(Items, ACodeIsOfOneInvoice) {
  MessageSpec spec = Spec206(2);
  EXPECT_THAT(W().RunSigned(spec).errors(), IsEmpty());
  spec.invoices[1].mccqt = spec.invoices[0].mccqt;
  EXPECT_THAT(W().RunSigned(spec).errors(), ElementsAre("invoice.code_repeated"));
}

TEST(Items, FindingsAreBoundedAndTheRestIsCounted) {
  MessageSpec spec = Spec203(150);
  for (InvoiceSpec& invoice : spec.invoices) invoice.khhdon = invoice.shdon = "";
  const auto outcome = W().Run(MakeTDiep(spec, nullptr));
  EXPECT_EQ(outcome.checked.findings.size(), 201u);
  EXPECT_EQ(outcome.checked.findings.back().rule.text(), "findings.truncated");
  EXPECT_THAT(outcome.checked.findings.back().text_en, HasSubstr("more findings"));
}

}  // namespace
}  // namespace tvan
