// One message, or one position of the line, that spoils everything it meets: it is kept from the others.
#include "gateway/calendar/latest_time.h"
#include "gateway/dispatch/line_health.h"
#include "gateway/dispatch/suspects.h"
#include "gateway/dispatch/watch_rules.h"
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Poison : public DispatchWorld {
 protected:
  Poison() { options.sends_in_flight = 1; }

  // Every request that carries a message with this id fails as a whole.
  void Spoil(const std::string& id, const Status& status) {
    FakeMessage spec{.id = id};
    const std::string poison = MakeFakeMessage(spec, digester, clock->Now()).gateway_id.value();
    authority.on_request = [poison, status](const std::vector<OutboundMessage>& request) {
      for (const OutboundMessage& m : request)
        if (m.mtdiep.value() == poison) return status;
      return Status();
    };
  }
  std::vector<MessageId> AcceptMany(int count) {
    std::vector<MessageId> ids;
    for (int i = 0; i < count; ++i)
      ids.push_back(AcceptFake(*store, {.id = std::to_string(i)}, digester, clock->Now()));
    return ids;
  }
};

TEST_F(Poison, AMessageThatCutsEveryRequestEndsAloneAndWithAPerson) {
  Spoil("3", CutOff());
  const std::vector<MessageId> ids = AcceptMany(10);
  Start();
  EXPECT_EQ(At(ids[0]), Stage::kInDoubt);
  const MessageId later = Accept({.id = "later"});
  clock->AdvanceBy(minutes(15));
  for (size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(At(ids[i]), i == 3 ? Stage::kWorkItem : Stage::kSent) << i;
  EXPECT_EQ(ViewOf(*store, ids[3]).meta.reason, "dispatch.never_settles");
  EXPECT_EQ(Log(later), "accepted attempt sent") << "never in one request with a resend";
  EXPECT_EQ(SentCount(ids[3]), 3U);
  EXPECT_EQ(SentCount(ids[4]), 3U) << "twice hostage, then alone";
}

TEST_F(Poison, ALineThatCutsEverythingIsGivenTwiceTheTime) {
  authority.on_send = [](const OutboundMessage&) { return FakeAuthority::Delivery{CutOff(), false}; };
  const std::vector<MessageId> ids = AcceptMany(2);
  Start();
  while (SentCount(ids[0]) < 4 && clock->Now().us < INT64_MAX) clock->AdvanceBy(minutes(1));
  EXPECT_EQ(At(ids[1]), Stage::kInDoubt);
  authority.on_send = nullptr;
  clock->AdvanceBy(minutes(30));
  EXPECT_EQ(At(ids[0]), Stage::kSent);
  EXPECT_EQ(At(ids[1]), Stage::kSent);
}

TEST_F(Poison, ARequestRefusedAsAWholeMakesOneWorkItemAndNotAll) {
  Spoil("3", LineRefuses());
  const std::vector<MessageId> ids = AcceptMany(10);
  Start();
  EXPECT_EQ(dispatcher->view().line.phase, Phase::kDown);
  clock->AdvanceBy(minutes(10));
  for (size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(At(ids[i]), i == 3 ? Stage::kWorkItem : Stage::kSent) << i;
  EXPECT_EQ(ViewOf(*store, ids[3]).meta.reason, "dispatch.refused_by_line");
}

// One message was refused, and its class is closed since: it stays suspect.
TEST_F(Poison, AMessageThatStandsBackCostsNobodyItsTurn) {
  options.batch = 2;
  Spoil("poison", LineRefuses());
  const MessageId poison = AcceptFake(*store, {.id = "poison", .cls = MessageClass::kUncoded}, digester, clock->Now());
  Start();
  ASSERT_EQ(SentCount(poison), 1U);
  Close(Span(0), hours(10), {MessageClass::kUncoded});
  std::map<std::string, std::string> owner;
  for (int i = 0; i < 300; ++i) {
    const std::string provider(1, static_cast<char>('a' + i / 100));
    owner[AcceptFake(*store, {.provider = provider, .id = std::to_string(i)}, digester, clock->Now()).value()] =
        provider;
  }
  clock->AdvanceBy(seconds(7));
  std::map<std::string, int> sent;
  for (const std::string& id : Order()) ++sent[owner[id]];
  EXPECT_GT(sent["a"], 20);
  EXPECT_LT(sent["a"], 100) << "all are backlogged";
  for (const char* provider : {"b", "c"}) EXPECT_NEAR(sent[provider], sent["a"], 2) << provider;
}

TEST_F(Poison, APositionThatCannotBeSearchedStopsNoOtherSearch) {
  const MessageId bad = AcceptFake(*store, {.id = "1"}, digester, clock->Now());
  const MessageId good = AcceptFake(*store, {.id = "2"}, digester, clock->Now());
  const Fence fence = store->TakeOwnership();
  for (const auto& [id, from] : {std::pair{bad, "bad"}, std::pair{good, "good"}}) {
    AttemptIntent intent{.gateway_id = id, .at = clock->Now(), .not_after = clock->Now(), .line = options.line};
    intent.search_from = from;
    ASSERT_TRUE(store->RecordAttempts(fence, {intent}).value()[0].ok());
  }
  search.on_search = [](const FakeSearch::Call& call) {
    return call.from == "bad" ? Result<bool>(Status::Permanent("line.refused"_reason, "no such position"))
                              : Result<bool>(false);
  };
  Start();
  clock->AdvanceBy(3 * options.in_doubt_settle);
  EXPECT_EQ(At(good), Stage::kSent);
  EXPECT_EQ(At(bad), Stage::kInDoubt);
  EXPECT_NE(metrics->Render().find("tvan_dispatch_unsearchable_positions 1"), std::string::npos);
  clock->AdvanceBy(minutes(20));
  EXPECT_LT(search.calls().size(), 30U) << "it rests longer each time";
  EXPECT_GT(search.calls().size(), 8U) << "and is never given up";
}

TEST(WatchRules, AWorkItemIsSearchedThreeTimesAtMost) {
  MessageMeta m;
  m.stage = Stage::kWorkItem;
  m.attempts = 1;
  m.stage_since = Time{} + hours(1);
  const ClassPolicy policy;
  const WatchFacts facts{.now = Time{} + hours(400), .open_since = Time{}, .settle = seconds(30)};
  std::vector<Event> events;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Watch(m, events, facts, policy).step, WatchStep::kSearch) << i;
    events.push_back({.kind = EventKind::kSearched, .at = m.stage_since + (i + 1) * policy.t_999_only});
  }
  EXPECT_EQ(Watch(m, events, facts, policy).step, WatchStep::kNothing);
}

