// The line: windows, pace, back-off, down and probes, trouble with the store.
#include "gateway/dispatch/line_health.h"
#include "gateway/dispatch/pacer.h"
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Line : public DispatchWorld {};

TEST_F(Line, NothingLeavesInAWindowAndAllLeavesAfterIt) {
  Close(minutes(1), hours(3));
  Start();
  clock->AdvanceBy(minutes(1) - seconds(2));
  std::vector<MessageId> ids;
  for (int i = 0; i < 50; ++i) ids.push_back(Accept({.id = std::to_string(i)}));
  clock->AdvanceBy(hours(3));
  EXPECT_EQ(authority.sent().size(), 0U);
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kClosed);
  clock->AdvanceBy(seconds(4));
  EXPECT_GT(authority.sent().size(), 0U);
  EXPECT_LT(authority.sent().size(), 50U) << "a ramp, not a flush";
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(Order().size(), ids.size());
}

TEST_F(Line, WhoDoesNotWorkTheLineStillSaysWhatWindowsAndRecordSay) {
  Start();
  clock->AdvanceBy(seconds(1));
  dispatcher->Stop();
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kOpen);
  Close(minutes(1), hours(3));
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kClosed);
  clock->AdvanceBy(hours(3));
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kVerifying) << "only its owner opens it";
  EXPECT_EQ(dispatcher->view().phases.epoch, calendar->Phases(options.line).epoch);
}

// The reader of answers is started first, and may have met a system code before dispatch begins.
TEST_F(Line, AnOrderDownThatComesBeforeTheStartHolds) {
  Start();
  dispatcher->Stop();
  dispatcher->LineDown("feedback.system_code"_reason, "999 MLoi 2006");
  dispatcher->Start(store->TakeOwnership());
  clock->Settle();
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kRamping) << "it went down, and a probe was good";
  dispatcher->Stop();
}

TEST_F(Line, AWindowClosesOnlyItsClasses) {
  Close(Span(0), hours(1), {MessageClass::kUncoded});
  Start();
  const MessageId coded = Accept({.id = "1"});
  const MessageId uncoded = Accept({.id = "2", .cls = MessageClass::kUncoded, .type = 203});
  EXPECT_EQ(At(coded), Stage::kSent);
  EXPECT_EQ(At(uncoded), Stage::kQueued);
  clock->AdvanceBy(hours(1) + seconds(1));
  EXPECT_EQ(At(uncoded), Stage::kSent);
}

TEST_F(Line, AWindowPutNowClosesNow) {
  options.sends_in_flight = 1;
  options.batch = 1;
  authority.on_arrival = [this](const std::string&) {
    if (authority.sent().size() == 3) Close(Span(0), hours(1));
  };
  for (int i = 0; i < 10; ++i) Accept({.id = std::to_string(i)});
  Start();
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(authority.sent().size(), 3U);
}

TEST_F(Line, ARampGrowsByAdditionAndNeverExceedsItsRate) {
  options.ramp_start_per_s = 5;
  options.ramp_growth_per_s = 5;
  Close(Span(0), minutes(1));
  for (int i = 0; i < 400; ++i) Accept({.id = std::to_string(i)});
  Start();
  const Time open = clock->Now() + minutes(1);
  clock->AdvanceTo(open + seconds(10));
  size_t by_second[11] = {};
  for (const auto& s : authority.sent()) ++by_second[(s.at - open).count() / 1'000'000];
  double allowed = 1;
  size_t sent = 0;
  for (int second = 0; second < 10; ++second) {
    allowed += 5 * (second + 0.5) + 5;
    sent += by_second[second];
    EXPECT_LE(static_cast<double>(sent), allowed + 6) << second;
  }
  EXPECT_GE(sent, 280U) << "and it does grow";
}

TEST_F(Line, AWindowCancelledWhileClosedOpensAsARamp) {
  Start();
  Window w;
  w.id = "night";
  w.start = clock->Now();
  w.end = w.start + hours(3);
  ASSERT_TRUE(calendar->Put(w, "ops", "planned", clock->Now()).ok());
  clock->Settle();
  for (int i = 0; i < 200; ++i) Accept({.id = std::to_string(i)});
  ASSERT_EQ(authority.sent().size(), 0U);
  w.cancelled = true;
  ASSERT_TRUE(calendar->Put(w, "ops", "called off", clock->Now()).ok());
  clock->AdvanceBy(seconds(2));
  EXPECT_GT(authority.sent().size(), 5U);
  EXPECT_LT(authority.sent().size(), 40U);
}

