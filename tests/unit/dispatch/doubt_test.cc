// In doubt, silent, only a 999 (P3); the operator's word.
#include "gateway/dispatch/watch_rules.h"
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Doubt : public DispatchWorld {
 protected:
  // The first send of each message is cut; later ones are OK.
  void CutFirst() {
    authority.on_send = [this](const OutboundMessage& m) {
      const bool first = SentCount(m.mtdiep) == 0;
      return first ? FakeAuthority::Delivery{CutOff(), true} : FakeAuthority::Delivery{};
    };
  }
};

TEST_F(Doubt, SearchThenSettleTimeThenTheSameBytes) {
  CutFirst();
  Start();
  const MessageId id = Accept({.id = "1"});
  EXPECT_EQ(At(id), Stage::kInDoubt);
  clock->AdvanceBy(options.in_doubt_settle - seconds(1));
  EXPECT_EQ(search.calls().size(), 0U) << "not before the settle time";
  clock->AdvanceBy(seconds(3));
  EXPECT_EQ(search.calls().size(), 1U);
  EXPECT_EQ(SentCount(id), 1U);
  clock->AdvanceBy(options.in_doubt_settle - seconds(4));
  EXPECT_EQ(SentCount(id), 1U) << "and once more the settle time after the search";
  clock->AdvanceBy(seconds(6));
  EXPECT_EQ(Log(id), "accepted attempt in_doubt searched attempt sent");
  const auto sent = authority.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].bytes, sent[1].bytes);
  EXPECT_EQ(sent[0].mtdiep, sent[1].mtdiep);
}

TEST_F(Doubt, WhatTheSearchFindsIsNotSentAgain) {
  CutFirst();
  search.on_search = [this](const FakeSearch::Call& call) {
    Answer(call.id, Stage::kAnswered);
    return Result<bool>(true);
  };
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(SentCount(id), 1U);
  EXPECT_EQ(Log(id), "accepted attempt in_doubt answer");
}

TEST_F(Doubt, AnAnswerBetweenSearchAndResendStopsTheResend) {
  CutFirst();
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(options.in_doubt_settle + seconds(10));
  ASSERT_EQ(search.calls().size(), 1U);
  Answer(id, Stage::kAcknowledged, EventKind::kAcknowledged);
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(SentCount(id), 1U);
}

TEST_F(Doubt, WithoutASearchThereIsNoResend) {
  CutFirst();
  bool readable = false;
  search.on_search = [&](const FakeSearch::Call&) {
    return readable ? Result<bool>(false) : Result<bool>(NoConnection());
  };
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(30));
  EXPECT_EQ(SentCount(id), 1U);
  EXPECT_GT(search.calls().size(), 3U);
  readable = true;
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(SentCount(id), 2U);
}

TEST_F(Doubt, ASearchThatCannotBeWrittenDownRestsBeforeTheNext) {
  CutFirst();
  search.on_search = [this](const FakeSearch::Call&) {
    store->FailNextFlush(MemoryStore::FailedFlush::kLost);
    return Result<bool>(false);
  };
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(options.in_doubt_settle + minutes(2));
  EXPECT_GT(search.calls().size(), 2U);
  EXPECT_LT(search.calls().size(), 12U);
  EXPECT_EQ(SentCount(id), 1U);
}

TEST_F(Doubt, OneMessageInDoubtBlocksNobody) {
  CutFirst();
  Start();
  const MessageId first = Accept({.id = "1"});
  authority.on_send = nullptr;
  clock->AdvanceBy(seconds(2));
  const MessageId second = Accept({.id = "2"});
  EXPECT_EQ(At(first), Stage::kInDoubt);
  EXPECT_EQ(At(second), Stage::kSent);
}

TEST_F(Doubt, AWindowStopsTheClocksAndAsksForANewSearch) {
  CutFirst();
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(options.in_doubt_settle + seconds(2));
  ASSERT_EQ(search.calls().size(), 1U);
  Close(seconds(1), hours(2));
  clock->AdvanceBy(hours(2) + seconds(5));
  EXPECT_EQ(SentCount(id), 1U);
  clock->AdvanceBy(options.in_doubt_settle);
  EXPECT_EQ(search.calls().size(), 2U) << "the search before the stop proves nothing after it";
  clock->AdvanceBy(options.in_doubt_settle + seconds(5));
  EXPECT_EQ(SentCount(id), 2U);
}

