// The board of a drain on a store in memory; what dispatch would have measured is made up.
#include "gateway/admin/night_drain.h"

#include "tests/support/fake_authority.h"
#include "tests/unit/admin/desk_world.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class MeasuringDispatcher : public StillDispatcher {
 public:
  View view() const override {
    View view = shown;
    view.census = census;
    view.drain = std::make_shared<const DrainRates>(rates);
    return view;
  }
  View shown;
  DrainRates rates;
};

class NightDrainTest : public DeskTest {
 protected:
  NightDrainTest() {
    dispatcher.rates.pace = {100, 5, 5, 100};
    dispatcher.rates.now = {now(), 0, 0, 0};
    dispatcher.rates.measured = minutes(1);
    dispatcher.shown.rate_per_s = 100;
  }
  Time now() const { return clock_->Now(); }
  void Close(const std::string& id, Span from_now, Span length, std::vector<MessageClass> classes = {}) {
    Window w{.id = id, .start = now() + from_now, .end = now() + from_now + length};
    w.classes = std::move(classes);
    ASSERT_TRUE(calendar_->Put(w, "Lan", "test", now()).ok());
  }
  void Rate(MessageClass cls, uint64_t waiting, double arriving) {
    dispatcher.rates.classes.push_back({cls, waiting, arriving, 10});
    dispatcher.rates.arriving_per_s += arriving;
    dispatcher.rates.sending_per_s += 10;
  }
  admin::v1::Drain Board(const admin::v1::GetDrainRequest& request = {}) const {
    admin::v1::Drain board;
    EXPECT_TRUE(FillDrain(Parts(), request, now(), board).ok());
    return board;
  }
  DrainParts Parts() const { return {*store_, *calendar_, dispatcher, line}; }
  // Seconds from now; -1: absent.
  double After(bool there, const google::protobuf::Timestamp& at) const {
    return there ? static_cast<double>((FromProto(at) - now()).count()) / 1e6 : -1;
  }
  double EmptyIn(const admin::v1::Drain& board) const { return After(board.has_empty_at(), board.empty_at()); }
  void Accept(const std::string& provider, int first, int last) {
    for (int i = first; i <= last; ++i)
      AcceptFake(*store_, {.provider = provider, .id = provider + std::to_string(i)}, digester_, now());
  }

  MeasuringDispatcher dispatcher;
  const LineId line = LineId::Trusted("main");
  FakeDigester digester_;
};

TEST_F(NightDrainTest, ToSendIsCountedInTheStoreWithItsOldestAndItsWorstProvider) {
  const Time first = now();
  Accept("acme", 1, 2);
  clock_->AdvanceBy(minutes(3));
  Accept("beta", 1, 3);
  const admin::v1::Drain board = Board();
  ASSERT_EQ(board.zeros_size(), 3);
  const auto& to_send = board.zeros(0);
  EXPECT_EQ(to_send.name(), "to_send");
  EXPECT_EQ(to_send.count(), 5U);
  EXPECT_EQ(to_send.worst_provider(), "beta");
  EXPECT_EQ(to_send.worst_count(), 3U);
  EXPECT_EQ(FromProto(to_send.oldest()), first);
}

TEST_F(NightDrainTest, AnEmptyBoardNamesNobody) {
  auto census = std::make_shared<Census>();
  census->un_999d = {{ProviderId::Trusted("acme"), 5}};  // of a round that is over
  dispatcher.census = census;
  const admin::v1::Drain board = Board();
  for (const auto& zero : board.zeros()) {
    EXPECT_EQ(zero.count(), 0U) << zero.name();
    EXPECT_TRUE(zero.worst_provider().empty() && !zero.has_oldest()) << zero.name();
  }
  EXPECT_EQ(board.done(), 1);
  EXPECT_FALSE(board.has_stop());
}

TEST_F(NightDrainTest, TheTrendIsAgainstTheReadingOfAMinuteAgo) {
  Accept("acme", 1, 40);
  dispatcher.rates.before = {now() - minutes(2), 100, 0, 7};
  const admin::v1::Drain board = Board();
  EXPECT_DOUBLE_EQ(board.zeros(0).per_minute(), -30);
  EXPECT_DOUBLE_EQ(board.zeros(2).per_minute(), -3.5);
}

