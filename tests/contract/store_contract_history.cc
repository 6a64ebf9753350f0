// What the store holds of invoices' lives, and what it says against new messages by it: relations, cash-register codes
// and their ranges, taken in the accept's act and freed with the message.
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

using Kind = RelationKind;
using Outcome = AcceptAnswer::Outcome;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kUnknown = "history.unknown";

// Message n files invoice n, which replaces or adjusts another; a notice or a table files none.
NewMessage Related(NewMessage message, int n, Kind kind, int original) {
  const bool files = kind == Kind::kReplaces || kind == Kind::kAdjusts;
  if (!files) message.claims.clear();
  message.relations = {{kind, Invoice(original), files ? std::optional<InvoiceKey>(Invoice(n)) : std::nullopt}};
  message.refers = {Invoice(original)};
  return message;
}

NewMessage Coded(NewMessage message, const std::string& code) {
  message.mltdiep = 206;
  message.cls = MessageClass::kCashRegister;
  message.codes = {{code, message.claims.front()}};
  return message;
}

const std::string kCode = "M1-26-A1B2C-00000000001";
const std::string kOtherCode = "M1-26-A1B2C-00000000002";

std::vector<std::string> Rules(const std::vector<HistoryFinding>& findings) {
  std::vector<std::string> rules;
  for (const HistoryFinding& finding : findings) rules.emplace_back(finding.rule.text());
  return rules;
}
std::vector<std::string> Asked(Store& store, const NewMessage& message) {
  const auto asked = store.AskHistory(message);
  EXPECT_TRUE(asked.ok()) << asked.status().ToString();
  return asked.ok() ? Rules(*asked) : std::vector<std::string>{"damaged"};
}

TEST_P(StoreContract, AFirstReplacementIsAcceptedAndASecondContradicts) {
  Accept(1);
  const NewMessage first = Related(Message(2), 2, Kind::kReplaces, 1);
  EXPECT_THAT(Asked(store(), first), IsEmpty());
  EXPECT_EQ(Accept(first).outcome, Outcome::kAccepted);
  EXPECT_THAT(Meta(Id(2)).relations, ElementsAre(first.relations.front()));
  const NewMessage second = Related(Message(3, "beta"), 3, Kind::kReplaces, 1);
  EXPECT_THAT(Asked(store(), second), ElementsAre("guard.replaced_twice"));
  const AcceptAnswer answer = Accept(second);
  EXPECT_EQ(answer.outcome, Outcome::kContradicted);
  ASSERT_THAT(Rules(answer.conflicts), ElementsAre("guard.replaced_twice"));
  EXPECT_EQ(answer.conflicts[0].invoice, Invoice(1));
  EXPECT_EQ(answer.conflicts[0].with->gateway_id, Id(2));
  EXPECT_EQ(answer.conflicts[0].with->provider.value(), "alpha");
  EXPECT_EQ(answer.conflicts[0].with->accepted_at, first.accepted_at);
  EXPECT_EQ(store().Measure()->accepted_total, 2u) << "nothing was written";
  // Nothing was consumed either.
  NewMessage corrected = Message(3, "beta");
  EXPECT_EQ(Accept(corrected).outcome, Outcome::kAccepted);
}

TEST_P(StoreContract, TheHistorySurvivesAKill) {
  Accept(1);
  Accept(Related(Message(2), 2, Kind::kReplaces, 1));
  Accept(Coded(Message(3), kCode));
  KillAndReopen();
  EXPECT_EQ(Accept(Related(Message(4), 4, Kind::kAdjusts, 1)).outcome, Outcome::kContradicted);
  EXPECT_EQ(Accept(Coded(Message(5), kCode)).outcome, Outcome::kContradicted);
  EXPECT_THAT(Meta(Id(3)).codes, ElementsAre(RegisterCode{kCode, Invoice(3)}));
}

TEST_P(StoreContract, AMessageDoesNotContradictItself) {
  Accept(1);
  const NewMessage message = Coded(Related(Message(2), 2, Kind::kReplaces, 1), kCode);
  Accept(message);
  EXPECT_THAT(Asked(store(), message), ElementsAre(kUnknown)) << "no 103 is held";
  EXPECT_EQ(Accept(message).outcome, Outcome::kAlreadyAccepted);
}

