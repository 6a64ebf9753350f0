// Patterns of field tables: what they match, what is refused, and that no text makes them slow.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/validate/formats.h"

namespace tvan {
namespace {

using ::testing::HasSubstr;

Pattern Compiled(std::string_view text) {
  auto pattern = Pattern::Compile(text);
  EXPECT_TRUE(pattern.ok()) << pattern.status().message();
  return pattern.ok() ? *pattern : Pattern();
}

struct MatchCase {
  std::string_view pattern, text;
  bool matches;
};

TEST(Patterns, MatchTheWholeText) {
  const MatchCase cases[] = {
      {"TCT", "TCT", true},
      {"TCT", "TCTX", false},
      {"TCT", "XTCT", false},
      {"TCT", "TC", false},
      {"TCT", "", false},
      {"\\d{10}", "0123456789", true},
      {"\\d{10}", "012345678", false},
      {"\\d{10}", "01234567890", false},
      {"\\d{1,8}", "1", true},
      {"\\d{1,8}", "12345678", true},
      {"\\d{1,8}", "123456789", false},
      {"\\d{1,8}", "", false},
      {"\\d{0,2}", "", true},
      {"\\d{0,2}", "12", true},
      {"\\d{0,2}", "123", false},
      {"[0-9A-Z]{6}", "C26TAA", true},
      {"[0-9A-Z]{6}", "C26TAa", false},
      {"[A-Z]{3}", "VNĐ", false},
      {"[VK]?(\\d{2}|\\d{2}-\\d{3})", "V12", true},
      {"[VK]?(\\d{2}|\\d{2}-\\d{3})", "12-345", true},
      {"[VK]?(\\d{2}|\\d{2}-\\d{3})", "VK12", false},
      {"[VK]?(\\d{2}|\\d{2}-\\d{3})", "12-34", false},
      {"TCT|V\\d", "TCT", true},
      {"TCT|V\\d", "V1", true},
      {"TCT|V\\d", "TCT1", false},
      {"2\\.1\\.0", "2.1.0", true},
      {"2\\.1\\.0", "2x1.0", false},
      {"04/SS-HĐĐT", "04/SS-HĐĐT", true},
      {"04/SS-HĐĐT", "04/SS-HÐÐT", false},
      {"Đ?T", "T", true},
      {"Đ{2}T", "ĐĐT", true},
      {"Đ{2}T", "ĐT", false},
      {"[\\d\\-/]{2}", "1-", true},
      {"[\\d\\-/]{2}", "/-", true},
      {"[\\d\\-/]{2}", "1.", false},
      {"(a?b?){2}", "", true},
      {"(a?b?){2}", "abab", true},
      {"(a?b?){2}", "bb", true},
      {"(a?b?){2}", "ba", true},
      {"(a?b?){2}", "bab", true},
      {"(a?b?){2}", "baba", false},
      {"(ab?){2,3}", "aab", true},
      {"(ab?){2,3}", "ab", false},
      {"(ab?){2,3}", "aaab", true},
      {"(ab?){2,3}", "aaaa", false},
      {"((a|b)c){2}", "acbc", true},
      {"((a|b)c){2}", "acb", false},
      {"(a|ab)(c|bcd)", "abcd", true},
      {"(a|ab)(c|bcd)", "abc", true},
      {"(a|ab)(c|bcd)", "abd", false},
      {"a?a?aa", "aa", true},
      {"a?a?aa", "aaaa", true},
      {"a?a?aa", "a", false},
      {"a?a?aa", "aaaaa", false},
  };
  for (const MatchCase& c : cases)
    EXPECT_EQ(Compiled(c.pattern).Matches(c.text), c.matches) << c.pattern << " on '" << c.text << "'";
}

TEST(Patterns, OfRatesAndCodesMatchWhatTheFieldTablesMean) {
  constexpr std::string_view kRate = "0%|5%|8%|10%|KCT|KKKNT|KHAC(:\\d{1,2}(\\.\\d{1,2})?%?)?";
  constexpr std::string_view kCode = "M[1-9]-\\d{2}-[0-9A-Z]{5}-\\d{11}";
  const MatchCase cases[] = {
      {kRate, "10%", true},
      {kRate, "10", false},
      {kRate, "KHAC:5.26%", true},
      {kRate, "KHAC:5.26", true},
      {kRate, "KHAC", true},
      {kRate, "KHAC:", false},
      {kRate, "KHAC:5.%", false},
      {kRate, "KHAC:5.263%", false},
      {kRate, "KKKNT", true},
      {kRate, "KKNT", false},
      {kCode, "M2-25-A1B2C-00001234567", true},
      {kCode, "M0-25-A1B2C-00001234567", false},
  };
  for (const MatchCase& c : cases) EXPECT_EQ(Compiled(c.pattern).Matches(c.text), c.matches) << c.text;
}

TEST(Patterns, WithSignsThatMayMeanSomethingElseAreRefused) {
  const std::string_view refused[] = {
      "",      "a.b",   "a*",    "a+",     "^a",   "a$",      "(a",      "a)",    "[a",   "a]",   "[]",
      "[^a]",  "[b-a]", "[a-",   "[é]",    "[-a]", "[a-\\d]", "a{",      "a{2",   "a{}",  "a{0}", "a{3,2}",
      "a{,2}", "a{2,}", "a{1}?", "a??",    "?",    "{2}",     "|a",      "a|",    "a||b", "()",   "(|a)",
      "\\w",   "\\",    "a\\",   "\\p{L}", "a}",   "\xC4",    "a{1000}", "a{-1}",
  };
  for (const std::string_view text : refused) {
    const auto pattern = Pattern::Compile(text);
    ASSERT_FALSE(pattern.ok()) << text;
    EXPECT_EQ(pattern.status().reason().text(), "validate.pattern") << text;
  }
}

TEST(Patterns, TooLongOrTooDeepAreRefused) {
  EXPECT_TRUE(Pattern::Compile("a{511}").ok());
  EXPECT_FALSE(Pattern::Compile("a{512}").ok());
  EXPECT_FALSE(Pattern::Compile("((a{500}){500}){500}").ok());
  EXPECT_TRUE(Pattern::Compile("((((((((a))))))))").ok());
  EXPECT_FALSE(Pattern::Compile("(((((((((a)))))))))").ok());
  EXPECT_FALSE(Pattern::Compile(std::string(100'000, '(')).ok());
  EXPECT_TRUE(Pattern::Compile(std::string(511, 'a')).ok());
  EXPECT_FALSE(Pattern::Compile(std::string(513, 'a')).ok());
}

TEST(Patterns, NoTextMakesThemSlow) {
  // Backtracking would try 2^60 ways here.
  const Pattern pattern = Compiled("((a|a)?){60}b");
  EXPECT_FALSE(pattern.Matches(std::string(60, 'a')));
  EXPECT_TRUE(pattern.Matches(std::string(60, 'a') + "b"));
  EXPECT_FALSE(pattern.Matches(std::string(1'000'000, 'a')));
}

TEST(Patterns, KeepTheirTextAndSayWhereTheyAreRefused) {
  EXPECT_EQ(Compiled("a|b").text(), "a|b");
  EXPECT_EQ(Pattern().text(), "");
  EXPECT_FALSE(Pattern().Matches(""));
  EXPECT_THAT(Pattern::Compile("ab+").status().message(), HasSubstr("byte 2"));
}

}  // namespace
}  // namespace tvan
