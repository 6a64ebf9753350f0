// The phases of a line as the dispatcher lives them: what is written, what a restart finds, and the clocks.
#include "gateway/dispatch/line_phases.h"
#include "tests/unit/dispatch/phases_world.h"

namespace tvan {
namespace {

class Phases : public PhasesWorld {};

TEST_F(Phases, ANightWithoutTrafficGoesThroughAllOfThem) {
  Start();
  Close(hours(1), hours(3));
  clock->AdvanceBy(hours(6));
  EXPECT_EQ(Written(), "open draining closed verifying ramping open");
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kOpen);
  EXPECT_TRUE(dispatcher->view().probed->green);
}

TEST_F(Phases, ARestartWhileDrainingDrainsOn) {
  Close(minutes(5), hours(1));
  Start();
  EXPECT_EQ(Now(), Phase::kDraining);
  Restart();
  EXPECT_EQ(Now(), Phase::kDraining);
  const MessageId id = Accept({.id = "1"});
  EXPECT_EQ(At(id), Stage::kSent);
  EXPECT_EQ(Written(), "draining");
}

TEST_F(Phases, ARestartWhileClosedSendsAndProbesNothingUntilTheEnd) {
  Start();
  Close(Span(0), hours(1));
  clock->AdvanceBy(minutes(1));
  Restart();
  const size_t probes = authority.probes();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(58));
  EXPECT_EQ(At(id), Stage::kQueued);
  EXPECT_EQ(authority.probes(), probes);
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(At(id), Stage::kSent);
  EXPECT_EQ(Written(), "open closed verifying ramping");
}

TEST_F(Phases, ARestartWhileVerifyingVerifiesOn) {
  options.canary_classes = {MessageClass::kCoded};  // not before the first two levels are green
  red = true;
  Start();
  Close(Span(0), hours(1));
  clock->AdvanceBy(hours(1) + minutes(3));
  ASSERT_EQ(Now(), Phase::kVerifying);
  Restart();
  const size_t probes = authority.probes();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(3));
  EXPECT_EQ(Now(), Phase::kVerifying);
  EXPECT_EQ(authority.sent().size(), 0U);
  EXPECT_GE(authority.probes(), probes + 6) << "one each half minute";
  red = false;
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(At(id), Stage::kSent);
  EXPECT_EQ(Written(), "open closed verifying ramping");
}

TEST_F(Phases, ARestartWhileRampingIsARampAgain) {
  options.batch = 500;  // else the backlog alone would ask for it
  Close(Span(0), minutes(1));
  for (int i = 0; i < 300; ++i) Accept({.id = std::to_string(i)});
  Start();
  clock->AdvanceBy(minutes(1) + seconds(4));
  ASSERT_EQ(Now(), Phase::kRamping);
  const size_t before = authority.sent().size();
  Restart();
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(Now(), Phase::kRamping);
  EXPECT_GT(authority.sent().size(), before);
  EXPECT_LT(authority.sent().size(), before + 40);
}

TEST_F(Phases, AStopThatCameAndWentWhileTheProcessWasAwayIsVerified) {
  Start();
  Close(minutes(1), hours(1));
  dispatcher->Stop();
  dispatcher.reset();
  clock->AdvanceBy(hours(2));
  red = true;
  const MessageId id = Accept({.id = "1"});
  Start();
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(Now(), Phase::kVerifying);
  EXPECT_EQ(At(id), Stage::kQueued);
  red = false;
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(At(id), Stage::kSent);
}

TEST_F(Phases, ARestartWhileDownStaysDownUntilAProbeAnswers) {
  red = true;
  authority.on_send = [](const OutboundMessage&) { return FakeAuthority::Delivery{NoConnection(), false}; };
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(5));
  ASSERT_EQ(Now(), Phase::kDown);
  Restart();
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(Now(), Phase::kDown);
  EXPECT_EQ(Written(), "open down");
  red = false;
  authority.on_send = nullptr;
  clock->AdvanceBy(seconds(40));
  EXPECT_EQ(At(id), Stage::kSent) << "it was probed each half minute";
  EXPECT_EQ(Written(), "open down ramping");
}

TEST_F(Phases, ARestartWhileClosedByOurClockDoesNotSpeakOfAStop) {
  authority.ahead_us = Span(minutes(1)).count();
  Start();
  ASSERT_EQ(Now(), Phase::kClosed);
  red = true;
  Restart();
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(Now(), Phase::kVerifying);
  const std::string evidence = calendar->Phases(options.line).classes.at(MessageClass::kCoded).evidence;
  EXPECT_EQ(evidence.find("stop"), std::string::npos) << evidence;
  red = false;
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(Now(), Phase::kClosed) << "the first probe sees the clock again";
}

TEST_F(Phases, AWindowEnteredAfterItsStartClosesNow) {
  Start();
  clock->AdvanceBy(minutes(30));
  Close(-minutes(10), hours(1));
  clock->Settle();
  EXPECT_EQ(Now(), Phase::kClosed);
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(49));
  EXPECT_EQ(At(id), Stage::kQueued);
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(At(id), Stage::kSent);
}

TEST_F(Phases, AStopCalledOffWhileDrainingLeavesTheLineOpen) {
  Start();
  Window w;
  w.id = "night";
  w.start = clock->Now() + minutes(5);
  w.end = w.start + hours(1);
  ASSERT_TRUE(calendar->Put(w, "ops", "planned", clock->Now()).ok());
  clock->Settle();
  ASSERT_EQ(Now(), Phase::kDraining);
  w.cancelled = true;
  ASSERT_TRUE(calendar->Put(w, "ops", "called off", clock->Now()).ok());
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(Written(), "open draining open");
  EXPECT_EQ(At(Accept({.id = "1"})), Stage::kSent);
}

