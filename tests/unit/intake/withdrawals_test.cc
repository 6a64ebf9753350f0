// Void and withdraw at intake: what a provider is told, what it can prove, and what a later submit hears.
#include "gateway/intake/withdrawals.h"

#include <gmock/gmock.h>

#include <map>

#include "gateway/intake/convert.h"
#include "gateway/intake/failure.h"
#include "gateway/seal/proofs.h"
#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

using Kind = SubmitOutcome::Kind;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using Voided = v1::VoidMessageResponse;
using Withdrawn = v1::WithdrawMessageResponse;

const ProviderId kAcme = ProviderId::Trusted("acme"), kBeta = ProviderId::Trusted("beta");
const std::string kId = "0109999999-MESSAGE-0001";

// Acts when it is asked for the second time, once: when a submit's signatures are checked, which is after the look for
// a repeated id and before the acceptance.
class ActingParser final : public XmlParser {
 public:
  explicit ActingParser(std::function<void()> act) : act_(std::move(act)) {}
  Result<std::unique_ptr<XmlDocument>> Parse(std::string bytes) const override {
    if (++asked_ == 2) act_();
    return real_->Parse(std::move(bytes));
  }

 private:
  const std::function<void()> act_;
  mutable int asked_ = 0;
  const std::unique_ptr<XmlParser> real_ = MakeXmlParser(XmlLimits());
};

class WithdrawalsTest : public testing::Test {
 protected:
  // The same each time: a signature made again is another one.
  const std::string& Bytes(int number = 1) {
    MessageSpec spec = Spec203(1, number);
    spec.mtdiep = kId;
    std::string& bytes = bytes_[number];
    if (bytes.empty()) bytes = world_.SignedBytes(spec);
    return bytes;
  }
  SubmitOutcome Submit(const std::string& bytes, const char* certificate = IntakeWorld::kAcmeCertificate) {
    return world_.Submit(world_.Input(bytes, certificate));
  }
  Voided Void(const std::string& id = kId, const ProviderId& provider = kAcme) {
    v1::VoidMessageRequest request;
    request.set_provider_mtdiep(id);
    auto response = withdrawals_.Void(provider, request);
    EXPECT_TRUE(response.ok()) << response.status().ToString();
    return response.ok() ? *response : Voided();
  }
  Withdrawn Withdraw(const std::string& id = kId, const ProviderId& provider = kAcme) {
    v1::WithdrawMessageRequest request;
    request.set_provider_mtdiep(id);
    auto response = withdrawals_.Withdraw(provider, request);
    EXPECT_TRUE(response.ok()) << response.status().ToString();
    return response.ok() ? *response : Withdrawn();
  }
  std::string Facts(const v1::Proof& proof, std::string_view type) const {
    const auto facts = Unseal(proof.jws(), type, world_.sealer->KeySetJson());
    return facts.ok() ? *facts : facts.status().ToString();
  }
  void RecordAttempt(const std::string& gateway_id) {
    const Fence fence = world_.store->TakeOwnership();
    const auto answer = world_.store->RecordAttempts(
        fence, {{.gateway_id = MessageId::Trusted(gateway_id), .line = LineId::Trusted("main")}});
    ASSERT_TRUE(answer.ok() && answer->front().ok());
  }

  IntakeWorld world_;
  std::map<int, std::string> bytes_;
  Withdrawals withdrawals_{*world_.store, *world_.sealer, *world_.clock, *world_.metrics};
};

TEST_F(WithdrawalsTest, AVoidedIdGetsARejectionWithTheProofWhateverTheBytes) {
  const Voided voided = Void();
  ASSERT_EQ(voided.outcome(), Voided::VOIDED);
  const std::string facts = Facts(voided.proof(), kVoidType);
  EXPECT_THAT(facts, HasSubstr("\"provider\":\"acme\""));
  EXPECT_THAT(facts, HasSubstr("\"provider_mtdiep\":\"" + kId + "\""));
  EXPECT_THAT(facts, HasSubstr("\"voided_at\":\""));
  for (const int number : {1, 2}) {
    const SubmitOutcome outcome = Submit(Bytes(number));
    ASSERT_EQ(outcome.kind, Kind::kRejection);
    EXPECT_THAT(Rules(outcome.findings), Contains("intake.voided"));
    EXPECT_EQ(outcome.proof.jws, voided.proof().jws());
    EXPECT_THAT(outcome.ack999, HasSubstr("<TTTNhan>1</TTTNhan>"));
    v1::SubmitMessageResponse response;
    ToProto(outcome, response);
    EXPECT_EQ(response.rejection().proof().jws(), voided.proof().jws());
  }
  EXPECT_FALSE(world_.Check(world_.Input(Bytes())).acceptable);
  EXPECT_EQ(world_.accepted_total(), 0u);
}

