#include "gateway/core/json.h"

#include <gtest/gtest.h>

#include "gateway/core/utf8.h"

namespace tvan {
namespace {

TEST(Json, IsWrittenWithCommasWhereTheyBelong) {
  JsonWriter w;
  w.BeginObject().Key("a").Number(-5).Key("b").BeginArray().String("x").Bool(true).BeginObject().EndObject().EndArray();
  w.Key("c").BeginObject().Key("d").Bool(false).EndObject().EndObject();
  EXPECT_EQ(w.text(), R"({"a":-5,"b":["x",true,{}],"c":{"d":false}})");
}

TEST(JsonEscape, TurnsControlCharactersIntoEscapes) {
  EXPECT_EQ(JsonEscape("a\"b\\c"), "a\\\"b\\\\c");
  EXPECT_EQ(JsonEscape("\n\r\t"), "\\n\\r\\t");
  EXPECT_EQ(JsonEscape(std::string_view("\0\x1F\x7F", 3)), "\\u0000\\u001f\\u007f");
  EXPECT_EQ(JsonEscape("\xC2\x85\xE2\x80\xA8"), "\\u0085\\u2028");
}

TEST(JsonEscape, KeepsVietnameseAndEmoji) { EXPECT_EQ(JsonEscape("hóa đơn 🧾"), "hóa đơn 🧾"); }

TEST(JsonEscape, ReplacesInvalidUtf8) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(JsonEscape("a\xFF"
                       "b"),
            "a" + bad + "b");
  EXPECT_EQ(JsonEscape("\xC3"), bad);
  EXPECT_EQ(JsonEscape("\xC0\x80"), bad + bad);                      // overlong
  EXPECT_EQ(JsonEscape("\xED\xA0\x80"), bad + bad + bad);            // surrogate
  EXPECT_EQ(JsonEscape("\xF4\x90\x80\x80"), bad + bad + bad + bad);  // beyond U+10FFFF
}

TEST(Utf8, TakesTheFirstAndLastCharacterOfEachLength) {
  for (const auto& [text, code] :
       std::initializer_list<std::pair<const char*, uint32_t>>{{"\x7F", 0x7F},
                                                               {"\xC2\x80", 0x80},
                                                               {"\xDF\xBF", 0x7FF},
                                                               {"\xE0\xA0\x80", 0x800},
                                                               {"\xEF\xBF\xBF", 0xFFFF},
                                                               {"\xF0\x90\x80\x80", 0x10000},
                                                               {"\xF4\x8F\xBF\xBF", 0x10FFFF}})
    EXPECT_EQ(FirstUtf8Char(text).code, code);
  EXPECT_EQ(FirstUtf8Char("\xE0\x9F\xBF").size, 0u);
  EXPECT_EQ(FirstUtf8Char("").size, 0u);
}

TEST(Base64, AgreesWithTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(Base64Encode(bytes), text);
    EXPECT_EQ(*Base64Decode(text), bytes);
  }
}

TEST(Base64, SkipsWhiteSpaceAndNothingElse) {
  EXPECT_EQ(*Base64Decode("Zm9v\r\n Ym\tFy"), "foobar");
  EXPECT_FALSE(Base64Decode("Zm9v.YmFy").ok());
  EXPECT_FALSE(Base64Decode("Zm9v-_Fy").ok());
}

TEST(Base64, WithWrongPaddingOrStrayBitsIsDamaged) {
  EXPECT_TRUE(Base64Decode("Zg==").ok());
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zg=A", "Z", "====", "Zg==Zg==", "Zh=="})
    EXPECT_FALSE(Base64Decode(text).ok()) << text;
  EXPECT_EQ(Base64Decode("Z").status().reason().text(), "base64.damaged");
}

TEST(Base64Url, HasItsOwnAlphabetAndNoPadding) {
  const std::string bytes = "\xFB\xFF\xFE\x01";
  EXPECT_EQ(Base64UrlEncode(bytes), "-__-AQ");
  EXPECT_EQ(*Base64UrlDecode("-__-AQ"), bytes);
  EXPECT_FALSE(Base64UrlDecode("-__-AQ==").ok());
  EXPECT_FALSE(Base64UrlDecode("+//+AQ").ok());
  EXPECT_FALSE(Base64UrlDecode("-__- AQ").ok());
  EXPECT_FALSE(Base64UrlDecode("-__-A").ok());
}

}  // namespace
}  // namespace tvan