TEST_F(Phases, AClockFarFromTheAuthoritysClosesTheLineUntilAProbeSaysOtherwise) {
  authority.ahead_us = Span(minutes(1)).count();
  Start();
  EXPECT_EQ(Now(), Phase::kClosed);
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kClosed);
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(At(id), Stage::kQueued);
  EXPECT_GE(authority.probes(), 10U) << "one each half minute";
  authority.ahead_us = 0;
  clock->AdvanceBy(seconds(31));
  EXPECT_EQ(At(id), Stage::kSent);
  EXPECT_EQ(Written(), "open closed ramping") << "the probe that cleared it is the verification";
}

TEST_F(Phases, AClockALittleOffIsAnAlarmOnly) {
  authority.ahead_us = -Span(seconds(20)).count();
  Start();
  EXPECT_EQ(At(Accept({.id = "1"})), Stage::kSent);
  EXPECT_EQ(dispatcher->view().clock_offset, Span(seconds(19)));
  EXPECT_TRUE(Shows("tvan_clock_offset_seconds{line=\"main\"} 19"));
}

TEST_F(Phases, TheAuthoritysTimeIsAskedForNowAndThenWhileOpen) {
  Start();
  clock->AdvanceBy(minutes(14));
  EXPECT_EQ(authority.probes(), 3U);
  authority.ahead_us = Span(minutes(1)).count();
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(Now(), Phase::kClosed);
}

TEST_F(Phases, NoProbeBeginsSoShortlyBeforeAStopThatItsBytesCouldBeLate) {
  for (const bool near : {true, false}) {
    Start();
    Close(minutes(5) + seconds(near ? 10 : 20), minutes(1));
    const size_t before = authority.probes();
    clock->AdvanceBy(minutes(5) + seconds(9));
    EXPECT_EQ(authority.probes(), before + (near ? 0 : 1));
    clock->AdvanceBy(minutes(30));
    dispatcher->Stop();
  }
}

TEST_F(Phases, AClockSetBackOverARestartOpensNothing) {
  Start();
  Close(Span(0), minutes(1));
  clock->AdvanceBy(seconds(30));
  const Time written = calendar->Phases(options.line).at;
  dispatcher->Stop();
  dispatcher.reset();
  const auto set_back = MakeTestClock(written - hours(1));
  DispatchParts parts{options, *store, *calendar, contracts, authority, search, digester, *set_back, *metrics, {}};
  EXPECT_EQ(parts.Wall(), written - hours(1));
  const LinePhases phases(parts);
  EXPECT_EQ(parts.Wall(), written);
}

// Decisions are still twelve hours ahead: they would send through the next stop.
TEST_F(Phases, AClockThatRanAheadAndWasPutRightClosesTheLineUntilTimeHasCaughtUp) {
  const auto ran_ahead = Calendar::Load(*store, rules).value();
  LineFacts facts;
  facts.now = clock->Now() + minutes(40);
  ASSERT_TRUE(ran_ahead->Advance(options.line, facts).ok());
  calendar = Calendar::Load(*store, rules).value();
  Start();
  Accept({.id = "1"});
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(calendar->At(options.line, MessageClass::kCoded, facts.now).phase, Phase::kClosed);
  EXPECT_EQ(calendar->Phases(options.line).classes.at(MessageClass::kCoded).window, "");
  clock->AdvanceBy(minutes(40));
  EXPECT_TRUE(IsSending(calendar->At(options.line, MessageClass::kCoded, clock->Now()).phase));
}

TEST_F(Phases, AnAuthorityThatFlapsIsAskedLessAndLess) {
  authority.on_send = [](const OutboundMessage&) { return FakeAuthority::Delivery{NoConnection(), false}; };
  Start();
  Accept({.id = "1"});
  clock->AdvanceBy(minutes(10));
  const size_t first = authority.sent().size();
  clock->AdvanceBy(minutes(10));
  const size_t second = authority.sent().size() - first;
  EXPECT_GE(first, 12U);
  EXPECT_LT(second, first);
  EXPECT_LE(second, 30U) << "its probes are green all the time";
}

TEST_F(Phases, TheTimeToA999IsKeptFreeBeforeAStop) {
  Start();
  for (int i = 0; i < 40; ++i) {
    const MessageId id = Accept({.id = std::to_string(i)});
    clock->AdvanceBy(seconds(90));
    Answer(id, Stage::kAcknowledged, EventKind::kAcknowledged);
    dispatcher->Wake();
    clock->AdvanceBy(seconds(2));
  }
  Close(hours(1), hours(1));
  const LineState state = calendar->At(options.line, MessageClass::kCoded, clock->Now());
  EXPECT_EQ(state.next_stop - state.not_after, Span(seconds(90)));
  EXPECT_EQ(calendar->At(options.line, MessageClass::kUncoded, clock->Now()).not_after, state.next_stop - seconds(2));
}

TEST_F(Phases, APhaseThatCannotBeWrittenOpensNothing) {
  Start();
  Close(Span(0), minutes(10));
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(9));
  store->FailNextFlush(MemoryStore::FailedFlush::kLost);
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(authority.sent().size(), 0U);
  EXPECT_NE(Now(), Phase::kRamping);
  Restart();
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(id), Stage::kSent);
}

}  // namespace
}  // namespace tvan
