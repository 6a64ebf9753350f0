// Outages, late and early ends, lies, capacity, and a plan that changes in the middle of a night.
#include "tests/unit/simulator/world.h"

namespace tvan::test {
namespace {

using namespace std::chrono_literals;
using sim::LineMode;
using sim::Wire;

const Time kStop = At("2026-11-22T00:00:00+07:00"), kEnd = At("2026-11-22T03:45:00+07:00");

class Outages : public SimulatorTest {
 protected:
  void MoveTo(Time t) { clock.MoveTo(t); }
  Wire SendAt(Time t, int n) {
    Sim();
    MoveTo(t);
    return Send(Coded(n)).wire;
  }
  Wire ProbeNow() { return Sim().Probe({1, clock.Now()}).wire; }
  std::string Refer(const std::string& answer) const { return Text(answer, {"TTChung", "MTDTChieu"}); }
  std::vector<std::string> Kinds() const {
    std::vector<std::string> kinds;
    std::ifstream in(folder.File("transcript"));
    for (std::string line; std::getline(in, line);) kinds.push_back(Json::parse(line)["kind"]);
    return kinds;
  }
};

TEST_F(Outages, EachModeThatClosesIsMetByEveryOperationFromItsTimeToItsTime) {
  const std::vector<std::pair<LineMode, Wire>> modes = {{LineMode::kReset, Wire::kReset},
                                                        {LineMode::kRefuse, Wire::kReset},
                                                        {LineMode::kHtml502, Wire::kHtml502},
                                                        {LineMode::kClosedFault, Wire::kClosedFault},
                                                        {LineMode::kHalfOpen, Wire::kHalfOpen}};
  const Time begin = clock.Now();
  for (size_t i = 0; i < modes.size(); ++i)
    options.outages.push_back({begin + 2 * i * 1s, begin + (2 * i + 1) * 1s, modes[i].first});
  Sim();
  for (size_t i = 0; i < modes.size(); ++i) {
    MoveTo(begin + 2 * i * 1s);
    EXPECT_EQ(Send(Coded(1)).wire, modes[i].second);
    EXPECT_EQ(LastDisposition(), "not_processed");
    EXPECT_EQ(Events("send").back()["outage"], i + 1);
    EXPECT_EQ(Events("send").back()["window"], 0);
    EXPECT_EQ(Sim().Receive({1, clock.Now()}, "", 10).wire, modes[i].second);
    EXPECT_EQ(LastDisposition("receive"), "down");
    EXPECT_EQ(ProbeNow(), modes[i].second);
    EXPECT_EQ(LastDisposition("probe"), "down");
    MoveTo(begin + (2 * i + 1) * 1s);
    EXPECT_EQ(ProbeNow(), Wire::kAnswer);
    EXPECT_EQ(LastDisposition("probe"), "ok");
    EXPECT_EQ(Events("outage_open").back()["mode"], sim::ToString(modes[i].first));
    EXPECT_EQ(Events("outage_close").size(), i + 1);
  }
  EXPECT_EQ(Send(Coded(1)).wire, Wire::kAnswer);
  EXPECT_EQ(LastDisposition(), "processed");
}

TEST_F(Outages, ASlowLineServesAndEachResponseComesLate) {
  options.outages = {{kStop, kEnd, LineMode::kSlow, 59s}};
  Sim();
  MoveTo(kStop);
  sim::Reply reply = Send(Coded(1));
  EXPECT_EQ(reply.wire, Wire::kSlowAnswer);
  EXPECT_EQ(reply.delay, 59s);
  EXPECT_EQ(LastDisposition(), "processed");
  EXPECT_EQ(Sim().Probe({1, clock.Now()}).delay, 59s);
  EXPECT_EQ(Sim().Receive({1, clock.Now()}, "", 10).wire, Wire::kSlowAnswer);
  MoveTo(kEnd);
  EXPECT_EQ(Send(Coded(2)).wire, Wire::kAnswer);
}

TEST_F(Outages, ALaggingLineAcknowledgesAndAnswersLaterByItsClock) {
  options.outages = {{kStop, kEnd, LineMode::kLag, 59s}};
  EXPECT_EQ(SendAt(kStop, 1), Wire::kAnswer);
  Pass(59s + 199ms);
  EXPECT_TRUE(Receive().empty());
  Pass(1ms);
  EXPECT_EQ(Types(Receive()), (std::vector<std::string>{"999"}));
  Pass(1800ms);
  EXPECT_EQ(Types(Receive()), (std::vector<std::string>{"999", "202"}));
  SendAt(kEnd, 2);
  Pass(2s);
  EXPECT_EQ(Receive("2").size(), 2u) << "as fast as before";
}

TEST_F(Outages, AFlappingLineIsUpAndDownByTurnsThatAreWrittenDown) {
  options.outages = {{kEnd, kEnd + 5min, LineMode::kFlap, 20s}};
  Sim();
  for (Time t = kEnd - 1s; t < kEnd + 6min; t = t + 1s) {
    MoveTo(t);
    const size_t downs = Events("flap_open").size(), ups = Events("flap_close").size();
    EXPECT_EQ(ProbeNow(), downs > ups ? Wire::kReset : Wire::kAnswer) << FormatTime(t);
  }
  EXPECT_GE(Events("flap_open").size(), 4u);
  EXPECT_EQ(Events("flap_open").size(), Events("flap_close").size());
  EXPECT_EQ(Events("outage_close").size(), 1u);
}

TEST_F(Outages, ALateEndIsNotTheAnnouncedOneAndTheTranscriptSaysBoth) {
  options.windows = {{.start = kStop, .end = kEnd, .mode = LineMode::kHtml502, .overrun = 45min}};
  Sim();
  EXPECT_EQ(SendAt(kEnd, 1), Wire::kHtml502);
  EXPECT_EQ(LastDisposition(), "closed");
  EXPECT_EQ(SendAt(kEnd + 45min, 1), Wire::kAnswer);
  EXPECT_EQ(LastDisposition(), "processed");
  EXPECT_EQ(Events("window_open")[0]["end"], FormatTime(kEnd));
  EXPECT_EQ(Events("window_close")[0]["time"], FormatTime(kEnd + 45min));
}

TEST_F(Outages, AnEarlyEndOpensBeforeTheAnnouncedOne) {
  options.windows = {{.start = kStop, .end = kEnd, .mode = LineMode::kHtml502, .overrun = -45min}};
  Sim();
  EXPECT_EQ(SendAt(kEnd - 45min - 1us, 1), Wire::kHtml502);
  EXPECT_EQ(SendAt(kEnd - 45min, 1), Wire::kAnswer);
  EXPECT_EQ(Events("window_close")[0]["end"], FormatTime(kEnd));
}

TEST_F(Outages, WhileItIsTriedOutProbesAreAnsweredAndMessagesAreNot) {
  options.windows = {{.start = kStop, .end = kEnd, .verify = 75min}};
  Sim();
  EXPECT_EQ(SendAt(kEnd, 1), Wire::kBusyFault);
  EXPECT_EQ(LastDisposition(), "overload");
  EXPECT_EQ(Events("send").back()["capacity"], "0");
  EXPECT_EQ(ProbeNow(), Wire::kAnswer);
  EXPECT_EQ(Sim().Receive({1, clock.Now()}, "", 10).wire, Wire::kAnswer);
  EXPECT_EQ(SendAt(kEnd + 75min, 1), Wire::kAnswer);
  EXPECT_EQ(LastDisposition(), "processed");
  EXPECT_EQ(Events("send").back()["capacity"], "");
  EXPECT_EQ(Kinds(), (std::vector<std::string>{"window_open", "window_close", "verify_open", "send", "probe", "receive",
                                               "verify_close", "answer", "answer", "send"}));
}

TEST_F(Outages, BeyondItsCapacityARequestIsRefusedAsAWhole) {
  options.capacity = 2;
  for (const auto& [overload, wire, word] : {std::tuple{sim::Overload::kFault, Wire::kBusyFault, "fault:Busy"},
                                             std::tuple{sim::Overload::kHttp503, Wire::kHttp503, "http503"}}) {
    authority.reset();
    options.overload = overload;
    EXPECT_EQ(Send(Coded(1)).wire, Wire::kAnswer);
    EXPECT_EQ(Send(Coded(2)).wire, Wire::kAnswer);
    EXPECT_EQ(Send(Coded(3)).wire, wire);
    EXPECT_EQ(LastDisposition(), "overload");
    EXPECT_EQ(Events("send").back()["response"], word);
    EXPECT_EQ(Events("send").back()["capacity"], "2");
    Pass(1s);
    EXPECT_EQ(Send(Coded(3)).wire, Wire::kAnswer);
    EXPECT_EQ(LastDisposition(), "processed") << "it was not seen before";
  }
}

TEST_F(Outages, BeyondItsCapacityAMessageIsBusyOrGets2006) {
  options.capacity = 1;
  options.overload = sim::Overload::kBusy;
  const std::vector<sim::IncomingMessage> two = {{Id(1), Coded(1)}, {Id(2), Coded(2)}};
  sim::Reply reply = Sim().Send({1, clock.Now()}, two);
  EXPECT_NE(reply.body.find(Id(2) + "\" Status=\"BUSY\""), std::string::npos);
  EXPECT_EQ(Events("send")[0]["disposition"], "processed");
  EXPECT_EQ(Events("send")[1]["disposition"], "overload");

  authority.reset();
  options.overload = sim::Overload::kSystem2006;
  reply = Sim().Send({1, clock.Now()}, two);
  EXPECT_EQ(reply.body.find("BUSY"), std::string::npos);
  EXPECT_EQ(LastDisposition(), "refused:2006");
  EXPECT_EQ(Events("send").back()["response"], "accepted");
  Pass(1h);
  auto answers = Receive();
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "999", "202"}));
  EXPECT_EQ(Refer(answers[1]), Id(2));
  EXPECT_EQ(Text(answers[1], {"DLieu", "TBao", "DSLDo", "LDo", "MLoi"}), "2006");
  Send(Coded(2));
  EXPECT_EQ(LastDisposition(), "processed");
}

