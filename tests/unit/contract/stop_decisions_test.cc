// Which decision to continue lifts which decision to stop, and what stays of many.
#include "gateway/contract/stop_decisions.h"

#include <random>

#include "gateway/contract/contract_records.h"
#include "gateway/contract/contract_rules.h"
#include "gateway/contract/taxpayer_rules.h"
#include "tests/support/watched_records.h"
#include "tests/unit/contract/book_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr StopKind kUse = StopKind::kUse, kEnforcement = StopKind::kEnforcement, kUnsaid = StopKind::kUnsaid;

StopDecision Stop(const char* from, StopKind kind, const std::string& number, Time to = kForever) {
  return {true, Day(from), number, "V1", kNow, kind, to, ""};
}
StopDecision GoOn(const char* from, StopKind kind, const std::string& number = "", const std::string& answers = "") {
  return {false, Day(from), number, "V2", kNow, kind, kForever, answers};
}

// The number of the stop that stands; "-": none.
std::string By(const std::vector<StopDecision>& decisions, Time at = Day("2026-12-31")) {
  std::vector<StopView> views;
  for (const StopDecision& decision : decisions) views.push_back(ViewOf(decision));
  const auto stop = StandingStop(views, at);
  return stop ? decisions[*stop].number : "-";
}

TEST(StopDecisions, AContinueLiftsAStopOfItsOwnKindOnly) {
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), GoOn("2026-11-10", kUse)}), "-");
  EXPECT_EQ(By({Stop("2026-11-01", kEnforcement, "1"), GoOn("2026-11-10", kUse)}), "1");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), GoOn("2026-11-10", kEnforcement)}), "1");
  EXPECT_EQ(
      By({Stop("2026-11-01", kUse, "1"), Stop("2026-11-02", kEnforcement, "2"), GoOn("2026-11-10", kEnforcement)}), "1")
      << "the other still stands";
}

TEST(StopDecisions, WhereOneOfThemDoesNotSayItsKindOnlyANumberJoinsThem) {
  EXPECT_EQ(By({Stop("2026-11-01", kUnsaid, "1"), GoOn("2026-11-10", kUnsaid)}), "-") << "108 and 114";
  EXPECT_EQ(By({Stop("2026-11-01", kUnsaid, "1"), GoOn("2026-11-10", kUse)}), "1");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), GoOn("2026-11-10", kUnsaid)}), "1");
  EXPECT_EQ(By({Stop("2026-11-01", kUnsaid, "1"), GoOn("2026-11-10", kUse, "2", "1")}), "-");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), GoOn("2026-11-10", kUnsaid, "2", "1")}), "-");
}

TEST(StopDecisions, AContinueThatNamesAStopLiftsThatOneAlone) {
  const auto two = [](const StopDecision& go_on) {
    return By({Stop("2026-11-01", kUse, "1"), Stop("2026-11-02", kUse, "2"), go_on});
  };
  EXPECT_EQ(two(GoOn("2026-11-10", kUse, "9", "2")), "1");
  EXPECT_EQ(two(GoOn("2026-11-10", kUse, "9", "1")), "2");
  EXPECT_EQ(two(GoOn("2026-11-10", kUse, "9", "3")), "2") << "of which we never heard";
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), GoOn("2026-11-10", kUse, "9", "3")}), "1") << "not the only one either";
  EXPECT_EQ(By({Stop("2026-11-01", kEnforcement, "1"), GoOn("2026-11-10", kUse, "9", "1")}), "1")
      << "nor of another kind";
}

TEST(StopDecisions, AContinueUnderTheNumberOfAStopAnswersIt) {
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), Stop("2026-11-02", kUse, "2"), GoOn("2026-11-10", kUse, "1")}), "2");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), Stop("2026-11-02", kUse, "2"), GoOn("2026-11-10", kUse, "2")}), "1");
}