TEST_P(StoreContract, AnUnknownOriginalIsToldAndAccepted) {
  for (const Kind kind : {Kind::kReplaces, Kind::kAdjusts, Kind::kListsCancelled}) {
    const int n = 10 + static_cast<int>(kind);
    const NewMessage message = Related(Message(n), n, kind, n - 10);
    EXPECT_THAT(Asked(store(), message), Contains(kUnknown));
    EXPECT_EQ(Accept(message).outcome, Outcome::kAccepted);
  }
  const NewMessage known = Related(Message(20), 20, Kind::kAdjusts, 11);
  EXPECT_THAT(Asked(store(), known), ElementsAre("guard.adjusts_replacement")) << "11 is a replacement that we hold";
}

TEST_P(StoreContract, AnOriginalInFlightIsKnownAndAnAnsweredOneToo) {
  Accept(1);
  EXPECT_THAT(Asked(store(), Related(Message(2), 2, Kind::kReplaces, 1)), IsEmpty());
  Receive(1, Effect(Id(1), Stage::kAnswered));
  EXPECT_THAT(Asked(store(), Related(Message(2), 2, Kind::kReplaces, 1)), IsEmpty());
}

// It may have been filed again through another T-VAN.
TEST_P(StoreContract, ARefusedOriginalIsToldAndForbidsNothing) {
  Accept(1);
  Receive(1, Effect(Id(1), Stage::kRefused));
  const NewMessage follower = Related(Message(2), 2, Kind::kReplaces, 1);
  EXPECT_THAT(Asked(store(), follower), ElementsAre("guard.original_refused"));
  EXPECT_EQ(Accept(follower).outcome, Outcome::kAccepted);
  const AcceptAnswer second = Accept(Related(Message(3), 3, Kind::kReplaces, 1));
  EXPECT_THAT(Rules(second.conflicts), ElementsAre("guard.replaced_twice")) << "what followed it through us is held";
}

TEST_P(StoreContract, ARefusedOriginalThatIsFiledAgainIsNoMatter) {
  Accept(1);
  Receive(1, Effect(Id(1), Stage::kRefused));
  const NewMessage follower = Related(Message(2), 2, Kind::kReplaces, 1);
  EXPECT_THAT(Asked(store(), follower), ElementsAre("guard.original_refused"));
  EXPECT_THAT(Asked(store(), Related(Message(4), 4, Kind::kCancels, 1)), ElementsAre("notice.invoice_refused"));
  NewMessage again = Message(3);
  again.claims = {Invoice(1)};
  Accept(again);
  EXPECT_THAT(Asked(store(), follower), IsEmpty());
}

TEST_P(StoreContract, AnOriginalRefusedPerItemDoesNotExistAndItsNeighbourDoes) {
  NewMessage package = Message(1);
  package.claims = {Invoice(1), Invoice(2)};
  Accept(package);
  AnswerEffect partly = Effect(Id(1), Stage::kPartly);
  partly.released_claims = {Invoice(2)};
  Receive(1, partly);
  EXPECT_THAT(Asked(store(), Related(Message(3), 3, Kind::kAdjusts, 2)), ElementsAre("guard.original_refused"));
  EXPECT_THAT(Asked(store(), Related(Message(3), 3, Kind::kAdjusts, 1)), IsEmpty());
}

TEST_P(StoreContract, AWithdrawnOriginalIsUnknown) {
  Accept(1);
  ASSERT_TRUE(store().Withdraw({ProviderId::Trusted("alpha"), Id(1), At(2000), "proof"}).ok());
  EXPECT_THAT(Asked(store(), Related(Message(2), 2, Kind::kReplaces, 1)), ElementsAre(kUnknown));
}

TEST_P(StoreContract, ARefusedOrWithdrawnFollowerDoesNotCount) {
  Accept(1);
  Accept(Related(Message(2), 2, Kind::kReplaces, 1));
  Receive(1, Effect(Id(2), Stage::kRefused));
  Accept(Related(Message(3), 3, Kind::kReplaces, 1));
  ASSERT_TRUE(store().Withdraw({ProviderId::Trusted("alpha"), Id(3), At(2000), "proof"}).ok());
  EXPECT_EQ(Accept(Related(Message(4), 4, Kind::kReplaces, 1)).outcome, Outcome::kAccepted);
}

TEST_P(StoreContract, ALateRealAnswerMakesARefusedFollowerCountAgain) {
  Accept(1);
  Accept(Related(Message(2), 2, Kind::kReplaces, 1));
  Receive(1, Effect(Id(2), Stage::kRefused));
  Receive(2, Effect(Id(2), Stage::kAnswered));
  EXPECT_EQ(Accept(Related(Message(3), 3, Kind::kReplaces, 1)).outcome, Outcome::kContradicted);
}

