// What a provider hears of the history: an original that is not known is told and accepted, a contradiction refuses,
// by the checks or by the committer, and another provider's message is named only to who had a mandate then.
#include <gmock/gmock.h>

#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

using Kind = SubmitOutcome::Kind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const TaxCode kMst = TaxCode::Trusted("0101234567");
InvoiceKey Invoice(int n) { return {kMst, "1", "K26TAA", std::to_string(n)}; }
const std::string kCode = "M1-26-A1B2C-00000000001";

// What the test says of the next message stands beside what the real checks say.
class Relating : public Validator {
 public:
  explicit Relating(const Validator& real) : real_(real) {}
  ReadResult Read(Submission submission) const override { return real_.Read(std::move(submission)); }
  CheckedMessage Check(const ReadMessage& message, const CheckContext& context) const override {
    CheckedMessage checked = real_.Check(message, context);
    checked.relations = relations;
    checked.codes = codes;
    return checked;
  }
  std::vector<InvoiceRelation> relations;
  std::vector<RegisterCode> codes;

 private:
  const Validator& real_;
};

class History : public testing::Test {
 protected:
  History() {
    Pipeline::Options options;
    options.our_mst = TaxCode::Trusted("0309478306");
    options.message_id_key = "a key of at least thirty-two bytes";
    world_.pipeline = Pipeline::Make(options, {*world_.contracts,
                                               validator_,
                                               *world_.sealer,
                                               *world_.digester,
                                               *world_.store,
                                               world_.compute,
                                               *world_.clock,
                                               *world_.metrics,
                                               {}});
  }
  SubmitInput Files(int n, const std::string& certificate = IntakeWorld::kAcmeCertificate) {
    validator_.relations.clear();
    validator_.codes.clear();
    MessageSpec spec = Spec203(1, n);
    spec.number = n;
    return world_.Signed(spec, certificate);
  }
  SubmitInput Replaces(int n, int original, const std::string& certificate = IntakeWorld::kAcmeCertificate) {
    SubmitInput input = Files(n, certificate);
    validator_.relations = {{RelationKind::kReplaces, Invoice(original), Invoice(n)}};
    return input;
  }
  SubmitInput Coded(int n, const std::string& certificate = IntakeWorld::kAcmeCertificate) {
    SubmitInput input = Files(n, certificate);
    validator_.codes = {{kCode, Invoice(n)}};
    return input;
  }
  // From the next day on, when it is that day, beta serves the taxpayer as acme did alone before.
  void BetaTakesOverTomorrow() {
    Mandate mandate;
    mandate.provider = ProviderId::Trusted("beta");
    mandate.mst = kMst;
    mandate.dates.from = *ParseTime("2026-11-22T00:00:00+07:00");
    ASSERT_TRUE(world_.contracts->Put(mandate, {"test", "test", world_.clock->Now()}).ok());
  }
  void TheNextDay() { world_.clock->AdvanceBy(std::chrono::hours(24)); }
  void Receive103(const std::string& range) {
    IncomingAnswer answer;
    answer.answer_id = "103" + range;
    answer.bytes = std::make_shared<const std::string>("<TDiep/>");
    answer.register_range = RegisterRange{kMst, range};
    const Fence fence = world_.store->TakeOwnership();
    ASSERT_TRUE(world_.store->ReceiveAnswers(fence, LineId::Trusted("main"), {answer}, "p1").ok());
  }
  void Refuse(const MessageId& id) {
    IncomingAnswer answer;
    answer.answer_id = "204" + id.value();
    answer.bytes = std::make_shared<const std::string>("<TDiep/>");
    AnswerEffect effect;
    effect.gateway_id = id;
    effect.event = EventKind::kAnswer;
    effect.stage = Stage::kRefused;
    answer.effects = {effect};
    const Fence fence = world_.store->TakeOwnership();
    ASSERT_TRUE(world_.store->ReceiveAnswers(fence, LineId::Trusted("main"), {answer}, "p2").ok());
  }
  static std::string Texts(const SubmitOutcome& outcome) {
    std::string texts = outcome.ack999;
    for (const Finding& finding : outcome.findings) texts += finding.text_vi + finding.text_en;
    return texts;
  }

