// What an operator is shown about silence and doubt: who stands where, since when, what follows and what is asked.
#include "gateway/dispatch/standing.h"

#include "gateway/dispatch/watch_rules.h"
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Standings : public DispatchWorld {
 protected:
  Standings() { Policy().t_999_only = hours(4); }
  ClassPolicy& Policy() { return options.classes[MessageClass::kCoded]; }
  // "silent/coded 1 ask; …", in the order of the census.
  std::string Shown() const {
    std::string text;
    for (const CensusRow& row : dispatcher->view().census->rows)
      text += (text.empty() ? "" : "; ") + std::string(ToString(row.kind)) + "/" + std::string(ToString(row.cls)) +
              " " + std::to_string(row.messages) + (row.reason.empty() ? "" : " " + row.reason) + " " + row.next;
    return text;
  }
  std::string StandingNow(const MessageId& id) const {
    return ToString(dispatcher->standing(ViewOf(*store, id).meta).kind);
  }
  Time NextAt(const MessageId& id) const { return dispatcher->standing(ViewOf(*store, id).meta).next_at; }
  bool Shows(const std::string& line) const { return metrics->Render().find("\n" + line + "\n") != std::string::npos; }
};

TEST_F(Standings, ASilentMessageIsSeenOnItsWholeWay) {
  Policy().resend = ResendMode::kAsk;
  Start();
  const MessageId id = Accept({.id = "1"});
  const Time sent = ViewOf(*store, id).meta.stage_since;
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(Shown(), "un_999d/coded 1 alarm");
  EXPECT_EQ(NextAt(id), sent + Policy().t1_silent);
  clock->AdvanceBy(Policy().t1_silent);
  EXPECT_EQ(Shown(), "silent/coded 1 ask");
  EXPECT_EQ(StandingNow(id), "silent");
  EXPECT_EQ(NextAt(id), sent + Policy().t2_resend);
  EXPECT_TRUE(Shows("tvan_dispatch_silent_total{class=\"coded\"} 1"));
  EXPECT_TRUE(Shows("tvan_dispatch_searches_total{class=\"coded\",outcome=\"not_found\"} 1"));
  clock->AdvanceTo(sent + Policy().t2_resend + seconds(10));
  EXPECT_EQ(Shown(), "after_t2/coded 1 ask");
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(Shown(), "work_item/coded 1 dispatch.silent_ask operator");
  EXPECT_EQ(DecisionsFor(At(id)), (std::vector<std::string>{"resend", "give_up"}));
  EXPECT_TRUE(Shows("tvan_dispatch_work_items_total{class=\"coded\",reason=\"dispatch.silent_ask\"} 1"));
  EXPECT_TRUE(Shows("tvan_watched_messages{class=\"coded\",reason=\"dispatch.silent_ask\",standing=\"work_item\"} 1"));
  EXPECT_TRUE(Shows("tvan_watched_messages{class=\"coded\",reason=\"\",standing=\"silent\"} 0"));
}

TEST_F(Standings, AnOperatorsWordShowsAtOnceThoughNothingElseHappens) {
  Policy().resend = ResendMode::kOff;
  options.clock_probe_every = Span(0);
  Start();
  const MessageId first = Accept({.id = "1"}), second = Accept({.id = "2"});
  clock->AdvanceBy(Policy().t2_resend + minutes(5));
  ASSERT_EQ(Shown(), "work_item/coded 2 dispatch.silent operator");
  ASSERT_TRUE(dispatcher->Resolve(first, "give_up", "an").ok());
  clock->Settle();
  EXPECT_EQ(Shown(), "work_item/coded 1 dispatch.silent operator");
  ASSERT_TRUE(dispatcher->Resolve(second, "give_up", "an").ok());
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(Shown(), "") << "a second after the last tick";
}

TEST_F(Standings, DoubtOnly999HeldAndClassesStandApart) {
  authority.on_send = [](const OutboundMessage& m) {
    const bool cut = m.bytes->find("/cut<") != std::string::npos;
    return cut ? FakeAuthority::Delivery{CutOff(), false} : FakeAuthority::Delivery{};
  };
  Start();
  Accept({.id = "cut"});
  const MessageId acknowledged = Accept({.id = "2"});
  Accept({.id = "3", .cls = MessageClass::kUncoded, .type = 203});
  Accept({.id = "4", .cls = MessageClass::kUncoded, .type = 203});
  Answer(acknowledged, Stage::kAcknowledged, EventKind::kAcknowledged);
  dispatcher->Wake();
  clock->AdvanceBy(seconds(5));
  EXPECT_EQ(Shown(), "in_doubt/coded 1 line.cut search; un_999d/uncoded 2 alarm; only_999/coded 1 work_item");
  clock->AdvanceBy(Policy().t_999_only - seconds(1));
  EXPECT_EQ(StandingNow(acknowledged), "only_999_overdue");
}

