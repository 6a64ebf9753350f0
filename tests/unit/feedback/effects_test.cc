// What each answer does to its message: every branch, with its twin.
#include "gateway/feedback/effects.h"

#include <gtest/gtest.h>

#include "tests/support/fake_messages.h"

namespace tvan {
namespace {

const EffectRules kRules{{"1002"}, {"-1", "2003", "2006"}, {"1000", "2010"}};

MessageView Message(uint32_t attempts = 1, uint32_t not_sent = 0) {
  MessageView view;
  view.meta.gateway_id = MessageId::Trusted("G");
  view.meta.claims = {FakeInvoice("0101234567", "1"), FakeInvoice("0101234567", "2")};
  for (uint32_t i = 1; i <= attempts; ++i) {
    view.events.push_back({.kind = EventKind::kAttempt, .attempt = i});
    if (i <= not_sent) view.events.push_back({.kind = EventKind::kNotSent, .attempt = i});
  }
  view.meta.attempts = attempts;
  return view;
}

ParsedAnswer Parsed(int type, AnswerVerdict verdict, const std::vector<std::string>& codes = {}) {
  ParsedAnswer answer;
  answer.header.mltdiep = type;
  answer.verdict = verdict;
  for (const std::string& code : codes) answer.errors.push_back({code, "a text", ""});
  return answer;
}

Effect Of(const ParsedAnswer& answer, const MessageView& message = Message()) {
  return EffectOf(answer, message, kRules);
}

Effect Of999(const std::vector<std::string>& codes, const MessageView& message = Message()) {
  return Of(Parsed(999, AnswerVerdict::kRefused, codes), message);
}

AnswerItem Bad(const std::string& shdon) {
  return {.verdict = AnswerVerdict::kRefused, .invoice = FakeInvoice("", shdon)};
}

TEST(Effect, A999ThatIsOkAcknowledges) {
  const Effect e = Of(Parsed(999, AnswerVerdict::kReceived));
  EXPECT_EQ(e.effect.stage, Stage::kAcknowledged);
  EXPECT_EQ(e.effect.event, EventKind::kAcknowledged);
  EXPECT_FALSE(e.alarm);
}

TEST(Effect, AListedCodeIsAFinalRefusalAndAnUnknownOneIsNot) {
  const Effect listed = Of999({"2010"});
  EXPECT_EQ(listed.effect.stage, Stage::kRefused);
  EXPECT_EQ(listed.effect.released_claims.size(), 2U);
  for (const auto& codes : {std::vector<std::string>{"2011"}, std::vector<std::string>{}}) {
    const Effect unknown = Of999(codes);
    EXPECT_EQ(unknown.effect.stage, Stage::kWorkItem);
    EXPECT_EQ(unknown.effect.reason, "feedback.unknown_code");
    EXPECT_TRUE(unknown.effect.released_claims.empty());
    EXPECT_TRUE(unknown.alarm);
  }
}

TEST(Effect, ASystemCodeIsNoVerdict) {
  for (const std::string code : {"2006", "2003", "-1"}) {
    const Effect e = Of999({code});
    EXPECT_TRUE(e.system_code);
    EXPECT_TRUE(e.effect.back_to_queue);
    EXPECT_FALSE(e.effect.stage.has_value());
    EXPECT_TRUE(e.effect.released_claims.empty());
  }
  EXPECT_TRUE(Of999({"1000", "2006"}).system_code) << "beside a refusal too";
}

TEST(Effect, ADuplicateCodeIsNeverARefusal) {
  const Effect resent = Of999({"1002"}, Message(2));
  EXPECT_EQ(resent.effect.stage, Stage::kAcknowledged);
  EXPECT_EQ(resent.effect.reason, "feedback.duplicate_after_resend");
  EXPECT_FALSE(resent.alarm);
  const Effect clean = Of999({"1002"}, Message(1));
  EXPECT_EQ(clean.effect.stage, Stage::kWorkItem);
  EXPECT_TRUE(clean.alarm);
  const Effect never_arrived = Of999({"1002"}, Message(2, 1));
  EXPECT_EQ(never_arrived.effect.stage, Stage::kWorkItem) << "the first attempt did not arrive, for certain";
}

TEST(Effect, AnAcceptedAnswerIsFinal) {
  for (const int type : {202, 204, 301}) {
    const Effect e = Of(Parsed(type, AnswerVerdict::kAccepted));
    EXPECT_EQ(e.effect.stage, Stage::kAnswered);
    EXPECT_EQ(e.effect.event, EventKind::kAnswer);
    EXPECT_TRUE(e.effect.released_claims.empty());
  }
}

TEST(Effect, AVerdictOfATypeThatDoesNotAnswerTheRequestDecidesNothing) {
  MessageView coded = Message();
  coded.meta.mltdiep = 200;
  for (const AnswerVerdict verdict : {AnswerVerdict::kAccepted, AnswerVerdict::kPartly, AnswerVerdict::kRefused}) {
    const Effect e = Of(Parsed(102, verdict), coded);
    EXPECT_EQ(e.effect.stage, Stage::kWorkItem);
    EXPECT_EQ(e.effect.reason, "feedback.foreign_answer");
    EXPECT_TRUE(e.effect.released_claims.empty());
    EXPECT_TRUE(e.alarm);
  }
  EXPECT_EQ(Of(Parsed(204, AnswerVerdict::kRefused), coded).effect.stage, Stage::kRefused);
}

TEST(Effect, WhatElseAForeignTypeSaysIsKeptBesideTheMessage) {
  MessageView coded = Message();
  coded.meta.mltdiep = 200;
  for (const int type : {102, 103, 104, 205, 213, 302})
    for (const AnswerVerdict verdict : {AnswerVerdict::kReceived, AnswerVerdict::kInformation}) {
      const Effect e = Of(Parsed(type, verdict), coded);
      EXPECT_EQ(e.effect.stage, std::nullopt) << type;
      EXPECT_EQ(e.effect.event, EventKind::kAnswer);
      EXPECT_EQ(e.effect.reason, "feedback.foreign_answer");
      EXPECT_EQ(e.effect.detail, std::to_string(type) + " to a 200");
      EXPECT_TRUE(e.alarm);
    }
}

TEST(Effect, ListedInvoicesOfAPackageAreFreeAgainTheOthersAreGood) {
  ParsedAnswer answer = Parsed(204, AnswerVerdict::kPartly);
  answer.items = {Bad("2")};
  const Effect some = Of(answer);
  EXPECT_EQ(some.effect.stage, Stage::kPartly);
  ASSERT_EQ(some.effect.released_claims.size(), 1U);
  EXPECT_EQ(some.effect.released_claims[0].shdon, "2");
  answer.items.push_back(Bad("1"));
  const Effect all = Of(answer);
  EXPECT_EQ(all.effect.stage, Stage::kRefused);
  EXPECT_EQ(all.effect.released_claims.size(), 2U);
}

TEST(Effect, AMixed301IsPartly) {
  ParsedAnswer answer = Parsed(301, AnswerVerdict::kPartly);
  const AnswerItem good{.verdict = AnswerVerdict::kAccepted, .invoice = FakeInvoice("", "1")};
  answer.items = {good, Bad("2")};
  MessageView notice = Message();
  notice.meta.claims.clear();
  EXPECT_EQ(Of(answer, notice).effect.stage, Stage::kPartly);
  EXPECT_EQ(Of(answer).effect.released_claims.size(), 1U) << "what was accepted keeps its key";
}

TEST(Effect, ARefusedPackageFreesAllOfIt) {
  for (const int type : {204, 301, -1}) {
    const Effect e = Of(Parsed(type, AnswerVerdict::kRefused, {"30001"}));
    EXPECT_EQ(e.effect.stage, Stage::kRefused);
    EXPECT_EQ(e.effect.released_claims.size(), 2U);
  }
}

TEST(Effect, ANoticePartlyAcceptedSaysWhichInvoicesItNamedInVain) {
  ParsedAnswer answer = Parsed(301, AnswerVerdict::kPartly);
  answer.items = {Bad("2"), {.verdict = AnswerVerdict::kAccepted, .invoice = FakeInvoice("", "1")}};
  MessageView notice = Message();
  notice.meta.refers = notice.meta.claims;
  notice.meta.claims.clear();
  const Effect e = Of(answer, notice);
  EXPECT_EQ(e.effect.stage, Stage::kPartly);
  ASSERT_EQ(e.effect.released_claims.size(), 1U);
  EXPECT_EQ(e.effect.released_claims[0], FakeInvoice("0101234567", "2"));
}

// Of a purged notice only its relations are left.
TEST(Effect, APurgedNoticePartlyAcceptedStillSaysWhichInvoicesItNamedInVain) {
  ParsedAnswer answer = Parsed(301, AnswerVerdict::kPartly);
  answer.items = {Bad("2"), {.verdict = AnswerVerdict::kAccepted, .invoice = FakeInvoice("", "1")}};
  MessageView notice = Message();
  for (const InvoiceKey& invoice : notice.meta.claims)
    notice.meta.relations.push_back({RelationKind::kCancels, invoice, std::nullopt});
  notice.meta.claims.clear();
  notice.meta.stage = Stage::kRefused;
  const Effect e = Of(answer, notice);
  EXPECT_EQ(e.effect.stage, Stage::kPartly);
  ASSERT_EQ(e.effect.released_claims.size(), 1U);
  EXPECT_EQ(e.effect.released_claims[0], FakeInvoice("0101234567", "2"));
}

TEST(Effect, AnInvoiceOfWhichNothingIsDecidedKeepsItsKey) {
  ParsedAnswer answer = Parsed(301, AnswerVerdict::kPartly);
  answer.items = {Bad("2"), {.invoice = FakeInvoice("", "1")}};
  EXPECT_EQ(Of(answer).effect.stage, Stage::kWorkItem);
  EXPECT_TRUE(Of(answer).effect.released_claims.empty());
}

TEST(Effect, A204OfTheWholePackageFreesAllOfItThoughItNamesOne) {
  ParsedAnswer seven = Parsed(204, AnswerVerdict::kRefused);
  seven.notice_kind = "7";
  seven.items = {Bad("2")};
  EXPECT_EQ(Of(seven).effect.stage, Stage::kRefused);
  EXPECT_EQ(Of(seven).effect.released_claims.size(), 2U);
}

TEST(Effect, APackageRefusedForOurOwnAgreementIsRefusedWithAnAlarm) {
  ParsedAnswer nine = Parsed(204, AnswerVerdict::kRefused, {"2003"});
  nine.notice_kind = "9";
  EXPECT_EQ(Of(nine).effect.stage, Stage::kRefused);
  EXPECT_TRUE(Of(nine).alarm);
  EXPECT_FALSE(Of(nine).system_code) << "it is a verdict: nothing goes again";
  nine.errors.front().code = "40107";
  EXPECT_EQ(Of(nine).effect.stage, Stage::kRefused);
  EXPECT_FALSE(Of(nine).alarm) << "its sender's own fault";
}

TEST(Effect, ADeclarationIsReceivedThenAcceptedOrRefused) {
  const Effect received = Of(Parsed(102, AnswerVerdict::kReceived));
  EXPECT_EQ(received.effect.stage, Stage::kAcknowledged) << "a 103 or 104 follows";
  EXPECT_EQ(received.effect.event, EventKind::kAnswer);
  EXPECT_FALSE(received.alarm);
  EXPECT_EQ(Of(Parsed(102, AnswerVerdict::kRefused, {"9992"})).effect.stage, Stage::kRefused);
  for (const int type : {103, 104, 205}) {
    EXPECT_EQ(Of(Parsed(type, AnswerVerdict::kAccepted)).effect.stage, Stage::kAnswered);
    EXPECT_EQ(Of(Parsed(type, AnswerVerdict::kRefused)).effect.stage, Stage::kRefused);
  }
  EXPECT_EQ(Of(Parsed(104, AnswerVerdict::kPartly)).effect.stage, Stage::kPartly);
}

TEST(Effect, AVerdictThatIsNotUnderstoodIsForAPersonAndEndsNothing) {
  for (const int type : {102, 103, 104, 202, 204, 205, 213, 301, 999}) {
    const Effect e = Of(Parsed(type, AnswerVerdict::kInformation));
    EXPECT_EQ(e.effect.stage, Stage::kWorkItem) << type;
    EXPECT_EQ(e.effect.reason, "feedback.not_understood");
    EXPECT_TRUE(e.alarm);
    EXPECT_TRUE(e.effect.released_claims.empty());
  }
}

TEST(Effect, OtherTypesAreAppendedAndShowThatItArrived) {
  for (const int type : {-2, 105, 110, 302, 777}) {
    const Effect e = Of(Parsed(type, AnswerVerdict::kInformation));
    EXPECT_EQ(e.effect.stage, Stage::kAcknowledged) << type;
    EXPECT_EQ(e.effect.event, EventKind::kAnswer);
    EXPECT_FALSE(e.alarm);
  }
}

TEST(Effect, TextsOfTheAuthorityStayOutOfTheEventLog) {
  EXPECT_EQ(Of999({"1000", "77"}).effect.detail, "999 MLoi 1000,77");
}

}  // namespace
}  // namespace tvan