  IntakeWorld world_;
  Relating validator_{*world_.own_validator};
};

TEST_F(History, AnUnknownOriginalIsToldAndTheMessageAccepted) {
  const SubmitOutcome outcome = world_.Submit(Replaces(2, 1));
  ASSERT_EQ(outcome.kind, Kind::kReceipt);
  ASSERT_THAT(Rules(outcome.findings), ElementsAre("history.unknown"));
  EXPECT_EQ(outcome.findings[0].severity, Severity::kInfo);
  EXPECT_THAT(outcome.findings[0].text_en, HasSubstr("0101234567;1;K26TAA;1"));
}

TEST_F(History, AKnownOriginalInFlightIsNoMatter) {
  ASSERT_EQ(world_.Submit(Files(1)).kind, Kind::kReceipt);
  const SubmitOutcome outcome = world_.Submit(Replaces(2, 1));
  EXPECT_EQ(outcome.kind, Kind::kReceipt);
  EXPECT_THAT(Rules(outcome.findings), IsEmpty());
}

TEST_F(History, ASecondReplacementIsRefusedAndItsSenderToldByWhich) {
  ASSERT_EQ(world_.Submit(Files(1)).kind, Kind::kReceipt);
  const SubmitOutcome first = world_.Submit(Replaces(2, 1));
  ASSERT_EQ(first.kind, Kind::kReceipt);
  const SubmitOutcome second = world_.Submit(Replaces(3, 1));
  ASSERT_EQ(second.kind, Kind::kRejection);
  ASSERT_THAT(Rules(second.findings), ElementsAre("guard.replaced_twice"));
  EXPECT_THAT(second.findings[0].text_en, HasSubstr(first.receipt.gateway_id.value()));
  EXPECT_THAT(second.ack999, HasSubstr("<TTTNhan>1</TTTNhan>"));
  EXPECT_EQ(world_.accepted_total(), 2u);
  EXPECT_EQ(world_.Submit(Files(3)).kind, Kind::kReceipt) << "the rejection used up nothing";
}

TEST_F(History, ACheckSeesWhatASubmitWould) {
  ASSERT_EQ(world_.Submit(Files(1)).kind, Kind::kReceipt);
  ASSERT_EQ(world_.Submit(Replaces(2, 1)).kind, Kind::kReceipt);
  const CheckOutcome refused = world_.Check(Replaces(3, 1));
  EXPECT_FALSE(refused.acceptable);
  EXPECT_THAT(Rules(refused.findings), ElementsAre("guard.replaced_twice"));
  const CheckOutcome told = world_.Check(Replaces(4, 9));
  EXPECT_TRUE(told.acceptable);
  EXPECT_THAT(Rules(told.findings), ElementsAre("history.unknown"));
}

// Both pass the checks before either is stored.
TEST_F(History, OfTwoReplacementsAtTheSameTimeTheSecondIsRefusedByTheCommitter) {
  ASSERT_EQ(world_.Submit(Files(1)).kind, Kind::kReceipt);
  std::vector<SubmitOutcome> outcomes;
  const auto take = [&](SubmitOutcome outcome) { outcomes.push_back(std::move(outcome)); };
  world_.pipeline->Submit(Replaces(2, 1), take);
  world_.pipeline->Submit(Replaces(3, 1, IntakeWorld::kBetaCertificate), take);
  EXPECT_TRUE(outcomes.empty());
  world_.store->Flush();
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(outcomes[0].kind, Kind::kReceipt);
  ASSERT_EQ(outcomes[1].kind, Kind::kRejection);
  EXPECT_THAT(Rules(outcomes[1].findings), ElementsAre("guard.replaced_twice"));
  EXPECT_THAT(outcomes[1].ack999, HasSubstr("<TTTNhan>1</TTTNhan>"));
}

