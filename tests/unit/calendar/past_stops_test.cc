// Which stop was the last one, read from the newest record on and no further back than asked.
#include "gateway/calendar/past_stops.h"

#include <gtest/gtest.h>

#include "gateway/calendar/phase_record.h"
#include "store/keys.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::minutes;

const LineId kMain = LineId::Trusted("main");

class PastStops : public testing::Test {
 protected:
  static Time At(int minute) { return Time{1'700'000'000'000'000} + minutes(minute); }

  void Write(int minute, Phase phase, const std::string& window) {
    PhaseRecord phases;
    phases.at = At(minute);
    phases.classes[MessageClass::kCoded] = {phase, At(minute), window, "", At(minute)};
    OperatorRecord record{.kind = kPhaseKind, .id = kMain.value()};
    record.body = EncodePhases(phases);
    written_ = store_->PutRecord(record, written_).value().version;
  }
  void Flap(int from, int times) {
    for (int i = 0; i < times; ++i) Write(from + i, i % 2 == 0 ? Phase::kDown : Phase::kOpen, "");
  }
  void DamageVersion(uint64_t version) {
    ASSERT_TRUE(store_->Damage(Family::kRecord, keys::Version(kPhaseKind, kMain.value(), version)));
  }
  std::string Last(int not_before) const {
    const auto last = LastStop(*Calendar::Load(*store_, {}).value(), kMain, At(not_before));
    if (!last.ok()) return std::string(last.status().reason().text());
    return *last ? StopsOf(**last).front().first : "none";
  }

  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({.manual_flush = true}, *clock_);
  uint64_t written_ = 0;
};

TEST_F(PastStops, TheLastOneIsFoundBehindAnyNumberOfFlaps) {
  EXPECT_EQ(Last(0), "none");
  Write(1, Phase::kClosed, "first");
  Write(2, Phase::kClosed, "second");
  EXPECT_EQ(Last(0), "second");
  for (int flaps = 0; flaps < 300; flaps += 61) {
    Flap(3 + flaps, 61);
    EXPECT_EQ(Last(0), "second");
    EXPECT_EQ(Last(2), "second");
    EXPECT_EQ(Last(3), "none");
  }
}

TEST_F(PastStops, ALineClosedWithoutAWindowIsNoStop) {
  Write(1, Phase::kClosed, "");
  EXPECT_EQ(Last(0), "none");
}

TEST_F(PastStops, WhatIsOlderThanAskedIsNotRead) {
  Write(1, Phase::kClosed, "night");
  Flap(2, 1000);
  DamageVersion(500);
  EXPECT_EQ(Last(900), "none");
  EXPECT_EQ(Last(0), "store.damaged");
  Write(1002, Phase::kClosed, "next");
  EXPECT_EQ(Last(0), "next");
}

}  // namespace
}  // namespace tvan
