// The rules that need history, with the twins of each: what it forbids, and the nearest thing that it does not.
#include "store/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/core/relation.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = RelationKind;

InvoiceKey Invoice(int n) { return {TaxCode::Trusted("0101234567"), "1", "C26TAA", std::to_string(n)}; }
Holder By(const std::string& id) {
  return {MessageId::Trusted(id), ProviderId::Trusted("alpha"), TaxCode::Trusted("0101234567"), {1}};
}
RegisterCode Code(const std::string& range, int n) {
  return {"M1-26-" + range + "-0000000000" + std::to_string(n), Invoice(n)};
}

// Files invoice 100, which stands to invoice 1 in this relation; a notice or a table files none.
NewMessage Message(Kind kind) {
  NewMessage message;
  message.gateway_id = MessageId::Trusted("V1");
  message.mst = TaxCode::Trusted("0101234567");
  const bool files = kind == Kind::kReplaces || kind == Kind::kAdjusts;
  if (files) message.claims = {Invoice(100)};
  message.relations = {{kind, Invoice(1), files ? std::optional<InvoiceKey>(Invoice(100)) : std::nullopt}};
  return message;
}

OriginalFact Plain() { return {.held = true, .whole = true, .filed_by = By("V0")}; }
OriginalFact FollowedBy(Kind kind) {
  OriginalFact original = Plain();
  original.followers = {{kind, By("V0" + std::to_string(static_cast<int>(kind)))}};
  return original;
}
OriginalFact Being(Kind kind) {
  OriginalFact original = Plain();
  original.itself = kind;
  return original;
}
OriginalFact Refused() { return {.refused = true, .filed_by = By("V0")}; }
// Held, and followed, but not all of its life.
OriginalFact Gappy(OriginalFact original) {
  original.whole = false;
  return original;
}

std::vector<std::string> Rules(const NewMessage& message, HistoryFacts facts) {
  std::vector<std::string> rules;
  for (const HistoryFinding& found : JudgeHistory(message, std::move(facts)))
    rules.push_back(std::string(found.rule.text()) + (found.refuses ? "" : " (told)"));
  return rules;
}
std::vector<std::string> Rules(Kind kind, const OriginalFact& original) {
  HistoryFacts facts;
  facts.originals.emplace(Invoice(1), original);
  return Rules(Message(kind), std::move(facts));
}

struct Twin {
  Kind asked;
  OriginalFact original;
  std::vector<std::string> said;
};

const std::string kUnknown = "history.unknown (told)";

TEST(Judge, RefusesEveryContradictionAndAcceptsItsTwin) {
  const Twin twins[] = {
      // a replacement: the replaced one is not cancelled, not adjusted, not replaced, and no adjustment
      {Kind::kReplaces, Plain(), {}},
      {Kind::kReplaces, FollowedBy(Kind::kCancels), {"guard.replaced_cancelled"}},
      {Kind::kReplaces, FollowedBy(Kind::kAdjusts), {"guard.replaced_adjusted"}},
      {Kind::kReplaces, FollowedBy(Kind::kReplaces), {"guard.replaced_twice"}},
      {Kind::kReplaces, Being(Kind::kAdjusts), {"guard.replaces_adjustment"}},
      {Kind::kReplaces, Being(Kind::kReplaces), {}},
      {Kind::kReplaces, Refused(), {"guard.original_refused (told)"}},
      // an adjustment: the adjusted one may have been adjusted before
      {Kind::kAdjusts, Plain(), {}},
      {Kind::kAdjusts, FollowedBy(Kind::kCancels), {"guard.adjusted_cancelled"}},
      {Kind::kAdjusts, FollowedBy(Kind::kReplaces), {"guard.adjusted_replaced"}},
      {Kind::kAdjusts, FollowedBy(Kind::kAdjusts), {}},
      {Kind::kAdjusts, Being(Kind::kReplaces), {"guard.adjusts_replacement"}},
      {Kind::kAdjusts, Being(Kind::kAdjusts), {"guard.adjusts_adjustment"}},
      {Kind::kAdjusts, Refused(), {"guard.original_refused (told)"}},
      // a summary table's cancellation needs its notice
      {Kind::kListsCancelled, FollowedBy(Kind::kCancels), {}},
      {Kind::kListsCancelled, Plain(), {"summary.cancelled_without_notice"}},
      {Kind::kListsCancelled, FollowedBy(Kind::kAdjusts), {"summary.cancelled_without_notice"}},
      {Kind::kListsCancelled, Refused(), {kUnknown}},
      // a notice is told, never refused
      {Kind::kCancels, Plain(), {}},
      {Kind::kCancels, FollowedBy(Kind::kReplaces), {}},
      {Kind::kCancels, Refused(), {"notice.invoice_refused (told)"}},
      {Kind::kNames, Refused(), {"notice.invoice_refused (told)"}},
      {Kind::kNames, Plain(), {}},
  };
  int row = 0;
  for (const Twin& twin : twins) EXPECT_EQ(Rules(twin.asked, twin.original), twin.said) << "row " << row++;
}

TEST(Judge, OnlyTellsWhatItDoesNotHold) {
  for (const Kind kind : {Kind::kReplaces, Kind::kAdjusts, Kind::kListsCancelled}) {
    EXPECT_THAT(Rules(kind, OriginalFact()), ElementsAre(kUnknown));
    EXPECT_THAT(Rules(kind, Gappy(Plain())), ElementsAre(kUnknown));
  }
  EXPECT_THAT(Rules(Kind::kCancels, OriginalFact()), IsEmpty()) << "a notice asks nothing that must be known";
}

