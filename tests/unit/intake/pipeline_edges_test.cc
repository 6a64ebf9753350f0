// The pipeline at its edges: answers that nobody reads, hostile fields, one HDon as two types, no memory.
#include <gmock/gmock.h>

#include "gateway/intake/pipeline.h"
#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

using Kind = SubmitOutcome::Kind;
using testing::Contains;
using testing::HasSubstr;

const Time kYesterday = *ParseDate("2026-11-20");
const Time kToday = *ParseDate("2026-11-21");

TEST(PipelineEdges, AnAnswerKeepsItsPlaceInFlightUntilItIsLetGo) {
  IntakeWorld world;
  world.PutContract("acme", IntakeWorld::kAcmeCertificate, ContractStatus::kActive, {Time{}, kForever}, 1);
  MessageSpec wrong = Spec203(1);
  wrong.sluong = "2";
  for (const std::string& bytes : {world.SignedBytes(Spec203(1, 1)), world.SignedBytes(wrong)}) {
    SubmitOutcome unread = world.Submit(world.Input(bytes));
    EXPECT_NE(unread.place, nullptr);
    const SubmitOutcome refused = world.Submit(world.Input(bytes));
    EXPECT_EQ(refused.failure.reason(), "intake.provider_overloaded"_reason);
    EXPECT_EQ(refused.place, nullptr) << "a failure is small";
    unread.place.reset();
    EXPECT_NE(world.Submit(world.Input(bytes)).kind, Kind::kFailure);
  }
}

TEST(PipelineEdges, AFailureGivesThePlaceInFlightBackBeforeItAnswers) {
  IntakeWorld world;
  world.PutContract("acme", IntakeWorld::kAcmeCertificate, ContractStatus::kActive, {Time{}, kForever}, 1);
  world.store->FailNextFlush(MemoryStore::FailedFlush::kLost);
  std::vector<Status> failures;
  world.pipeline->Submit(world.Signed(Spec203(1)), [&](const SubmitOutcome& failed) {
    failures.push_back(failed.failure);
    world.pipeline->Submit(world.Signed(Spec203(1)),
                           [&](const SubmitOutcome& next) { failures.push_back(next.failure); });
  });
  world.store->Flush();
  ASSERT_EQ(failures.size(), 2u);
  EXPECT_TRUE(failures[0].is_in_doubt());
  EXPECT_NE(failures[1].reason(), "intake.provider_overloaded"_reason);
}

