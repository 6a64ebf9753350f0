// What is asked at release, function by function: whose contract, as of when, behind whom, and whose word stands.
#include "gateway/dispatch/release.h"
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class ReleaseRules : public DispatchWorld {
 protected:
  ReleaseRules() {
    fence_ = store->TakeOwnership();
    rules_.unregistered = Gravity::kError;
    book_ = *ContractBook::Load(*store, rules_);
    ProviderContract contract;
    contract.provider = ProviderId::Trusted("acme");
    contract.tax_codes = {TaxCode::Trusted("0109999999")};
    contract.certificates = {std::string(64, 'a')};
    Enter(contract);
    mandate_.provider = contract.provider;
    mandate_.mst = TaxCode::Trusted("0101234567");
    Enter(mandate_);
  }
  void Enter(const ContractItem& item) { ASSERT_TRUE(book_->Put(item, {"Lan", "test", clock->Now()}).ok()); }
  MessageMeta Taken(const FakeMessage& spec) {
    return ViewOf(*store, AcceptFake(*store, spec, digester, clock->Now())).meta;
  }
  ReleaseVerdict Judge(const MessageMeta& meta) { return JudgeRelease(*book_->snapshot(), meta, clock->Now()); }
  DispatchParts Parts() {
    return {options, *store, *calendar, *book_, authority, search, digester, *clock, *metrics, fence_};
  }
  static std::string HeldBy(const ReleaseVerdict& verdict) {
    return verdict.held ? std::string(verdict.held->text()) : "goes";
  }
  void Move(const MessageMeta& meta, EventKind event, Stage to, const char* reason = "") {
    StageChange change{.gateway_id = meta.gateway_id, .event = event};
    change.from = StageOf(*store, meta.gateway_id);
    change.to = to;
    change.at = clock->Now();
    change.reason = reason;
    const auto changed = store->Change(fence_, {change});
    ASSERT_TRUE(changed.ok() && (*changed)[0].ok());
  }

  ContractRules rules_;
  std::unique_ptr<ContractBook> book_;
  Mandate mandate_;
};

TEST_F(ReleaseRules, AMandateIsAskedForAsItIsKnownNowOfWhenTheMessageWasAccepted) {
  const MessageMeta meta = Taken({.type = 203});
  EXPECT_EQ(HeldBy(Judge(meta)), "goes");
  clock->AdvanceTo(*ParseDate("2026-11-23"));
  mandate_.dates.to = *ParseDate("2026-11-22");
  Enter(mandate_);
  EXPECT_EQ(HeldBy(Judge(meta)), "goes") << "it ended behind acceptance";
  mandate_.dates.to = *ParseDate("2026-11-21");
  Enter(mandate_);
  const ReleaseVerdict held = Judge(meta);
  EXPECT_EQ(HeldBy(held), "dispatch.held_mandate");
  EXPECT_EQ(held.why,
            "contract.mandate_expired by provider_contract/acme@1,mandate/acme/0101234567@3; owner: operator");
}

TEST_F(ReleaseRules, KindsOfInvoicesAreThoseThatTheMessageFiles) {
  Taxpayer taxpayer;
  taxpayer.mst = mandate_.mst;
  taxpayer.registrations = {{true, Time{}, {}, "1", "", "V1", clock->Now()}};
  Enter(taxpayer);
  MessageMeta meta = Taken({.type = 203, .claims = {"7"}});
  EXPECT_EQ(HeldBy(Judge(meta)), "goes");
  InvoiceKey other = meta.claims[0];
  other.khmshdon = "2";
  meta.claims.insert(meta.claims.end(), {other, other});
  const ReleaseVerdict held = Judge(meta);
  EXPECT_EQ(HeldBy(held), "dispatch.held_mandate");
  EXPECT_EQ(held.why.substr(0, held.why.find(" by ")), "contract.unregistered_kind") << "once";
}

TEST_F(ReleaseRules, TheVersionsAreToldWhenOthersDecidedThanAtAcceptance) {
  MessageMeta meta = Taken({.type = 203});
  EXPECT_EQ(Judge(meta).versions, "provider_contract/acme@1,mandate/acme/0101234567@1");
  meta.contract_version = "provider_contract/acme@1,mandate/acme/0101234567@1";
  EXPECT_EQ(Judge(meta).versions, "");
}