TEST_F(Line, AStartWithABacklogIsARampAndOneWithAFewIsNot) {
  for (int i = 0; i < 32; ++i) AcceptFake(*store, {.id = std::to_string(i)}, digester, clock->Now());
  Start();
  EXPECT_EQ(authority.sent().size(), 32U);
  dispatcher->Stop();
  for (int i = 100; i < 300; ++i) AcceptFake(*store, {.id = std::to_string(i)}, digester, clock->Now());
  Start();
  clock->AdvanceBy(seconds(2));
  EXPECT_GT(authority.sent().size(), 32U + 5U);
  EXPECT_LT(authority.sent().size(), 32U + 40U);
}

TEST_F(Line, SeveralFailuresTakeItDownAndAProbeBringsItBack) {
  bool up = false;
  authority.on_send = [&](const OutboundMessage&) {
    return up ? FakeAuthority::Delivery{} : FakeAuthority::Delivery{NoConnection(), false};
  };
  authority.on_probe = [&] { return up ? Status() : NoConnection(); };
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(seconds(30));
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kDown);
  EXPECT_EQ(authority.sent().size(), 3U);
  EXPECT_GT(authority.probes(), 1U);
  up = true;
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(At(id), Stage::kSent);
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kRamping);
}

TEST_F(Line, ARefusalTakesItDownAtOnceButOneRefusedMessageDoesNotBlockItForEver) {
  bool all = true;
  authority.on_send = [&](const OutboundMessage& m) {
    const bool refuse = all || m.bytes->find("/1<") != std::string::npos;
    return refuse ? FakeAuthority::Delivery{LineRefuses(), false} : FakeAuthority::Delivery{};
  };
  const MessageId first = AcceptFake(*store, {.id = "1"}, digester, clock->Now());
  const MessageId second = AcceptFake(*store, {.id = "2"}, digester, clock->Now());
  const MessageId third = AcceptFake(*store, {.id = "3"}, digester, clock->Now());
  Start();
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kDown);
  EXPECT_EQ(At(first), Stage::kQueued);
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(At(first), Stage::kQueued) << "while everything is refused it is the line, not the message";
  EXPECT_EQ(At(third), Stage::kQueued);
  all = false;
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(At(second), Stage::kSent);
  EXPECT_EQ(At(third), Stage::kSent);
  EXPECT_EQ(At(first), Stage::kWorkItem);
}

TEST_F(Line, OneRefusedAmongOthersIsAWorkItem) {
  authority.on_send = [&](const OutboundMessage& m) {
    const bool refuse = m.bytes->find("/1<") != std::string::npos;
    return refuse ? FakeAuthority::Delivery{LineRefuses(), false} : FakeAuthority::Delivery{};
  };
  const MessageId first = AcceptFake(*store, {.id = "1"}, digester, clock->Now());
  const MessageId second = AcceptFake(*store, {.id = "2"}, digester, clock->Now());
  Start();
  EXPECT_EQ(At(first), Stage::kWorkItem);
  EXPECT_EQ(ViewOf(*store, first).meta.reason, "dispatch.refused_by_line");
  EXPECT_EQ(At(second), Stage::kSent);
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kOpen);
}

TEST_F(Line, ASystemCodeTakesItDownAndLaterTheSameBytesGoAgain) {
  Start();
  const MessageId id = Accept({.id = "1"});
  IncomingAnswer answer;
  answer.answer_id = "a";
  answer.bytes = std::make_shared<const std::string>("x");
  answer.received_at = clock->Now();
  AnswerEffect effect;
  effect.gateway_id = id;
  effect.event = EventKind::kAcknowledged;
  effect.back_to_queue = true;
  answer.effects = {effect};
  ASSERT_TRUE(store->ReceiveAnswers(fence_, options.line, {answer}, "").ok());
  dispatcher->LineDown("feedback.system_code"_reason, "2006");
  clock->Settle();
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kDown);
  EXPECT_NE(dispatcher->view().down_reason.find("2006"), std::string::npos);
  EXPECT_EQ(At(id), Stage::kQueued);
  clock->AdvanceBy(seconds(20));
  EXPECT_EQ(At(id), Stage::kSent);
  const auto sent = authority.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].bytes, sent[1].bytes);
}