TEST_F(History, AnotherProvidersMessageIsNamedToWhoHadAMandateThen) {
  const SubmitOutcome first = world_.Submit(Files(1));
  TheNextDay();
  const SubmitOutcome again = world_.Submit(Files(1, IntakeWorld::kBetaCertificate));
  ASSERT_EQ(again.kind, Kind::kRejection);
  EXPECT_THAT(Rules(again.findings), ElementsAre("intake.invoice_claimed"));
  EXPECT_THAT(Texts(again), HasSubstr(first.receipt.gateway_id.value()));
}

TEST_F(History, AnotherProvidersMessageIsNotNamedToWhoHadNone) {
  BetaTakesOverTomorrow();
  const SubmitOutcome filed = world_.Submit(Files(1));
  const SubmitOutcome replaced = world_.Submit(Replaces(2, 1));
  ASSERT_EQ(replaced.kind, Kind::kReceipt);
  TheNextDay();
  for (const int n : {1, 3}) {  // the invoice itself once more; a second replacement of it
    const SubmitOutcome outcome =
        world_.Submit(n == 1 ? Files(1, IntakeWorld::kBetaCertificate) : Replaces(3, 1, IntakeWorld::kBetaCertificate));
    ASSERT_EQ(outcome.kind, Kind::kRejection);
    EXPECT_THAT(Rules(outcome.findings), ElementsAre("history.conflict"));
    EXPECT_THAT(outcome.findings[0].text_en, HasSubstr("ask your T-VAN"));
    for (const SubmitOutcome* others : {&filed, &replaced})
      EXPECT_THAT(Texts(outcome), Not(HasSubstr(others->receipt.gateway_id.value())));
    EXPECT_THAT(Texts(outcome), Not(HasSubstr("replaced")));
    EXPECT_THAT(Texts(outcome), Not(HasSubstr("acme")));
  }
}

// What is wrong is the sender's own or the authority's word, whoever filed the invoice.
TEST_F(History, AFaultThatIsNoConflictWithAMessageIsSaidWithoutNamingOne) {
  BetaTakesOverTomorrow();
  const SubmitOutcome listed = world_.Submit(Files(1)), refused = world_.Submit(Files(2));
  ASSERT_EQ(refused.kind, Kind::kReceipt);
  Refuse(refused.receipt.gateway_id);
  TheNextDay();
  const std::pair<RelationKind, std::string> faults[] = {
      {RelationKind::kListsCancelled, "summary.cancelled_without_notice"},
      {RelationKind::kAdjusts, "guard.original_refused"}};
  for (const auto& [kind, rule] : faults) {
    const int original = kind == RelationKind::kAdjusts ? 2 : 1;
    SubmitInput input = Files(2 + original, IntakeWorld::kBetaCertificate);
    validator_.relations = {{kind, Invoice(original), Invoice(2 + original)}};
    const SubmitOutcome outcome = world_.Submit(std::move(input));
    ASSERT_THAT(Rules(outcome.findings), ElementsAre(rule));
    EXPECT_THAT(Texts(outcome), HasSubstr(Invoice(original).ToString()));
    for (const SubmitOutcome* others : {&listed, &refused})
      EXPECT_THAT(Texts(outcome), Not(HasSubstr(others->receipt.gateway_id.value())));
    EXPECT_THAT(Texts(outcome), Not(HasSubstr("("))) << "no message, no time";
  }
}

TEST_F(History, ACodeIsHeldAcrossProvidersAndItsHolderNamedLikewise) {
  BetaTakesOverTomorrow();
  ASSERT_EQ(world_.Submit(Coded(1)).kind, Kind::kReceipt);
  EXPECT_THAT(Rules(world_.Submit(Coded(2)).findings), Contains("invoice.code_taken"));
  TheNextDay();
  const SubmitOutcome beta = world_.Submit(Coded(3, IntakeWorld::kBetaCertificate));
  EXPECT_EQ(beta.kind, Kind::kRejection);
  EXPECT_THAT(Rules(beta.findings), Contains("history.conflict"));
  EXPECT_THAT(Rules(beta.findings), Not(Contains("invoice.code_taken")));
}

