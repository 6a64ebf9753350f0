// What was accepted today is known without the disk.
#include "store/day_totals.h"

#include <gtest/gtest.h>

#include "gateway/core/clock.h"
#include "gateway/core/local_day.h"
#include "tests/support/memory_store.h"
#include "tests/unit/store/small_message.h"

namespace tvan {
namespace {

const ProviderId kAlpha = ProviderId::Trusted("alpha");

TEST(DayTotals, HoldTheNewestDayOfEachProvider) {
  DayTotals days;
  EXPECT_FALSE(days.Find(kAlpha, 7));
  days.Keep(kAlpha, {7, 1, 10});
  days.Keep(ProviderId::Trusted("beta"), {8, 2, 20});
  EXPECT_EQ(days.Find(kAlpha, 7)->messages, 1u);
  EXPECT_FALSE(days.Find(kAlpha, 8));
  days.Keep(kAlpha, {8, 3, 30});
  days.Keep(kAlpha, {7, 9, 90});  // somebody asked of yesterday
  EXPECT_EQ(days.Find(kAlpha, 8)->bytes, 30u);
  EXPECT_FALSE(days.Find(kAlpha, 7));
}

TEST(DayTotals, AnOlderReadDoesNotTakeBackWhatWasLearntMeanwhile) {
  DayTotals days;
  days.Keep(kAlpha, {7, 2, 20});
  days.Keep(kAlpha, {7, 1, 10});
  EXPECT_EQ(days.Find(kAlpha, 7)->messages, 2u);
}

TEST(DayTotals, BeginAtMidnightHereAlsoBeforeTheEpoch) {
  const auto hour = [](int64_t hours) { return Time{hours * 3'600'000'000}; };
  EXPECT_EQ(LocalDay(hour(0)), 0);
  EXPECT_EQ(LocalDay(hour(17)), 1);
  EXPECT_EQ(LocalDay({hour(17).us - 1}), 0);
  EXPECT_EQ(LocalDay({hour(-7).us - 1}), -1);
  EXPECT_EQ(BeginOfDay(1), hour(17));
  EXPECT_EQ(PlaceOfDay(-1), 39);
  EXPECT_EQ(PlaceOfDay(41), 1);
}

TEST(DayTotals, AreAskedOfTheDiskOnceADay) {
  const auto clock = MakeSystemClock();
  MemoryStoreOptions options;
  options.manual_flush = true;
  const auto store = MakeMemoryStore(options, *clock);
  EXPECT_EQ(store->AcceptedOn(kAlpha, 0)->messages, 0u);
  store->SetReads(MemoryStore::Reads::kFail);
  EXPECT_EQ(store->AcceptedOn(kAlpha, 0)->messages, 0u);
  store->Accept(SmallMessage(1), [](Result<AcceptAnswer>) {});
  EXPECT_EQ(store->AcceptedOn(kAlpha, 0)->messages, 0u) << "what is not flushed was not accepted";
  store->Flush();
  EXPECT_EQ(store->AcceptedOn(kAlpha, 0)->messages, 1u);
  EXPECT_EQ(store->AcceptedOn(kAlpha, 1).status().reason(), "store.io"_reason);
}

}  // namespace
}  // namespace tvan