TEST_F(Line, NoProbeAndNoSendWhileClosed) {
  authority.on_send = [](const OutboundMessage&) { return FakeAuthority::Delivery{NoConnection(), false}; };
  authority.on_probe = [] { return NoConnection(); };
  Start();
  Accept({.id = "1"});
  clock->AdvanceBy(minutes(5));
  Close(Span(0), hours(2));
  clock->AdvanceBy(seconds(1));
  const size_t probes = authority.probes(), sent = authority.sent().size();
  EXPECT_GT(probes, 0U);
  clock->AdvanceBy(hours(1));
  EXPECT_EQ(authority.probes(), probes);
  EXPECT_EQ(authority.sent().size(), sent);
}

TEST_F(Line, AStoreThatCannotWriteStopsSendingAndNothingIsLost) {
  authority.on_send = [this](const OutboundMessage&) {
    store->FailNextFlush(MemoryStore::FailedFlush::kLost);  // the settlement
    return FakeAuthority::Delivery{};
  };
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(authority.sent().size(), 1U);
  authority.on_send = nullptr;
  Restart();
  EXPECT_EQ(At(id), Stage::kInDoubt) << "sent, never settled";
  EXPECT_EQ(authority.sent().size(), 1U);
}

TEST_F(Line, AnotherOwnerEndsIt) {
  Start();
  ASSERT_GT(store->TakeOwnership().counter, 0U);
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(authority.sent().size(), 0U);
  EXPECT_EQ(At(id), Stage::kQueued);
}

TEST(LineHealth, BackOffDoublesWithJitterUpToItsEnd) {
  LineHealth::Options o;
  o.failures_to_down = o.cohorts_to_down = 100;
  LineHealth health(o, {});
  Span longest{};
  for (int i = 0; i < 20; ++i) {
    const Steady now = health.next_try();
    health.Failed({Time{now.us}, now}, "x");
    const Span pause = health.next_try() - now;
    const Span full = std::min<Span>(o.backoff_max, o.backoff_min * (int64_t{1} << std::min(i, 30)));
    EXPECT_GT(pause, full / 2 - Span(1));
    EXPECT_LE(pause, full);
    longest = std::max(longest, pause);
  }
  EXPECT_GT(longest, o.backoff_max / 2 - Span(1));
}

TEST(LineHealth, KnowsSinceWhenItIsUp) {
  LineHealth health({}, {});
  const auto at = [](int64_t s) { return Instant{Time{} + seconds(s), Steady{} + seconds(s)}; };
  EXPECT_TRUE(health.GoDown(at(10), "x"));
  EXPECT_FALSE(health.GoDown(at(11), "again"));
  EXPECT_EQ(health.up_since(), kForever);
  health.ProbeEnds(at(20), false);
  EXPECT_TRUE(health.down());
  health.ProbeEnds(at(30), true);
  EXPECT_EQ(health.up_since(), at(30).wall);
  EXPECT_TRUE(health.GoDown(at(50), "x"));
  EXPECT_EQ(health.up_since(), kForever);
}

TEST(Pacer, AFailureHalvesAndSavesNothing) {
  Pacer pacer({.start_per_s = 8, .growth_per_s = 0, .max_per_s = 100}, Steady{});
  EXPECT_EQ(pacer.Allowed(Steady{}), 10U);
  pacer.StartRamp(Steady{});
  EXPECT_EQ(pacer.Allowed(Steady{}), 0U);
  EXPECT_EQ(pacer.rate(), 8);
  pacer.Failed(Steady{});
  EXPECT_EQ(pacer.rate(), 4);
  EXPECT_EQ(pacer.Allowed(pacer.NextAt(Steady{})), 1U);
  for (int i = 0; i < 10; ++i) pacer.Failed(Steady{});
  EXPECT_EQ(pacer.rate(), 0.5) << "never to a standstill";
}

}  // namespace
}  // namespace tvan