TEST(StopDecisions, OfSeveralNobodyKnowsWhichIsMeant) {
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), Stop("2026-11-02", kUse, "2"), GoOn("2026-11-10", kUse, "9")}), "2");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, ""), Stop("2026-11-02", kUse, ""), GoOn("2026-11-10", kUse, "9")}), "")
      << "two without a number are two";
  EXPECT_EQ(By({Stop("2026-11-01", kUse, ""), Stop("2026-11-02", kUse, ""), GoOn("2026-11-10", kUse),
                GoOn("2026-11-11", kUse)}),
            "");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, ""), GoOn("2026-11-10", kUse, "9")}), "-");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), Stop("2026-11-02", kUse, "1"), GoOn("2026-11-10", kUse, "9")}), "-")
      << "one number, told of twice, is one stop";
  EXPECT_EQ(By({Stop("2026-11-01", kUnsaid, "1"), Stop("2026-11-02", kUse, "1"), GoOn("2026-11-10", kUse, "9")}), "-")
      << "told of by a 108 and by a 506";
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), GoOn("2026-11-05", kUse), Stop("2026-11-06", kUse, "2"),
                GoOn("2026-11-10", kUse)}),
            "-")
      << "one after another";
}

TEST(StopDecisions, AContinueLiftsWhatHadBegunAndNotWhatBeginsLater) {
  EXPECT_EQ(By({GoOn("2026-11-01", kUse, "9", "1"), Stop("2026-11-02", kUse, "1")}), "1");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), GoOn("2026-11-10", kUse)}, Day("2026-11-10") - kSecond), "1");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1"), GoOn("2026-11-10", kUse)}, Day("2026-11-10")), "-");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1")}, Day("2026-11-01") - kSecond), "-");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1")}, Day("2026-11-01")), "1");
}

TEST(StopDecisions, AStopEndsByItselfAndNoOtherWithIt) {
  const std::vector<StopDecision> both = {Stop("2026-11-01", kUse, "1"),
                                          Stop("2026-11-02", kUse, "2", Day("2026-11-10"))};
  EXPECT_EQ(By(both, Day("2026-11-10") - kSecond), "2");
  EXPECT_EQ(By(both, Day("2026-11-10")), "1");
  EXPECT_EQ(By({both[1]}, Day("2026-11-10")), "-");
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1", Day("2026-11-05")), Stop("2026-11-02", kUse, "2"),
                GoOn("2026-11-06", kUse, "9")}),
            "-")
      << "the other had ended: one was left";
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1", Day("2026-11-05")), Stop("2026-11-02", kUse, "2"),
                GoOn("2026-11-05", kUse, "9")}),
            "-")
      << "at this instant";
  EXPECT_EQ(By({Stop("2026-11-01", kUse, "1", Day("2026-11-05")), Stop("2026-11-02", kUse, "2"),
                GoOn("2026-11-04", kUse, "9")}),
            "2")
      << "there were two then";
}

TEST(StopDecisions, WhatWasSettledFallsOutFirstAndAStopThatStandsLast) {
  Taxpayer known;
  known.mst = kSeller;
  const auto learn = [&](StopDecision decision) {
    Taxpayer news;
    news.mst = kSeller;
    news.decisions = {std::move(decision)};
    known = Merge(known, news);
  };
  learn(Stop("2020-01-01", kEnforcement, "old"));
  for (int i = 0; i < 100; ++i) {
    StopDecision stop = Stop("2026-01-01", kUse, "s" + std::to_string(i));
    stop.from = stop.from + std::chrono::hours(2 * i);
    StopDecision go_on = GoOn("2026-01-01", kUse, "c" + std::to_string(i));
    go_on.from = stop.from + std::chrono::hours(1);
    learn(stop);
    learn(go_on);
  }
  ASSERT_EQ(known.decisions.size(), kMostFacts - 1) << "a stop falls out with what lifted it";
  EXPECT_EQ(By(known.decisions), "old") << "it was never lifted";
  EXPECT_EQ(known.decisions.back().number, "c99");
}