TEST_F(Standings, TheClocksStandStillWhileTheLineIsClosedOrDown) {
  Start();
  const MessageId id = Accept({.id = "1"});
  clock->AdvanceBy(Policy().t1_silent - minutes(1));
  authority.on_probe = [] { return NoConnection(); };
  dispatcher->LineDown("feedback.system_code"_reason, "2006");
  clock->AdvanceBy(hours(2));
  EXPECT_EQ(StandingNow(id), "un_999d");
  EXPECT_EQ(NextAt(id), kForever);
  authority.on_probe = nullptr;
  clock->AdvanceBy(minutes(4));
  EXPECT_EQ(StandingNow(id), "silent") << "its twin: the line was open for the last minute";
}

TEST_F(Standings, TheWaitOfAQueueHasAnAgePerClass) {
  Close(Span(0), hours(2));
  Start();
  Accept({.id = "1"});
  clock->AdvanceBy(minutes(10));
  Accept({.id = "2"});
  clock->AdvanceBy(seconds(2));
  EXPECT_NE(metrics->Render().find("tvan_dispatch_queue_oldest_seconds{class=\"coded\"} 60"), std::string::npos);
  EXPECT_TRUE(Shows("tvan_dispatch_queue_oldest_seconds{class=\"uncoded\"} 0"));
  EXPECT_TRUE(Shows("tvan_line_in_phase{line=\"main\",phase=\"closed\"} 1"));
  EXPECT_TRUE(Shows("tvan_line_in_phase{line=\"main\",phase=\"open\"} 0"));
}

TEST(StandingOf, EachWordBeginsWhereItsClockSays) {
  MessageMeta m;
  m.stage = Stage::kSent;
  m.stage_since = Time{} + hours(1);
  ClassPolicy policy;
  const auto at = [&](Span age, Span not_open = {}) {
    WatchFacts facts{.now = m.stage_since + age, .open_since = Time{}};
    facts.not_open = not_open;
    return std::string(ToString(StandingOf(m, facts, policy).kind));
  };
  EXPECT_EQ(at(policy.t1_silent - Span(1)), "un_999d");
  EXPECT_EQ(at(policy.t1_silent), "silent");
  EXPECT_EQ(at(policy.t1_silent, Span(1)), "un_999d") << "of closed time nothing counts";
  EXPECT_EQ(at(policy.t2_resend - Span(1)), "silent");
  EXPECT_EQ(at(policy.t2_resend), "after_t2");
  m.stage = Stage::kAcknowledged;
  EXPECT_EQ(at(policy.t_999_only - Span(1)), "only_999");
  EXPECT_EQ(at(policy.t_999_only), "only_999_overdue");
}

TEST(StandingOf, SaysWhatFollowsBySwitch) {
  MessageMeta m;
  m.stage = Stage::kSent;
  WatchFacts facts{.now = Time{} + minutes(30), .open_since = Time{}};
  ClassPolicy policy;
  EXPECT_EQ(StandingOf(m, facts, policy).next, "ask");
  policy.resend = ResendMode::kAutomatic;
  EXPECT_EQ(StandingOf(m, facts, policy).next, "resend");
  policy.max_resends = 0;
  EXPECT_EQ(StandingOf(m, facts, policy).next, "work_item");
  policy.resend = ResendMode::kOff;
  EXPECT_EQ(StandingOf(m, facts, policy).next, "work_item");
}

TEST(Standing, EveryWordIsReadBack) {
  for (int i = 0; i <= static_cast<int>(StandingKind::kWorkItem); ++i) {
    const auto kind = static_cast<StandingKind>(i);
    EXPECT_EQ(ParseStanding(ToString(kind)), kind);
  }
  EXPECT_EQ(ParseStanding("SILENT"), std::nullopt);
}

TEST(WatchRules, ASystemCodeBetweenTwoSendsIsNoResendOfSilence) {
  MessageMeta m;
  m.stage = Stage::kSent;
  m.stage_since = Time{} + hours(1);
  ClassPolicy policy;
  policy.resend = ResendMode::kAutomatic;
  policy.max_resends = 1;
  const WatchFacts facts{.now = m.stage_since + hours(2), .open_since = Time{}};
  const auto after = [&](const std::string& reason) {
    std::vector<Event> events(2, {.kind = EventKind::kSent});
    Event between{.kind = EventKind::kAcknowledged, .attempt = 1};
    between.reason = reason;
    events.insert(events.begin() + 1, between);
    events.push_back({.kind = EventKind::kSilent, .at = m.stage_since});
    events.push_back({.kind = EventKind::kSearched, .at = facts.now});
    return Watch(m, events, facts, policy).step;
  };
  EXPECT_EQ(after("feedback.system_code"), WatchStep::kResend);
  EXPECT_EQ(after(""), WatchStep::kWorkItem);
}

}  // namespace
}  // namespace tvan