TEST_P(StoreContract, OnlyTheRefusedItemsOfAPackageStopCounting) {
  Accept(1);
  Accept(2);
  NewMessage package = Message(3);
  package.claims = {Invoice(3), Invoice(4)};
  package.codes = {{kCode, Invoice(3)}, {kOtherCode, Invoice(4)}};
  package.relations = {{Kind::kReplaces, Invoice(1), Invoice(3)}, {Kind::kReplaces, Invoice(2), Invoice(4)}};
  Accept(package);
  AnswerEffect partly = Effect(Id(3), Stage::kPartly);
  partly.released_claims = {Invoice(4)};
  Receive(1, partly);
  EXPECT_THAT(Asked(store(), Related(Message(5), 5, Kind::kReplaces, 1)), ElementsAre("guard.replaced_twice"));
  EXPECT_THAT(Asked(store(), Related(Message(5), 5, Kind::kReplaces, 2)), IsEmpty());
  EXPECT_EQ(Accept(Coded(Message(5), kCode)).outcome, Outcome::kContradicted);
  EXPECT_EQ(Accept(Coded(Message(6), kOtherCode)).outcome, Outcome::kAccepted);
}

TEST_P(StoreContract, ACancellationCountsUntilItIsRefusedForThatInvoice) {
  Accept(1);
  Accept(2);
  NewMessage notice = Related(Message(3), 3, Kind::kCancels, 1);
  notice.relations.push_back({Kind::kCancels, Invoice(2), std::nullopt});
  Accept(notice);
  EXPECT_THAT(Asked(store(), Related(Message(4), 4, Kind::kReplaces, 1)), ElementsAre("guard.replaced_cancelled"));
  AnswerEffect partly = Effect(Id(3), Stage::kPartly);
  partly.released_claims = {Invoice(1)};
  Receive(1, partly);
  EXPECT_THAT(Asked(store(), Related(Message(4), 4, Kind::kReplaces, 1)), IsEmpty());
  EXPECT_THAT(Asked(store(), Related(Message(4), 4, Kind::kReplaces, 2)), ElementsAre("guard.replaced_cancelled"));
}

TEST_P(StoreContract, ATableThatCancelsNeedsANoticeOfWhatWeHold) {
  Accept(1);
  const NewMessage table = Related(Message(3), 3, Kind::kListsCancelled, 1);
  EXPECT_EQ(Accept(table).outcome, Outcome::kContradicted);
  Accept(Related(Message(2), 2, Kind::kCancels, 1));
  EXPECT_EQ(Accept(table).outcome, Outcome::kAccepted);
  EXPECT_THAT(Meta(Id(3)).relations, IsEmpty()) << "a table's rows are asked about and not kept";
}

TEST_P(StoreContract, ACodeIsExclusiveUntilItsMessageIsRefused) {
  Accept(Coded(Message(1), kCode));
  const AcceptAnswer taken = Accept(Coded(Message(2, "beta"), kCode));
  EXPECT_EQ(taken.outcome, Outcome::kContradicted);
  ASSERT_THAT(Rules(taken.conflicts), ElementsAre("invoice.code_taken"));
  EXPECT_EQ(taken.conflicts[0].code, kCode);
  EXPECT_EQ(taken.conflicts[0].with->gateway_id, Id(1));
  Receive(1, Effect(Id(1), Stage::kRefused));
  EXPECT_EQ(Accept(Coded(Message(2, "beta"), kCode)).outcome, Outcome::kAccepted);
}

TEST_P(StoreContract, ATakenInvoiceAndATakenCodeAreSaidTogether) {
  Accept(Coded(Message(1), kCode));
  NewMessage other = Coded(Message(2, "beta"), kCode);
  other.claims = {Invoice(1)};
  other.codes = {{kCode, Invoice(1)}};
  const AcceptAnswer answer = Accept(other);
  EXPECT_EQ(answer.outcome, Outcome::kInvoiceClaimed);
  EXPECT_THAT(Rules(answer.conflicts), ElementsAre("intake.invoice_claimed", "invoice.code_taken"));
}

TEST_P(StoreContract, ACodeOfNoInvoiceOfTheMessageIsNotTaken) {
  NewMessage message = Message(1);
  message.codes = {{kCode, Invoice(2)}};
  EXPECT_EQ(TryAccept(message).status().reason(), "store.argument"_reason);
}

