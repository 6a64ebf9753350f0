// A line that is verified: probes, canaries, what opens it and what does not, and what waits meanwhile.
#include <unistd.h>

#include <fstream>

#include "tests/unit/dispatch/phases_world.h"

namespace tvan {
namespace {

class Verifying : public PhasesWorld {};

TEST_F(Verifying, RedProbesOpenNothingAndPageWhenTheCheckShouldBeOver) {
  const std::string log = testing::TempDir() + "not_green." + std::to_string(getpid());
  ASSERT_TRUE(LogToFile(log).ok());
  const auto pages = [&log] {
    std::ifstream in(log);
    size_t count = 0;
    for (std::string line; std::getline(in, line);) count += line.find("dispatch.not_green") != std::string::npos;
    return count;
  };
  red = true;
  Stop(Span(0), hours(1), minutes(75));
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(hours(1) + minutes(74));
  EXPECT_EQ(pages(), 0U);
  EXPECT_TRUE(Shows("tvan_line_not_green{line=\"main\"} 0"));
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(pages(), 1U);
  EXPECT_TRUE(Shows("tvan_line_not_green{line=\"main\"} 1"));
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(pages(), 3U) << "again every five minutes";
  EXPECT_EQ(Now(), Phase::kVerifying);
  EXPECT_EQ(Now(MessageClass::kTechnical), Phase::kVerifying) << "our own 999s wait too";
  EXPECT_EQ(At(id), Stage::kQueued);
  EXPECT_EQ(dispatcher->view().probed->level, 0);
  EXPECT_TRUE(Shows("tvan_line_phase{line=\"main\"} 5"));
  EXPECT_TRUE(Shows("tvan_line_in_phase{line=\"main\",phase=\"verifying\"} 1"));
  red = false;
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(At(id), Stage::kSent);
  EXPECT_TRUE(Shows("tvan_line_not_green{line=\"main\"} 0"));
  unlink(log.c_str());
}

TEST_F(Verifying, GreenOpensBeforeTheCheckIsOverUnlessThePolicySaysOtherwise) {
  Stop(Span(0), hours(1), minutes(75));
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(hours(1) + seconds(2));
  EXPECT_EQ(At(id), Stage::kSent);
}

TEST_F(Verifying, NotBeforeVerifyUntilWaitsForItWithGreenProbesAndForGreenAfterIt) {
  rules.open_policy = OpenPolicy::kNotBeforeVerifyUntil;
  calendar = Calendar::Load(*store, rules).value();
  Stop(Span(0), hours(1), minutes(75));
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(hours(1) + minutes(75) - seconds(1));
  EXPECT_EQ(At(id), Stage::kQueued);
  EXPECT_TRUE(dispatcher->view().probed->green);
  clock->AdvanceBy(seconds(3));
  EXPECT_EQ(At(id), Stage::kSent);
  red = true;
  Close(Span(0), hours(1));
  const MessageId later = Accept({.id = "2"});
  clock->AdvanceBy(hours(5));
  EXPECT_EQ(At(later), Stage::kQueued);
}

TEST_F(Verifying, WhileVerifyingNothingLeavesButCanariesAndTheyRestTwiceAsLongEachTime) {
  options.canary_classes = {MessageClass::kUncoded};
  bool well = false;
  authority.on_send = [&](const OutboundMessage&) {
    return well ? FakeAuthority::Delivery{} : FakeAuthority::Delivery{NoConnection(), false};
  };
  Close(Span(0), hours(1));
  for (int i = 0; i < 10; ++i) Accept({.id = std::to_string(i)});
  const MessageId canary = Accept({.id = "c", .cls = MessageClass::kUncoded, .type = 203});
  Accept({.id = "d", .cls = MessageClass::kUncoded, .type = 203});
  Start();
  clock->AdvanceBy(hours(1) + seconds(1));
  EXPECT_EQ(Order(), std::vector<std::string>{canary.value()});
  EXPECT_EQ(dispatcher->view().probed->level, 2);
  EXPECT_FALSE(dispatcher->view().probed->green);
  const size_t probes = authority.probes();
  clock->AdvanceBy(minutes(10));
  std::vector<int64_t> after_s;
  for (const auto& sent : authority.sent()) after_s.push_back((sent.at - authority.sent().front().at) / seconds(1));
  EXPECT_EQ(after_s, (std::vector<int64_t>{0, 30, 90, 210, 330, 450, 570})) << "up to backoff_max apart";
  EXPECT_EQ(authority.probes(), probes + 20) << "the first two levels are looked at each half minute";
  EXPECT_EQ(Now(), Phase::kVerifying) << "the canaries take nothing down, they are the probe";
  EXPECT_NE(dispatcher->view().probed->evidence.find("again from"), std::string::npos);
  well = true;
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(Now(), Phase::kRamping);
  EXPECT_EQ(dispatcher->view().probed->level, 3);
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(At(canary), Stage::kSent);
}

TEST_F(Verifying, OneCanaryThatWasTakenIsEnoughForThisVerificationAndTheNextWantsItsOwn) {
  rules.open_policy = OpenPolicy::kNotBeforeVerifyUntil;
  calendar = Calendar::Load(*store, rules).value();
  options.canary_classes = {MessageClass::kUncoded};
  Stop(Span(0), hours(1), minutes(75));
  for (int i = 0; i < 5; ++i) Accept({.id = std::to_string(i), .cls = MessageClass::kUncoded, .type = 203});
  Start();
  clock->AdvanceBy(hours(1) + minutes(70));
  EXPECT_EQ(authority.sent().size(), 1U);
  EXPECT_GE(authority.probes(), 140U);
  EXPECT_TRUE(dispatcher->view().probed->green);
  EXPECT_EQ(dispatcher->view().probed->level, 3);
  red = true;
  clock->AdvanceBy(minutes(1));
  EXPECT_FALSE(dispatcher->view().probed->green) << "the canary says nothing of the other levels";
  red = false;
  Close(Span(0), hours(1));
  clock->AdvanceBy(hours(1) + seconds(1));
  EXPECT_NE(dispatcher->view().probed->evidence.find("L3 green: the canary was taken"), std::string::npos);
}

TEST_F(Verifying, AProbeThatWaitsSoLongThatAStopComesBeginsNoMore) {
  Start();
  Close(minutes(5) + seconds(20), hours(1));
  clock->AdvanceBy(minutes(4));
  const size_t probes = authority.probes();
  authority.waits_us = Span(seconds(19)).count();  // to one second before the stop, within the margin that is kept
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(authority.probes(), probes);
  EXPECT_EQ(dispatcher->view().probed->evidence.find("not probed: "), 0U) << dispatcher->view().probed->evidence;
  EXPECT_EQ(dispatcher->view().probed->level, 0);
  EXPECT_TRUE(dispatcher->view().fault_evidence.empty()) << "it is nobody's failure";
}

TEST_F(Verifying, WithoutACanaryInTheQueueTwoLevelsAreGreenAndItIsSaid) {
  options.canary_classes = {MessageClass::kUncoded};
  Close(Span(0), hours(1));
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(hours(1) + seconds(1));
  EXPECT_EQ(At(id), Stage::kSent);
  EXPECT_EQ(dispatcher->view().probed->level, 2);
  EXPECT_NE(dispatcher->view().probed->evidence.find("no canary"), std::string::npos);
}

TEST_F(Verifying, NoCanaryLeavesWithinAWindowOfItsClassOrWithRedProbes) {
  options.canary_classes = {MessageClass::kUncoded};
  red = true;
  Close(Span(0), hours(1));
  Close(Span(0), hours(2), {MessageClass::kUncoded});
  Accept({.id = "c", .cls = MessageClass::kUncoded, .type = 203});
  Start();
  clock->AdvanceBy(hours(1) + minutes(5));
  EXPECT_EQ(authority.sent().size(), 0U) << "L2 is not green";
  red = false;
  clock->AdvanceBy(minutes(50));
  EXPECT_EQ(authority.sent().size(), 0U) << "its class is still closed";
  EXPECT_EQ(Now(), Phase::kOpen) << "the others are open";
  clock->AdvanceBy(minutes(6));
  EXPECT_EQ(authority.sent().size(), 1U);
}

TEST_F(Verifying, ACanaryThatTheContractsHoldIsNotSent) {
  options.canary_classes = {MessageClass::kUncoded};
  contracts.Set({.refuse = [](const ProviderId&, const TaxCode& mst, int, Time) {
    return mst.value() == "0101234567" ? std::vector<Fault>{{"contract.no_mandate"_reason, {}}} : std::vector<Fault>();
  }});
  Close(Span(0), hours(1));
  const MessageId held = Accept({.id = "c", .cls = MessageClass::kUncoded, .type = 203});
  const MessageId good = Accept({.id = "d", .cls = MessageClass::kUncoded, .type = 203, .mst = "0107654321"});
  Start();
  clock->AdvanceBy(hours(1) + seconds(1));
  EXPECT_EQ(At(held), Stage::kHeld);
  EXPECT_EQ(At(good), Stage::kSent);
  EXPECT_EQ(dispatcher->view().probed->level, 3);
}

TEST_F(Verifying, AnOperatorOpensWithoutGreen) {
  red = true;
  Close(Span(0), hours(1));
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(hours(2));
  ASSERT_EQ(At(id), Stage::kQueued);
  EXPECT_TRUE(calendar->Order(options.line, {clock->Now(), "an", "their desk says that it is up"}).value());
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(id), Stage::kSent);
  EXPECT_EQ(Now(), Phase::kRamping);
}

TEST_F(Verifying, ALineThatIsDownIsForgivenByBreakGlass) {
  red = true;
  bool well = false;
  authority.on_send = [&](const OutboundMessage&) {
    return well ? FakeAuthority::Delivery{} : FakeAuthority::Delivery{NoConnection(), false};
  };
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(10));
  ASSERT_EQ(Now(), Phase::kDown);
  well = true;
  EXPECT_TRUE(calendar->Order(options.line, {clock->Now(), "an", "only their probe is ill"}).value());
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(id), Stage::kSent);
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(Written(), "open down ramping") << "it is not taken down again by what it was forgiven";
}