TEST_F(WithdrawalsTest, ARepeatedVoidIsAnsweredWithTheFirstProof) {
  const Voided first = Void();
  world_.clock->AdvanceBy(std::chrono::seconds(60));
  const Voided second = Void();
  EXPECT_EQ(second.outcome(), Voided::ALREADY_VOIDED);
  EXPECT_EQ(second.proof().SerializeAsString(), first.proof().SerializeAsString());
}

TEST_F(WithdrawalsTest, ASeenIdIsNotVoidedAndItsStateIsSaid) {
  const SubmitOutcome accepted = Submit(Bytes());
  ASSERT_EQ(accepted.kind, Kind::kReceipt);
  const Voided answer = Void();
  EXPECT_EQ(answer.outcome(), Voided::SEEN);
  EXPECT_FALSE(answer.has_proof());
  EXPECT_EQ(answer.message().state(), v1::MESSAGE_STATE_QUEUED);
  EXPECT_EQ(answer.message().gateway_mtdiep(), accepted.receipt.gateway_id.value());
  EXPECT_EQ(Void(kId, kBeta).outcome(), Voided::VOIDED) << "another provider's id is another id";
  EXPECT_TRUE(Submit(Bytes()).already_accepted);
}

TEST_F(WithdrawalsTest, AVoidThatComesBetweenTheChecksAndTheAcceptanceWins) {
  Voided voided;
  const ActingParser parser([&] { voided = Void(); });
  world_.MakePipeline([](Pipeline::Options&) {}, &parser);
  const SubmitOutcome outcome = Submit(Bytes());
  ASSERT_EQ(voided.outcome(), Voided::VOIDED);
  ASSERT_EQ(outcome.kind, Kind::kRejection);
  EXPECT_THAT(Rules(outcome.findings), Contains("intake.voided"));
  EXPECT_EQ(outcome.proof.jws, voided.proof().jws());
  EXPECT_EQ(world_.accepted_total(), 0u);
}

TEST_F(WithdrawalsTest, AWithdrawnMessageIsProvedAndNeverConfirmedAgain) {
  const std::string& bytes = Bytes();
  const SubmitOutcome accepted = Submit(bytes);
  const Withdrawn withdrawn = Withdraw();
  ASSERT_EQ(withdrawn.outcome(), Withdrawn::WITHDRAWN);
  EXPECT_EQ(withdrawn.message().state(), v1::MESSAGE_STATE_WITHDRAWN);
  const std::string facts = Facts(withdrawn.proof(), kWithdrawalType);
  EXPECT_THAT(facts, HasSubstr(accepted.receipt.digest.Hex()));
  EXPECT_THAT(facts, HasSubstr(accepted.receipt.gateway_id.value()));
  EXPECT_THAT(facts, HasSubstr("\"withdrawn_at\":\""));
  const SubmitOutcome again = Submit(bytes);
  ASSERT_EQ(again.kind, Kind::kRejection);
  EXPECT_THAT(Rules(again.findings), Contains("intake.withdrawn"));
  EXPECT_EQ(again.proof.jws, withdrawn.proof().jws());
  EXPECT_FALSE(world_.Check(world_.Input(bytes)).acceptable);
  const SubmitOutcome other = Submit(Bytes(2));
  EXPECT_THAT(Rules(other.findings), Contains("intake.other_bytes"));
  EXPECT_TRUE(other.proof.jws.empty());
  EXPECT_EQ(Submit(world_.SignedBytes(Spec203(1)), IntakeWorld::kBetaCertificate).kind, Kind::kReceipt)
      << "its invoice is free for another submission";
}

TEST_F(WithdrawalsTest, AnAcceptanceAndWithdrawalBetweenTheChecksAndTheAcceptanceOfARepeatedSubmitCount) {
  const std::string& bytes = Bytes();
  SubmitOutcome first;
  Withdrawn withdrawn;
  const ActingParser parser([&] {
    first = Submit(bytes);
    withdrawn = Withdraw();
  });
  world_.MakePipeline([](Pipeline::Options&) {}, &parser);
  const SubmitOutcome second = Submit(bytes);
  ASSERT_EQ(first.kind, Kind::kReceipt);
  ASSERT_EQ(withdrawn.outcome(), Withdrawn::WITHDRAWN);
  ASSERT_EQ(second.kind, Kind::kRejection);
  EXPECT_THAT(Rules(second.findings), Contains("intake.withdrawn"));
  EXPECT_EQ(second.proof.jws, withdrawn.proof().jws());
}

