// The receiver on a store in memory: correlation, routing, parking, positions, our own 999, searches, trouble.
#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

TEST_F(Receive, AnAnswerReachesTheOneProviderThatAsked) {
  const MessageId ours = Sent({.provider = "acme", .id = "1"});
  const MessageId theirs = Sent({.provider = "other", .id = "1"});
  Put(Answer(202, ours));
  Start();
  ASSERT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_EQ(Mailbox("other").size(), 0U);
  const MailboxItem item = Mailbox("acme").front();
  EXPECT_EQ(item.gateway_id, ours);
  EXPECT_EQ(item.provider_reference, "0109999999acme1");
  EXPECT_NE(item.rewrapped.find("<MTDTChieu>0109999999acme1</MTDTChieu>"), std::string::npos) << item.rewrapped;
  EXPECT_NE(item.rewrapped.find("<MNNhan>0109999999</MNNhan>"), std::string::npos);
  EXPECT_EQ(item.rewrapped.find(ours.value()), std::string::npos) << "our MTDiep is not the provider's matter";
  EXPECT_EQ(StageOf(*store, ours), Stage::kAnswered);
  EXPECT_EQ(StageOf(*store, theirs), Stage::kSent);
  EXPECT_EQ(store->LinePosition(authority.line()).value(), "1");
  EXPECT_EQ(stored, 1);
}

TEST_F(Receive, ABareInvoiceIsAnsweredByItsReference) {
  const MessageId id = Sent({.id = "1", .bare = true});
  Put(Answer(202, id));
  Start();
  ASSERT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_EQ(Mailbox("acme")[0].provider_reference, "ref-1");
  EXPECT_NE(Mailbox("acme")[0].rewrapped.find("<MTDTChieu/>"), std::string::npos) << Mailbox("acme")[0].rewrapped;
}

TEST_F(Receive, AnUnknownReferenceIsParkedAndNeverGuessedByTaxCode) {
  contracts.Set({.providers = [](auto&, Time) { return std::vector<ProviderId>{ProviderId::Trusted("acme")}; }});
  FakeAnswer answer = Answer(105, MessageId::Trusted("V0309478306FFFF"));
  answer.mst = "0101234567";
  Put(answer);
  Start();
  EXPECT_EQ(Mailbox("acme").size(), 0U);
  EXPECT_EQ(Parked(), "feedback.unknown_reference");
}

TEST_F(Receive, AnUnaskedTypeGoesToEveryMandateOfItsTaxpayer) {
  contracts.Set({.providers = [](const TaxCode& mst, Time) {
    return mst.value() == "0101234567"
               ? std::vector<ProviderId>{ProviderId::Trusted("acme"), ProviderId::Trusted("other")}
               : std::vector<ProviderId>{};
  }});
  FakeAnswer answer = Answer(105, {}, AnswerVerdict::kInformation);
  answer.mst = "0101234567";
  Put(answer);
  answer = Answer(105, {}, AnswerVerdict::kInformation);
  answer.mst = "0201234567";
  Put(answer);
  answer = Answer(202, {});
  answer.mst = "0101234567";
  Put(answer);
  Start();
  EXPECT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_EQ(Mailbox("other").size(), 1U);
  const auto parked = store->Parked(10).value();
  ASSERT_EQ(parked.size(), 2U);
  EXPECT_EQ(parked[0].answer.parked_reason, "feedback.no_mandate");
  EXPECT_EQ(parked[1].answer.parked_reason, "feedback.no_reference") << "a type that is asked for";
}

TEST_F(Receive, TheReferenceInsideIsUsedOnlyWithoutMTDTChieu) {
  const MessageId id = Sent({.id = "1"});
  FakeAnswer answer = Answer(204, {});
  answer.reference = id.value();
  Put(answer);
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
}

TEST_F(Receive, AnUnreadableMessageIsFoundByItsIdOrItsBytes) {
  const MessageId by_id = Sent({.id = "1"});
  const MessageId by_bytes = Sent({.id = "2"});
  FakeAnswer first = Answer(-1, {}, AnswerVerdict::kRefused);
  first.original_mtdiep = by_id.value();
  Put(first);
  FakeAnswer second = Answer(-1, {}, AnswerVerdict::kRefused);
  const MessageMeta meta = ViewOf(*store, by_bytes).meta;
  second.original = RenderWrapped(meta.plan, *store->LoadPayload(by_bytes).value(),
                                  {std::string("V") + kFakeOurMst, "TCT", by_bytes.value(), ""});
  Put(second);
  FakeAnswer third = second;
  third.mtdiep = "TCT-third";
  third.original += " ";
  Put(third);
  Start();
  EXPECT_EQ(StageOf(*store, by_id), Stage::kRefused);
  EXPECT_EQ(StageOf(*store, by_bytes), Stage::kRefused);
  EXPECT_EQ(store->Parked(10)->size(), 1U) << "one byte more is nothing we sent";
}