TEST_F(Outages, Our999sAreNeverTooMuch) {
  auto answers = AnswersTo(Coded(1));
  const std::string answer = Text(answers[1], {"TTChung", "MTDiep"});
  sim::Plan plan;
  plan.capacity = 0;
  Sim().Follow(plan);
  EXPECT_EQ(Send(Ack(Id(100), answer)).wire, Wire::kAnswer);
  EXPECT_EQ(LastDisposition("ack999"), "ok");
  EXPECT_EQ(Send(Coded(2)).wire, Wire::kBusyFault);
}

TEST_F(Outages, AfterARecoveryOlderAnswersAreNotFoundForAWhileAndNewOnesAre) {
  options.outages = {{kStop, kEnd, LineMode::kReset}};
  options.lie_not_found = 10min;
  SendAt(kStop - 1s, 1);
  MoveTo(kEnd);
  EXPECT_TRUE(Receive().empty());
  EXPECT_EQ(Events("receive").back()["hidden"], 2);
  Send(Coded(2));
  Pass(2s);
  auto answers = Receive();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(Refer(answers[0]), Id(2));
  MoveTo(kEnd + 10min - 1us);
  EXPECT_TRUE(Receive("2").empty());
  MoveTo(kEnd + 10min);
  answers = Receive("2");
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "202"})) << "who goes on misses nothing";
  EXPECT_EQ(Refer(answers[0]), Id(1));
  EXPECT_EQ(Events("receive").back()["hidden"], 0);
  EXPECT_EQ(Events("lie_open")[0]["time"], FormatTime(kEnd));
  EXPECT_EQ(Events("lie_close")[0]["time"], FormatTime(kEnd + 10min));
}

