// Taking, recording, sending, settling; order, fairness, waiting by dependency.
#include "gateway/dispatch/outbox.h"

#include <future>

#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Send : public DispatchWorld {};

TEST_F(Send, SendsTheBytesThatWereAcceptedUnderOurId) {
  Start();
  const MessageId id = Accept({.id = "1"});
  const auto sent = authority.sent();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].mtdiep, id.value());
  EXPECT_EQ(digester.Sha256Of(sent[0].bytes), ViewOf(*store, id).meta.sent_digest);
  EXPECT_EQ(At(id), Stage::kSent);
  EXPECT_EQ(Log(id), "accepted attempt sent");
}

TEST_F(Send, AttemptIsDurableBeforeTheFirstByte) {
  MessageId id;
  std::string seen;
  authority.on_send = [&](const OutboundMessage& m) {
    seen = std::string(ToString(At(m.mtdiep)));
    return FakeAuthority::Delivery{};
  };
  Start();
  Accept({.id = "1"});
  EXPECT_EQ(seen, "sending");
}

TEST_F(Send, EachAttemptCarriesItsLastInstant) {
  Close(minutes(20), hours(1));
  Start();
  Accept({.id = "1"});
  clock->AdvanceBy(minutes(20) - seconds(10));
  Accept({.id = "2"});
  const auto sent = authority.sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].not_after.us - sent[0].at.us, Span(options.send_timeout).count());
  EXPECT_EQ(sent[1].not_after.us - sent[1].at.us, Span(seconds(8)).count()) << "two seconds before the stop";
}

TEST_F(Send, NotSentGoesBackToTheHeadAndIsTriedAgain) {
  bool up = false;
  authority.on_send = [&](const OutboundMessage&) {
    return up ? FakeAuthority::Delivery{} : FakeAuthority::Delivery{NoConnection(), false};
  };
  Start();
  const MessageId first = Accept({.id = "1"});
  EXPECT_EQ(At(first), Stage::kQueued);
  up = true;
  const MessageId second = Accept({.id = "2"});
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(Log(first), "accepted attempt not_sent attempt sent");
  EXPECT_EQ(Order(), (std::vector<std::string>{first.value(), first.value(), second.value()}));
}

TEST_F(Send, AnotherBytesThanAcceptedAreNeverSent) {
  NewMessage message = MakeFakeMessage({.id = "1"}, digester, clock->Now());
  const MessageId id = message.gateway_id;
  message.sent_digest.bytes[0] ^= 1;
  store->Accept(std::move(message), [](Result<AcceptAnswer>) {});
  store->Flush();
  const MessageId twin = AcceptFake(*store, {.id = "2"}, digester, clock->Now());
  Start();
  EXPECT_EQ(At(id), Stage::kWorkItem);
  EXPECT_EQ(ViewOf(*store, id).meta.reason, "dispatch.digest_mismatch");
  EXPECT_EQ(SentCount(id), 0U);
  EXPECT_EQ(SentCount(twin), 1U);
}

TEST_F(Send, AnAnswerFasterThanTheSettlementWins) {
  authority.on_send = [&](const OutboundMessage& m) {
    Answer(m.mtdiep, Stage::kAnswered);
    return FakeAuthority::Delivery{};
  };
  Start();
  const MessageId id = Accept({.id = "1"});
  EXPECT_EQ(At(id), Stage::kAnswered);
  EXPECT_EQ(Log(id), "accepted attempt answer sent");
}

TEST_F(Send, UrgentClassesGoFirst) {
  authority.on_send = [](const OutboundMessage&) { return FakeAuthority::Delivery{}; };
  const MessageId summary = Accept({.id = "1", .cls = MessageClass::kSummary, .type = 400});
  const MessageId uncoded = Accept({.id = "2", .cls = MessageClass::kUncoded, .type = 203});
  const MessageId notice = Accept({.id = "3", .cls = MessageClass::kErrorNotice, .type = 300});
  const MessageId coded = Accept({.id = "4"});
  const MessageId cash = Accept({.id = "5", .cls = MessageClass::kCashRegister, .type = 206});
  Start();
  const std::vector<std::string> expected = {cash.value(), coded.value(), notice.value(), uncoded.value(),
                                             summary.value()};
  EXPECT_EQ(Order(), expected);
}