TEST_F(Receive, WhatCannotBeReadIsParkedWithItsBytes) {
  authority.Answer("garbage");
  Start();
  EXPECT_EQ(Parked(), "feedback.unreadable");
  EXPECT_EQ(*store->Parked(1)->at(0).answer.bytes, "garbage");
  EXPECT_TRUE(store->Own999(10)->empty());
  EXPECT_EQ(authority.sent().size(), 0U);
}

TEST_F(Receive, ADoubledAnswerIsDeliveredOnce) {
  const MessageId id = Sent({.id = "1"});
  const FakeAnswer answer = Answer(202, id);
  Put(answer);
  Put(answer);
  Start();
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_EQ(LogOf(*store, id), "accepted attempt sent answer answer_repeated");
}

TEST_F(Receive, ALateSecondAnswerIsAppendedAndDelivered) {
  const MessageId id = Sent({.id = "1"});
  Put(Answer(202, id));
  Put(Answer(204, id, AnswerVerdict::kRefused));
  Start();
  EXPECT_EQ(Mailbox("acme").size(), 2U);
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
}

TEST_F(Receive, ASystemCodeTellsTheLineAndTheMessageGoesBack) {
  const MessageId id = Sent({.id = "1"});
  FakeAnswer answer = Answer(999, id, AnswerVerdict::kRefused);
  answer.codes = {"2006"};
  Put(answer);
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kQueued);
  EXPECT_EQ(system_codes, std::vector<std::string>{"999 MLoi 2006"});
  Put(answer);
  clock->AdvanceBy(seconds(3));
  EXPECT_EQ(system_codes.size(), 1U) << "told once";
}

TEST_F(Receive, OurOwn999GoesUpExactlyOncePerAnswer) {
  const MessageId id = Sent({.id = "1"});
  Put(Answer(999, id, AnswerVerdict::kReceived));
  const FakeAnswer answer = Answer(202, id);
  Put(answer);
  Put(answer);
  Start();
  clock->AdvanceBy(minutes(1));
  const auto sent = authority.sent();
  ASSERT_EQ(sent.size(), 1U) << "none for a 999, one for the 202";
  EXPECT_NE(sent[0].bytes.find("<MTDTChieu>" + answer.mtdiep + "</MTDTChieu>"), std::string::npos) << sent[0].bytes;
  EXPECT_EQ(store->Own999(10)->size(), 0U);
}

TEST_F(Receive, An999ThatDidNotGoUpGoesAgainTheSame) {
  own_999_delivery = {Status::InDoubt("line.cut"_reason, "cut"), true};
  Put(Answer(202, Sent({.id = "1"})));
  Start();
  EXPECT_EQ(store->Own999(10)->size(), 1U);
  own_999_delivery = {};
  clock->AdvanceBy(minutes(1));
  const auto sent = authority.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].bytes, sent[1].bytes);
  EXPECT_EQ(sent[0].mtdiep, sent[1].mtdiep);
  EXPECT_EQ(store->Own999(10)->size(), 0U);
}

TEST_F(Receive, NothingIsReadOrAcknowledgedWhileClosed) {
  open = false;
  Put(Answer(202, Sent({.id = "1"})));
  Start();
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(authority.reads(), 0U);
  EXPECT_EQ(authority.sent().size(), 0U);
  open = true;
  receiver->Wake();
  clock->Settle();
  EXPECT_EQ(Mailbox("acme").size(), 1U);
}

TEST_F(Receive, AReadingThatFailsRestsLongerEachTime) {
  authority.on_receive = [] { return Status::Transient("line.connect"_reason, "refused"); };
  Start();
  clock->AdvanceBy(minutes(5));
  const size_t reads = authority.reads();
  EXPECT_GT(reads, 8U);
  EXPECT_LT(reads, 25U) << "up to half a minute";
}

TEST_F(Receive, AStoreThatFailsAcknowledgesNothingAndAllIsReadAgain) {
  const MessageId id = Sent({.id = "1"});
  Put(Answer(202, id));
  store->FailNextFlush(MemoryStore::FailedFlush::kLost);
  Receiver::Hooks hooks;
  receiver = Receiver::Make(options, *store, contracts, authority, reader, digester, *clock, *metrics, hooks);
  receiver->Start(fence);
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(store->LinePosition(authority.line()).value(), "");
  receiver->Stop();
  receiver.reset();
  store->Crash();
  store = store->Reopen();
  Start();
  EXPECT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
}