// Whatever is dropped of decisions long ago, nobody is set free by it, nor stopped.
TEST(StopDecisions, WhatFallsOutChangesNoVerdict) {
  std::mt19937 random(7);
  const auto up = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  int stopped = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<StopDecision> all;
    for (int i = 0; i < 16; ++i) {
      StopDecision one{up(2) == 0, Day("2026-01-01") + std::chrono::hours(i), std::to_string(up(5)), "V", kNow};
      one.kind = static_cast<StopKind>(up(3));
      if (one.stop && up(4) == 0) one.to = one.from + std::chrono::minutes(30 + 60 * up(20));
      if (!one.stop && up(2) == 0) one.answers = std::to_string(up(5));
      all.push_back(one);
    }
    std::vector<StopDecision> left = all;
    DropSettled(left, 10);
    ASSERT_LE(left.size(), 10U);
    ASSERT_TRUE(std::is_sorted(left.begin(), left.end(), [](auto& a, auto& b) { return a.from < b.from; }));
    const Time later = Day("2026-01-01") + std::chrono::hours(16 + up(20));
    const auto standing = std::count_if(all.begin(), all.end(), [](const auto& one) { return one.stop; });
    if (standing > 10) continue;
    stopped += By(all, later) != "-";
    ASSERT_EQ(By(left, later), By(all, later)) << round;
  }
  EXPECT_GT(stopped, 1000);
}

TEST(StopDecisions, OfStopsThatAllStandTheOldestFallOut) {
  std::vector<StopDecision> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(Stop("2026-01-01", kUse, std::to_string(i)));
    all.back().from = all.back().from + std::chrono::hours(i);
  }
  DropSettled(all, 3);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].number, "2");
  DropSettled(all, 3);
  EXPECT_EQ(all.size(), 3U);
}

// --- learning many at once

class LearnMany : public BookWorld {
 protected:
  LearnMany() : records_(*store_) {
    for (int i = 0; i < 600; ++i) {
      Taxpayer one;
      one.mst = Mst("01" + std::to_string(10'000'000 + i));
      one.statuses = {{"03", Day("2026-11-01"), "V1", kNow}};
      news_.push_back(one);
    }
    book_ = *ContractBook::Load(records_);
  }
  std::string Learn() {
    const Status status = book_->Learn(news_, {"TCT", "message 505", kNow});
    return status.ok() ? "learned" : std::string(status.reason().text());
  }
  size_t Known() { return book_->snapshot()->List(ContractKind::kTaxpayer, "", 10'000).size(); }

  WatchedRecords records_;
  std::vector<Taxpayer> news_;
};

TEST_F(LearnMany, TakesAFewActsAndTheSecondTimeNone) {
  EXPECT_EQ(Learn(), "learned");
  EXPECT_THAT(records_.acts, ElementsAre(256, 256, 88));
  EXPECT_EQ(Known(), 600U);
  EXPECT_EQ(Learn(), "learned");
  EXPECT_EQ(records_.acts.size(), 3U);
  const auto history = book_->History(ContractKind::kTaxpayer, news_[599].mst.value(), 0, 10).value();
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].reason, "message 505");
  Reload();
  EXPECT_EQ(Known(), 600U);
}

TEST_F(LearnMany, ThatIsBrokenOffIsLearnedOnceAllTheSame) {
  records_.before_act = [&] {
    return records_.acts.size() == 1 ? Status::Transient("store.busy"_reason, "asked for") : Status();
  };
  EXPECT_EQ(Learn(), "store.busy");
  EXPECT_EQ(Known(), 256U) << "what is durable is seen, and whole for each";
  records_.before_act = nullptr;
  records_.acts.clear();
  EXPECT_EQ(Learn(), "learned");
  EXPECT_THAT(records_.acts, ElementsAre(256, 88));
  Reload();
  EXPECT_EQ(Known(), 600U);
  EXPECT_EQ(book_->snapshot()->Get(ContractKind::kTaxpayer, news_[0].mst.value())->version, 1U);
}