TEST_F(Send, APetrolSummaryIsDueTheSameDayAndTakesThoseBeforeItAlong) {
  const MessageId coded = Accept({.id = "1"});
  const MessageId summary = Accept({.id = "2", .cls = MessageClass::kSummary, .type = 400});
  const MessageId petrol = Accept({.id = "3", .cls = MessageClass::kSummary, .type = 400, .same_day = true});
  const MessageId cash = Accept({.id = "4", .cls = MessageClass::kCashRegister, .type = 206});
  Start();
  EXPECT_EQ(Order(), (std::vector<std::string>{cash.value(), summary.value(), petrol.value(), coded.value()}));
}

TEST_F(Send, AClassIsDueWhenItsOperatorSays) {
  options.deadlines = Deadlines({{MessageClass::kSummary, 0}});
  const MessageId coded = Accept({.id = "1"});
  const MessageId summary = Accept({.id = "2", .cls = MessageClass::kSummary, .type = 400});
  Start();
  EXPECT_EQ(Order(), (std::vector<std::string>{summary.value(), coded.value()}));
}

TEST_F(Send, AnOldMessageOvertakesAYoungerOneOfAMoreUrgentClass) {
  const MessageId uncoded = Accept({.id = "1", .cls = MessageClass::kUncoded, .type = 203});
  clock->AdvanceBy(hours(72));
  const MessageId cash = Accept({.id = "2", .cls = MessageClass::kCashRegister, .type = 206});
  Start();
  EXPECT_EQ(Order(), (std::vector<std::string>{uncoded.value(), cash.value()}));
}

TEST_F(Send, AFloodOfOneProviderDoesNotHoldUpAnother) {
  options.batch = 8;
  options.sends_in_flight = 1;
  for (int i = 0; i < 300; ++i) Accept({.provider = "flood", .id = std::to_string(i), .padding = 4000});
  const MessageId other = Accept({.provider = "small", .id = "1"});
  Start();
  clock->AdvanceBy(minutes(1));
  const std::vector<std::string> order = Order();
  ASSERT_EQ(order.size(), 301U);
  const auto place = std::find(order.begin(), order.end(), other.value()) - order.begin();
  EXPECT_LE(place, 20) << "one turn of 64 KiB, then its own";
}

TEST_F(Send, ProvidersShareByBytesNotByMessages) {
  options.batch = 4;
  options.sends_in_flight = 1;
  std::set<std::string> big;
  for (int i = 0; i < 60; ++i)
    big.insert(Accept({.provider = "big", .id = std::to_string(i), .padding = 60'000}).value());
  for (int i = 0; i < 600; ++i) Accept({.provider = "little", .id = std::to_string(i), .padding = 500});
  Start();
  clock->AdvanceBy(minutes(1));
  const std::vector<std::string> order = Order();
  size_t big_ones = 0;
  for (size_t i = 0; i < 330; ++i) big_ones += big.count(order[i]);
  EXPECT_LE(big_ones, 12U);
  EXPECT_GE(big_ones, 5U);
}

TEST_F(Send, AMessageWaitsForTheEarlierOneThatItNames) {
  Start();
  const MessageId parent = Accept({.id = "1", .claims = {"7"}});
  const MessageId child = Accept({.id = "2", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}});
  const MessageId other = Accept({.id = "3", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"8"}});
  clock->AdvanceBy(seconds(10));
  EXPECT_EQ(At(child), Stage::kQueued);
  EXPECT_EQ(At(other), Stage::kSent) << "behind a message that waits, and an invoice that we never saw holds nothing";
  EXPECT_EQ(dispatcher->view().waiting_for_parent, 1U);
  Answer(parent, Stage::kAnswered);
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(child), Stage::kSent);
}

