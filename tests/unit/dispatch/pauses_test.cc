// When classes did not send, as the clocks of messages see it: bounded, and never shorter than it was.
#include "gateway/calendar/phase_record.h"
#include "gateway/dispatch/line_phases.h"
#include "store/keys.h"
#include "tests/unit/dispatch/phases_world.h"

namespace tvan {
namespace {

constexpr MessageClass kFlapping = MessageClass::kCoded, kWell = MessageClass::kSummary;

// Every ten minutes the line of coded invoices is down for three; that of summaries was down once, at the beginning.
class Pauses : public PhasesWorld {
 protected:
  static Time At(int minute) { return Time{1'700'000'000'000'000} + minutes(minute); }

  void Write(int minute, Phase coded, Phase summary) {
    PhaseRecord phases;
    phases.at = At(minute);
    phases.classes[kFlapping] = {coded, At(minute), "", "", At(minute)};
    phases.classes[kWell] = {summary, At(minute), "", "", At(minute)};
    OperatorRecord record{.kind = kPhaseKind, .id = options.line.value()};
    record.changed_at = phases.at;
    record.body = EncodePhases(phases);
    written_ = store->PutRecord(record, written_).value().version;
  }
  void Flap(int times) {
    for (const int end = flaps_ + times; flaps_ < end; ++flaps_) {
      Write(10 * flaps_, Phase::kDown, flaps_ == 0 ? Phase::kDown : Phase::kOpen);
      Write(10 * flaps_ + 3, Phase::kOpen, Phase::kOpen);
    }
  }
  std::vector<Window> AfterStart() {
    calendar = Calendar::Load(*store, rules).value();
    DispatchParts parts{options, *store, *calendar, contracts, authority, search, digester, *clock, *metrics, {}};
    return LinePhases(parts).Pauses();
  }
  Span Closed(const std::vector<Window>& pauses, MessageClass cls, int from, int to) const {
    return ClosedWithin(pauses, options.line, cls, At(from), At(to));
  }

  int flaps_ = 0;
  uint64_t written_ = 0;
};

TEST_F(Pauses, AreThoseThatWereWrittenWhileThereAreFew) {
  Flap(20);
  const std::vector<Window> pauses = AfterStart();
  EXPECT_EQ(pauses.size(), 20u);
  EXPECT_EQ(Closed(pauses, kFlapping, -100, 200), minutes(60));
  EXPECT_EQ(Closed(pauses, kWell, -100, 200), minutes(3));
}

TEST_F(Pauses, AreKeptUpToABoundAndAllTimeBeforeThemCountsAsOne) {
  Flap(300);
  const std::vector<Window> pauses = AfterStart();
  ASSERT_EQ(pauses.size(), 257u);
  // 44 are not kept; the last of them ended at 433.
  EXPECT_EQ(Closed(pauses, kFlapping, -100, 433), minutes(533));
  EXPECT_EQ(Closed(pauses, kWell, -100, 3000), minutes(533));
  EXPECT_EQ(Closed(pauses, kFlapping, 433, 3000), minutes(256 * 3));
  for (int from = 0; from < 3000; from += 7)
    EXPECT_GE(Closed(pauses, kFlapping, from, 3000),
              minutes(3 * (300 - from / 10 - (from % 10 < 3 ? 0 : 1)) - (from % 10 < 3 ? from % 10 : 0)))
        << from;
}

TEST_F(Pauses, AStartReadsNoMoreWhenALineHasFlappedForAYear) {
  Flap(2000);
  ASSERT_TRUE(store->Damage(Family::kRecord, keys::Version(kPhaseKind, options.line.value(), 2000)));
  const std::vector<Window> pauses = AfterStart();
  ASSERT_EQ(pauses.size(), 257u);
  EXPECT_EQ(Closed(pauses, kFlapping, 20000 - 10 * 256, 20000), minutes(256 * 3));
  EXPECT_EQ(Closed(pauses, kFlapping, 0, 10000), minutes(10000));  // not known any more
}

TEST_F(Pauses, WhatCannotBeReadCountsAsOne) {
  Flap(10);
  ASSERT_TRUE(store->Damage(Family::kRecord, keys::Version(kPhaseKind, options.line.value(), 7)));
  const std::vector<Window> pauses = AfterStart();
  EXPECT_EQ(Closed(pauses, kFlapping, -100, 93), minutes(193));
  EXPECT_EQ(Closed(pauses, kFlapping, 93, 200), minutes(0));
}

TEST_F(Pauses, AClassThatIsStillDownIsSoSinceItsRecordSays) {
  Flap(2000);
  Write(20000, Phase::kDown, Phase::kOpen);
  const std::vector<Window> pauses = AfterStart();
  EXPECT_EQ(Closed(pauses, kFlapping, 20000, 21000), minutes(1000));
  EXPECT_EQ(Closed(pauses, kWell, 20000, 21000), minutes(0));
}

}  // namespace
}  // namespace tvan