TEST_F(NightDrainTest, WhoWaitsForA999IsKnownFromTheWatchersRound) {
  const Fence fence = store_->TakeOwnership();
  const MessageId id = AcceptFake(*store_, {.provider = "beta"}, digester_, now());
  ASSERT_TRUE(store_->RecordAttempts(fence, {{id, now(), now() + minutes(1), line, "", Stage::kQueued}}).ok());
  Settlement sent;
  sent.gateway_id = id;
  sent.attempt = 1;
  sent.outcome = Settlement::Outcome::kSent;
  sent.at = now();
  ASSERT_TRUE(store_->Settle(fence, {sent}).ok());
  auto census = std::make_shared<Census>();
  census->un_999d = {{ProviderId::Trusted("acme"), 1}, {ProviderId::Trusted("beta"), 5}};
  census->rows.push_back({StandingKind::kSilent, MessageClass::kCoded, "", 5, now() - hours(2), now() - hours(1)});
  census->rows.push_back({StandingKind::kOnly999, MessageClass::kCoded, "", 5, now() - hours(9), now() - hours(9)});
  dispatcher.census = census;
  const admin::v1::Drain board = Board();
  EXPECT_EQ(board.zeros(0).count(), 0U);
  EXPECT_EQ(board.zeros(1).count(), 1U);
  EXPECT_EQ(board.zeros(1).worst_provider(), "beta");
  EXPECT_EQ(board.zeros(1).worst_count(), 1U) << "the round is older than the count";
  EXPECT_EQ(FromProto(board.zeros(1).oldest()), now() - hours(1));
}

TEST_F(NightDrainTest, UndeliveredItemsHaveTheirOldestToo) {
  const Fence fence = store_->TakeOwnership();
  const MessageId id = AcceptFake(*store_, {.provider = "acme"}, digester_, now());
  const Time received = now();
  IncomingAnswer answer;
  answer.answer_id = "a1";
  answer.line = line;
  answer.position = "1";
  answer.bytes = std::make_shared<const std::string>("x");
  answer.received_at = received;
  AnswerEffect effect;
  effect.gateway_id = id;
  effect.event = EventKind::kAnswer;
  effect.stage = Stage::kAnswered;
  answer.effects.push_back(effect);
  answer.deliveries.push_back({ProviderId::Trusted("acme"), "1", id, "x"});
  ASSERT_TRUE(store_->ReceiveAnswers(fence, line, {answer}, "1").ok());
  clock_->AdvanceBy(minutes(5));
  const admin::v1::Drain board = Board();
  EXPECT_EQ(board.zeros(2).count(), 1U);
  EXPECT_EQ(board.zeros(2).worst_provider(), "acme");
  EXPECT_EQ(FromProto(board.zeros(2).oldest()), received);
}

TEST_F(NightDrainTest, WithoutAStopItSaysWhenAllHasLeft) {
  Rate(MessageClass::kCoded, 800, 20);
  EXPECT_NEAR(EmptyIn(Board()), 10, 0.01);
  EXPECT_EQ(Board().short_by(), 0U);
  EXPECT_TRUE(Board().measured());
}

TEST_F(NightDrainTest, NothingMeasuredIsNotEmpty) {
  dispatcher.rates = {};
  EXPECT_FALSE(Board().has_empty_at());
  EXPECT_FALSE(Board().measured());
  EXPECT_FALSE(ForecastForProviders(*calendar_, dispatcher.view(), line, now()));
}

