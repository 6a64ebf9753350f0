// One Vietnamese text in several spellings: how long it is, what it is the same as, and what only looks the same.

#include <gtest/gtest.h>

#include "gateway/validate/formats.h"

namespace tvan {
namespace {

// "e" and its marks in the order that a decomposed text has them.
constexpr std::string_view kDecomposed = "e\u0302\u0301";

TEST(TextForms, ALetterCountsOnceHoweverItIsWritten) {
  EXPECT_EQ(CountCharacters(""), 0u);
  EXPECT_EQ(CountCharacters("abc"), 3u);
  EXPECT_EQ(CountCharacters("ế"), 1u);
  EXPECT_EQ(CountCharacters(kDecomposed), 1u);
  EXPECT_EQ(CountCharacters("ê\u0301"), 1u);
  EXPECT_EQ(CountCharacters("e\u0301\u0302"), 2u);  // é and a circumflex above it: no letter
  EXPECT_EQ(CountCharacters("ệ\u0301"), 2u);        // a second tone
  EXPECT_EQ(CountCharacters("ơ\u0302"), 2u);        // a second shape
  EXPECT_EQ(CountCharacters("Tiê\u0301ng Viê\u0323t"), 10u);
  EXPECT_EQ(CountCharacters("Đ\u0301"), 2u);  // no such letter
  EXPECT_EQ(CountCharacters("\u0301"), 1u);
  EXPECT_EQ(CountCharacters("漢字😀"), 3u);
}

TEST(TextForms, OneTextInTwoSpellingsIsTheSame) {
  struct Case {
    std::string_view a, b;
    bool same;
  };
  const Case cases[] = {
      {"ế", kDecomposed, true},
      {"ế", "é\u0302", false},
      {"ộ", "o\u0323\u0302", true},
      {"ộ", "o\u0302\u0323", true},  // a mark below and one above stand in either order
      {"ộ", "ô\u0323", true},
      {"ộ", "ọ\u0302", true},
      {"ỗ", "õ\u0302", false},
      {"ự", "u\u031B\u0323", true},
      {"ự", "u\u0323\u031B", true},
      {"ợ", "ọ\u031B", true},
      {"Ẵ", "A\u0306\u0303", true},
      {"ỳ", "y\u0300", true},
      {"ỳ", "y\u0340", true},  // another code of the same grave
      {"ấ\u0323", "ậ\u0301", true},
      {"ơ\u0302", "o\u0302\u031B", true},
      {"ơ\u0302\u0301", "ớ\u0302", false},
      {"a\u031B\u0323", "ạ\u031B", true},
      {"THÔNG BÁO", "THO\u0302NG BA\u0301O", true},
      {"THÔNG BÁO", "THÔNG BAO", false},
      {"ế", "ê", false},
      {"ế", "", false},
      {"", "", true},
      {"Đ", "Ð", false},
      {"a", "a\u0301", false},
      {"a\u0301", "a", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(SameText(c.a, c.b), c.same) << c.a << " " << c.b;
    EXPECT_EQ(SameText(c.b, c.a), c.same) << c.b << " " << c.a;
  }
}

TEST(TextForms, EveryVietnameseVowelComposes) {
  struct Row {
    std::string_view plain, shape, toned[6];
  };
  const Row rows[] = {
      {"a", "", {"a", "à", "á", "ã", "ả", "ạ"}},       {"a", "\u0306", {"ă", "ằ", "ắ", "ẵ", "ẳ", "ặ"}},
      {"a", "\u0302", {"â", "ầ", "ấ", "ẫ", "ẩ", "ậ"}}, {"e", "", {"e", "è", "é", "ẽ", "ẻ", "ẹ"}},
      {"e", "\u0302", {"ê", "ề", "ế", "ễ", "ể", "ệ"}}, {"i", "", {"i", "ì", "í", "ĩ", "ỉ", "ị"}},
      {"o", "", {"o", "ò", "ó", "õ", "ỏ", "ọ"}},       {"o", "\u0302", {"ô", "ồ", "ố", "ỗ", "ổ", "ộ"}},
      {"o", "\u031B", {"ơ", "ờ", "ớ", "ỡ", "ở", "ợ"}}, {"u", "", {"u", "ù", "ú", "ũ", "ủ", "ụ"}},
      {"u", "\u031B", {"ư", "ừ", "ứ", "ữ", "ử", "ự"}}, {"y", "", {"y", "ỳ", "ý", "ỹ", "ỷ", "ỵ"}},
      {"A", "", {"A", "À", "Á", "Ã", "Ả", "Ạ"}},       {"A", "\u0306", {"Ă", "Ằ", "Ắ", "Ẵ", "Ẳ", "Ặ"}},
      {"A", "\u0302", {"Â", "Ầ", "Ấ", "Ẫ", "Ẩ", "Ậ"}}, {"E", "", {"E", "È", "É", "Ẽ", "Ẻ", "Ẹ"}},
      {"E", "\u0302", {"Ê", "Ề", "Ế", "Ễ", "Ể", "Ệ"}}, {"I", "", {"I", "Ì", "Í", "Ĩ", "Ỉ", "Ị"}},
      {"O", "", {"O", "Ò", "Ó", "Õ", "Ỏ", "Ọ"}},       {"O", "\u0302", {"Ô", "Ồ", "Ố", "Ỗ", "Ổ", "Ộ"}},
      {"O", "\u031B", {"Ơ", "Ờ", "Ớ", "Ỡ", "Ở", "Ợ"}}, {"U", "", {"U", "Ù", "Ú", "Ũ", "Ủ", "Ụ"}},
      {"U", "\u031B", {"Ư", "Ừ", "Ứ", "Ữ", "Ử", "Ự"}}, {"Y", "", {"Y", "Ỳ", "Ý", "Ỹ", "Ỷ", "Ỵ"}},
  };
  const std::string_view tones[] = {"", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"};
  for (const Row& row : rows) {
    for (size_t tone = 0; tone < 6; ++tone) {
      const std::string apart = std::string(row.plain).append(row.shape).append(tones[tone]);
      EXPECT_TRUE(SameText(apart, row.toned[tone])) << row.toned[tone];
      EXPECT_EQ(CountCharacters(apart), 1u) << row.toned[tone];
      EXPECT_FALSE(SameText(apart, row.toned[(tone + 1) % 6])) << row.toned[tone];
    }
  }
}

TEST(TextForms, BrokenOrEndlessTextsAreCountedAndEnd) {
  EXPECT_EQ(CountCharacters("a\xCC"), 2u);
  EXPECT_FALSE(SameText("a\xCC", "a\u0301"));
  std::string marks = "a";
  for (int i = 0; i < 1000; ++i) marks += "\u0301";
  EXPECT_EQ(CountCharacters(marks), 1000u);
}

TEST(TextForms, LookAlikesOfTheLetterDAreTold) {
  EXPECT_TRUE(LooksAlike("04/SS-HÐÐT", "04/SS-HĐĐT"));   // U+00D0
  EXPECT_TRUE(LooksAlike("04/SS-HƉĐT", "04/SS-HĐĐT"));   // U+0189
  EXPECT_FALSE(LooksAlike("04/SS-HĐĐT", "04/SS-HĐĐT"));  // it is the text
  EXPECT_FALSE(LooksAlike("04/SS-HDDT", "04/SS-HĐĐT"));
  EXPECT_FALSE(LooksAlike("04/SS-HÐÐ", "04/SS-HĐĐT"));
}

}  // namespace
}  // namespace tvan
