// What answers say of taxpayers goes into the contract book before the answer is stored.
#include <gmock/gmock.h>

#include "tests/support/watched_records.h"
#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The receiver in front of a real book, in the same store.
class Learning : public Receive {
 protected:
  Learning() {
    ProviderContract contract;
    contract.provider = ProviderId::Trusted("acme");
    contract.dates = {*ParseDate("2026-01-01"), kForever};
    contract.tax_codes = {TaxCode::Trusted("0109999999")};
    contract.certificates = {std::string(64, 'a')};
    Enter(contract);
    Enter(Served("0101234567"));
    book = real_.get();
    records_.acts.clear();
    records_.before_act = [this] {
      stored_when_learned_ = store->Measure()->answers_total;
      return std::exchange(next_, Status());
    };
  }
  ~Learning() override {
    if (receiver) receiver->Stop();
    receiver.reset();
  }
  void Enter(const ContractItem& item) { ASSERT_TRUE(real_->Put(item, {"Lan", "signed", clock->Now()}).ok()); }
  static Mandate Served(const std::string& mst) {
    Mandate mandate;
    mandate.provider = ProviderId::Trusted("acme");
    mandate.mst = TaxCode::Trusted(mst);
    mandate.dates = {*ParseDate("2026-02-01"), kForever};
    return mandate;
  }
  FakeAnswer Stop(const std::string& annotation = "VERIFIED") {
    FakeAnswer answer = Answer(108, MessageId(), AnswerVerdict::kInformation);
    answer.mst = "0101234567";
    answer.annotation = annotation;
    return answer;
  }
  // Every stop and continue that the book holds of a taxpayer, with its instant and source.
  std::vector<std::string> Known(const std::string& mst = "0101234567") const {
    std::vector<std::string> known;
    const auto taxpayer = real_->snapshot()->FindTaxpayer(TaxCode::Trusted(mst));
    if (!taxpayer) return known;
    for (const StopDecision& decision : taxpayer->decisions)
      known.push_back((decision.stop ? "stop " : "go on ") + FormatLocal(decision.from) + " " + decision.source);
    return known;
  }
  bool MayIssue(Time at) const {
    return real_->snapshot()
        ->Decide({ProviderId::Trusted("acme"), TaxCode::Trusted("0101234567"), 203, "", at})
        .allowed();
  }

  WatchedRecords records_{*store};
  std::unique_ptr<ContractBook> real_ = *ContractBook::Load(records_);
  uint64_t stored_when_learned_ = 99;
  Status next_;
};

TEST_F(Learning, ComesBeforeTheAnswerIsStored) {
  Put(Stop());
  Start();
  EXPECT_THAT(Known(), ElementsAre("stop 2026-11-21T10:00:00 TCT1"));
  EXPECT_EQ(stored_when_learned_, 0U);
  EXPECT_EQ(store->Measure()->answers_total, 1U);
  EXPECT_TRUE(MayIssue(clock->Now() - seconds(1)));
  EXPECT_FALSE(MayIssue(clock->Now()));
  const auto history = real_->History(ContractKind::kTaxpayer, "0101234567", 0, 10).value();
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].author, "TCT1");
  EXPECT_THAT(history[0].reason, testing::HasSubstr("message 108 "));
  EXPECT_EQ(history[0].changed_at, *ParseTime("2026-11-21T10:00:00+07:00"));
}

TEST_F(Learning, ThatCannotBeWrittenNowKeepsTheAnswerOnTheLine) {
  next_ = Status::Transient("store.io"_reason, "disk");
  Put(Stop());
  Start();
  EXPECT_THAT(Known(), IsEmpty());
  EXPECT_EQ(store->Measure()->answers_total, 0U);
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(Known().size(), 1U);
  EXPECT_EQ(store->Measure()->answers_total, 1U);
}

TEST_F(Learning, ThatTheStoreRefusesForGoodKeepsNoAnswerFromItsOwner) {
  next_ = Status::Permanent("store.argument"_reason, "no");
  Put(Stop());
  Start();
  EXPECT_THAT(Known(), IsEmpty());
  EXPECT_EQ(store->Measure()->answers_total, 1U);
}

// Of when it came, not of when its signature was believed.
TEST_F(Learning, WaitsForASignatureThatVerifies) {
  Put(Stop("UNVERIFIED(signature.untrusted)"));
  Start();
  EXPECT_THAT(Known(), IsEmpty());
  EXPECT_EQ(store->Measure()->answers_total, 1U);
  EXPECT_EQ(store->UndecidedAnswers(0, 10)->answers.size(), 1U);
  clock->AdvanceBy(std::chrono::hours(1));
  reader.annotate = [](const std::string&) { return std::string("VERIFIED"); };
  receiver->TrustChanged();
  clock->Settle();
  EXPECT_THAT(Known(), ElementsAre("stop 2026-11-21T10:00:00 TCT1"));
  EXPECT_THAT(store->UndecidedAnswers(0, 10)->answers, IsEmpty());
}

TEST_F(Learning, OfAnAnswerThatIsReadAgainHappensOnce) {
  Put(Stop());
  Start();
  receiver->Stop();
  Start();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(Known().size(), 1U);
  EXPECT_EQ(records_.acts.size(), 1U);
}

// As a crash between the two acts leaves it: the store takes the facts, and then no answer of this owner any more.
TEST_F(Learning, ThatWasDurableBeforeAnAnswerThatWasNotIsNotLearnedAnew) {
  records_.before_act = [this] { return static_cast<void>(store->TakeOwnership()), Status(); };
  Put(Stop());
  Start();
  EXPECT_EQ(Known().size(), 1U);
  EXPECT_EQ(store->Measure()->answers_total, 0U);
  receiver->Stop();
  records_.before_act = nullptr;
  clock->AdvanceBy(minutes(5));
  Start();
  EXPECT_EQ(store->Measure()->answers_total, 1U);
  EXPECT_THAT(Known(), ElementsAre("stop 2026-11-21T10:00:00 TCT1"));
  EXPECT_EQ(records_.acts.size(), 1U);
}

TEST_F(Learning, OfWhomNobodyServesHereNothingIsKept) {
  FakeAnswer stop = Stop();
  stop.mst = "0307777777";
  Put(stop);
  Start();
  EXPECT_THAT(Known("0307777777"), IsEmpty());
  EXPECT_EQ(records_.acts.size(), 0U);
  EXPECT_EQ(store->Measure()->answers_total, 1U);
}

TEST_F(Learning, AllRowsOfOneAnswerAreOneAct) {
  for (int i = 0; i < 20; ++i) Enter(Served("02" + std::to_string(10'000'000 + i)));
  records_.acts.clear();
  FakeAnswer answer = Answer(505, MessageId(), AnswerVerdict::kInformation);
  reader.also = [](ParsedAnswer& parsed) {
    parsed.depth_known = true;
    for (int i = 0; i < 30; ++i)
      parsed.items.push_back({.subject = AnswerSubject::kTaxCode,
                              .mst = "02" + std::to_string(10'000'000 + i),
                              .fields = {{"TThai", "03"}, {"NCNhat", "2026-11-20"}}});
  };
  Put(answer);
  Start();
  EXPECT_THAT(records_.acts, ElementsAre(20U)) << "ten of them nobody serves here";
  const auto known = real_->snapshot()->FindTaxpayer(TaxCode::Trusted("0210000019"));
  ASSERT_TRUE(known);
  EXPECT_EQ(known->statuses.at(0).since, *ParseDate("2026-11-20"));
}

}  // namespace
}  // namespace tvan
