// Answers that did not count for their signature: decided from their stored bytes once they may, whatever the line has.
#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

constexpr const char* kUntrusted = "UNVERIFIED(signature.untrusted)";

class UndecidedAnswers : public Receive {
 protected:
  UndecidedAnswers() { options.strict_signatures = true; }
  MessageId Coded(const std::string& id = "1") { return Sent({.id = id, .claims = {id}}); }
  FakeAnswer Untrusted(int type, const MessageId& id, AnswerVerdict verdict = AnswerVerdict::kAccepted) {
    FakeAnswer answer = Answer(type, id, verdict);
    answer.annotation = kUntrusted;
    return answer;
  }
  void RestartWith(bool strict) {
    receiver->Stop();
    options.strict_signatures = strict;
    Start();
  }
  void Trust() {
    reader.annotate = [](const std::string&) { return std::string("VERIFIED"); };
    receiver->TrustChanged();
    clock->Settle();
  }
  // From here on there is nothing but what is stored.
  void CloseLine() {
    open = false;
    reads_before_ = authority.reads();
  }
  void ExpectNothingWasReadOfTheLine() const { EXPECT_EQ(authority.reads(), reads_before_); }
  std::string Annotation(size_t item) const {
    return store->LoadAnswer(Mailbox("acme").at(item).answer_id)->answer.annotation;
  }
  size_t Listed() const { return store->UndecidedAnswers(0, 1000)->answers.size(); }

  size_t reads_before_ = 0;
};

TEST_F(UndecidedAnswers, AreDecidedFromTheStoreOnceTheirSignerIsTrusted) {
  const MessageId id = Coded();
  Put(Untrusted(202, id));
  Start();
  ASSERT_EQ(StageOf(*store, id), Stage::kWorkItem);
  EXPECT_EQ(Listed(), 1U);
  CloseLine();
  receiver->TrustChanged();
  clock->Settle();
  EXPECT_EQ(StageOf(*store, id), Stage::kWorkItem) << "nobody trusts its signer yet";
  Trust();
  EXPECT_EQ(LogOf(*store, id), "accepted attempt sent work_item answer");
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  EXPECT_EQ(Mailbox("acme").size(), 2U);
  EXPECT_EQ(Annotation(1), "VERIFIED");
  EXPECT_EQ(Listed(), 0U);
  ExpectNothingWasReadOfTheLine();
  Trust();
  EXPECT_EQ(Mailbox("acme").size(), 2U) << "once";
}

TEST_F(UndecidedAnswers, AreDecidedFromTheStoreOnceStrictIsSwitchedOff) {
  const MessageId good = Coded("1"), bad = Coded("2");
  Put(Untrusted(202, good));
  Put(Untrusted(204, bad, AnswerVerdict::kRefused));
  Start();
  ASSERT_EQ(StageOf(*store, bad), Stage::kWorkItem);
  CloseLine();
  RestartWith(true);
  EXPECT_EQ(StageOf(*store, bad), Stage::kWorkItem);
  RestartWith(false);
  EXPECT_EQ(StageOf(*store, good), Stage::kAnswered);
  EXPECT_EQ(StageOf(*store, bad), Stage::kRefused);
  EXPECT_EQ(Annotation(2), kUntrusted);
  ExpectNothingWasReadOfTheLine();
  RestartWith(false);
  EXPECT_EQ(Mailbox("acme").size(), 4U) << "once more each";
}

TEST_F(UndecidedAnswers, AreDecidedWhileTheLineFails) {
  const MessageId id = Coded();
  Put(Untrusted(202, id));
  Start();
  receiver->Stop();
  authority.on_receive = [] { return Status::Transient("line.timeout"_reason, "nobody answers"); };
  options.strict_signatures = false;
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
}

TEST_F(UndecidedAnswers, ARealAnswerToARefusedMessageCountsOnceItVerifies) {
  const MessageId id = Coded();
  FakeAnswer refusal = Answer(204, id, AnswerVerdict::kRefused);
  Put(refusal);
  Put(Untrusted(202, id));
  Start();
  ASSERT_EQ(StageOf(*store, id), Stage::kRefused);
  Trust();
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  const FakeMessage other{.id = "other", .claims = {"1"}};
  EXPECT_FALSE(store->AskHistory(MakeFakeMessage(other, digester, clock->Now()))->empty()) << "its invoice is taken";
}