TEST_F(Doubt, AfterAKillEveryUnsettledAttemptIsInDoubt) {
  const MessageId id = AcceptFake(*store, {.id = "1"}, digester, clock->Now());
  const MessageId queued = AcceptFake(*store, {.id = "2"}, digester, clock->Now());
  AttemptIntent intent{.gateway_id = id, .at = clock->Now(), .not_after = clock->Now(), .line = options.line};
  ASSERT_TRUE(store->RecordAttempts(store->TakeOwnership(), {intent}).value()[0].ok());
  Start();
  EXPECT_EQ(At(id), Stage::kInDoubt);
  EXPECT_EQ(ViewOf(*store, id).meta.reason, "dispatch.restart");
  EXPECT_EQ(At(queued), Stage::kSent) << "its twin without an attempt is simply sent";
  EXPECT_EQ(SentCount(id), 0U);
  clock->AdvanceBy(2 * options.in_doubt_settle + seconds(5));
  EXPECT_EQ(Log(id), "accepted attempt in_doubt searched attempt sent");
}

TEST_F(Doubt, AResendThatDidNotArriveIsStillInDoubt) {
  authority.on_send = [this](const OutboundMessage& m) {
    const size_t before = SentCount(m.mtdiep);
    if (before == 0) return FakeAuthority::Delivery{CutOff(), true};
    if (before == 1) return FakeAuthority::Delivery{NoConnection(), false};
    return FakeAuthority::Delivery{};
  };
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(Log(id), "accepted attempt in_doubt searched attempt in_doubt searched attempt sent");
}

class Silent : public Doubt {
 protected:
  Silent() { Policy().t_999_only = hours(4); }
  ClassPolicy& Policy() { return options.classes[MessageClass::kCoded]; }
};

TEST_F(Silent, AlarmAndSearchAfterT1AndNoResendUnlessSwitchedOn) {
  Policy().resend = ResendMode::kAsk;
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(Policy().t1_silent - seconds(2));
  EXPECT_EQ(Log(id), "accepted attempt sent");
  clock->AdvanceBy(seconds(10));
  EXPECT_EQ(Log(id), "accepted attempt sent silent searched");
  clock->AdvanceBy(Policy().t2_resend);
  EXPECT_EQ(At(id), Stage::kWorkItem);
  EXPECT_EQ(ViewOf(*store, id).meta.reason, "dispatch.silent_ask");
  EXPECT_EQ(SentCount(id), 1U);
}

TEST_F(Silent, A999InTimeStopsTheAlarm) {
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(Policy().t1_silent - seconds(5));
  Answer(id, Stage::kAcknowledged, EventKind::kAcknowledged);
  clock->AdvanceBy(hours(3));
  EXPECT_EQ(Log(id), "accepted attempt sent acknowledged");
}

TEST_F(Silent, AutomaticResendsTheSameBytesAtMostKTimes) {
  Policy().resend = ResendMode::kAutomatic;
  Policy().max_resends = 2;
  options.clock_probe_every = Span(0);  // it would wake what looks at work items
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(Policy().t2_resend + minutes(3));
  EXPECT_EQ(SentCount(id), 2U);
  clock->AdvanceBy(10 * Policy().t2_resend);
  EXPECT_EQ(SentCount(id), 3U);
  EXPECT_EQ(At(id), Stage::kWorkItem);
  EXPECT_EQ(ViewOf(*store, id).meta.reason, "dispatch.silent_resends_spent");
  const auto sent = authority.sent();
  EXPECT_EQ(sent[0].bytes, sent[2].bytes);
  EXPECT_EQ(Log(id),
            "accepted attempt sent silent searched searched attempt sent silent searched searched attempt sent "
            "silent searched searched work_item");
}

TEST_F(Silent, TheClocksStandStillInAWindow) {
  Policy().resend = ResendMode::kAutomatic;
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(5));
  Close(Span(0), hours(8));
  clock->AdvanceBy(hours(8) + minutes(9));
  EXPECT_EQ(Log(id), "accepted attempt sent") << "14 open minutes";
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(Log(id), "accepted attempt sent silent searched");
}