TEST(PipelineEdges, SaysNothingAgainInA999ThatHasNotItsForm) {
  IntakeWorld world;
  const auto nack_of = [&](const std::function<void(MessageSpec&)>& change) {
    MessageSpec spec = Spec203(1);
    spec.mtdiep = "ID-1";
    spec.sluong = "2";  // rejected in any case
    change(spec);
    const SubmitOutcome outcome = world.Submit(world.Signed(spec));
    EXPECT_EQ(outcome.kind, Kind::kRejection);
    EXPECT_LT(outcome.ack999.size(), 20'000u);
    return outcome.ack999;
  };
  const std::string good = nack_of([](MessageSpec& spec) { spec.pban = "2.0.1"; });
  EXPECT_THAT(good, HasSubstr("<PBan>2.0.1</PBan>"));
  EXPECT_THAT(good, HasSubstr("<MNNhan>0109999999</MNNhan>"));
  EXPECT_THAT(good, HasSubstr("<TBao><MTDiep>ID-1</MTDiep><MNGui>0109999999</MNGui>"));
  const std::string long_text(100'000, '\'');
  EXPECT_THAT(nack_of([&](MessageSpec& spec) { spec.pban = long_text; }), HasSubstr("<PBan>2.1.0</PBan>"));
  EXPECT_THAT(nack_of([&](MessageSpec& spec) { spec.mtdiep = long_text; }), HasSubstr("<MTDTChieu/>"));
  const std::string sender = nack_of([&](MessageSpec& spec) { spec.mngui = long_text; });
  EXPECT_THAT(sender, HasSubstr("<MNNhan>0109999999</MNNhan>")) << "the contract's, as nothing usable stands there";
  EXPECT_THAT(sender, HasSubstr("<TBao><MTDiep>ID-1</MTDiep><NNhan>"));
}

TEST(PipelineEdges, TheSameHDonUnderOneReferenceIsNotAnotherTypeAsWell) {
  IntakeWorld world;
  const SubmitOutcome first = world.Submit(world.Bare(203, "r-1"));
  ASSERT_EQ(first.kind, Kind::kReceipt) << testing::PrintToString(Rules(first.findings));
  EXPECT_TRUE(world.Submit(world.Bare(203, "r-1")).already_accepted);
  const SubmitOutcome other = world.Submit(world.Bare(200, "r-1"));
  ASSERT_EQ(other.kind, Kind::kRejection);
  EXPECT_THAT(Rules(other.findings), Contains("intake.other_type"));
  EXPECT_THAT(other.findings.back().text_en, HasSubstr("203 / 200"));
}

TEST(PipelineEdges, TheSameHDonUnderOneReferenceIsNotAnotherTypeWhenTheTwoRace) {
  IntakeWorld world;
  std::vector<SubmitOutcome> outcomes;
  const auto keep = [&](SubmitOutcome outcome) { outcomes.push_back(std::move(outcome)); };
  world.pipeline->Submit(world.Bare(203, "r-1"), keep);
  world.pipeline->Submit(world.Bare(200, "r-1"), keep);
  world.store->Flush();
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(outcomes[0].kind, Kind::kReceipt);
  EXPECT_EQ(outcomes[1].kind, Kind::kRejection);
  EXPECT_THAT(Rules(outcomes[1].findings), Contains("intake.other_type"));
}

TEST(PipelineEdges, RefusesACertificateWithoutATaxCodeWhereTheOptionSaysSo) {
  IntakeWorld world;
  const auto nameless = [&](int number) {
    MessageSpec spec = Spec203(1, number);
    spec.number = number;
    return world.Input(world.SignedBytes(spec, IntakeWorld::SignedWith::kNoTaxCode));
  };
  {
    const SubmitOutcome warned = world.Submit(nameless(1));
    EXPECT_EQ(warned.kind, Kind::kReceipt);
    EXPECT_THAT(Rules(warned.findings), Contains("signature.signer_unknown"));
  }
  world.MakePipeline([](Pipeline::Options& options) { options.unknown_signer = Leniency::kRefuse; });
  const SubmitOutcome refused = world.Submit(nameless(2));
  EXPECT_EQ(refused.kind, Kind::kRejection);
  EXPECT_THAT(Rules(refused.findings), Contains("signature.signer_unknown"));
  MessageSpec named = Spec203(1, 2);
  named.number = 2;
  EXPECT_EQ(world.Submit(world.Signed(named)).kind, Kind::kReceipt);
}

TEST(PipelineEdges, UnderARefusedContractTheFullChecksAreNotRun) {
  IntakeWorld world;
  MessageSpec wrong = Spec203(1);
  wrong.sluong = "2";
  EXPECT_THAT(Rules(world.Submit(world.Signed(wrong)).findings), Contains("count.sluong_mismatch"));
  world.PutContract("acme", IntakeWorld::kAcmeCertificate, ContractStatus::kActive, {kYesterday, kToday});
  EXPECT_THAT(Rules(world.Submit(world.Signed(wrong)).findings), testing::ElementsAre("contract.provider_expired"));
}

// Finds no memory: says so, or throws.
class NoMemory final : public XmlParser {
 public:
  enum class How { kSays, kThrows };
  explicit NoMemory(How how) : how_(how) {}
  Result<std::unique_ptr<XmlDocument>> Parse(std::string) const override {
    if (how_ == How::kThrows) throw std::bad_alloc();
    return Status::Transient("xml.memory"_reason, "no memory for the parser");
  }

 private:
  const How how_;
};

TEST(PipelineEdges, WantOfMemoryIsAFailureAndNoRejection) {
  IntakeWorld world;
  for (const NoMemory::How how : {NoMemory::How::kSays, NoMemory::How::kThrows}) {
    const NoMemory parser(how);
    world.MakePipeline([](Pipeline::Options& options) { options.max_in_flight_per_provider = 1; }, &parser);
    const std::string_view reason = how == NoMemory::How::kSays ? "xml.memory" : "intake.internal";
    for (int i = 0; i < 2; ++i) {  // the second finds the place in flight free
      const SubmitOutcome outcome = world.Submit(world.Signed(Spec203(1)));
      ASSERT_EQ(outcome.kind, Kind::kFailure);
      EXPECT_EQ(outcome.failure.reason().text(), reason);
      EXPECT_TRUE(outcome.failure.is_transient());
      EXPECT_GT(outcome.retry_after.count(), 0);
      EXPECT_EQ(world.Check(world.Signed(Spec203(1))).failure.reason().text(), reason);
    }
  }
  EXPECT_EQ(world.compute.threw, 4);
  world.MakePipeline([](Pipeline::Options&) {});
  EXPECT_EQ(world.Submit(world.Signed(Spec203(1))).kind, Kind::kReceipt);
}

}  // namespace
}  // namespace tvan