TEST_F(NightDrainTest, BeforeAStopItSaysByHowMuchItIsShortAndWhatAPauseWouldChange) {
  Close("tonight", seconds(102), hours(3));  // the last call is two seconds earlier
  Rate(MessageClass::kCashRegister, 0, 60);
  Rate(MessageClass::kSummary, 5000, 0);
  const admin::v1::Drain board = Board();
  EXPECT_EQ(board.window(), "tonight");
  EXPECT_EQ(FromProto(board.stop()), now() + seconds(102));
  EXPECT_EQ(board.short_by(), 1000U);
  EXPECT_FALSE(board.has_empty_at());
  ASSERT_EQ(board.classes_size(), 2);
  EXPECT_EQ(board.classes(0).short_by_if_paused(), 0U);
  EXPECT_EQ(board.classes(1).short_by_if_paused(), 1000U);
  admin::v1::GetDrainRequest paused;
  paused.add_pause(v1::MESSAGE_CLASS_CASH_REGISTER);
  EXPECT_EQ(Board(paused).short_by(), 0U);
  EXPECT_NEAR(EmptyIn(Board(paused)), 50, 0.01);
}

TEST_F(NightDrainTest, AStopFarAheadIsNamedToo) {
  Close("next-week", hours(24 * 6), hours(3));
  Close("later", hours(24 * 7), hours(3));
  Window other{.id = "another-line", .start = now() + hours(24 * 6), .end = now() + hours(24 * 6 + 3)};
  other.line = LineId::Trusted("backup");
  ASSERT_TRUE(calendar_->Put(other, "Lan", "test", now()).ok());
  EXPECT_EQ(Board().window(), "next-week");
}

TEST_F(NightDrainTest, RefusesToPauseWhatNobodySubmits) {
  for (const auto cls : {v1::MESSAGE_CLASS_UNSPECIFIED, v1::MESSAGE_CLASS_TECHNICAL}) {
    admin::v1::GetDrainRequest request;
    request.add_pause(cls);
    admin::v1::Drain board;
    EXPECT_EQ(FillDrain(Parts(), request, now(), board).reason(), "admin.bad_request"_reason);
  }
}

TEST_F(NightDrainTest, WhileItIsClosedItSaysWhenTheCatchUpEnds) {
  Close("tonight", seconds(5), minutes(10));
  clock_->AdvanceBy(seconds(5));
  dispatcher.shown.line.phase = Phase::kClosed;
  Rate(MessageClass::kCoded, 97, 0);
  const admin::v1::Drain board = Board();
  EXPECT_EQ(board.phase(), v1::LINE_PHASE_CLOSED);
  EXPECT_EQ(FromProto(board.stop()), now()) << "of the stop that goes on";
  EXPECT_EQ(board.window(), "tonight");
  EXPECT_EQ(FromProto(board.expected_return()), now() + minutes(10));
  // 97 = 5t + 2.5t²
  EXPECT_NEAR(EmptyIn(board), 600 + 5.308, 0.01) << "a ramp, not a flush";
}

TEST_F(NightDrainTest, SendingBeginsWhenTheOpenPolicyAllowsItAtTheEarliest) {
  for (const OpenPolicy policy : {OpenPolicy::kGreenAfterPlannedEnd, OpenPolicy::kNotBeforeVerifyUntil}) {
    PhaseRules rules;
    rules.open_policy = policy;
    calendar_ = *Calendar::Load(*store_, rules);
    const bool waits = policy == OpenPolicy::kNotBeforeVerifyUntil;
    Window w{.id = waits ? "second" : "first", .start = now(), .end = now() + minutes(10)};
    w.verify_until = w.end + minutes(75);
    ASSERT_TRUE(calendar_->Put(w, "Lan", "test", now()).ok());
    ASSERT_TRUE(calendar_->Advance(line, {.now = now()}).ok());
    dispatcher.rates.classes = {{MessageClass::kCoded, 50, 0, 0}};
    EXPECT_EQ(FromProto(Board().expected_return()), waits ? *w.verify_until : w.end);
    clock_->AdvanceBy(minutes(11));
    ASSERT_EQ(calendar_->At(line, MessageClass::kCoded, now()).phase, Phase::kVerifying);
    EXPECT_EQ(FromProto(Board().expected_return()), waits ? *w.verify_until : now()) << "with the next green probe";
  }
}