TEST_F(Outages, WithoutALieAnswersAreThereAtOnce) {
  options.outages = {{kStop, kEnd, LineMode::kReset}};
  SendAt(kStop - 1s, 1);
  MoveTo(kEnd);
  EXPECT_EQ(Receive().size(), 2u);
}

TEST_F(Outages, WhatWasHandedOutBeforeALieIsShownAgain) {
  options.outages = {{kStop, kEnd, LineMode::kReset}};
  options.lie_not_found = 10min;
  SendAt(kStop - 1min, 1);
  MoveTo(kStop - 1s);
  EXPECT_EQ(Receive().size(), 2u);
  MoveTo(kEnd);
  EXPECT_EQ(Receive().size(), 2u);
}

TEST_F(Outages, NotFoundShowsNoNewAnswerFromItsTimeToItsTime) {
  options.outages = {{kEnd, kEnd + 10min, LineMode::kNotFound}};
  EXPECT_EQ(SendAt(kEnd + 1min, 1), Wire::kAnswer);
  EXPECT_EQ(LastDisposition(), "processed");
  MoveTo(kEnd + 10min - 1us);
  EXPECT_TRUE(Receive().empty());
  EXPECT_EQ(Events("receive").back()["outage"], 1);
  MoveTo(kEnd + 10min);
  EXPECT_EQ(Receive().size(), 2u);
}