TEST_F(Send, The999OfTheEarlierMessageEndsTheWaitBySwitchOnly) {
  for (const bool enough : {false, true}) {
    options.acknowledged_ends_wait = enough;
    enough ? Restart() : Start();
    const std::string n = enough ? "2" : "1";
    const MessageId parent = Accept({.id = "p" + n, .claims = {n}});
    const MessageId child = Accept({.id = "c" + n, .cls = MessageClass::kErrorNotice, .type = 300, .refers = {n}});
    clock->AdvanceBy(seconds(10));
    EXPECT_EQ(At(child), Stage::kQueued);
    Answer(parent, Stage::kAcknowledged, EventKind::kAcknowledged);
    clock->AdvanceBy(seconds(10));
    EXPECT_EQ(At(child), enough ? Stage::kSent : Stage::kQueued);
  }
}

TEST_F(Send, WhatATaxpayerSendsAfterARegistrationWaitsForItsAnswer) {
  Start();
  const MessageId earlier = Accept({.id = "0"});
  const MessageId registration = Accept({.id = "1", .cls = MessageClass::kRegistration, .type = 100});
  const MessageId later = Accept({.id = "2"});
  const MessageId others = Accept({.id = "3", .mst = "0201234567"});
  clock->AdvanceBy(seconds(10));
  EXPECT_EQ(At(registration), Stage::kSent);
  EXPECT_EQ(At(earlier), Stage::kSent);
  EXPECT_EQ(At(others), Stage::kSent);
  EXPECT_EQ(At(later), Stage::kQueued);
  Answer(registration, Stage::kAnswered);
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(later), Stage::kSent);
}

TEST_F(Send, ALaterRegistrationHidesNoEarlierOneAndWaitsForIt) {
  Start();
  const MessageId first = Accept({.id = "1", .cls = MessageClass::kRegistration, .type = 100});
  const MessageId between = Accept({.id = "2"});
  const MessageId second = Accept({.id = "3", .cls = MessageClass::kRegistration, .type = 100});
  const MessageId after = Accept({.id = "4"});
  clock->AdvanceBy(seconds(10));
  EXPECT_EQ(At(first), Stage::kSent);
  for (const MessageId& id : {between, second, after}) EXPECT_EQ(At(id), Stage::kQueued);
  Answer(first, Stage::kAnswered);
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(between), Stage::kSent);
  EXPECT_EQ(At(second), Stage::kSent);
  EXPECT_EQ(At(after), Stage::kQueued);
  Answer(second, Stage::kRefused);
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(after), Stage::kSent);
}

TEST_F(Send, ARegistrationRefusedAtOnceHidesNoEarlierOne) {
  Start();
  const MessageId first = Accept({.id = "1", .cls = MessageClass::kRegistration, .type = 100});
  const MessageId second = Accept({.id = "2", .cls = MessageClass::kRegistration, .type = 100});
  const MessageId later = Accept({.id = "3"});
  Answer(second, Stage::kRefused);
  clock->AdvanceBy(seconds(10));
  EXPECT_EQ(At(later), Stage::kQueued);
  Answer(first, Stage::kAnswered);
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(later), Stage::kSent);
}

TEST_F(Send, ARequestIsNoRegistration) {
  Start();
  Accept({.id = "1", .cls = MessageClass::kRegistration, .type = 106});
  const MessageId later = Accept({.id = "2"});
  clock->AdvanceBy(seconds(10));
  EXPECT_EQ(At(later), Stage::kSent);
}