TEST_F(Receive, AnotherOwnerEndsIt) {
  Start();
  ASSERT_GT(store->TakeOwnership().counter, 0U);
  Put(Answer(202, AcceptFake(*store, {.id = "1"}, digester, clock->Now())));
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(Mailbox("acme").size(), 0U);
  const size_t reads = authority.reads();
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(authority.reads(), reads);
}

TEST_F(Receive, ASearchFindsWhatTheReadingMissed) {
  const MessageId id = Sent({.id = "1"});
  const MessageId other = Sent({.id = "2"});
  authority.AnswerHidden(Answer(202, id).Bytes());
  Put(Answer(202, other));
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kSent);
  EXPECT_EQ(receiver->Search(authority.line(), "", id).value(), true);
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  EXPECT_EQ(Mailbox("acme").size(), 2U) << "what was known is not delivered again";
  EXPECT_EQ(store->LinePosition(authority.line()).value(), "2") << "the position stays";
}

TEST_F(Receive, ASearchThatFindsNothingSaysSoAndOneThatCannotReadDoesNot) {
  const MessageId id = Sent({.id = "1"});
  Start();
  EXPECT_EQ(receiver->Search(authority.line(), "", id).value(), false);
  open = false;
  EXPECT_EQ(receiver->Search(authority.line(), "", id).status().reason().text(), "feedback.closed");
  open = true;
  authority.on_receive = [] { return Status::Transient("line.connect"_reason, "refused"); };
  EXPECT_EQ(receiver->Search(authority.line(), "", id).status().reason().text(), "line.connect");
  EXPECT_EQ(receiver->Search(LineId::Trusted("backup"), "", id).status().reason().text(), "feedback.line");
  receiver->Stop();
  EXPECT_EQ(receiver->Search(authority.line(), "", id).status().reason().text(), "feedback.stopped");
}

// It read one full page and then met a failure: the answer stands behind it.
TEST_F(Receive, ASearchUpToAReceiverThatIsBehindProvesNothing) {
  const MessageId id = Sent({.id = "1"}), other = Sent({.id = "2"});
  options.batch = 3;
  for (int i = 0; i < 5; ++i) Put(Answer(202, other));
  int reads = 0;
  authority.on_receive = [&reads] {
    return ++reads == 2 ? Status::Transient("line.timeout"_reason, "once") : Status();
  };
  Start();
  ASSERT_EQ(store->LinePosition(authority.line()).value(), "3");
  EXPECT_EQ(receiver->Search(authority.line(), "", id).status().reason().text(), "feedback.behind");
  EXPECT_EQ(receiver->Search(authority.line(), "", other).status().reason().text(), "feedback.behind")
      << "answered itself, but no proof for others that were first sent at the same position";
  clock->AdvanceBy(seconds(5));
  ASSERT_EQ(store->LinePosition(authority.line()).value(), "5");
  EXPECT_EQ(receiver->Search(authority.line(), "", id).value(), false);
  open = false;
  clock->AdvanceBy(seconds(5));
  open = true;
  EXPECT_EQ(receiver->Search(authority.line(), "", id).value(), false) << "after a stop: nothing has come";
  Put(Answer(202, other));
  EXPECT_EQ(receiver->Search(authority.line(), "", id).status().reason().text(), "feedback.behind") << "something has";
}

// Ten answers were read; each further read finds one more.
TEST_F(Receive, ASearchOnABusyLineEndsWhereTheReaderStood) {
  const MessageId id = Sent({.id = "1"});
  options.batch = 3;
  for (int i = 0; i < 10; ++i) Put(Answer(202, id));
  Start();
  ASSERT_EQ(store->LinePosition(authority.line()).value(), "10");
  authority.on_receive = [this, id] {
    for (int i = 0; i < 5; ++i) Put(Answer(202, id));
    return answers < 5000 ? Status() : Status::Transient("line.timeout"_reason, "the search has no end");
  };
  const size_t before = authority.reads();
  EXPECT_EQ(receiver->Search(authority.line(), "", id).value(), true);
  EXPECT_EQ(authority.reads(), before + 4) << "three a page";
  EXPECT_EQ(receiver->Search(authority.line(), "10", id).value(), true) << "one page to see that it can be read";
  EXPECT_EQ(authority.reads(), before + 5);
}