TEST_F(UndecidedAnswers, GoToWhoeverHadTheMandateWhenTheyCame) {
  const Time came = clock->Now();
  contracts.Set({.refuse = {}, .providers = [came](const TaxCode&, Time at) {
                   return std::vector<ProviderId>{ProviderId::Trusted(at - came < minutes(1) ? "acme" : "beta")};
                 }});
  FakeAnswer notice = Untrusted(302, {}, AnswerVerdict::kInformation);
  notice.mst = "0101234567";
  Put(notice);
  Start();
  ASSERT_EQ(Mailbox("acme").size(), 1U);
  clock->AdvanceBy(minutes(2));
  Trust();
  EXPECT_EQ(Annotation(1), "VERIFIED");
  EXPECT_EQ(Mailbox("beta").size(), 0U);
}

TEST_F(UndecidedAnswers, ARangeComesOnceTheAnswerThatGivesItVerifies) {
  const MessageId id = Sent({.id = "1", .cls = MessageClass::kRegistration, .type = 100});
  FakeAnswer answer = Untrusted(103, id);
  answer.mst = "0101234567";
  answer.register_range = "A1B2C";
  Put(answer);
  Start();
  ASSERT_EQ(StageOf(*store, id), Stage::kWorkItem);
  CloseLine();
  RestartWith(false);
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered) << "it decides, unverified, all but its range";
  const std::string answer_id = Mailbox("acme").at(0).answer_id;
  EXPECT_FALSE(store->LoadAnswer(answer_id)->answer.register_range.has_value());
  EXPECT_EQ(Listed(), 1U);
  RestartWith(true);
  EXPECT_EQ(LogOf(*store, id), "accepted attempt sent work_item answer") << "what it decided stays";
  RestartWith(false);
  Trust();
  ASSERT_TRUE(store->LoadAnswer(answer_id)->answer.register_range.has_value());
  EXPECT_EQ(store->LoadAnswer(answer_id)->answer.register_range->range, "A1B2C");
  EXPECT_EQ(Listed(), 0U);
}

TEST_F(UndecidedAnswers, WhatHadDecidedIsNeitherReadNorDeliveredAgain) {
  const MessageId id = Coded();
  options.strict_signatures = false;
  Put(Untrusted(202, id));
  Start();
  RestartWith(true);
  Trust();
  EXPECT_TRUE(receiver->Search(authority.line(), "", id).value());
  EXPECT_EQ(reader.reads, 1);
  EXPECT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_EQ(Annotation(0), kUntrusted);
}

TEST_F(UndecidedAnswers, AForeignOneIsNoneOfThem) {
  Put(Untrusted(102, Coded()));
  Start();
  EXPECT_EQ(Listed(), 0U) << "no signature would make it an answer to that message";
}

TEST_F(UndecidedAnswers, OneThatCannotBeReadHoldsUpNoOtherOfSoMany) {
  std::vector<MessageId> ids;
  for (int i = 0; i < 250; ++i) ids.push_back(Coded(std::to_string(i)));
  for (const MessageId& id : ids) Put(Untrusted(202, id));
  Start();
  clock->AdvanceBy(5 * options.poll);
  ASSERT_EQ(Listed(), 250U);
  ASSERT_TRUE(store->Damage(Family::kAnswer, Mailbox("acme").at(120).answer_id));
  CloseLine();
  testing::internal::CaptureStderr();
  Trust();
  clock->AdvanceBy(minutes(2));
  testing::internal::GetCapturedStderr();
  size_t answered = 0;
  for (const MessageId& id : ids) answered += StageOf(*store, id) == Stage::kAnswered ? 1 : 0;
  EXPECT_EQ(answered, 249U);
  ExpectNothingWasReadOfTheLine();
}

TEST_F(UndecidedAnswers, OneThatDecidesIsHandedOverInTheLogLikeAnyOther) {
  const MessageId id = Coded();
  Put(Untrusted(202, id));
  Start();
  SetLogLevel(LogLevel::kInfo);
  testing::internal::CaptureStderr();
  Trust();
  const std::string log = testing::internal::GetCapturedStderr();
  SetLogLevel(LogLevel::kError);
  const size_t told = log.find("event=hand_over");
  ASSERT_NE(told, std::string::npos) << log;
  EXPECT_NE(log.find(id.value(), told), std::string::npos) << log;
  EXPECT_NE(metrics->Render().find("tvan_feedback_decided_later_total 1"), std::string::npos);
  EXPECT_NE(metrics->Render().find("tvan_feedback_signatures_total{verdict=\"verified\"} 0"), std::string::npos)
      << "it says nothing of how signatures are now";
}

}  // namespace
}  // namespace tvan
