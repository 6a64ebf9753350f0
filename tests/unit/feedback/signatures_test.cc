// What an answer does whose signature does not verify: strict and not, each beside its verified twin.
#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

constexpr const char* kUntrusted = "UNVERIFIED(signature.untrusted)";

class Signatures : public Receive {
 protected:
  void Strict() { options.strict_signatures = true; }
  MessageId Coded(const std::string& id = "1") { return Sent({.id = id, .claims = {id}}); }
  FakeAnswer Signed(int type, const MessageId& id, const std::string& annotation,
                    AnswerVerdict verdict = AnswerVerdict::kAccepted) {
    FakeAnswer answer = Answer(type, id, verdict);
    answer.annotation = annotation;
    return answer;
  }
  void PutAndRead(const FakeAnswer& answer) {
    Put(answer);
    clock->AdvanceBy(2 * options.poll);
  }
  std::string Annotation(size_t item) const {
    return store->LoadAnswer(Mailbox("acme").at(item).answer_id)->answer.annotation;
  }
  std::string ReasonOf(const MessageId& id) const { return ViewOf(*store, id).meta.reason; }
  Event LastEvent(const MessageId& id) const { return ViewOf(*store, id).events.back(); }
  // Whether another message may file the invoice that `id` files.
  bool IsFree(const std::string& id) const {
    const FakeMessage other{.id = "other " + id, .claims = {id}};
    return store->AskHistory(MakeFakeMessage(other, digester, clock->Now()))->empty();
  }
  bool Has(const std::string& line) const { return metrics->Render().find(line) != std::string::npos; }
};

TEST_F(Signatures, AnUnverifiedAnswerIsMarkedAndDecides) {
  const MessageId id = Coded();
  Put(Signed(202, id, kUntrusted));
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  EXPECT_EQ(Annotation(0), kUntrusted);
  EXPECT_EQ(LastEvent(id).detail, std::string("202 ") + kUntrusted);
}

TEST_F(Signatures, UnderStrictItIsDeliveredAndDecidesNothing) {
  Strict();
  const MessageId id = Coded();
  Put(Signed(202, id, kUntrusted));
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kWorkItem);
  EXPECT_EQ(ReasonOf(id), "feedback.unverified");
  EXPECT_EQ(Annotation(0), kUntrusted);
  EXPECT_NE(Mailbox("acme").at(0).rewrapped, "");
  EXPECT_EQ(store->LinePosition(authority.line()).value(), "1") << "the line is read on";
}

TEST_F(Signatures, UnderStrictAVerifiedOneDecides) {
  Strict();
  const MessageId id = Coded();
  Put(Signed(202, id, "VERIFIED"));
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  EXPECT_EQ(LastEvent(id).detail, "202");
}

TEST_F(Signatures, UnderStrictAnUnverifiedRefusalFreesNothing) {
  const MessageId lenient = Coded("1");
  Put(Signed(204, lenient, kUntrusted, AnswerVerdict::kRefused));
  Start();
  EXPECT_EQ(StageOf(*store, lenient), Stage::kRefused);
  EXPECT_TRUE(IsFree("1"));
  receiver->Stop();
  Strict();
  const MessageId strict = Coded("2");
  Start();
  PutAndRead(Signed(204, strict, kUntrusted, AnswerVerdict::kRefused));
  EXPECT_EQ(StageOf(*store, strict), Stage::kWorkItem);
  EXPECT_FALSE(IsFree("2"));
  PutAndRead(Signed(204, strict, "VERIFIED", AnswerVerdict::kRefused));
  EXPECT_EQ(StageOf(*store, strict), Stage::kRefused) << "a verified one decides as usual";
  EXPECT_TRUE(IsFree("2"));
}

TEST_F(Signatures, UnderStrictASignatureThatIsNotThereIsNoBetter) {
  Strict();
  const MessageId missing = Coded("1"), without_payload = Coded("2");
  Put(Signed(202, missing, "UNVERIFIED(signature.missing)"));
  Put(Signed(202, without_payload, "UNSIGNED"));
  Start();
  EXPECT_EQ(StageOf(*store, missing), Stage::kWorkItem);
  EXPECT_EQ(StageOf(*store, without_payload), Stage::kWorkItem);
}

TEST_F(Signatures, UnderStrictTypesThatNobodySignsDecideAsEver) {
  Strict();
  const MessageId taken = Coded("1"), unreadable = Coded("2"), paper = Sent({.id = "3", .type = 211});
  Put(Signed(999, taken, "UNSIGNED", AnswerVerdict::kReceived));
  Put(Signed(-1, unreadable, "UNSIGNED", AnswerVerdict::kRefused));
  Put(Signed(213, paper, "UNSIGNED"));
  Start();
  EXPECT_EQ(StageOf(*store, taken), Stage::kAcknowledged);
  EXPECT_EQ(StageOf(*store, unreadable), Stage::kRefused);
  EXPECT_EQ(StageOf(*store, paper), Stage::kAnswered) << "whether a 213 is signed nobody knows";
}

TEST_F(Signatures, UnderStrictAWrongSignatureOfATypeThatMayHaveNoneDecidesNothing) {
  Strict();
  const MessageId paper = Sent({.id = "3", .type = 211});
  Put(Signed(213, paper, "UNVERIFIED(signature.digest)"));
  Start();
  EXPECT_EQ(StageOf(*store, paper), Stage::kWorkItem);
}