TEST_F(NightDrainTest, AClosedLineWhoseClockIsOffSaysNothingOfAnEnd) {
  Rate(MessageClass::kCoded, 50, 0);
  EXPECT_TRUE(Board().has_empty_at());
  ASSERT_TRUE(calendar_->Advance(line, {.now = now(), .clock_off = "our clock is 40 s ahead"}).ok());
  EXPECT_FALSE(Board().has_empty_at() || Board().has_expected_return());
}

TEST_F(NightDrainTest, WhatDispatchHasNotLookedAtForLongDidNotCome) {
  Rate(MessageClass::kCoded, 0, 30);
  clock_->AdvanceBy(minutes(4));
  EXPECT_DOUBLE_EQ(Board().classes(0).arriving_per_s(), 6) << "of five minutes only the first brought anything";
}

TEST_F(NightDrainTest, ALineThatIsDownSaysNothingOfAnEndAndEverythingIsShort) {
  Close("tonight", seconds(102), hours(3));
  Rate(MessageClass::kCoded, 50, 1);
  dispatcher.shown.line.phase = Phase::kDown;
  EXPECT_FALSE(Board().has_empty_at());
  EXPECT_EQ(Board().short_by(), 150U);
  dispatcher.shown.line.phase = Phase::kDraining;
  EXPECT_EQ(Board().short_by(), 0U);
}

TEST_F(NightDrainTest, OneClosedClassStopsNoOther) {
  Close("coded-only", seconds(0), hours(1), {MessageClass::kCoded});
  Rate(MessageClass::kCoded, 10, 0);
  Rate(MessageClass::kSummary, 100, 0);
  const admin::v1::Drain board = Board();
  EXPECT_NEAR(After(board.classes(1).has_empty_at(), board.classes(1).empty_at()), 1, 0.01);
  EXPECT_GT(After(board.classes(0).has_empty_at(), board.classes(0).empty_at()), 3600);
  EXPECT_FALSE(board.has_expected_return()) << "something is sent";
}

TEST_F(NightDrainTest, UnansweredOnesAreSplitByTheLawOfTheirClass) {
  auto census = std::make_shared<Census>();
  census->answers_due = {{now() - minutes(5), 2}, {now() + minutes(30), 3}, {now() + minutes(31), 10}, {kForever, 100}};
  dispatcher.census = census;
  EXPECT_EQ(Board().unanswered_due_before_stop(), 15U) << "no stop is known";
  EXPECT_EQ(Board().unanswered_expected_after(), 100U);
  Close("tonight", minutes(30), hours(3));
  EXPECT_EQ(Board().unanswered_due_before_stop(), 5U);
  EXPECT_EQ(Board().unanswered_expected_after(), 110U);
}

TEST_F(NightDrainTest, DoneIsWhatWasSentOfAllThatWasToBeSent) {
  Accept("acme", 1, 10);
  dispatcher.rates.sent = 30;
  EXPECT_DOUBLE_EQ(Board().done(), 0.75);
}

TEST_F(NightDrainTest, AStoreThatCannotBeReadIsSaid) {
  store_->SetReads(MemoryStore::Reads::kFail);
  admin::v1::Drain board;
  EXPECT_EQ(FillDrain(Parts(), {}, now(), board).reason(), "store.io"_reason);
}

TEST_F(NightDrainTest, ProvidersGetTheForecastWithoutALookAtTheStore) {
  store_->SetReads(MemoryStore::Reads::kFail);
  Close("tonight", seconds(52), hours(3));
  Rate(MessageClass::kCoded, 800, 20);
  auto forecast = ForecastForProviders(*calendar_, dispatcher.view(), line, now());
  ASSERT_TRUE(forecast);
  EXPECT_NEAR(After(forecast->has_empty_at(), forecast->empty_at()), 10, 0.01);
  EXPECT_FALSE(forecast->not_before_stop());
  EXPECT_EQ(FromProto(forecast->made_at()), now());
  dispatcher.rates.classes[0].waiting = 8000;
  forecast = ForecastForProviders(*calendar_, dispatcher.view(), line, now());
  EXPECT_FALSE(forecast->has_empty_at());
  EXPECT_TRUE(forecast->not_before_stop());
}

}  // namespace
}  // namespace tvan