TEST_F(WithdrawalsTest, ARepeatedWithdrawalIsAnsweredWithTheFirstProofByEveryId) {
  const SubmitOutcome accepted = Submit(Bytes());
  const Withdrawn first = Withdraw();
  world_.clock->AdvanceBy(std::chrono::seconds(60));
  v1::WithdrawMessageRequest by_ours;
  by_ours.set_gateway_mtdiep(accepted.receipt.gateway_id.value());
  for (const Withdrawn& second : {Withdraw(), *withdrawals_.Withdraw(kAcme, by_ours)}) {
    EXPECT_EQ(second.outcome(), Withdrawn::ALREADY_WITHDRAWN);
    EXPECT_EQ(second.proof().SerializeAsString(), first.proof().SerializeAsString());
  }
  EXPECT_EQ(Void().outcome(), Voided::SEEN);
}

TEST_F(WithdrawalsTest, ABareInvoiceIsGivenUpByItsReference) {
  v1::VoidMessageRequest empty;
  empty.set_client_reference("r-1");
  ASSERT_EQ(withdrawals_.Void(kAcme, empty)->outcome(), Voided::VOIDED);
  const SubmitOutcome outcome = world_.Submit(world_.Bare(203, "r-1"));
  EXPECT_THAT(Rules(outcome.findings), Contains("intake.voided"));
  ASSERT_EQ(world_.Submit(world_.Bare(203, "r-2")).kind, Kind::kReceipt) << "the same HDon, another submission";
  v1::WithdrawMessageRequest request;
  request.set_client_reference("r-2");
  const auto withdrawn = withdrawals_.Withdraw(kAcme, request);
  ASSERT_EQ(withdrawn->outcome(), Withdrawn::WITHDRAWN);
  EXPECT_THAT(Facts(withdrawn->proof(), kWithdrawalType), HasSubstr("\"client_reference\":\"r-2\""));
  EXPECT_THAT(Rules(world_.Submit(world_.Bare(203, "r-2")).findings), Contains("intake.withdrawn"));
}

TEST_F(WithdrawalsTest, AfterAnAttemptItIsTooLateWithTheStateAndWithoutAProof) {
  const SubmitOutcome accepted = Submit(Bytes());
  RecordAttempt(accepted.receipt.gateway_id.value());
  const Withdrawn answer = Withdraw();
  EXPECT_EQ(answer.outcome(), Withdrawn::TOO_LATE);
  EXPECT_EQ(answer.reason(), "intake.too_late");
  EXPECT_EQ(answer.message().state(), v1::MESSAGE_STATE_SENDING);
  EXPECT_FALSE(answer.has_proof());
  EXPECT_TRUE(Submit(Bytes()).already_accepted) << "its receipt stands";
}

TEST_F(WithdrawalsTest, AForeignOrUnknownMessageIsNotSeen) {
  const SubmitOutcome accepted = Submit(Bytes());
  v1::WithdrawMessageRequest by_ours;
  by_ours.set_gateway_mtdiep(accepted.receipt.gateway_id.value());
  for (const Withdrawn& answer : {Withdraw(kId, kBeta), *withdrawals_.Withdraw(kBeta, by_ours), Withdraw("M-2")}) {
    EXPECT_EQ(answer.outcome(), Withdrawn::NOT_SEEN);
    EXPECT_FALSE(answer.has_proof());
    EXPECT_FALSE(answer.has_message());
    EXPECT_THAT(answer.as_of(), HasSubstr(":"));
  }
  EXPECT_TRUE(Submit(Bytes()).already_accepted);
}

TEST_F(WithdrawalsTest, AnIdThatNoSubmitCanHaveIsNoId) {
  v1::VoidMessageRequest voiding;
  v1::WithdrawMessageRequest withdrawing;
  const auto refused = [&] {
    const auto no_void = withdrawals_.Void(kAcme, voiding);
    const auto no_withdrawal = withdrawals_.Withdraw(kAcme, withdrawing);
    for (const Status& status : {no_void.status(), no_withdrawal.status()})
      EXPECT_EQ(DetailsOf(status, {}, "").code, static_cast<int>(RpcCode::kInvalidArgument)) << status.ToString();
  };
  refused();
  for (const std::string& id : {std::string(), std::string("M 1"), std::string(47, 'M')}) {
    voiding.set_provider_mtdiep(id);
    withdrawing.set_gateway_mtdiep(id);
    refused();
  }
  for (const std::string& reference : {std::string(), std::string("\t"), std::string(65, 'r')}) {
    voiding.set_client_reference(reference);
    withdrawing.set_client_reference(reference);
    refused();
  }
  voiding.set_client_reference(std::string(64, 'r'));
  EXPECT_TRUE(withdrawals_.Void(kAcme, voiding).ok());
}

