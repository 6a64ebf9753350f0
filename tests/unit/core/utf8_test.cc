#include "gateway/core/utf8.h"

#include <gtest/gtest.h>

namespace tvan {
namespace {

TEST(CutUtf8, KeepsWholeCharactersOnly) {
  EXPECT_EQ(CutUtf8("abc", 3), "abc");
  EXPECT_EQ(CutUtf8("abc", 2), "ab");
  EXPECT_EQ(CutUtf8("aệ", 4), "aệ");
  EXPECT_EQ(CutUtf8("aệ", 3), "a");
  EXPECT_EQ(CutUtf8("ệ", 1), "");
  EXPECT_EQ(CutUtf8("", 5), "");
}

TEST(CutUtf8, EndsBeforeWhatIsNoUtf8) {
  EXPECT_EQ(CutUtf8("ab\xFF"
                    "cd",
                    10),
            "ab");
  EXPECT_EQ(CutUtf8("ab\xE1\xBB", 10), "ab");
}

}  // namespace
}  // namespace tvan
