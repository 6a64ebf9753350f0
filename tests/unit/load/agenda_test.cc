#include "ops/load/agenda.h"

#include <gtest/gtest.h>

namespace tvan::load {
namespace {

Steady At(int64_t ms) { return Steady{5'000'000 + ms * 1000}; }
Span Ms(int64_t ms) { return std::chrono::milliseconds(ms); }

TEST(Agenda, ArrivalsKeepTheirInstantsHoweverLateTheyAreTaken) {
  Agenda agenda({Ms(0), Ms(10), Ms(20), Ms(500)});
  agenda.Begin(At(0));
  EXPECT_EQ(agenda.NextArrival(), At(0));
  EXPECT_EQ(agenda.TakeArrivals(At(0)), std::vector<Steady>{At(0)});
  EXPECT_EQ(agenda.NextArrival(), At(10));
  EXPECT_TRUE(agenda.TakeArrivals(At(9)).empty());
  EXPECT_EQ(agenda.TakeArrivals(At(400)), (std::vector<Steady>{At(10), At(20)})) << "not moved by the stall";
  EXPECT_EQ(agenda.latest(), Ms(390));
  EXPECT_EQ(agenda.TakeArrivals(At(500)), std::vector<Steady>{At(500)});
  EXPECT_EQ(agenda.NextArrival(), kSteadyForever);
  EXPECT_TRUE(agenda.TakeArrivals(At(9000)).empty());
}

TEST(Agenda, ARepeatComesWhenItIsDueAndKeepsItsFirstInstant) {
  Agenda agenda;
  Lane* const lane = reinterpret_cast<Lane*>(&agenda);  // never looked at
  EXPECT_EQ(agenda.NextRepeat(), kSteadyForever);
  agenda.Again(At(30), *lane, {7, At(1)});
  agenda.Again(At(20), *lane, {8, At(2)});
  EXPECT_EQ(agenda.NextRepeat(), At(20));
  EXPECT_TRUE(agenda.TakeRepeats(At(19)).empty());
  const auto first = agenda.TakeRepeats(At(20));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].job.index, 8u);
  EXPECT_EQ(first[0].job.intended, At(2));
  EXPECT_EQ(agenda.TakeRepeats(At(100)).size(), 1u);
  EXPECT_EQ(agenda.NextRepeat(), kSteadyForever);
}

}  // namespace
}  // namespace tvan::load
