// Seed 003: the formats of QĐ 635, kept as a profile on demand.
#include <gmock/gmock.h>

#include "adapters/xml_document.h"
#include "gateway/validate/field_walk.h"
#include "tests/support/profiles.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "rule path" of every error that the walk says of an element.
std::vector<std::string> ErrorsOf(const std::string& xml, std::string_view object) {
  const auto document = MakeXmlParser(XmlLimits())->Parse(xml);
  EXPECT_TRUE(document.ok()) << document.status().message();
  FindingList findings;
  if (document.ok()) WalkItem((*document)->root(), {*TestProfiles()->Find("qd635")->plan, object, 200}, findings);
  std::vector<std::string> errors;
  for (const Finding& finding : findings.Take())
    if (finding.severity == Severity::kError) errors.push_back(std::string(finding.rule.text()) + " " + finding.path);
  return errors;
}

std::vector<std::string> ErrorsOfInvoice(const std::string& general, const std::string& more = "") {
  return ErrorsOf("<HDon><DLHDon><TTChung>" + general + "</TTChung>" + more + "</DLHDon></HDon>", "hdon");
}
std::vector<std::string> ErrorsOfTotal(const std::string& total) {
  return ErrorsOfInvoice("", "<NDHDon><TToan><TgTTTBSo>" + total + "</TgTTTBSo></TToan></NDHDon>");
}

TEST(Qd635, TakesNumbersOfNineteenDigitsFourOfThemDecimals) {
  const std::string path = "/HDon/DLHDon/NDHDon/TToan/TgTTTBSo";
  EXPECT_THAT(ErrorsOfTotal("123456789012345.1234"), IsEmpty());
  EXPECT_THAT(ErrorsOfTotal("1234567890123456.1234"), ElementsAre("field.digits " + path));
  EXPECT_THAT(ErrorsOfTotal("1.12345"), ElementsAre("field.digits " + path));
  EXPECT_THAT(ErrorsOfTotal("1,5"), ElementsAre("field.number " + path));
  EXPECT_THAT(ErrorsOfInvoice("<TGia>12345.67</TGia>"), IsEmpty());
  EXPECT_THAT(ErrorsOfInvoice("<TGia>123456.78</TGia>"), ElementsAre("field.digits /HDon/DLHDon/TTChung/TGia"));
}

TEST(Qd635, TakesInvoiceNumbersOfEightDigitsAndRealDays) {
  EXPECT_THAT(ErrorsOfInvoice("<SHDon>99999999</SHDon><NLap>2020-02-29</NLap>"), IsEmpty());
  EXPECT_THAT(ErrorsOfInvoice("<SHDon>100000000</SHDon>"), ElementsAre("field.shdon /HDon/DLHDon/TTChung/SHDon"));
  EXPECT_THAT(ErrorsOfInvoice("<NLap>2021-02-29</NLap>"), ElementsAre("field.nlap /HDon/DLHDon/TTChung/NLap"));
}

TEST(Qd635, TakesCodesOfTwelveDigits) {
  const auto errors = [](const std::string& code) {
    return ErrorsOf("<HDon><DLHDon/><MCCQT>" + code + "</MCCQT></HDon>", "hdon");
  };
  EXPECT_THAT(errors("123456789012"), IsEmpty());
  EXPECT_THAT(errors("12345678901"), ElementsAre("field.code /HDon/MCCQT"));
  EXPECT_THAT(errors("00" + std::string(32, 'A')), ElementsAre("field.code /HDon/MCCQT"));
}

TEST(Qd635, WantsThreePartsOfAMessage) {
  const std::string signature = "<Signature><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></Signature>";
  EXPECT_THAT(ErrorsOf("<TDiep><TTChung/><DLieu/>" + signature + "</TDiep>", "tdiep"), IsEmpty());
  EXPECT_THAT(ErrorsOf("<TDiep><DLieu/>" + signature + "</TDiep>", "tdiep"),
              ElementsAre("field.missing /TDiep/TTChung"));
  EXPECT_THAT(ErrorsOf("<TDiep><TTChung/>" + signature + "</TDiep>", "tdiep"),
              ElementsAre("field.missing /TDiep/DLieu"));
  EXPECT_THAT(ErrorsOf("<TDiep><TTChung/><DLieu/></TDiep>", "tdiep"),
              ElementsAre("signature.missing /TDiep/Signature/Signature"));
}

TEST(Qd635, LooksAtNothingElse) {
  EXPECT_THAT(ErrorsOfInvoice("<Khac>x</Khac>", "<NDHDon><Khac><SHDon>x</SHDon></Khac></NDHDon>"), IsEmpty());
}

}  // namespace
}  // namespace tvan
