// Windows, outages and what belongs to them: how they are written, and what they make of a moment.
#include "adapters/signature.h"
#include "adapters/simulator/options.h"
#include "adapters/simulator/spells.h"
#include "tests/unit/simulator/sandbox.h"

namespace tvan::test {
namespace {

using namespace std::chrono_literals;
using sim::LineMode;

const Time kStop = At("2026-11-22T00:00:00+07:00"), kEnd = At("2026-11-22T03:45:00+07:00");

class PlanTest : public ::testing::Test {
 protected:
  // A plan of lines as --control has them.
  Result<sim::Plan> Read(const std::string& lines) const {
    std::ofstream(folder.File("plan"), std::ios::trunc) << lines << "\n";
    return sim::ReadPlan(folder.File("plan"));
  }
  sim::Plan Good(const std::string& lines) const {
    auto plan = Read(lines);
    EXPECT_TRUE(plan.ok()) << lines << ": " << plan.status().ToString();
    return plan.ok() ? *plan : sim::Plan();
  }
  sim::Conditions At(const sim::Plan& plan, Time t) const {
    return sim::ConditionsAt(sim::SpellsOf(plan, dice), plan, t);
  }
  std::vector<sim::Spell> Turns(uint64_t seed, const std::string& outage) const {
    auto spells = sim::SpellsOf(Good(outage), sim::Dice(*digester, seed));
    std::erase_if(spells, [](const sim::Spell& s) { return s.kind != sim::SpellKind::kFlap; });
    return spells;
  }

