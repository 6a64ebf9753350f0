#include "gateway/core/tagged.h"

#include <gtest/gtest.h>

#include <vector>

namespace tvan {
namespace {

std::vector<TaggedField> Fields(std::string_view record) {
  std::vector<TaggedField> fields;
  EXPECT_TRUE(ReadTagged(record, [&](const TaggedField& f) { fields.push_back(f); }).ok());
  return fields;
}

TEST(TaggedFields, ComeBackInOrderAndMayRepeat) {
  TaggedWriter out;
  out.Bytes(1, "one").Bytes(300, "").Bytes(1, std::string(200, 'x'));
  const auto fields = Fields(out.bytes());
  ASSERT_EQ(fields.size(), 3u);
  EXPECT_EQ(fields[0].String(), "one");
  EXPECT_EQ(fields[1].tag, 300u);
  EXPECT_EQ(fields[2].bytes.size(), 200u);
}

TEST(TaggedFields, KeepNumbersToTheirEnds) {
  for (const uint64_t n : {uint64_t{0}, uint64_t{127}, uint64_t{128}, UINT64_MAX}) {
    TaggedWriter out;
    out.Unsigned(7, n);
    EXPECT_EQ(Fields(out.bytes()).at(0).Unsigned(), n);
  }
  for (const int64_t n : {int64_t{0}, int64_t{-1}, int64_t{1}, INT64_MIN, INT64_MAX}) {
    TaggedWriter out;
    out.Signed(7, n);
    EXPECT_EQ(Fields(out.bytes()).at(0).Signed(), n);
  }
}

TEST(TaggedFields, HaveTheBytesOfTheWrittenFormat) {
  TaggedWriter out;
  out.Bytes(1, "ab").Unsigned(2, 300).Signed(3, -2);
  EXPECT_EQ(out.Take(), std::string("\x01\x02"
                                    "ab"
                                    "\x02\x02\xAC\x02"
                                    "\x03\x01\x03"));
}

TEST(TaggedFields, CutShortAtAnyByteAreDamageOrFewerFields) {
  TaggedWriter out;
  out.Bytes(1, "abc");
  const std::string whole = out.Take();
  for (size_t size = 1; size < whole.size(); ++size)
    EXPECT_EQ(ReadTagged(whole.substr(0, size), [](const TaggedField&) {}).reason().text(), "record.damaged");
  EXPECT_TRUE(ReadTagged(whole, [](const TaggedField&) {}).ok());
  EXPECT_TRUE(ReadTagged("", [](const TaggedField&) {}).ok());
}

TEST(TaggedFields, ReadADamagedNumberAsZero) {
  const auto number = [](std::string_view bytes) { return TaggedField{1, bytes}.Unsigned(); };
  const std::string nine(9, '\x80');
  EXPECT_EQ(number(nine + '\x01'), uint64_t{1} << 63);
  EXPECT_EQ(number("\x81" + nine.substr(1) + '\x02'), 0u);  // more than 64 bits
  EXPECT_EQ(number("\x05"), 5u);
  EXPECT_EQ(number("\x05\x05"), 0u);
  EXPECT_EQ(number(""), 0u);
}

TEST(TaggedFields, WithASizeBeyondTheEndOrAnEndlessVarintAreDamage) {
  const auto read = [](std::string_view bytes) { return ReadTagged(bytes, [](const TaggedField&) {}); };
  EXPECT_FALSE(read("\x01\x05"
                    "ab")
                   .ok());
  EXPECT_FALSE(read(std::string("\x01") + std::string(9, '\xFF') + "\x7F").ok());
  EXPECT_FALSE(read(std::string(20, '\xFF')).ok());
  EXPECT_FALSE(read("\xFF\xFF\xFF\xFF\x7F\x01"
                    "a")
                   .ok());  // a tag of more than 32 bits
}

}  // namespace
}  // namespace tvan