// One 506 under one number and day may answer several stops of a taxpayer.
TEST_F(LearnMany, EachStopThatOneNoticeAnswersIsLifted) {
  Taxpayer stopped, go_on;
  stopped.mst = go_on.mst = kSeller;
  stopped.decisions = {Stop("2026-11-01", kUse, "1"), Stop("2026-11-02", kUse, "2")};
  go_on.decisions = {GoOn("2026-11-10", kUse, "9", "1"), GoOn("2026-11-10", kUse, "9", "2")};
  const Taxpayer known = Merge(Merge(Taxpayer{kSeller, {}, {}, {}, {}}, stopped), go_on);
  EXPECT_EQ(By(known.decisions), "-");
  EXPECT_EQ(Merge(known, go_on).decisions.size(), 4u) << "learned again, nothing is new";
}

TEST_F(LearnMany, TwoRowsOfOneTaxpayerAreOneRecord) {
  Taxpayer more = news_[0];
  more.statuses = {{"00", Day("2026-10-01"), "V1", kNow}};
  news_ = {news_[0], news_[1], more};
  EXPECT_EQ(Learn(), "learned");
  EXPECT_THAT(records_.acts, ElementsAre(2));
  const auto known = book_->snapshot()->FindTaxpayer(more.mst);
  ASSERT_EQ(known->statuses.size(), 2U);
  EXPECT_EQ(known->statuses[1].code, "03");
}

TEST_F(LearnMany, WhatCannotBeUsedKeepsNoOtherOut) {
  news_.resize(3);
  news_[1].statuses[0].code = "x";
  EXPECT_EQ(Learn(), "contract.invalid");
  EXPECT_EQ(Known(), 2U);
}

TEST_F(LearnMany, WhatMayBeLearnedLaterIsSaidBeforeWhatNeverWill) {
  news_.resize(3);
  news_[0].statuses[0].code = "x";
  bool first = true;
  records_.before_read = [&] {
    return std::exchange(first, false) ? Status::Transient("store.io"_reason, "asked for") : Status();
  };
  EXPECT_EQ(Learn(), "store.io");
  EXPECT_EQ(Known(), 1U) << "the others are learned";
  EXPECT_EQ(Learn(), "contract.invalid");
  EXPECT_EQ(Known(), 2U);
}

TEST_F(LearnMany, WhatIsLearnedWhileAnImportIsWrittenDownStays) {
  news_.resize(1);
  bool first = true;
  records_.before_act = [&] {
    if (!std::exchange(first, false)) return Status();
    EXPECT_EQ(Learn(), "learned");
    return Status();
  };
  const auto entered = book_->Import({Contract("acme", 'a'), MandateOf("acme")}, {"Lan", "the list", kNow}, false);
  ASSERT_TRUE(entered.ok()) << entered.status().ToString();
  EXPECT_EQ(entered->created, 2U);
  EXPECT_FALSE(first);
  EXPECT_EQ(Known(), 1U);
  EXPECT_TRUE(book_->snapshot()->Find(Provider("acme")));
  Reload();
  EXPECT_EQ(Known(), 1U);
}

TEST_F(LearnMany, ADeletedTaxpayerIsEnteredAnew) {
  news_.resize(1);
  EXPECT_EQ(Learn(), "learned");
  EXPECT_EQ(Deleted(ContractKind::kTaxpayer, news_[0].mst.value()), "deleted");
  EXPECT_EQ(Learn(), "learned");
  EXPECT_EQ(book_->snapshot()->Get(ContractKind::kTaxpayer, news_[0].mst.value())->version, 3U);
}

}  // namespace
}  // namespace tvan