  TempFolder folder;
  std::unique_ptr<Digester> digester = MakeDigester();
  sim::Dice dice{*digester, 1};
};

constexpr const char* kNight = "2026-11-22T00:00:00/2026-11-22T03:45:00";

TEST_F(PlanTest, WhatIsWrittenRightIsReadAndItsTwinIsNot) {
  const std::string window = "window=" + std::string(kNight), outage = "outage=" + std::string(kNight);
  const std::vector<std::pair<std::string, std::string>> twins = {
      {window, "window=2026-11-22T03:45:00/2026-11-22T00:00:00"},
      {window + "/half_open", window + "/slow"},
      {window + "/refuse", window + "/soft"},
      {window + "/late=45m", window + "/late=45x"},
      {window + "/early=3h44m", window + "/early=3h45m"},
      {window + "/daily=400", window + "/daily=401"},
      {window + "/daily=2/late=20h", window + "/daily=2/late=20h15m"},
      {window + "/verify=75m", window + "/verify=m"},
      {window + "/verify=75m:5", window + "/verify=75m:-5"},
      {window + "/html502/late=45m/verify=1h", window + "/html502/later=45m/verify=1h"},
      {outage + "/reset", outage},
      {outage + "/html502", outage + "/html502:5"},
      {outage + "/flap:20s", outage + "/flap"},
      {outage + "/flap:14s", outage + "/flap:13s"},
      {outage + "/slow:59", outage + "/slow:0"},
      {outage + "/lag:10m", outage + "/lag:10m/reset"},
      {outage + "/not_found", outage + "/notfound"},
      {"lie-not-found=10m", "lie-not-found="},
      {"lie-not-found=8784h", "lie-not-found=8785h"},
      {"capacity=120/s", "capacity=120/m"},
      {"capacity=1000000", "capacity=1000001"},
      {"overload=http503", "overload=503"},
      {"date-skew=-31s", "date-skew=--31s"},
      {"# nothing", "nothing"},
      {"capacity=5", "seed=5"},
  };
  for (const auto& [good, bad] : twins) {
    Good(good);
    EXPECT_EQ(Read(bad).status().reason().text(), "sim.usage") << bad;
  }
  EXPECT_FALSE(sim::ReadPlan(folder.File("none")).ok());
  EXPECT_FALSE(sim::ReadPlan("").ok());
}

TEST_F(PlanTest, SpansAreReadInTheirUnits) {
  for (const auto& [text, span] : std::vector<std::pair<std::string, Span>>{
           {"59", 59s}, {"59s", 59s}, {"500ms", 500ms}, {"10m", 10min}, {"1h30m", 90min}, {"0", 0s}})
    EXPECT_EQ(Good("lie-not-found=" + text).lie_not_found, span) << text;
  EXPECT_EQ(Good("date-skew=-1m30s").date_skew, -90s);
}

TEST_F(PlanTest, TheSameLinesAreOptionsOfTheProgram) {
  auto o = sim::ParseOptions({"--cert",          "a",
                              "--key",           "b",
                              "--client-ca",     "c",
                              "--sign-cert",     "d",
                              "--sign-key",      "e",
                              "--trust",         "f",
                              "--window",        kNight + std::string("/late=45m"),
                              "--outage",        kNight + std::string("/flap:30s"),
                              "--capacity",      "5/s",
                              "--overload",      "busy",
                              "--lie-not-found", "10m",
                              "--date-skew",     "31s",
                              "--control",       "file"});
  ASSERT_TRUE(o.ok()) << o.status().ToString();
  EXPECT_EQ(o->windows.at(0).overrun, 45min);
  EXPECT_EQ(o->outages.at(0).mode, LineMode::kFlap);
  EXPECT_EQ(o->outages.at(0).span, 30s);
  EXPECT_EQ(o->capacity, 5);
  EXPECT_EQ(o->overload, sim::Overload::kBusy);
  EXPECT_EQ(o->lie_not_found, 10min);
  EXPECT_EQ(o->date_skew, 31s);
  EXPECT_EQ(o->control_file, "file");
}

TEST_F(PlanTest, AWindowEndsLaterOrEarlierThanAnnounced) {
  const std::string window = "window=" + std::string(kNight);
  const auto late = Good(window + "/late=45m"), early = Good(window + "/early=45m"), timely = Good(window);
  EXPECT_FALSE(At(late, kEnd + 45min - 1us).serves());
  EXPECT_TRUE(At(late, kEnd + 45min).serves());
  EXPECT_FALSE(At(early, kEnd - 45min - 1us).serves());
  EXPECT_TRUE(At(early, kEnd - 45min).serves());
  EXPECT_FALSE(At(timely, kEnd - 1us).serves());
  EXPECT_TRUE(At(timely, kEnd).serves());
  EXPECT_TRUE(At(timely, kStop - 1us).serves());
}

TEST_F(PlanTest, ADailyWindowComesAtTheSameTimeOfDaySoOften) {
  const auto plan = Good("window=" + std::string(kNight) + "/html502/daily=3");
  for (int day = 0; day < 3; ++day) {
    EXPECT_EQ(At(plan, kStop + day * 24h).window, 1) << day;
    EXPECT_EQ(At(plan, kEnd + day * 24h - 1us).down, LineMode::kHtml502) << day;
    EXPECT_EQ(At(plan, kEnd + day * 24h).window, 0) << day;
  }
  EXPECT_EQ(At(plan, kStop + 3 * 24h).window, 0);
}

TEST_F(PlanTest, SeveralWindowsMayOverlapAndTheFirstGivenNamesTheStop) {
  const auto plan = Good(
      "window=2026-11-22T00:00:00/2026-11-22T03:45:00/reset\n"
      "window=2026-11-22T03:00:00/2026-11-22T05:00:00/closed_fault");
  EXPECT_EQ(At(plan, kEnd - 1us).window, 1);
  EXPECT_EQ(At(plan, kEnd).window, 2);
  EXPECT_EQ(At(plan, kEnd).down, LineMode::kClosedFault);
}

TEST_F(PlanTest, AfterTheRealEndTheLineIsTriedOut) {
  const auto plan = Good("window=" + std::string(kNight) + "/late=15m/verify=1h:5\ncapacity=100");
  EXPECT_EQ(At(plan, kEnd + 15min).capacity, 5);
  EXPECT_EQ(At(plan, kEnd + 75min - 1us).capacity, 5);
  EXPECT_EQ(At(plan, kEnd + 75min).capacity, 100);
  EXPECT_EQ(At(Good("window=" + std::string(kNight) + "/verify=1h"), kEnd).capacity, 0);
  EXPECT_EQ(At(Good("window=" + std::string(kNight)), kEnd).capacity, std::nullopt);
}

TEST_F(PlanTest, AnAnnouncedWindowCountsBeforeAnOutage) {
  const auto plan = Good("outage=2026-11-21T23:00:00/2026-11-22T01:00:00/half_open\nwindow=" + std::string(kNight));
  EXPECT_EQ(At(plan, kStop - 1us).down, LineMode::kHalfOpen);
  EXPECT_EQ(At(plan, kStop - 1us).window, 0);
  EXPECT_EQ(At(plan, kStop).down, LineMode::kReset);
  EXPECT_EQ(At(plan, kStop).outage, 1);
}

TEST_F(PlanTest, FlappingTurnsAreDrawnByTheSeedAndFillTheOutage) {
  const std::string outage = "outage=2026-11-22T03:45:00/2026-11-22T03:55:00/flap:20s";
  const auto turns = Turns(1, outage);
  ASSERT_GE(turns.size(), 10u);
  EXPECT_EQ(turns.front().from, kEnd);
  EXPECT_LE(turns.back().to, kEnd + 10min);
  for (size_t i = 0; i + 1 < turns.size(); ++i) {
    EXPECT_GE(turns[i].to - turns[i].from, 10s);
    EXPECT_LE(turns[i].to - turns[i].from, 30s);
    EXPECT_GE(turns[i + 1].from - turns[i].to, 10s) << "up in between";
  }
  EXPECT_EQ(Turns(1, outage), turns);
  EXPECT_NE(Turns(2, outage), turns);
  const auto plan = Good(outage);
  EXPECT_EQ(At(plan, turns[0].from).down, LineMode::kReset);
  EXPECT_EQ(At(plan, turns[0].to).down, std::nullopt);
  EXPECT_EQ(At(plan, turns[0].to).outage, 1);
  EXPECT_EQ(At(plan, kEnd + 10min).outage, 0);
}

TEST_F(PlanTest, ALieFollowsEachRecoveryAndNoMereSlowness) {
  const std::string lie = "\nlie-not-found=10m";
  const std::string from_to = "outage=2026-11-22T00:00:00/2026-11-22T03:45:00/";
  for (const char* mode : {"reset", "refuse", "html502", "closed_fault", "half_open", "flap:30s"}) {
    const auto lies = At(Good(from_to + mode + lie), kEnd).lies;
    ASSERT_EQ(lies.size(), 1u) << mode;
    EXPECT_EQ(lies[0].due_by, kEnd);
    EXPECT_EQ(lies[0].until, kEnd + 10min);
    EXPECT_TRUE(At(Good(from_to + mode + lie), kEnd + 10min).lies.empty()) << mode;
  }
  for (const char* mode : {"slow:59s", "lag:59s", "not_found"})
    EXPECT_TRUE(At(Good(from_to + mode + lie), kEnd).lies.empty()) << mode;
  EXPECT_EQ(At(Good("window=" + std::string(kNight) + "/late=15m" + lie), kEnd + 15min).lies.size(), 1u);
}

}  // namespace
}  // namespace tvan::test