TEST_F(History, ACodeMustBeOfTheRangeThatA103Gave) {
  const SubmitOutcome unknown = world_.Submit(Coded(1));
  EXPECT_EQ(unknown.kind, Kind::kReceipt);
  EXPECT_THAT(Rules(unknown.findings), ElementsAre("history.unknown"));
  Receive103("ZZZZZ");
  SubmitInput input = Coded(2);
  validator_.codes[0].code = "M1-26-A1B2C-00000000002";
  const SubmitOutcome foreign = world_.Submit(std::move(input));
  EXPECT_EQ(foreign.kind, Kind::kRejection);
  ASSERT_THAT(Rules(foreign.findings), ElementsAre("invoice.code_range"));
  EXPECT_THAT(foreign.findings[0].text_en, HasSubstr("A1B2C"));
  input = Coded(3);
  validator_.codes[0].code = "M1-26-ZZZZZ-00000000003";
  EXPECT_EQ(world_.Submit(std::move(input)).kind, Kind::kReceipt);
}

TEST_F(History, AStoreThatCannotBeReadIsAFailureAndNotUnknown) {
  SubmitInput input = Replaces(2, 1);
  ASSERT_EQ(world_.Submit(Files(1)).kind, Kind::kReceipt);
  input = Replaces(2, 1);
  const MessageId original = world_.store->ClaimHolder(Invoice(1)).value()->gateway_id;
  ASSERT_TRUE(world_.store->Damage(Family::kMeta, original.value()));
  const SubmitOutcome outcome = world_.Submit(std::move(input));
  ASSERT_EQ(outcome.kind, Kind::kFailure);
  EXPECT_EQ(outcome.failure.reason(), "store.damaged"_reason);
}

TEST_F(History, ManyContradictionsAreBounded) {
  ASSERT_EQ(world_.Submit(Files(1)).kind, Kind::kReceipt);
  ASSERT_EQ(world_.Submit(Replaces(2, 1)).kind, Kind::kReceipt);
  SubmitInput input = Replaces(3, 1);
  validator_.relations.resize(300, validator_.relations.front());
  const SubmitOutcome outcome = world_.Submit(std::move(input));
  EXPECT_EQ(outcome.kind, Kind::kRejection);
  ASSERT_EQ(outcome.findings.size(), 201u);
  for (size_t i = 0; i < 200; ++i) EXPECT_EQ(outcome.findings[i].rule, "guard.replaced_twice"_reason);
  EXPECT_EQ(outcome.findings.back().rule, "findings.truncated"_reason);
  EXPECT_EQ(world_.accepted_total(), 2u);
}

TEST_F(History, AReplacementOfARefusedInvoiceIsWarnedOfAndAccepted) {
  const SubmitOutcome first = world_.Submit(Files(1));
  ASSERT_EQ(first.kind, Kind::kReceipt);
  IncomingAnswer answer;
  answer.answer_id = "204";
  answer.bytes = std::make_shared<const std::string>("<TDiep/>");
  AnswerEffect refused;
  refused.gateway_id = first.receipt.gateway_id;
  refused.stage = Stage::kRefused;
  answer.effects = {refused};
  ASSERT_TRUE(
      world_.store->ReceiveAnswers(world_.store->TakeOwnership(), LineId::Trusted("main"), {answer}, "p1").ok());
  const SubmitOutcome outcome = world_.Submit(Replaces(2, 1));
  EXPECT_EQ(outcome.kind, Kind::kReceipt);
  ASSERT_THAT(Rules(outcome.findings), ElementsAre("guard.original_refused"));
  EXPECT_EQ(outcome.findings[0].severity, Severity::kWarning);
}

}  // namespace
}  // namespace tvan
