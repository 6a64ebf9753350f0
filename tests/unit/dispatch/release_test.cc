// Contracts at release, by cause: what is held, for whom, until when, and what goes by itself.
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Release : public DispatchWorld {};

Fault Rule(Reason rule) { return {.rule = rule}; }

TEST_F(Release, AMandateThatDidNotHoldAtAcceptanceHoldsTheMessageUntilItDoes) {
  contracts.Set(
      {.refuse = [](auto&, auto&, int, Time) { return std::vector<Fault>{Rule("contract.mandate_expired"_reason)}; }});
  Start();
  const MessageId id = Accept({.id = "1"});
  EXPECT_EQ(At(id), Stage::kHeld);
  EXPECT_EQ(ViewOf(*store, id).meta.reason, "dispatch.held_mandate");
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(SentCount(id), 0U);
  contracts.Set({});
  dispatcher->Wake();
  clock->AdvanceBy(seconds(3));
  EXPECT_EQ(Log(id), "accepted held released attempt sent");
}

TEST_F(Release, WhatOurOwnAgreementHoldsWaitsForTheManagementAndGoesByItself) {
  contracts.Set(
      {.refuse = [](auto&, auto&, int, Time) { return std::vector<Fault>{Rule("contract.agreement_ended"_reason)}; }});
  Start();
  const MessageId id = Accept({.id = "1"});
  EXPECT_EQ(At(id), Stage::kHeld);
  const MessageView held = ViewOf(*store, id);
  EXPECT_EQ(held.meta.reason, "dispatch.held_agreement");
  EXPECT_NE(held.events.back().detail.find("contract.agreement_ended"), std::string::npos);
  EXPECT_NE(held.events.back().detail.find("owner: management; due "), std::string::npos) << held.events.back().detail;
  clock->AdvanceBy(hours(39));
  EXPECT_EQ(At(id), Stage::kHeld) << "past its deadline it is no single decision of an operator";
  EXPECT_NE(metrics->Render().find("tvan_dispatch_held_due_total 1"), std::string::npos);
  contracts.Set({});
  dispatcher->Wake();
  clock->AdvanceBy(seconds(3));
  EXPECT_EQ(Log(id), "accepted held released attempt sent");
}

TEST_F(Release, AnAttemptNamesTheVersionsThatLetItLeaveWhenTheyAreNotThoseOfItsAcceptance) {
  Start();
  const MessageId same = Accept({.id = "1"});
  contracts.Set({.version = "provider_contract/acme@2,mandate/acme/0101234567@5"});
  const MessageId other = Accept({.id = "2"});
  const auto detail = [&](const MessageId& id) {
    for (const Event& e : ViewOf(*store, id).events)
      if (e.kind == EventKind::kAttempt) return e.detail;
    return std::string("never sent");
  };
  EXPECT_EQ(detail(same), "main");
  EXPECT_EQ(detail(other), "main; contract: provider_contract/acme@2,mandate/acme/0101234567@5");
}

TEST_F(Release, AProviderContractThatEndedDoesNotStopWhatWasAccepted) {
  contracts.Set(
      {.refuse = [](auto&, auto&, int, Time) { return std::vector<Fault>{Rule("contract.provider_expired"_reason)}; }});
  Start();
  EXPECT_EQ(At(Accept({.id = "1"})), Stage::kSent);
}

TEST_F(Release, TheContractIsAskedAsOfAcceptance) {
  Close(Span(0), hours(1));
  const Time accepted = clock->Now();
  Time asked{};
  contracts.Set({.refuse = [&asked](auto&, auto&, int, Time at) {
    asked = at;
    return std::vector<Fault>{};
  }});
  Start();
  Accept({.id = "1"});
  clock->AdvanceBy(hours(2));
  EXPECT_EQ(asked, accepted);
}

TEST_F(Release, AHeldMessageIsReleasedByAnOperatorAndNotHeldAgain) {
  contracts.Set(
      {.refuse = [](auto&, auto&, int, Time) { return std::vector<Fault>{Rule("contract.mandate_expired"_reason)}; }});
  Start();
  const MessageId id = Accept({.id = "1"});
  const MessageId twin = Accept({.id = "2"});
  ASSERT_EQ(At(id), Stage::kHeld);
  EXPECT_EQ(dispatcher->Resolve(id, "resend", "an").reason().text(), "dispatch.stage") << "it was never sent";
  ASSERT_TRUE(dispatcher->Resolve(id, "release", "an").ok());
  ASSERT_TRUE(dispatcher->Resolve(twin, "give_up", "an").ok());
  clock->AdvanceBy(seconds(3));
  EXPECT_EQ(Log(id), "accepted held resolved attempt sent");
  EXPECT_EQ(At(twin), Stage::kRefused);
  EXPECT_EQ(dispatcher->Resolve(id, "release", "an").reason().text(), "dispatch.stage");
}

TEST_F(Release, AHoldThatNobodyEndsIsAnAlarmAndAtItsDeadlineAWorkItem) {
  contracts.Set(
      {.refuse = [](auto&, auto&, int, Time) { return std::vector<Fault>{Rule("contract.mandate_expired"_reason)}; }});
  Start();
  const MessageId id = Accept({.id = "1"});  // 10:00; due by the end of the next day
  const auto alarms = [this] { return metrics->Render().find("tvan_dispatch_held_due_total 1") != std::string::npos; };
  clock->AdvanceBy(hours(33));
  EXPECT_FALSE(alarms());
  clock->AdvanceBy(hours(2));
  EXPECT_TRUE(alarms());
  EXPECT_EQ(At(id), Stage::kHeld);
  clock->AdvanceBy(hours(4));
  EXPECT_EQ(At(id), Stage::kWorkItem);
  EXPECT_EQ(ViewOf(*store, id).meta.reason, "dispatch.held_overdue");
  EXPECT_EQ(SentCount(id), 0U);
  ASSERT_TRUE(dispatcher->Resolve(id, "resend", "an").ok());
  clock->AdvanceBy(seconds(3));
  EXPECT_EQ(At(id), Stage::kSent) << "the operator's word stands";
}

}  // namespace
}  // namespace tvan