TEST_F(ReleaseRules, OurOwnAgreementHoldsForTheManagement) {
  Agreement agreement;
  agreement.dates = {Time{}, *ParseDate("2026-11-01")};
  Enter(agreement);
  const MessageMeta meta = Taken({.type = 203});
  EXPECT_EQ(HeldBy(Judge(meta)), "dispatch.held_agreement");
  EXPECT_TRUE(IsHeldByContract("dispatch.held_agreement"));
  EXPECT_TRUE(IsHeldByContract("dispatch.held_mandate"));
  EXPECT_FALSE(IsHeldByContract("dispatch.silent"));
  EXPECT_STREQ(OwnerOfHold("dispatch.held_agreement"), "management");
  EXPECT_STREQ(OwnerOfHold("dispatch.held_mandate"), "operator");
  const StageChange hold = HoldOf(Parts(), meta, Judge(meta), clock->Now());
  EXPECT_EQ(hold.from, Stage::kQueued);
  EXPECT_EQ(hold.to, Stage::kHeld);
  EXPECT_EQ(hold.reason, "dispatch.held_agreement");
  Move(meta, EventKind::kHeld, Stage::kHeld, "dispatch.held_mandate");
  const MessageMeta held = ViewOf(*store, meta.gateway_id).meta;
  EXPECT_EQ(HoldOf(Parts(), held, Judge(held), clock->Now()).from, Stage::kHeld) << "its cause changed";
}

TEST_F(ReleaseRules, WhatGoesIsWrittenWhenItWaitedForItsParentInVain) {
  const MessageMeta meta = Taken({.type = 203});
  const auto at_release = [&](bool overdue) {
    return AtRelease(Parts(), *book_->snapshot(), meta, overdue, clock->Now());
  };
  EXPECT_FALSE(at_release(false).held || at_release(false).change);
  EXPECT_EQ(at_release(false).contract, "provider_contract/acme@1,mandate/acme/0101234567@1");
  ASSERT_TRUE(at_release(true).change);
  EXPECT_FALSE(at_release(true).held);
  EXPECT_EQ(at_release(true).change->event, EventKind::kReleased);
  EXPECT_EQ(at_release(true).change->reason, "dispatch.parent_overdue");
}

TEST_F(ReleaseRules, WhatDoesNotHoldIsHeldUntilAnOperatorLetsItGo) {
  mandate_.dates.to = *ParseDate("2026-11-21");
  Enter(mandate_);
  const MessageMeta meta = Taken({.type = 203});
  const auto at_release = [&] { return AtRelease(Parts(), *book_->snapshot(), meta, true, clock->Now()); };
  EXPECT_TRUE(at_release().held);
  ASSERT_TRUE(at_release().change);
  EXPECT_EQ(at_release().change->reason, "dispatch.held_mandate");
  Move(meta, EventKind::kHeld, Stage::kHeld, "dispatch.held_mandate");
  Move(meta, EventKind::kResolved, Stage::kQueued);
  EXPECT_FALSE(at_release().held);
}

TEST_F(ReleaseRules, WaitingForARegistrationEndsBeforeTheDeadlineAndForAnInvoiceAfterItsTime) {
  const MessageMeta today = Taken({.cls = MessageClass::kCashRegister, .type = 206});  // due at midnight
  const WaitEnds ends = EndsOfWait(today, hours(100), Deadlines());
  EXPECT_EQ(ends.behind_registration, *ParseTime("2026-11-21T23:30:00+07:00"));
  EXPECT_EQ(ends.behind_invoice, clock->Now() + hours(100));
  EXPECT_EQ(EndsOfWait(today, hours(1), Deadlines()).behind_registration, clock->Now() + hours(1));
}

TEST_F(ReleaseRules, WhoIsBehindBothWaitsForEachAsLongAsItMay) {
  const Time now = clock->Now();
  const MessageMeta any = Taken({.id = "1"});
  Parents registration, invoice, none, both, unknown_registration, unknown_invoice;
  registration.registrations = both.registrations = {any};
  invoice.invoices = both.invoices = {any};
  unknown_registration.unknown_registration = unknown_invoice.unknown_invoice = true;
  const WaitEnds registration_over{now, now + hours(1)}, invoice_over{now + hours(1), now}, over{now, now};
  EXPECT_EQ(WaitFor(none, now, over), ParentWait::kNo);
  for (const Parents& parents : {registration, unknown_registration}) {
    EXPECT_EQ(WaitFor(parents, now, invoice_over), ParentWait::kYes);
    EXPECT_EQ(WaitFor(parents, now, registration_over), ParentWait::kOverdue);
  }
  for (const Parents& parents : {invoice, unknown_invoice}) {
    EXPECT_EQ(WaitFor(parents, now, registration_over), ParentWait::kYes);
    EXPECT_EQ(WaitFor(parents, now, invoice_over), ParentWait::kOverdue);
  }
  EXPECT_EQ(WaitFor(both, now, registration_over), ParentWait::kYes);
  EXPECT_EQ(WaitFor(both, now, invoice_over), ParentWait::kYes);
  EXPECT_EQ(WaitFor(both, now, over), ParentWait::kOverdue);
}