NewMessage Registration(NewMessage message) {
  message.mltdiep = 100;
  message.cls = MessageClass::kRegistration;
  message.claims.clear();
  return message;
}

// Answer n, a 103, gives this range.
IncomingAnswer Gives(IncomingAnswer answer, const std::string& range) {
  answer.register_range = RegisterRange{TaxCode::Trusted("0101234567"), range};
  return answer;
}

TEST_P(StoreContract, ATaxpayersOpenRegistrationsAreKnownWhicheverCameLast) {
  const auto open = [this](uint64_t before) {
    std::vector<std::string> ids;
    const auto metas = store().OpenRegistrations(TaxCode::Trusted("0101234567"), before);
    EXPECT_TRUE(metas.ok()) << metas.status().ToString();
    if (metas.ok())
      for (const MessageMeta& meta : *metas) ids.push_back(meta.key.value);
    return ids;
  };
  EXPECT_THAT(open(UINT64_MAX), IsEmpty());
  for (int n : {1, 2, 3}) Accept(Registration(Message(n)));
  NewMessage other = Registration(Message(4));
  other.mst = TaxCode::Trusted("0209999999");
  Accept(other);
  const std::string first = Meta(Id(1)).key.value, second = Meta(Id(2)).key.value, third = Meta(Id(3)).key.value;
  EXPECT_THAT(open(UINT64_MAX), ElementsAre(third, second, first));
  EXPECT_THAT(open(3), ElementsAre(second, first)) << "before the third";
  EXPECT_THAT(open(1), IsEmpty());
  Receive(1, Effect(Id(3), Stage::kRefused));
  Receive(2, Effect(Id(2), Stage::kAnswered));
  EXPECT_THAT(open(UINT64_MAX), ElementsAre(first));
  Damage(Family::kMeta, Id(1).value());
  EXPECT_EQ(store().OpenRegistrations(TaxCode::Trusted("0101234567"), UINT64_MAX).status().reason(),
            "store.damaged"_reason);
}

TEST_P(StoreContract, ARangeHoldsFromTheAnswerThatBroughtIt) {
  EXPECT_THAT(Asked(store(), Coded(Message(1), kCode)), ElementsAre(kUnknown));
  IncomingAnswer answer = Gives(Answer(1, "p1"), "ZZZZZ");
  answer.effects = {Effect(Id(9), Stage::kAnswered)};
  Receive(answer);
  EXPECT_THAT(Asked(store(), Coded(Message(1), kCode)), ElementsAre(kUnknown)) << "parked: whose it is is not known";
  Accept(Registration(Message(9)));
  EXPECT_EQ(Receive(answer).joined, 1u);
  EXPECT_EQ(store().LoadAnswer(answer.answer_id)->answer.register_range->range, "ZZZZZ");
  KillAndReopen();
  EXPECT_THAT(Asked(store(), Coded(Message(1), kCode)), ElementsAre("invoice.code_range"));
  EXPECT_EQ(Accept(Coded(Message(1), kCode)).outcome, Outcome::kContradicted);
  Receive(Gives(Answer(2, "p2"), "A1B2C"));
  EXPECT_EQ(Accept(Coded(Message(1), kCode)).outcome, Outcome::kAccepted) << "the new range holds";
  EXPECT_EQ(Accept(Coded(Message(3), "M1-26-ZZZZZ-00000000001")).outcome, Outcome::kAccepted) << "and so does the old";
  NewMessage others = Coded(Message(2), kOtherCode);
  others.mst = TaxCode::Trusted("0209999999");
  EXPECT_THAT(Asked(store(), others), ElementsAre(kUnknown)) << "another taxpayer's ranges are not its";
}

TEST_P(StoreContract, ARangeThatIsNotAmongSoManyMayHaveBeenPushedOut) {
  for (int n = 100; n < 163; ++n) Receive(Gives(Answer(n, "p" + std::to_string(n)), "ZZ" + std::to_string(n)));
  EXPECT_THAT(Asked(store(), Coded(Message(1), kCode)), ElementsAre("invoice.code_range"));
  Receive(Gives(Answer(163, "p163"), "ZZ163"));
  EXPECT_THAT(Asked(store(), Coded(Message(1), kCode)), ElementsAre(kUnknown));
  EXPECT_THAT(Asked(store(), Coded(Message(1), "M1-26-ZZ163-00000000001")), IsEmpty());
}

