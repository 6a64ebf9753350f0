#include "gateway/contract/shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "gateway/contract/packed.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;

struct Row {
  using Key = int;
  int number = 0;
  int value = 0;
  int key() const { return number; }
};
using Rows = std::map<int, int>;

Rows AllOf(const Shelf<Row>& shelf, int from = INT32_MIN) {
  Rows rows;
  int last = INT32_MIN;
  shelf.From(from, [&](const Row& row) {
    EXPECT_LT(last, row.number) << "in order, each once";
    last = row.number;
    rows[row.number] = row.value;
    return true;
  });
  return rows;
}

TEST(Shelf, HoldsWhatAMapHoldsAfterAnyChanges) {
  for (const int keys : {100, 3'000, 40'000}) {
    std::mt19937 random(static_cast<unsigned>(keys));
    Shelf<Row> shelf;
    Rows expected;
    uint64_t edit = 1;
    for (int i = 0; i < 30'000; ++i) {
      const int key = static_cast<int>(random() % static_cast<unsigned>(keys));
      if (random() % 100 == 0) ++edit;
      if (random() % 3 != 0) {
        shelf.Put({key, i}, edit);
        expected[key] = i;
      } else {
        EXPECT_EQ(shelf.Erase(key, edit), expected.erase(key) != 0);
      }
      const int asked = static_cast<int>(random() % static_cast<unsigned>(keys));
      const Row* found = shelf.Find(asked);
      ASSERT_EQ(found != nullptr, expected.count(asked) != 0);
      if (found != nullptr) {
        ASSERT_EQ(found->value, expected[asked]);
      }
    }
    EXPECT_EQ(AllOf(shelf), expected);
    EXPECT_EQ(shelf.size(), expected.size());
    EXPECT_EQ(AllOf(shelf, keys / 2), Rows(expected.lower_bound(keys / 2), expected.end()));
  }
}

TEST(Shelf, HoldsWhatComesInAnyOrder) {
  for (const bool descending : {false, true}) {
    Shelf<Row> shelf;
    for (int i = 0; i < 30'000; ++i) shelf.Put({descending ? -i : i, i}, 1);
    EXPECT_EQ(shelf.size(), 30'000u);
    const Rows all = AllOf(shelf);
    EXPECT_EQ(all.size(), 30'000u);
    for (int i = 0; i < 30'000; ++i) {
      const Row* found = shelf.Find(descending ? -i : i);
      ASSERT_TRUE(found != nullptr && found->value == i) << i;
    }
    EXPECT_EQ(shelf.Find(descending ? 1 : -1), nullptr);
  }
}

TEST(Shelf, AnOlderCopyNeverChanges) {
  std::mt19937 random(7);
  Shelf<Row> shelf;
  Rows expected;
  std::vector<std::pair<Shelf<Row>, Rows>> kept;
  for (uint64_t edit = 1; edit <= 60; ++edit) {
    for (int i = 0; i < 200; ++i) {
      const int key = static_cast<int>(random() % 5'000);
      if (random() % 4 == 0) {
        shelf.Erase(key, edit);
        expected.erase(key);
      } else {
        shelf.Put({key, i}, edit);
        expected[key] = i;
      }
    }
    kept.emplace_back(shelf, expected);
  }
  for (const auto& [copy, rows] : kept) EXPECT_EQ(AllOf(copy), rows);
}

TEST(Shelf, TwoThatBeginAlikeGoTheirOwnWays) {
  Shelf<Row> base;
  for (int i = 0; i < 1'000; ++i) base.Put({i, i}, 1);
  Shelf<Row> left = base, right = base;
  left.Put({500, -1}, 2);
  right.Erase(500, 2);
  EXPECT_EQ(base.Find(500)->value, 500);
  EXPECT_EQ(left.Find(500)->value, -1);
  EXPECT_EQ(right.Find(500), nullptr);
}

TEST(Shelf, IsEmptyAgainWhenAllIsErased) {
  Shelf<Row> shelf;
  for (int i = 0; i < 500; ++i) shelf.Put({i, i}, 1);
  for (int i = 499; i >= 0; --i) EXPECT_TRUE(shelf.Erase(i, 2));
  EXPECT_FALSE(shelf.Erase(3, 2));
  EXPECT_EQ(shelf.size(), 0u);
  EXPECT_EQ(shelf.Find(3), nullptr);
  EXPECT_TRUE(AllOf(shelf).empty());
  shelf.Put({3, 4}, 3);
  EXPECT_EQ(AllOf(shelf), (Rows{{3, 4}}));
}

TEST(Shelf, AVisitEndsWhereItIsTold) {
  Shelf<Row> shelf;
  for (int i = 0; i < 200; ++i) shelf.Put({i, i}, 1);
  std::vector<int> seen;
  shelf.From(150, [&](const Row& row) {
    seen.push_back(row.number);
    return seen.size() < 3;
  });
  EXPECT_THAT(seen, ElementsAre(150, 151, 152));
}

TEST(PackedTaxCode, ComesBackAndStandsInTheOrderOfItsText) {
  const std::vector<std::string> codes = {"0000000000",     "0000000000-000", "000000000000", "0101234567",
                                          "0101234567-001", "0101234567-002", "010123456789", "0101234568",
                                          "9999999999",     "9999999999-999", "999999999999"};
  for (size_t i = 0; i < codes.size(); ++i) {
    const uint64_t packed = PackTaxCode(codes[i]);
    EXPECT_EQ(UnpackTaxCode(packed).value(), codes[i]);
    EXPECT_GT(packed, i == 0 ? 0 : PackTaxCode(codes[i - 1])) << codes[i];
    EXPECT_EQ(i == 0 ? true : codes[i - 1] < codes[i], true);
  }
  EXPECT_LT(PackTaxCode("01"), PackTaxCode("0101234567")) << "the front of one stands before it";
}

TEST(PackedTaxCode, WhatIsNoneHasNoNumber) {
  for (const char* text : {"", "010123456x", "0101234567-0011", "01 01234567", "\xc3\xa9"})
    EXPECT_EQ(PackTaxCode(text), 0u) << text;
}

TEST(PackedDay, MidnightsComeBackAndNothingElseIsPacked) {
  for (const Time t : {Time{}, kForever, *ParseDate("1971-01-01"), *ParseDate("2026-06-01"), *ParseDate("9999-12-31")})
    EXPECT_EQ(UnpackDay(PackDay(t).value()), t);
  EXPECT_FALSE(PackDay(*ParseDate("2026-06-01") + std::chrono::seconds(1)));
  EXPECT_FALSE(PackDay(Time{1}));
}

}  // namespace
}  // namespace tvan