TEST_F(ReleaseRules, ParentsAreEarlierOpenMessagesOfTheSameTaxpayer) {
  const MessageMeta invoice = Taken({.id = "1", .type = 203, .claims = {"7"}});
  const MessageMeta registration = Taken({.id = "2", .cls = MessageClass::kRegistration, .type = 100});
  MessageMeta notice = Taken({.id = "3", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}});
  const auto open = [&](bool acknowledged_ends = false) {
    const Parents parents = OpenParents(*store, notice, acknowledged_ends);
    EXPECT_FALSE(parents.unknown_invoice || parents.unknown_registration);
    return std::to_string(parents.invoices.size()) + std::to_string(parents.registrations.size());
  };
  EXPECT_EQ(open(), "11");
  const uint64_t place = std::exchange(notice.acceptance, invoice.acceptance);
  EXPECT_EQ(open(), "00") << "as if it had come first";
  notice.acceptance = place;
  const TaxCode own = notice.mst;
  notice.mst = TaxCode::Trusted("0302222222");
  EXPECT_EQ(open(), "00");
  notice.mst = own;
  for (const MessageMeta& parent : {invoice, registration})
    Move(parent, EventKind::kWorkItem, Stage::kWorkItem, "dispatch.waited");
  EXPECT_EQ(open(), "00") << "a person looks at them";
}

TEST_F(ReleaseRules, The999OfAParentEndsTheWaitBySwitchAndItsAnswerAlways) {
  const MessageMeta invoice = Taken({.id = "1", .type = 203, .claims = {"7"}});
  const MessageMeta notice = Taken({.id = "3", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}});
  AttemptIntent intent{
      .gateway_id = invoice.gateway_id, .at = clock->Now(), .not_after = kForever, .line = options.line};
  ASSERT_TRUE(store->RecordAttempts(fence_, {intent}).value()[0].ok());
  ASSERT_TRUE(store->Settle(fence_, {{invoice.gateway_id, 1, Settlement::Outcome::kSent, clock->Now(), "", ""}}).ok());
  Answer(invoice.gateway_id, Stage::kAcknowledged, EventKind::kAcknowledged);
  EXPECT_EQ(OpenParents(*store, notice, false).invoices.size(), 1U);
  EXPECT_EQ(OpenParents(*store, notice, true).invoices.size(), 0U);
  Answer(invoice.gateway_id, Stage::kAnswered);
  EXPECT_EQ(OpenParents(*store, notice, false).invoices.size(), 0U);
}

TEST_F(ReleaseRules, WhatCannotBeReadCountsAsOpenAndAsNobodysWord) {
  const MessageMeta notice = Taken({.id = "3", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}});
  store->SetReads(MemoryStore::Reads::kFail);
  const Parents parents = OpenParents(*store, notice, false);
  EXPECT_TRUE(parents.unknown_invoice);
  EXPECT_TRUE(parents.unknown_registration);
  EXPECT_FALSE(IsReleasedByOperator(*store, notice.gateway_id, "dispatch.held_mandate"));
}

TEST_F(ReleaseRules, AnOperatorsWordIsAboutTheHoldBeforeIt) {
  const MessageMeta meta = Taken({.id = "1"});
  const auto released = [&](const char* reason) { return IsReleasedByOperator(*store, meta.gateway_id, reason); };
  EXPECT_FALSE(released("dispatch.held_mandate"));
  Move(meta, EventKind::kHeld, Stage::kHeld, "dispatch.held_agreement");
  Move(meta, EventKind::kReleased, Stage::kQueued);
  EXPECT_FALSE(released("dispatch.held_agreement")) << "it went by itself";
  Move(meta, EventKind::kHeld, Stage::kHeld, "dispatch.held_mandate");
  EXPECT_FALSE(released("dispatch.held_mandate"));
  Move(meta, EventKind::kResolved, Stage::kQueued);
  EXPECT_TRUE(released("dispatch.held_mandate"));
  EXPECT_FALSE(released("dispatch.held_agreement"));
  Move(meta, EventKind::kHeld, Stage::kHeld, "dispatch.held_agreement");
  EXPECT_TRUE(released("dispatch.held_mandate")) << "it still stands";
}

}  // namespace
}  // namespace tvan
