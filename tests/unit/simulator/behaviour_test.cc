// Duplicates, windows, faults, positions, and the 999 that the T-VAN owes.
#include "tests/unit/simulator/world.h"

namespace tvan::test {
namespace {

using namespace std::chrono_literals;
using sim::DuplicatePolicy;
using sim::Wire;

class Behaviour : public SimulatorTest {
 protected:
  std::vector<std::string> AfterSendingTwice(DuplicatePolicy policy) {
    options.duplicate_policy = policy;
    std::string message = Coded(1);
    AnswersTo(message);
    return AnswersTo(message);
  }
};

TEST_F(Behaviour, ADuplicateIsRejectedWith1002) {
  auto answers = AfterSendingTwice(DuplicatePolicy::kReject1002);
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "202", "999"}));
  EXPECT_EQ(Text(answers[2], {"DLieu", "TBao", "DSLDo", "LDo", "MLoi"}), "1002");
  EXPECT_EQ(LastDisposition(), "duplicate_rejected");
}

TEST_F(Behaviour, ADuplicateGetsTheFirstAnswersAgain) {
  auto answers = AfterSendingTwice(DuplicatePolicy::kRepeatFirstAnswer);
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_EQ(answers[2], answers[0]);
  EXPECT_EQ(answers[3], answers[1]);
  EXPECT_EQ(LastDisposition(), "duplicate_repeated");
}

TEST_F(Behaviour, ADuplicateIsPassedOverInSilence) {
  EXPECT_EQ(AfterSendingTwice(DuplicatePolicy::kSilent).size(), 2u);
  EXPECT_EQ(LastDisposition(), "duplicate_silent");
}

TEST_F(Behaviour, ADuplicateIsProcessedAgainUnderNewAnswerIds) {
  auto answers = AfterSendingTwice(DuplicatePolicy::kProcessAgain);
  ASSERT_EQ(Types(answers), (std::vector<std::string>{"999", "202", "999", "202"}));
  EXPECT_NE(answers[3], answers[1]);
  EXPECT_EQ(LastDisposition(), "processed_again");
}

TEST_F(Behaviour, AnswersComeWhenTheyAreDue) {
  Send(Coded(1));
  EXPECT_TRUE(Receive().empty());
  Pass(200ms);
  EXPECT_EQ(Types(Receive()), (std::vector<std::string>{"999"}));
  Pass(1799ms);
  EXPECT_EQ(Receive("1").size(), 0u);
  Pass(1ms);
  EXPECT_EQ(Types(Receive("1")), (std::vector<std::string>{"202"}));
  EXPECT_EQ(Receive("", 1).size(), 1u);
}

TEST_F(Behaviour, AWindowClosesByArrivalHalfOpenAndIsWrittenDown) {
  Time start = At("2026-11-22T00:00:00+07:00"), end = At("2026-11-22T03:45:00+07:00");
  options.windows = {{start, end, sim::LineMode::kReset}};
  Sim();
  clock.MoveTo(start - 1us);
  EXPECT_EQ(Send(Coded(1)).wire, Wire::kAnswer);
  clock.MoveTo(start);
  EXPECT_EQ(Send(Coded(2)).wire, Wire::kReset);
  EXPECT_EQ(LastDisposition(), "closed");
  EXPECT_EQ(Events("send").back()["mtdiep"], Id(2));
  EXPECT_EQ(Sim().Receive({1, clock.Now()}, "", 10).wire, Wire::kReset);
  EXPECT_EQ(LastDisposition("receive"), "closed");
  EXPECT_EQ(Sim().Probe({1, clock.Now()}).wire, Wire::kReset);
  EXPECT_EQ(LastDisposition("probe"), "closed");
  clock.MoveTo(end);
  EXPECT_EQ(Send(Coded(2)).wire, Wire::kAnswer);
  EXPECT_EQ(LastDisposition(), "processed");
  ASSERT_EQ(Events("window_open").size(), 1u);
  EXPECT_EQ(Events("window_open")[0]["time"], FormatTime(start));
  EXPECT_EQ(Events("window_close")[0]["time"], FormatTime(end));
}

TEST_F(Behaviour, AWindowMayAnswerWithHtmlOrAFault) {
  Time start = clock.Now();
  options.windows = {{start, start + 1s, sim::LineMode::kHtml502},
                     {start + 1s, start + 2s, sim::LineMode::kClosedFault}};
  EXPECT_EQ(Sim().Probe({1, start}).wire, Wire::kHtml502);
  EXPECT_EQ(Sim().Probe({1, start + 1s}).wire, Wire::kClosedFault);
  EXPECT_EQ(Sim().Probe({1, start + 2s}).wire, Wire::kAnswer);
}

TEST_F(Behaviour, AnAnswerHiddenFromTheFirstReadIsFoundByReReading) {
  options.faults = {{"answer_missing_first_read", 1}};
  auto first = AnswersTo(Coded(1));
  EXPECT_EQ(Types(first), (std::vector<std::string>{"999"}));
  EXPECT_EQ(Events("receive").back()["next"], "2");
  EXPECT_EQ(Events("receive").back()["skipped"].size(), 1u);
  EXPECT_TRUE(Receive("2").empty());
  EXPECT_EQ(Types(Receive("1")), (std::vector<std::string>{"202"}));
}