TEST_F(WithdrawalsTest, WhatTheStoreCannotSayIsUnavailableAndNeverAnOutcome) {
  Submit(Bytes());
  v1::VoidMessageRequest voiding;
  voiding.set_provider_mtdiep("M-2");
  v1::WithdrawMessageRequest withdrawing;
  withdrawing.set_provider_mtdiep(kId);
  const auto unavailable = [](const Status& status) {
    const RpcDetails details = DetailsOf(status, std::chrono::seconds(1), "");
    EXPECT_EQ(details.code, static_cast<int>(RpcCode::kUnavailable)) << status.ToString();
    EXPECT_GT(details.retry_after_ms, 0);
    EXPECT_THAT(details.message, Not(HasSubstr("submit the same bytes")));
  };
  world_.store->SetReads(MemoryStore::Reads::kFail);
  unavailable(withdrawals_.Withdraw(kAcme, withdrawing).status());
  world_.store->SetReads(MemoryStore::Reads::kGood);
  world_.store->FailNextFlush(MemoryStore::FailedFlush::kWritten);
  unavailable(withdrawals_.Void(kAcme, voiding).status());
  unavailable(withdrawals_.Void(kAcme, voiding).status());
  unavailable(withdrawals_.Withdraw(kAcme, withdrawing).status());
}

TEST_F(WithdrawalsTest, ARestoredStoreLicensesNothingThatTheLostOneMayHaveTaken) {
  Submit(Bytes());
  const std::unique_ptr<MemoryStore> restored =
      world_.store->Restore(world_.store->MakeCopy(), "00000000000000000000000000000002");
  const Withdrawals withdrawals(*restored, *world_.sealer, *world_.clock, *world_.metrics);
  v1::VoidMessageRequest request;
  request.set_provider_mtdiep("M-2");
  const auto uncertain = withdrawals.Void(kAcme, request);
  EXPECT_EQ(uncertain->outcome(), Voided::UNCERTAIN);
  EXPECT_EQ(uncertain->reason(), "store.uncertain");
  EXPECT_FALSE(uncertain->has_proof());
  v1::WithdrawMessageRequest known;
  known.set_provider_mtdiep(kId);
  EXPECT_EQ(withdrawals.Withdraw(kAcme, known)->outcome(), Withdrawn::TOO_LATE) << "it may have been sent since";
  world_.clock->AdvanceBy(Recovery::kUncertain + std::chrono::seconds(1));
  EXPECT_EQ(withdrawals.Void(kAcme, request)->outcome(), Voided::VOIDED);
}

TEST_F(WithdrawalsTest, GetAndListShowWhatWasGivenUp) {
  Submit(Bytes());
  const Withdrawn withdrawn = Withdraw();
  const Voided voided = Void("M-2");
  v1::GetMessageRequest request;
  request.set_provider_mtdiep(kId);
  const auto own = world_.queries->Get(kAcme, request);
  EXPECT_EQ(own->message().state(), v1::MESSAGE_STATE_WITHDRAWN);
  EXPECT_EQ(own->message().withdrawal().jws(), withdrawn.proof().jws());
  ASSERT_EQ(own->message().events_size(), 2);
  EXPECT_EQ(own->message().events(1).kind(), "withdrawn");
  EXPECT_FALSE(own->has_voided());
  request.set_provider_mtdiep("M-2");
  const auto none = world_.queries->Get(kAcme, request);
  EXPECT_EQ(none->seen(), v1::GetMessageResponse::NOT_SEEN);
  EXPECT_EQ(none->voided().jws(), voided.proof().jws());
  EXPECT_FALSE(world_.queries->Get(kBeta, request)->has_voided());
  v1::ListMessagesRequest list;
  list.set_state(v1::MESSAGE_STATE_WITHDRAWN);
  EXPECT_EQ(world_.queries->List(kAcme, list)->messages_size(), 1);
  const std::string metrics = world_.metrics->Render();
  EXPECT_THAT(metrics, HasSubstr("tvan_intake_withdrawals_total{outcome=\"withdrawn\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("tvan_intake_voids_total{outcome=\"voided\"} 1"));
}

}  // namespace
}  // namespace tvan
