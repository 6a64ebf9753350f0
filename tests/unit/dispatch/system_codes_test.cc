// A service that is ill and a message that the service cannot bear: the first takes the line down and blames nobody,
// the second travels alone, keeps the line up for the others and ends with a person (P3).
#include "gateway/dispatch/system_codes.h"

#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class SystemCodes : public DispatchWorld {
 protected:
  SystemCodes() {
    authority.on_arrival = [this](const std::string& id) {
      clock->RunAt(clock->SteadyNow() + seconds(1), [this, id] { Verdict(MessageId::Trusted(id)); });
    };
    authority.on_request = [this](const std::vector<OutboundMessage>& request) {
      const std::lock_guard lock(mutex_);
      for (const OutboundMessage& m : request)
        if (m.mtdiep == poison_) companions_.push_back(request.size() - 1);
      return Status();
    };
  }
  // What feedback does with a 999: the order first, then the durable act.
  void Verdict(const MessageId& id) {
    const bool ill = all_ill_ || id == poison_;
    if (!ill && !IsFinal(At(id))) return Answer(id, Stage::kAcknowledged, EventKind::kAcknowledged), dispatcher->Wake();
    if (!ill) return;
    dispatcher->LineDown(kSystemCode, "999 MLoi 2006", id);
    IncomingAnswer answer;
    answer.answer_id = "code-" + std::to_string(++codes_);
    answer.bytes = std::make_shared<const std::string>("x");
    answer.received_at = clock->Now();
    AnswerEffect effect{.gateway_id = id, .event = EventKind::kAcknowledged};
    effect.back_to_queue = true;
    effect.reason = std::string(kSystemCode.text());
    answer.effects = {effect};
    ASSERT_TRUE(store->ReceiveAnswers(fence_, options.line, {answer}, "").ok());
    dispatcher->Wake();
  }
  MessageId AcceptPoison() {
    poison_ = MakeFakeMessage({.id = "poison"}, digester, clock->Now()).gateway_id;
    return Accept({.id = "poison"});
  }
  // One more message every ten seconds.
  void Traffic(Span length) {
    for (const Time end = clock->Now() + length; clock->Now() < end; clock->AdvanceBy(seconds(10)))
      others_.push_back(Accept({.id = "other-" + std::to_string(others_.size())}));
  }
  CodesMet Met() const { return CodesMetBy(ViewOf(*store, poison_).events); }
  // -1: never touched.
  double Metric(const std::string& name) const {
    const std::string all = metrics->Render();
    const size_t at = all.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(all.substr(at + name.size() + 2));
  }

  std::mutex mutex_;
  MessageId poison_;
  std::vector<size_t> companions_;  // of the poison, in each of its requests
  std::vector<MessageId> others_;
  std::atomic<bool> all_ill_{false};
  std::atomic<int> codes_{0};
};

TEST_F(SystemCodes, OneMessageThatAlwaysMeetsThemEndsWithAPersonAndTheLineStaysUp) {
  Start();
  Traffic(minutes(1));
  const MessageId poison = AcceptPoison();
  Traffic(minutes(40));
  EXPECT_EQ(At(poison), Stage::kWorkItem) << Log(poison);
  EXPECT_EQ(ViewOf(*store, poison).meta.reason, "dispatch.system_code_again");
  for (const MessageId& other : others_) EXPECT_EQ(At(other), Stage::kAcknowledged);
  EXPECT_EQ(Metric("tvan_line_down_total"), 2) << "at its first code, and before anybody else was acknowledged";
  EXPECT_EQ(Metric("tvan_dispatch_system_codes_alone_total"), 5);
  EXPECT_EQ(codes_, 7);
  for (size_t i = 2; i < companions_.size(); ++i) EXPECT_EQ(companions_[i], 0U) << "alone once it is suspect";
}

TEST_F(SystemCodes, AnOutageThatAllMeetTakesTheLineDownAndBlamesNobody) {
  Start();
  Traffic(minutes(1));
  all_ill_ = true;
  const MessageId first = Accept({.id = "first"});
  Traffic(minutes(15));
  EXPECT_GT(Metric("tvan_line_down_total"), 6);
  EXPECT_EQ(Metric("tvan_dispatch_system_codes_alone_total"), -1);
  all_ill_ = false;
  Traffic(minutes(20));
  EXPECT_TRUE(store->InStage(Stage::kWorkItem, 0, 1)->empty());
  EXPECT_EQ(At(first), Stage::kAcknowledged) << Log(first);
  EXPECT_EQ(At(others_[10]), Stage::kAcknowledged) << Log(others_[10]);
}

TEST_F(SystemCodes, AMessageWithNobodyBesideItIsNotBlamed) {
  Start();
  const MessageId poison = AcceptPoison();
  clock->AdvanceBy(hours(1));
  EXPECT_GT(Met().codes, options.max_system_codes);
  EXPECT_EQ(Met().marks, 0U);
  EXPECT_NE(At(poison), Stage::kWorkItem);
}

TEST_F(SystemCodes, TheCountSurvivesARestart) {
  Start();
  Traffic(minutes(1));
  const MessageId poison = AcceptPoison();
  for (int i = 0; i < 40 && Met().marks < 3; ++i) Traffic(seconds(30));
  ASSERT_EQ(Met().marks, 3U);
  EXPECT_EQ(At(poison), Stage::kInDoubt);
  Restart();
  Traffic(minutes(40));
  EXPECT_EQ(At(poison), Stage::kWorkItem) << Log(poison);
  EXPECT_EQ(Met().marks, 5U) << "two more, not five";
  EXPECT_LE(Met().codes, 7U);
}

TEST(CodesMetBy, CountsAttemptsInARowAndAnOperatorBeginsAnew) {
  const auto code = [](uint32_t attempt) {
    Event e{.kind = EventKind::kAcknowledged, .at = Time{attempt}, .attempt = attempt};
    e.reason = std::string(kSystemCode.text());
    return e;
  };
  const auto mark = [](uint32_t attempt) {
    Event e{.kind = EventKind::kReleased, .attempt = attempt};
    e.reason = std::string(kSystemCodeAlone.text());
    return e;
  };
  std::vector<Event> events = {code(1), code(2), mark(2), mark(2), code(3), mark(3)};
  EXPECT_EQ(CodesMetBy(events).codes, 3U);
  EXPECT_EQ(CodesMetBy(events).marks, 2U) << "a mark that was written twice";
  EXPECT_EQ(CodesMetBy(events, 3).codes, 2U);
  EXPECT_EQ(CodesMetBy(events, 3).last.us, 2);
  events.push_back({.kind = EventKind::kResolved});
  EXPECT_EQ(CodesMetBy(events).marks, 0U);
  EXPECT_EQ(CodesMetBy(events).codes, 0U);
}

TEST_F(SystemCodes, AWitnessIsAnotherMessageThatWasSentSinceAndAcknowledged) {
  Start();
  const MessageId accused = Accept({.id = "accused"}), before = Accept({.id = "before"});
  clock->AdvanceBy(seconds(5));
  const Time since = clock->Now();
  const MessageId silent = AcceptFake(*store, {.id = "silent"}, digester, since);
  Witnesses witnesses;
  witnesses.Took(before, since - Span(1));
  witnesses.Took(accused, since);
  witnesses.Took(silent, since);
  EXPECT_FALSE(witnesses.AnyAcknowledged(*store, accused, since));
  EXPECT_TRUE(witnesses.AnyAcknowledged(*store, accused, since - Span(1)));
}

}  // namespace
}  // namespace tvan