TEST_F(Silent, AnOutageInsideAWindowStopsTheClocksOnce) {
  bool up = true;
  authority.on_probe = [&] { return up ? Status() : NoConnection(); };
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(minutes(5));
  up = false;
  Close(minutes(1), hours(1));
  dispatcher->LineDown("feedback.system_code"_reason, "2006");
  clock->AdvanceBy(minutes(1) + hours(1));
  up = true;
  clock->AdvanceBy(minutes(7));
  EXPECT_EQ(Log(id), "accepted attempt sent");
  clock->AdvanceBy(minutes(6));
  EXPECT_EQ(Log(id), "accepted attempt sent silent searched");
}

TEST_F(Silent, Only999IsSearchedAndThenAWorkItem) {
  Start();
  const MessageId id = Accept({.id = "1"});
  Answer(id, Stage::kAcknowledged, EventKind::kAcknowledged);
  clock->AdvanceBy(Policy().t_999_only - minutes(1));
  EXPECT_EQ(At(id), Stage::kAcknowledged);
  clock->AdvanceBy(minutes(3));
  EXPECT_EQ(Log(id), "accepted attempt sent acknowledged searched work_item");
  EXPECT_EQ(ViewOf(*store, id).meta.reason, "dispatch.only_999");
}

TEST_F(Silent, AWorkItemIsSearchedNowAndThenAndNeverResent) {
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(Policy().t2_resend + minutes(2));
  ASSERT_EQ(At(id), Stage::kWorkItem);
  const size_t searches = search.calls().size();
  search.on_search = [this](const FakeSearch::Call& call) {
    Answer(call.id, Stage::kAnswered);
    return Result<bool>(true);
  };
  clock->AdvanceBy(Policy().t_999_only - minutes(5));
  dispatcher->Wake();
  clock->Settle();
  EXPECT_EQ(search.calls().size(), searches);
  clock->AdvanceBy(minutes(6));
  dispatcher->Wake();
  clock->Settle();
  EXPECT_EQ(search.calls().size(), searches + 1);
  EXPECT_EQ(At(id), Stage::kAnswered);
  EXPECT_EQ(SentCount(id), 1U);
}

TEST_F(Silent, AnOperatorMayResendOrGiveUpAWorkItemOnly) {
  Start();
  const MessageId id = Accept({.id = "1", .claims = {"7"}});
  EXPECT_EQ(dispatcher->Resolve(id, "resend", "an").reason().text(), "dispatch.stage");
  clock->AdvanceBy(Policy().t2_resend + minutes(2));
  ASSERT_EQ(At(id), Stage::kWorkItem);
  EXPECT_EQ(dispatcher->Resolve(id, "burn", "an").reason().text(), "dispatch.decision");
  ASSERT_TRUE(dispatcher->Resolve(id, "resend", "an").ok());
  EXPECT_EQ(SentCount(id), 1U) << "a search comes first";
  clock->AdvanceBy(2 * options.in_doubt_settle + seconds(5));
  EXPECT_EQ(SentCount(id), 2U);
  clock->AdvanceBy(Policy().t2_resend + minutes(2));
  ASSERT_EQ(At(id), Stage::kWorkItem);
  ASSERT_TRUE(dispatcher->Resolve(id, "give_up", "an").ok());
  EXPECT_EQ(At(id), Stage::kRefused);
  EXPECT_EQ(ViewOf(*store, id).meta.reason, "dispatch.given_up");
}

TEST(WatchRules, AnAcknowledgementAfterAResendIsSearchedOnce) {
  MessageMeta m;
  m.stage = Stage::kAcknowledged;
  m.stage_since = Time{} + hours(1);
  WatchFacts facts{.now = Time{} + hours(1) + minutes(2), .open_since = Time{}, .settle = seconds(30)};
  m.attempts = 1;
  EXPECT_EQ(Watch(m, {}, facts, ClassPolicy()).step, WatchStep::kNothing);
  m.attempts = 2;
  EXPECT_EQ(Watch(m, {}, facts, ClassPolicy()).step, WatchStep::kSearch);
  EXPECT_EQ(Watch(m, {{.kind = EventKind::kSearched, .at = facts.now}}, facts, ClassPolicy()).step,
            WatchStep::kNothing);
  facts.open_since = kForever;
  EXPECT_EQ(Watch(m, {}, facts, ClassPolicy()).step, WatchStep::kNothing);
}

}  // namespace
}  // namespace tvan