TEST(Judge, ContradictsByWhatItHoldsOfAnOriginalWithGaps) {
  EXPECT_THAT(Rules(Kind::kReplaces, Gappy(FollowedBy(Kind::kCancels))), ElementsAre("guard.replaced_cancelled"));
  EXPECT_THAT(Rules(Kind::kListsCancelled, Gappy(FollowedBy(Kind::kCancels))), IsEmpty());
  OriginalFact elsewhere;  // filed through another T-VAN, replaced through this one
  elsewhere.followers = {{Kind::kReplaces, By("V02")}};
  EXPECT_THAT(Rules(Kind::kReplaces, elsewhere), ElementsAre("guard.replaced_twice"));
}

TEST(Judge, SaysEveryContradictionWithItsMessage) {
  OriginalFact original = Being(Kind::kAdjusts);
  original.followers = {{Kind::kCancels, By("V03")}, {Kind::kAdjusts, By("V02")}};
  HistoryFacts facts;
  facts.originals.emplace(Invoice(1), original);
  const auto found = JudgeHistory(Message(Kind::kReplaces), facts);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].rule, "guard.replaced_cancelled"_reason);
  EXPECT_EQ(found[0].with->gateway_id.value(), "V03");
  EXPECT_EQ(found[1].rule, "guard.replaced_adjusted"_reason);
  EXPECT_EQ(found[1].with->gateway_id.value(), "V02");
  EXPECT_EQ(found[2].rule, "guard.replaces_adjustment"_reason);
  EXPECT_EQ(found[2].with->gateway_id.value(), "V0");
  EXPECT_EQ(found[2].invoice, Invoice(1));
}

TEST(Judge, TwoItemsOfOneMessageMayContradictEachOther) {
  NewMessage message = Message(Kind::kReplaces);
  message.claims.push_back(Invoice(101));
  HistoryFacts facts;
  facts.originals.emplace(Invoice(1), Plain());
  message.relations.push_back({Kind::kReplaces, Invoice(1), Invoice(101)});
  EXPECT_THAT(Rules(message, facts), ElementsAre("guard.replaced_twice"));
  message.relations[1].original = Invoice(2);
  facts.originals.emplace(Invoice(2), Plain());
  EXPECT_THAT(Rules(message, facts), IsEmpty());
  message.relations[0].kind = message.relations[1].kind = Kind::kAdjusts;
  message.relations[1].original = Invoice(1);
  EXPECT_THAT(Rules(message, facts), IsEmpty()) << "two adjustments of one";
}

TEST(Judge, KnowsAnOriginalOfTheSameMessage) {
  NewMessage message = Message(Kind::kReplaces);
  message.claims.push_back(Invoice(1));
  HistoryFacts facts;
  facts.originals.emplace(Invoice(1), OriginalFact());
  EXPECT_THAT(Rules(message, facts), IsEmpty());
  message.relations.push_back({Kind::kAdjusts, Invoice(2), Invoice(1)});
  facts.originals.emplace(Invoice(2), Plain());
  EXPECT_THAT(Rules(message, facts), ElementsAre("guard.replaces_adjustment"));
}

TEST(Judge, AnInvoiceThatAnotherMessageHoldsIsTaken) {
  NewMessage message;
  message.claims = {Invoice(1), Invoice(2)};
  EXPECT_THAT(Rules(message, {}), IsEmpty());
  HistoryFacts facts;
  facts.claimed.emplace(Invoice(2), By("V02"));
  EXPECT_THAT(Rules(message, facts), ElementsAre("intake.invoice_claimed"));
}

TEST(Judge, ACodeIsOfTheTaxpayersRangeAndFree) {
  NewMessage message;
  message.claims = {Invoice(1), Invoice(2)};
  message.codes = {Code("A1B2C", 1), Code("A1B2C", 2)};
  HistoryFacts facts;
  facts.ranges = {"ZZZZZ", "A1B2C"};
  facts.ranges_whole = true;
  EXPECT_THAT(Rules(message, facts), IsEmpty());
  facts.codes.emplace(message.codes[1].code, By("V02"));
  EXPECT_THAT(Rules(message, facts), ElementsAre("invoice.code_taken"));
  facts.codes.clear();
  facts.ranges = {"ZZZZZ"};
  EXPECT_THAT(Rules(message, facts), ElementsAre("invoice.code_range", "invoice.code_range"));
  facts.ranges_whole = false;
  EXPECT_THAT(Rules(message, facts), ElementsAre(kUnknown)) << "a 103 may be missing: told once";
  facts.ranges = {"A1B2C"};
  EXPECT_THAT(Rules(message, facts), IsEmpty()) << "what is held holds";
  facts.ranges.clear();
  EXPECT_THAT(Rules(message, facts), ElementsAre(kUnknown)) << "no 103 is held: told once";
}

TEST(Judge, WhatFollowedARefusedOriginalThroughUsContradicts) {
  OriginalFact original = Refused();
  original.followers = {{Kind::kReplaces, By("V02")}};
  EXPECT_THAT(Rules(Kind::kReplaces, original), ElementsAre("guard.replaced_twice", "guard.original_refused (told)"));
}

TEST(Judge, ContradictionsStandBeforeWhatIsOnlyTold) {
  NewMessage message = Message(Kind::kReplaces);
  message.relations.push_back({Kind::kReplaces, Invoice(2), Invoice(100)});
  HistoryFacts facts;
  facts.originals.emplace(Invoice(2), FollowedBy(Kind::kReplaces));
  EXPECT_THAT(Rules(message, facts), ElementsAre("guard.replaced_twice", kUnknown));
}

}  // namespace
}  // namespace tvan