TEST(WatchRules, OnlyWhatLeftIsADoubtAndAnOperatorBeginsAnew) {
  MessageMeta m;
  m.stage = Stage::kInDoubt;
  m.stage_since = Time{} + hours(1);
  const Time searched = m.stage_since + minutes(1);
  WatchFacts facts{.now = m.stage_since + minutes(2), .open_since = Time{}, .settle = seconds(30)};
  std::deque<Time> takes = {m.stage_since};
  facts.takes = &takes;
  const auto after = [&](const std::vector<std::string>& reasons, EventKind last = EventKind::kSearched) {
    std::vector<Event> events;
    for (const std::string& r : reasons)
      events.push_back({.kind = EventKind::kInDoubt, .at = m.stage_since, .reason = r});
    events.push_back({.kind = last, .at = searched});
    events.push_back({.kind = EventKind::kSearched, .at = searched});
    return Watch(m, events, facts, ClassPolicy());
  };
  EXPECT_FALSE(after({"line.cut"}).alone);
  EXPECT_TRUE(after({"line.cut", "line.cut"}).alone);
  EXPECT_FALSE(after({"line.cut", "line.connect"}).alone) << "not a byte left";
  EXPECT_EQ(after({"line.cut", "line.cut", "line.cut"}).step, WatchStep::kWorkItem);
  EXPECT_EQ(after({"line.cut", "line.cut", "line.cut"}, EventKind::kResolved).step, WatchStep::kResend);
  takes = {m.stage_since - Span(1), m.stage_since + Span(1)};
  EXPECT_EQ(after({"line.cut", "line.cut", "line.cut"}).step, WatchStep::kResend)
      << "none was taken between the doubts";
}

TEST(LineHealth, SystemCodesThatComeAgainWithinTheHourRestLonger) {
  LineHealth::Options o;
  const auto pause = [&](LineHealth::Cause cause, Span apart) {
    LineHealth health(o, {});
    Instant now{Time{} + hours(2), Steady{} + hours(2)};
    Span last{};
    for (int i = 0; i < 8; ++i) {
      health.GoDown(now, "x", cause);
      last = health.next_try() - now.steady;
      health.ProbeEnds(now, true);
      now = {now.wall + apart, now.steady + apart};
    }
    return last;
  };
  EXPECT_LE(pause(LineHealth::Cause::kLine, minutes(10)), o.backoff_min);
  EXPECT_GE(pause(LineHealth::Cause::kProbesMiss, minutes(10)), o.backoff_max / 2);
  EXPECT_LE(pause(LineHealth::Cause::kProbesMiss, minutes(61)), o.backoff_min);
}

TEST(LatestTime, NeverGoesBack) {
  LatestTime latest;
  EXPECT_EQ(latest.Of(Time{100}).us, 100);
  EXPECT_EQ(latest.Of(Time{40}).us, 100);
  EXPECT_EQ(latest.Of(Time{101}).us, 101);
}

}  // namespace
}  // namespace tvan
