// DLQRCode: rows of EMV elements and their checksum.

#include "gateway/validate/qr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/facts_of.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The example of EMVCo's specification of merchant-presented codes, CRC and all. Element 64 shows that lengths count
// characters: 20 of them, of which 6 are Chinese.
constexpr std::string_view kExample =
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT"
    "6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME"
    "91320016A0112233449988770708123456786304A13A";

TEST(QrCode, TheExampleOfTheSpecificationIsWellFormed) {
  EXPECT_EQ(QrFaultAt(kExample), 0u);
  const auto checksum = FindQrChecksum(kExample);
  ASSERT_TRUE(checksum.has_value());
  EXPECT_EQ(checksum->written, "A13A");
  EXPECT_EQ(checksum->computed, 0xA13A);
  EXPECT_TRUE(checksum->right());
}

TEST(QrCode, AFaultIsNamedByTheCharacterWhereItsElementBegins) {
  struct Case {
    std::string_view text;
    size_t at;
  };
  const std::string longest = "0099" + std::string(99, 'x');
  const std::string accents = "0203đếnA10";  // a good element of seven characters, then no id
  const Case cases[] = {
      {"000201", 0},
      {"0001x", 0},
      {longest, 0},
      {"0002x", 1},             // shorter than it says
      {"00020", 1},             //
      {"0002011", 7},           // something behind the last element
      {"000201010212...", 13},  // two good elements, then none
      {"0000", 1},              // no value
      {"0002010100", 7},        //
      {"A00201", 1},            // no id
      {"00A201", 1},            // no length
      {"00-1x", 1},
      {"", 1},
      {"000", 1},
      {accents, 8},  // counted in characters
      {"0001đ", 0},
      {"0002đ", 1},
      {"0001\xC4", 1},  // no character
  };
  for (const Case& c : cases) EXPECT_EQ(QrFaultAt(c.text), c.at) << c.text;
}

// CRC-16/CCITT-FALSE: polynomial 1021, from FFFF, not reflected. The register after each byte of "0002016304", by hand:
//   0 D7A3  0 2EC9  0 3AFF  2 7E08  0 A10A  1 89B9  6 EF34  3 3EF1  0 10CE  4 AAE6
TEST(QrCode, TheChecksumIsOverAllBeforeItsValue) {
  EXPECT_FALSE(FindQrChecksum("000201").has_value());
  const auto checksum = FindQrChecksum("0002016304AAE6");
  ASSERT_TRUE(checksum.has_value());
  EXPECT_EQ(checksum->computed, 0xAAE6);
  EXPECT_TRUE(checksum->right());
  EXPECT_FALSE((QrChecksum{"AAE60", 0xAAE6}).right());
  EXPECT_FALSE((QrChecksum{"AAE", 0xAAE6}).right());
  EXPECT_FALSE(FindQrChecksum("0002016304AAE7")->right());
  EXPECT_FALSE(FindQrChecksum("0002026304AAE6")->right());
}

std::vector<std::string> Checked(std::string_view text) {
  const ParsedInvoice invoice = FactsOfInvoice("<HDon><DLQRCode>" + std::string(text) + "</DLQRCode></HDon>");
  FindingList findings;
  CheckQr(invoice.document->root().Child("DLQRCode"), text, Severity::kError, findings);
  return Told(findings);
}

TEST(QrCode, WrongFormsAreErrorsAndWrongChecksumsWarnings) {
  EXPECT_THAT(Checked(kExample), IsEmpty());
  EXPECT_THAT(Checked("000201"), IsEmpty());  // no checksum, none asked for
  std::string text(kExample);
  text.replace(text.size() - 4, 4, "a13a");
  EXPECT_THAT(Checked(text), IsEmpty());
  text.replace(text.size() - 4, 4, "A13B");
  EXPECT_THAT(Checked(text), ElementsAre("qr.crc /HDon/DLQRCode"));
  text.replace(text.size() - 6, 6, "03A13");
  EXPECT_THAT(Checked(text), ElementsAre("qr.crc /HDon/DLQRCode"));
  EXPECT_THAT(Checked("000201010212..."), ElementsAre("!qr.form /HDon/DLQRCode"));
}

}  // namespace
}  // namespace tvan