TEST_F(Verifying, ALineThatWasDownComesBackByItsProbeAndThenItsCanary) {
  bool well = false;
  for (const bool with_canary : {false, true}) {
    if (with_canary) options.canary_classes = {MessageClass::kCoded};
    authority.on_send = [&](const OutboundMessage&) {
      return well ? FakeAuthority::Delivery{} : FakeAuthority::Delivery{NoConnection(), false};
    };
    red = !(well = false);
    Start();
    const MessageId id = Accept({.id = with_canary ? "1" : "2"});
    clock->AdvanceBy(minutes(10));
    ASSERT_EQ(Now(), Phase::kDown);
    well = !(red = false);
    clock->AdvanceBy(minutes(4));
    EXPECT_EQ(Now(), Phase::kRamping);
    EXPECT_EQ(dispatcher->view().probed->level, with_canary ? 3 : 2);
    EXPECT_EQ(At(id), Stage::kSent);
    dispatcher->Stop();
  }
  EXPECT_EQ(Written(), "open down ramping down verifying ramping") << "without a canary one step is enough";
}

TEST_F(Verifying, WhatIsInDoubtIsNeitherSearchedForNorSentAgainWhileVerifying) {
  bool cut = true;
  authority.on_send = [&](const OutboundMessage&) { return FakeAuthority::Delivery{cut ? CutOff() : Status(), true}; };
  red = true;
  Start();
  const MessageId id = Accept({.id = "1"});
  ASSERT_EQ(At(id), Stage::kInDoubt);
  cut = false;
  Close(Span(0), hours(1));
  clock->AdvanceBy(hours(2));
  ASSERT_EQ(Now(), Phase::kVerifying);
  EXPECT_EQ(search.calls().size(), 0U);
  EXPECT_EQ(SentCount(id), 1U);
  red = false;
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(search.calls().size(), 1U);
  EXPECT_EQ(SentCount(id), 2U);
}

TEST_F(Verifying, ASentMessageIsNotSilentForTheTimeThatWasSpentVerifying) {
  red = true;
  Start();
  const MessageId id = Accept({.id = "1"});
  Close(minutes(5), hours(1));
  clock->AdvanceBy(hours(3));
  red = false;
  clock->AdvanceBy(minutes(5));
  ASSERT_EQ(Now(), Phase::kRamping);
  EXPECT_EQ(Log(id).find("silent"), std::string::npos) << Log(id);
  Restart();
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(Log(id).find("silent"), std::string::npos) << "a restart forgets nothing of it";
  clock->AdvanceBy(minutes(10));
  EXPECT_NE(Log(id).find("silent"), std::string::npos);
}

}  // namespace
}  // namespace tvan