TEST_F(Signatures, UnderStrictAFinalMessageStaysAndAPersonIsTold) {
  Strict();
  const MessageId id = Coded();
  Put(Signed(202, id, "VERIFIED"));
  Put(Signed(204, id, kUntrusted, AnswerVerdict::kRefused));
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  EXPECT_FALSE(IsFree("1"));
  EXPECT_EQ(LastEvent(id).reason, "feedback.unverified");
  EXPECT_EQ(Mailbox("acme").size(), 2U);
}

TEST_F(Signatures, UnderStrictAnUnaskedNoticeIsDeliveredWithItsMark) {
  Strict();
  contracts.Set({.refuse = {}, .providers = [](const TaxCode&, Time) {
                   return std::vector<ProviderId>{ProviderId::Trusted("acme")};
                 }});
  FakeAnswer notice = Signed(302, {}, kUntrusted, AnswerVerdict::kInformation);
  notice.mst = "0101234567";
  Put(notice);
  const MessageId unread = Sent({.id = "1", .type = 211});
  Put(Signed(302, unread, kUntrusted, AnswerVerdict::kInformation));
  Start();
  EXPECT_EQ(Annotation(0), kUntrusted);
  EXPECT_EQ(StageOf(*store, unread), Stage::kSent) << "that it names a message changes nothing";
  EXPECT_EQ(Parked(), "");
}

TEST_F(Signatures, UnderStrictWhatVerifiesLaterDecidesWhenItIsReadAgain) {
  Strict();
  const MessageId id = Coded();
  const FakeAnswer answer = Signed(202, id, kUntrusted);
  Put(answer);
  Start();
  ASSERT_EQ(StageOf(*store, id), Stage::kWorkItem);
  EXPECT_TRUE(receiver->Search(authority.line(), "", id).value());
  EXPECT_EQ(StageOf(*store, id), Stage::kWorkItem) << "nobody trusts its signer yet";
  reader.annotate = [](const std::string&) { return std::string("VERIFIED"); };
  EXPECT_TRUE(receiver->Search(authority.line(), "", id).value());
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  EXPECT_EQ(Mailbox("acme").size(), 2U) << "its provider hears of it";
  EXPECT_EQ(Annotation(1), "VERIFIED");
  const int reads = reader.reads;
  EXPECT_TRUE(receiver->Search(authority.line(), "", id).value());
  EXPECT_EQ(reader.reads, reads) << "known from now on";
  EXPECT_EQ(Mailbox("acme").size(), 2U);
}

TEST_F(Signatures, WhatDecidedUnverifiedIsNotReadAgain) {
  const MessageId id = Coded();
  Put(Signed(202, id, kUntrusted));
  Start();
  reader.annotate = [](const std::string&) { return std::string("VERIFIED"); };
  EXPECT_TRUE(receiver->Search(authority.line(), "", id).value());
  EXPECT_EQ(reader.reads, 1);
  EXPECT_EQ(Mailbox("acme").size(), 1U);
}

TEST_F(Signatures, AStepOfTheRateRaisesAnAlarmUntilItFalls) {
  Start();
  for (int i = 0; i < 24; ++i) Put(Signed(202, Coded(std::to_string(i)), "VERIFIED"));
  clock->AdvanceBy(2 * options.poll);
  for (int i = 24; i < 27; ++i) PutAndRead(Signed(202, Coded(std::to_string(i)), kUntrusted));
  EXPECT_EQ(receiver->signature_alarm(), "");
  EXPECT_TRUE(Has("tvan_feedback_unverified_alarm{line=\"main\"} 0"));
  PutAndRead(Signed(202, Coded("27"), kUntrusted));
  EXPECT_EQ(receiver->signature_alarm(),
            "4 of the last 8 signed answers do not verify, 0 of the 20 before; mostly signature.untrusted");
  EXPECT_TRUE(Has("tvan_feedback_unverified_alarm{line=\"main\"} 1"));
  EXPECT_TRUE(Has("tvan_feedback_signatures_total{verdict=\"unverified\"} 4"));
  EXPECT_TRUE(Has("tvan_feedback_signatures_total{verdict=\"verified\"} 24"));
  for (int i = 28; i < 35; ++i) PutAndRead(Signed(202, Coded(std::to_string(i)), "VERIFIED"));
  EXPECT_EQ(receiver->signature_alarm(), "");
  EXPECT_TRUE(Has("tvan_feedback_unverified_alarm{line=\"main\"} 0"));
}

TEST_F(Signatures, AnswersThatAreKnownOrBearNoneDoNotCountForTheRate) {
  Start();
  const MessageId id = Coded();
  const FakeAnswer answer = Signed(202, id, kUntrusted);
  for (int i = 0; i < 6; ++i) PutAndRead(answer);
  for (int i = 0; i < 6; ++i) PutAndRead(Signed(999, id, "UNSIGNED", AnswerVerdict::kReceived));
  EXPECT_EQ(receiver->signature_alarm(), "");
  EXPECT_TRUE(Has("tvan_feedback_signatures_total{verdict=\"unverified\"} 1"));
  EXPECT_TRUE(Has("tvan_feedback_signatures_total{verdict=\"verified\"} 0"));
}

}  // namespace
}  // namespace tvan