TEST_F(Receive, ASearchEndsWithTheReceiver) {
  const MessageId id = Sent({.id = "1"});
  options.batch = 1;
  for (int i = 0; i < 10; ++i) Put(Answer(202, id));
  Start();
  int pages = 0;
  authority.on_receive = [&] {
    if (++pages == 2) receiver->Stop();
    return Status();
  };
  EXPECT_EQ(receiver->Search(authority.line(), "", id).status().reason().text(), "feedback.stopped");
  EXPECT_EQ(pages, 2);
}

TEST_F(Receive, AnOwn999ThatCannotGoUpHoldsUpNeitherAnswersNorOthers) {
  Put(Answer(202, Sent({.id = "1"})));
  Put(Answer(202, Sent({.id = "2"})));
  std::string poison;
  authority.on_request = [&poison](const std::vector<OutboundMessage>& request) {
    if (poison.empty()) poison = request.front().mtdiep.value();
    for (const OutboundMessage& m : request)
      if (m.mtdiep.value() == poison) return Status::Permanent("line.refused"_reason, "this one");
    return Status();
  };
  Start();
  EXPECT_EQ(store->Own999(10)->size(), 2U);
  clock->AdvanceBy(minutes(1));
  ASSERT_EQ(store->Own999(10)->size(), 1U);
  EXPECT_EQ(store->Own999(10)->at(0).first.value(), poison);
  clock->AdvanceBy(minutes(10));
  const size_t reads = authority.reads();
  Put(Answer(202, Sent({.id = "3"})));
  clock->AdvanceBy(seconds(2));
  EXPECT_GE(authority.reads(), reads + 2) << "answers are read at their own pace";
  EXPECT_EQ(Mailbox("acme").size(), 3U);
  EXPECT_EQ(store->Own999(10)->size(), 1U) << "a new one goes up at once";
  poison = "none";
  clock->AdvanceBy(minutes(61));
  EXPECT_EQ(store->Own999(10)->size(), 0U) << "and this one is tried again";
}

TEST_F(Receive, NoOwn999LeavesAfterTheLinesLastInstant) {
  last_instant = clock->SteadyNow();
  Put(Answer(202, Sent({.id = "1"})));
  Start();
  clock->AdvanceBy(seconds(5));
  EXPECT_EQ(authority.sent().size(), 0U);
  last_instant = kSteadyForever;
  clock->AdvanceBy(seconds(40));
  EXPECT_EQ(authority.sent().size(), 1U);
}

TEST_F(Receive, TheLineGoesDownBeforeTheMessageIsDueAgain) {
  const MessageId id = Sent({.id = "1"});
  std::string seen;
  on_system_code = [&] { seen = std::string(ToString(StageOf(*store, id))); };
  FakeAnswer answer = Answer(999, id, AnswerVerdict::kRefused);
  answer.codes = {"2006"};
  Put(answer);
  Start();
  EXPECT_EQ(seen, "sent");
  EXPECT_EQ(StageOf(*store, id), Stage::kQueued);
}

TEST_F(Receive, TwoAnswersUnderOneMTDiepGetTwo999s) {
  FakeAnswer answer = Answer(202, Sent({.id = "1"}));
  Put(answer);
  answer.mtdtchieu = Sent({.id = "2"}).value();
  Put(answer);
  Start();
  clock->AdvanceBy(seconds(5));
  const auto sent = authority.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_NE(sent[0].mtdiep, sent[1].mtdiep);
}

TEST_F(Receive, APositionThatDoesNotMoveKeepsTheAnswersAndRests) {
  Put(Answer(202, Sent({.id = "1"})));
  authority.stands_still = true;
  Start();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_LT(authority.reads(), 25U);
  authority.stands_still = false;
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(store->LinePosition(authority.line()).value(), "1");
}

TEST_F(Receive, SearchesBesideTheReadingDeliverEachAnswerOnce) {
  std::vector<MessageId> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(Sent({.id = std::to_string(i)}));
  for (const MessageId& id : ids) Put(Answer(202, id));
  options.batch = 3;
  Start();
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) EXPECT_TRUE(receiver->Search(authority.line(), "", ids[static_cast<size_t>(t)]).ok());
    });
  for (std::thread& thread : threads) thread.join();
  clock->AdvanceBy(seconds(10));
  EXPECT_EQ(Mailbox("acme").size(), 40U);
  EXPECT_EQ(authority.sent().size(), 40U);
}

}  // namespace
}  // namespace tvan