TEST_F(Send, AnotherTaxpayersOrALaterMessageHoldsNothing) {
  Close(Span(0), minutes(1));
  Start();
  const MessageId child = Accept({.id = "1", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}});
  Accept({.id = "2", .claims = {"7"}});
  const MessageId stranger =
      Accept({.id = "3", .cls = MessageClass::kErrorNotice, .type = 300, .mst = "0201234567", .refers = {"7"}});
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(At(child), Stage::kSent);
  EXPECT_EQ(At(stranger), Stage::kSent);
}

TEST_F(Send, WaitingEndsWithAWorkItemOrAfterItsTime) {
  options.max_parent_wait = hours(2);
  for (auto& cls : {MessageClass::kCoded}) options.classes[cls].t1_silent = hours(100);
  Start();
  const MessageId parent = Accept({.id = "1", .claims = {"7"}});
  const MessageId child = Accept({.id = "2", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}});
  const MessageId parent2 = Accept({.id = "3", .claims = {"9"}});
  const MessageId child2 = Accept({.id = "4", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"9"}});
  clock->AdvanceBy(hours(1));
  EXPECT_EQ(At(child), Stage::kQueued);
  Answer(parent, Stage::kWorkItem, EventKind::kWorkItem);
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(child), Stage::kSent);
  clock->AdvanceBy(minutes(59) - seconds(10));
  EXPECT_EQ(At(child2), Stage::kQueued);
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(At(child2), Stage::kSent);
  EXPECT_EQ(Log(child2), "accepted released attempt sent");
  EXPECT_EQ(At(parent2), Stage::kSent);
}

TEST_F(Send, WhatIsInFlightIsNotSentAgain) {
  DispatchParts parts{options, *store, *calendar, contracts, authority, search, digester, *clock, *metrics, {}};
  parts.fence = store->TakeOwnership();
  const MessageId id = Accept({.id = "1"});
  std::promise<void> go;
  authority.on_send = [future = go.get_future().share()](const OutboundMessage&) {
    future.wait();
    return FakeAuthority::Delivery{};
  };
  std::promise<void> ended;
  int ends = 0;
  Outbox outbox(parts, [&] {
    if (++ends == 1) ended.set_value();
  });
  EXPECT_EQ(outbox.Send({{ViewOf(*store, id).meta}}).value(), 1U);
  // Somebody puts it back while it is on its way.
  StageChange back{.gateway_id = id, .event = EventKind::kResolved};
  back.to = Stage::kQueued;
  ASSERT_TRUE(store->Change(parts.fence, {back}).value()[0].ok());
  EXPECT_EQ(outbox.Send({{ViewOf(*store, id).meta}}).value(), 0U);
  go.set_value();
  ended.get_future().wait();
  ASSERT_TRUE(outbox.Settle(outbox.TakeResults()).ok());
  EXPECT_EQ(outbox.Send({{ViewOf(*store, id).meta}}).value(), 1U) << "after its end it may go";
  outbox.Drain();
}

TEST(Settlement, AResendNeverGoesBackToTheQueue) {
  Outgoing m;
  m.meta.stage = Stage::kQueued;
  EXPECT_EQ(SettlementOf(m, NoConnection(), {}).outcome, Settlement::Outcome::kNotSent);
  EXPECT_EQ(SettlementOf(m, LineRefuses(), {}).outcome, Settlement::Outcome::kNotSent);
  EXPECT_EQ(SettlementOf(m, CutOff(), {}).outcome, Settlement::Outcome::kInDoubt);
  for (const Stage from : {Stage::kInDoubt, Stage::kSent}) {
    m.meta.stage = from;
    EXPECT_EQ(SettlementOf(m, Status(), {}).outcome, Settlement::Outcome::kSent);
    EXPECT_EQ(SettlementOf(m, NoConnection(), {}).outcome, Settlement::Outcome::kInDoubt);
    EXPECT_EQ(SettlementOf(m, LineRefuses(), {}).outcome, Settlement::Outcome::kInDoubt);
  }
}

}  // namespace
}  // namespace tvan