TEST_F(Behaviour, AWithheldAnswerNeverComesUnderAnyPolicy) {
  options.faults = {{"withhold", 1}};
  for (auto policy : {DuplicatePolicy::kRepeatFirstAnswer, DuplicatePolicy::kProcessAgain}) {
    authority.reset();
    auto answers = AfterSendingTwice(policy);
    EXPECT_EQ(Types(answers), (std::vector<std::string>{"999", "999"}));
  }
  EXPECT_EQ(LastDisposition("answer"), "withheld");
}

TEST_F(Behaviour, FaultsOfAnswers) {
  options.faults = {{"doubled", 1}};
  auto doubled = AnswersTo(Coded(1));
  ASSERT_EQ(doubled.size(), 3u);
  EXPECT_EQ(doubled[1], doubled[2]);

  authority.reset();
  options.faults = {{"out_of_order", 1}};
  EXPECT_EQ(Types(AnswersTo(Coded(1))), (std::vector<std::string>{"202", "999"}));

  authority.reset();
  options.faults = {{"no_999", 1}};
  EXPECT_EQ(Types(AnswersTo(Coded(1))), (std::vector<std::string>{"202"}));

  authority.reset();
  options.faults = {{"late", 1}};
  Send(Coded(1));
  Pass(30min + 1s);
  EXPECT_EQ(Receive().size(), 1u);
  Pass(1s);
  EXPECT_EQ(Receive().size(), 2u);

  authority.reset();
  options.faults = {{"unknown_request", 1}};
  auto extra = AnswersTo(Coded(1));
  ASSERT_EQ(extra.size(), 3u);
  EXPECT_NE(Text(extra[2], {"TTChung", "MTDTChieu"}), Id(1));
}

TEST_F(Behaviour, FaultsOfTheFirstTryHealOnTheSecond) {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"swallow", "swallowed"},  {"system_2006", "refused:2006"}, {"system_2003", "refused:2003"},
      {"busy", "not_processed"}, {"html502", "not_processed"},    {"half_open", "not_processed"}};
  for (const auto& [name, disposition] : faults) {
    authority.reset();
    options.faults = {{name, 1}};
    std::string message = Coded(1);
    Send(message);
    EXPECT_EQ(LastDisposition(), disposition);
    EXPECT_EQ(Events("send").back()["faults"], Json::array({name}));
    Send(message);
    EXPECT_EQ(LastDisposition(), "processed") << name;
  }
}

TEST_F(Behaviour, ACutComesAfterProcessing) {
  options.faults = {{"cut_after_processing", 1}};
  EXPECT_EQ(Send(Coded(1)).wire, Wire::kCut);
  EXPECT_EQ(LastDisposition(), "processed");
  EXPECT_EQ(Events("send").back()["response"], "cut");
  EXPECT_EQ(Send(Coded(1)).wire, Wire::kAnswer);
  EXPECT_EQ(LastDisposition(), "duplicate_rejected");
}

TEST_F(Behaviour, AFaultFallsBySeedAndRate) {
  auto fallen = [&](uint64_t seed) {
    authority.reset();
    std::filesystem::remove(folder.File("transcript"));
    options.seed = seed;
    options.faults = {{"swallow", 0.5}};
    std::vector<bool> out;
    for (int n = 1; n <= 16; ++n) Send(Coded(n));
    for (const Json& event : Events("send")) out.push_back(event["disposition"] == "swallowed");
    return out;
  };
  auto first = fallen(1);
  EXPECT_EQ(fallen(1), first);
  EXPECT_NE(fallen(2), first);
  EXPECT_GT(std::count(first.begin(), first.end(), true), 0);
  EXPECT_LT(std::count(first.begin(), first.end(), true), 16);
}

TEST_F(Behaviour, EachAnswerWantsExactlyOne999) {
  auto answers = AnswersTo(Coded(1));
  std::string answer = Text(answers[1], {"TTChung", "MTDiep"});
  Sim().ReportMissingAcks();
  EXPECT_EQ(LastDisposition("ack999"), "missing");
  EXPECT_EQ(Events("ack999").back()["answer_id"], answer);
  Send(Ack(Id(100), answer));
  EXPECT_EQ(LastDisposition("ack999"), "ok");
  Send(Ack(Id(100), answer));
  EXPECT_EQ(LastDisposition("ack999"), "repeated");
  Send(Ack(Id(101), answer));
  EXPECT_EQ(LastDisposition("ack999"), "double");
  Send(Ack(Id(102), "TCT00000000000000000000000000000000"));
  EXPECT_EQ(LastDisposition("ack999"), "unknown");
  Send(Replace(Ack(Id(103), answer), "<TTTNhan>0", "<TTTNhan>7"));
  EXPECT_EQ(LastDisposition("ack999"), "malformed");
  size_t before = Events("ack999").size();
  Sim().ReportMissingAcks();
  EXPECT_EQ(Events("ack999").size(), before);
  EXPECT_EQ(Receive("2").size(), 0u);  // a 999 is not answered
}

TEST_F(Behaviour, AWithheldAnswerWantsNo999) {
  options.faults = {{"withhold", 1}};
  AnswersTo(Coded(1));
  Sim().ReportMissingAcks();
  EXPECT_TRUE(Events("ack999").empty());
}

}  // namespace
}  // namespace tvan::test