TEST_P(StoreContract, ACopyKnowsThatRangesMayBeMissing) {
  Receive(Gives(Answer(1, "p1"), "ZZZZZ"));
  home_->BackUp();
  home_->Restore("000000000000000000000000000000aa");
  fence_ = store().TakeOwnership();
  ASSERT_TRUE(store().EndRecovery(fence_, At(3000)).ok());
  NewMessage message = Coded(Message(1), kCode);
  message.accepted_at = At(100000000);  // long after the copy
  EXPECT_THAT(Asked(store(), message), ElementsAre(kUnknown))
      << "the one that gave it may have been lost with its life";
  EXPECT_EQ(Accept(message).outcome, Outcome::kAccepted);
  EXPECT_THAT(Asked(store(), Coded(Message(2), "M1-26-ZZZZZ-00000000001")), IsEmpty());
}

TEST_P(StoreContract, ATombstoneKeepsWhatItsMessageDid) {
  Accept(1);
  Accept(Related(Message(2), 2, Kind::kReplaces, 1));
  Accept(Coded(Message(3), kCode));
  for (int n : {1, 2, 3}) Answered(n);
  AcknowledgeAll();
  EXPECT_EQ(Purge(At(20000)).messages, 3u);
  EXPECT_EQ(Accept(Related(Message(4), 4, Kind::kReplaces, 1)).outcome, Outcome::kContradicted);
  EXPECT_EQ(Accept(Coded(Message(5), kCode)).outcome, Outcome::kContradicted);
  EXPECT_THAT(Asked(store(), Related(Message(6), 6, Kind::kReplaces, 2)), ElementsAre(kUnknown))
      << "of a purged original nothing else is known";
  EXPECT_THAT(Asked(store(), Related(Message(6), 6, Kind::kListsCancelled, 2)), ElementsAre(kUnknown));
}

TEST_P(StoreContract, OfARefusedOriginalThatWasPurgedNothingIsKnown) {
  Accept(1);
  Answered(1, Stage::kRefused);
  AcknowledgeAll();
  EXPECT_EQ(Purge(At(20000)).messages, 1u);
  EXPECT_THAT(Asked(store(), Related(Message(2), 2, Kind::kReplaces, 1)), ElementsAre(kUnknown));
}

TEST_P(StoreContract, ACopyHoldsTheHistoryAndKnowsThatMoreMayBeMissing) {
  Accept(1);
  Accept(Related(Message(2), 2, Kind::kReplaces, 1));
  Accept(5);
  home_->BackUp();
  home_->Restore("000000000000000000000000000000aa");
  fence_ = store().TakeOwnership();
  EXPECT_THAT(Asked(store(), Related(Message(3), 3, Kind::kReplaces, 1)), ElementsAre("guard.replaced_twice"));
  EXPECT_THAT(Asked(store(), Related(Message(3), 3, Kind::kReplaces, 5)), ElementsAre(kUnknown));
  EXPECT_THAT(Asked(store(), Related(Message(3), 3, Kind::kListsCancelled, 5)), ElementsAre(kUnknown))
      << "its notice may have come after the copy";
  Accept(6);
  EXPECT_THAT(Asked(store(), Related(Message(7), 7, Kind::kListsCancelled, 6)), ElementsAre(kUnknown))
      << "so soon after a copy it may be a second submission";
}

TEST_P(StoreContract, ManyFollowersAreKeptUpToABoundAndThenNotHeldToBeAll) {
  Accept(1);
  for (int n = 0; n < 70; ++n) Accept(Related(Message(100 + n), 100 + n, Kind::kAdjusts, 1));
  EXPECT_THAT(Asked(store(), Related(Message(2), 2, Kind::kReplaces, 1)), ElementsAre("guard.replaced_adjusted"));
  EXPECT_THAT(Asked(store(), Related(Message(2), 2, Kind::kListsCancelled, 1)), ElementsAre(kUnknown));
}

TEST_P(StoreContract, AHistoryThatCannotBeReadIsAnErrorAndNotUnknown) {
  Accept(1);
  Accept(Related(Message(2), 2, Kind::kReplaces, 1));
  Damage(Family::kMeta, Id(1).value());
  EXPECT_EQ(store().AskHistory(Related(Message(3), 3, Kind::kReplaces, 1)).status().reason(), "store.damaged"_reason);
  EXPECT_EQ(TryAccept(Related(Message(3), 3, Kind::kReplaces, 1)).status().reason(), "store.damaged"_reason);
}

}  // namespace
}  // namespace tvan