TEST_F(Outages, APlanThatIsChangedMovesTheEndOfTheStopThatGoesOn) {
  options.windows = {{.start = kStop, .end = kEnd, .mode = LineMode::kHtml502}};
  Sim();
  MoveTo(kEnd - 1min);
  sim::Plan extended = options;
  extended.windows[0].overrun = 1h;
  Sim().Follow(extended);
  EXPECT_EQ(LastDisposition("control"), "ok");
  EXPECT_EQ(SendAt(kEnd + 1h - 1us, 1), Wire::kHtml502);
  EXPECT_EQ(SendAt(kEnd + 1h, 1), Wire::kAnswer);
  EXPECT_EQ(Kinds(), (std::vector<std::string>{"window_open", "control", "window_change", "send", "window_close",
                                               "answer", "answer", "send"}));
  EXPECT_EQ(Events("window_open")[0]["closes"], FormatTime(kEnd));
  EXPECT_EQ(Events("window_change")[0]["closes"], FormatTime(kEnd + 1h));
  EXPECT_EQ(Events("window_close")[0]["time"], FormatTime(kEnd + 1h));
}

TEST_F(Outages, APlanThatIsChangedMayEndTheStopEarlier) {
  options.windows = {{.start = kStop, .end = kEnd}};
  Sim();
  MoveTo(kStop + 1h);
  sim::Plan shorter = options;
  shorter.windows[0].overrun = -1h;
  Sim().Follow(shorter);
  MoveTo(kEnd + 1h);
  ASSERT_EQ(Events("window_close").size(), 1u);
  EXPECT_EQ(Events("window_close")[0]["time"], FormatTime(kEnd - 1h));
}

TEST_F(Outages, APlanThatCannotBeReadChangesNothing) {
  options.windows = {{.start = kStop, .end = kEnd}};
  Sim();
  MoveTo(kStop);
  Sim().Follow(sim::ReadPlan(folder.File("none")));
  EXPECT_EQ(LastDisposition("control"), "refused");
  EXPECT_NE(Events("control")[0]["reason"].get<std::string>().find("none"), std::string::npos);
  EXPECT_EQ(ProbeNow(), Wire::kReset);
  EXPECT_TRUE(Events("window_close").empty());
}

TEST_F(Outages, WhatANewPlanDoesNotNameEndsAndWhatItAddsBegins) {
  options.windows = {{.start = kStop, .end = kEnd}};
  Sim();
  MoveTo(kStop + 1h);
  sim::Plan other;
  other.outages = {{kStop, kStop + 2h, LineMode::kHalfOpen}};
  Sim().Follow(other);
  EXPECT_EQ(ProbeNow(), Wire::kHalfOpen);
  MoveTo(kEnd + 1h);
  EXPECT_EQ(Kinds(), (std::vector<std::string>{"window_open", "control", "window_close", "outage_open", "probe",
                                               "outage_close"}));
  EXPECT_EQ(Events("window_close")[0]["time"], FormatTime(kStop + 1h));
}

TEST_F(Outages, ASpellThatEndsAndOneThatBeginsAtTheSameMomentAreToldInThisOrder) {
  options.windows = {{.start = kStop, .end = kEnd, .verify = 1h}};
  options.outages = {{kEnd, kEnd + 1min, LineMode::kHalfOpen}};
  options.lie_not_found = 1min;
  Sim();
  MoveTo(kEnd);
  EXPECT_EQ(Kinds(),
            (std::vector<std::string>{"window_open", "window_close", "lie_open", "verify_open", "outage_open"}));
}

}  // namespace
}  // namespace tvan::test
