#include "gateway/core/ids.h"

#include <gtest/gtest.h>

namespace tvan {
namespace {

TEST(MessageIds, Have1To46VisibleAsciiCharacters) {
  EXPECT_TRUE(ParseMessageId("A").ok());
  EXPECT_FALSE(ParseMessageId("").ok());
  EXPECT_TRUE(ParseMessageId(std::string(46, 'x')).ok());
  EXPECT_FALSE(ParseMessageId(std::string(47, 'x')).ok());
  EXPECT_TRUE(ParseMessageId("K0101234567~!").ok());
  EXPECT_FALSE(ParseMessageId("K01 01234567").ok());
  EXPECT_FALSE(ParseMessageId("K01\x7f"
                              "01")
                   .ok());
  EXPECT_FALSE(ParseMessageId("K01\xC3\xA9").ok());
  EXPECT_FALSE(ParseMessageId(std::string_view("K\0K", 3)).ok());
  EXPECT_EQ(ParseMessageId("").status().reason().text(), "ids.message_id");
}

TEST(TaxCodes, HaveTenDigitsTenAndThreeOrTwelve) {
  EXPECT_TRUE(ParseTaxCode("0101234567").ok());
  EXPECT_FALSE(ParseTaxCode("010123456").ok());
  EXPECT_TRUE(ParseTaxCode("0101234567-001").ok());
  EXPECT_FALSE(ParseTaxCode("0101234567001").ok());
  EXPECT_FALSE(ParseTaxCode("0101234567-01").ok());
  EXPECT_FALSE(ParseTaxCode("0101234567_001").ok());
  EXPECT_TRUE(ParseTaxCode("001199012345").ok());
  EXPECT_FALSE(ParseTaxCode("00119901234x").ok());
  EXPECT_FALSE(ParseTaxCode("0101234567-0a1").ok());
  EXPECT_EQ(ParseTaxCode("x").status().reason().text(), "ids.tax_code");
}

TEST(TaxCodes, LoseTheDashOfABranchOnTheHop) {
  EXPECT_EQ(WithoutDash(TaxCode::Trusted("0101234567-001")), "0101234567001");
  EXPECT_EQ(WithoutDash(TaxCode::Trusted("0101234567")), "0101234567");
}

TEST(ProviderIds, AreLowerCaseDigitsAndDashes) {
  EXPECT_TRUE(ParseProviderId("sun-soft-2").ok());
  EXPECT_FALSE(ParseProviderId("Sun-soft-2").ok());
  EXPECT_TRUE(ParseProviderId(std::string(32, 'a')).ok());
  EXPECT_FALSE(ParseProviderId(std::string(33, 'a')).ok());
  EXPECT_FALSE(ParseProviderId("").ok());
}

TEST(AuthorityHop, TakesVOrKThenTaxCodeThenUpperHex) {
  const std::string hex = "0123456789ABCDEF0123456789ABCDEF";
  EXPECT_TRUE(IsAuthorityHopMessageId("V0101234567" + hex));
  EXPECT_TRUE(IsAuthorityHopMessageId("K0101234567001" + hex));
  EXPECT_FALSE(IsAuthorityHopMessageId("T0101234567" + hex));
  EXPECT_FALSE(IsAuthorityHopMessageId("V010123456700" + hex));
  EXPECT_FALSE(IsAuthorityHopMessageId("V010123456A" + hex));
  EXPECT_FALSE(IsAuthorityHopMessageId("V0101234567" + hex.substr(1) + "a"));
  EXPECT_FALSE(IsAuthorityHopMessageId(""));
}

TEST(Digests, AreReadAndWrittenAs64HexDigits) {
  const std::string hex = "00ff" + std::string(60, 'a');
  EXPECT_EQ(ParseSha256Hex(hex)->Hex(), hex);
  EXPECT_FALSE(ParseSha256Hex(hex.substr(1)).ok());
  EXPECT_FALSE(ParseSha256Hex("g" + hex.substr(1)).ok());
}

TEST(InvoiceKeys, AreWrittenWithSemicolonsAndReadBack) {
  const InvoiceKey key{TaxCode::Trusted("0101234567"), "1", "C26TAA", "17"};
  EXPECT_EQ(key.ToString(), "0101234567;1;C26TAA;17");
  EXPECT_EQ(*ParseInvoiceKey(key.ToString()), key);
}

TEST(InvoiceKeys, KeepTheNumberWithoutLeadingZeros) {
  EXPECT_EQ(ParseInvoiceKey("0101234567;1;C26TAA;00000017")->shdon, "17");
  EXPECT_EQ(ParseInvoiceKey("0101234567;1;C26TAA;0")->shdon, "0");
}

TEST(InvoiceKeys, WithAPartMissingMalformedOrTooManyAreRefused) {
  EXPECT_TRUE(ParseInvoiceKey("0101234567;1;C26TAA;17").ok());
  for (const char* text : {"0101234567;1;C26TAA", "0101234567;1;C26TAA;", "0101234567;;C26TAA;17",
                           "010123456;1;C26TAA;17", "0101234567;1;C26TAA;1x", "0101234567;1;C26TAA;17;1",
                           "0101234567;1;C26TAA;123456789", "0101234567;1;C26 AA;17", ""})
    EXPECT_FALSE(ParseInvoiceKey(text).ok()) << text;
}

TEST(StrongIds, HashAndCompareByContent) {
  const auto a = MessageId::Trusted("a"), other_a = MessageId::Trusted("a"), b = MessageId::Trusted("b");
  EXPECT_EQ(a, other_a);
  EXPECT_LT(a, b);
  EXPECT_EQ(std::hash<MessageId>()(a), std::hash<MessageId>()(other_a));
}

}  // namespace
}  // namespace tvan
