// Voiding and withdrawing over the wire: real TLS, real gRPC, real store, across a restart.
#include <gmock/gmock.h>

#include "gateway/seal/proofs.h"
#include "gateway/seal/seal.h"
#include "tests/integration/api_world.h"

namespace tvan {
namespace {

using testing::HasSubstr;
using Voided = v1::VoidMessageResponse;
using Withdrawn = v1::WithdrawMessageResponse;

class WithdrawApi : public testing::Test {
 protected:
  WithdrawApi() {
    EXPECT_TRUE(world_.Start().ok());
    world_.PutContract("acme", "acme", "0101234567");
    world_.PutContract("beta", "beta", "0101234567");
  }
  // Nothing is sent before it ends.
  void CloseTheLine() {
    admin::v1::PutWindowRequest request;
    auto& window = *request.mutable_window();
    window.set_id("now");
    const int64_t now = world_.clock->Now().us / 1'000'000;
    window.mutable_start()->set_seconds(now - 60);
    window.mutable_end()->set_seconds(now + 3600);
    window.set_reason("maintenance");
    admin::v1::PutWindowResponse response;
    grpc::ClientContext context;
    const grpc::Status status = world_.Admin()->PutWindow(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  v1::SubmitMessageResponse Submit(const std::string& client, const std::string& bytes) {
    v1::SubmitMessageRequest request;
    request.mutable_document()->set_tdiep(bytes);
    v1::SubmitMessageResponse response;
    grpc::ClientContext context;
    const grpc::Status status = world_.Relay(client)->SubmitMessage(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  Voided Void(const std::string& client, const std::string& id) {
    v1::VoidMessageRequest request;
    request.set_provider_mtdiep(id);
    Voided response;
    grpc::ClientContext context;
    const grpc::Status status = world_.Relay(client)->VoidMessage(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  Withdrawn Withdraw(const std::string& client, const std::string& gateway_id) {
    v1::WithdrawMessageRequest request;
    request.set_gateway_mtdiep(gateway_id);
    Withdrawn response;
    grpc::ClientContext context;
    const grpc::Status status = world_.Relay(client)->WithdrawMessage(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::string Facts(const v1::Proof& proof, std::string_view type) {
    v1::GetKeySetResponse keys;
    grpc::ClientContext context;
    EXPECT_TRUE(world_.Relay("acme")->GetKeySet(&context, {}, &keys).ok());
    const auto facts = Unseal(proof.jws(), type, keys.json());
    return facts.ok() ? *facts : facts.status().ToString();
  }
  static std::string IdOf(const std::string& bytes) {
    const size_t begin = bytes.find("<MTDiep>") + 8;
    return bytes.substr(begin, bytes.find('<', begin) - begin);
  }
  void Restart() {
    world_.Stop();
    ASSERT_TRUE(world_.Start().ok());
  }
  static std::string RuleOf(const v1::SubmitMessageResponse& response) {
    return response.rejection().findings_size() == 1 ? response.rejection().findings(0).rule_id() : "";
  }

  ApiWorld world_;
};

TEST_F(WithdrawApi, AVoidedIdStaysVoidedAcrossARestart) {
  const std::string bytes = world_.Message(1);
  const Voided first = Void("acme", IdOf(bytes));
  ASSERT_EQ(first.outcome(), Voided::VOIDED);
  EXPECT_THAT(Facts(first.proof(), kVoidType), HasSubstr(IdOf(bytes)));
  EXPECT_THAT(Facts(first.proof(), kReceiptType), HasSubstr("seal.type")) << "no receipt";
  Restart();
  const v1::SubmitMessageResponse refused = Submit("acme", bytes);
  EXPECT_EQ(RuleOf(refused), "intake.voided");
  EXPECT_EQ(refused.rejection().proof().jws(), first.proof().jws());
  const Voided again = Void("acme", IdOf(bytes));
  EXPECT_EQ(again.outcome(), Voided::ALREADY_VOIDED);
  EXPECT_EQ(again.proof().SerializeAsString(), first.proof().SerializeAsString());
  EXPECT_TRUE(Submit("beta", bytes).has_receipt()) << "another provider's id of the same text";
}

TEST_F(WithdrawApi, AWithdrawnMessageStaysWithdrawnAcrossARestart) {
  CloseTheLine();
  const std::string bytes = world_.Message(1);
  const std::string id = Submit("acme", bytes).receipt().gateway_mtdiep();
  EXPECT_EQ(Void("acme", IdOf(bytes)).outcome(), Voided::SEEN);
  EXPECT_EQ(Withdraw("beta", id).outcome(), Withdrawn::NOT_SEEN);
  const Withdrawn first = Withdraw("acme", id);
  ASSERT_EQ(first.outcome(), Withdrawn::WITHDRAWN);
  EXPECT_THAT(Facts(first.proof(), kWithdrawalType), HasSubstr(id));
  Restart();
  const Withdrawn again = Withdraw("acme", id);
  EXPECT_EQ(again.outcome(), Withdrawn::ALREADY_WITHDRAWN);
  EXPECT_EQ(again.proof().SerializeAsString(), first.proof().SerializeAsString());
  const v1::SubmitMessageResponse refused = Submit("acme", bytes);
  EXPECT_EQ(RuleOf(refused), "intake.withdrawn");
  EXPECT_EQ(refused.rejection().proof().jws(), first.proof().jws());
  EXPECT_TRUE(Submit("beta", bytes).has_receipt()) << "its invoice is free";
  v1::GetMessageRequest request;
  request.set_gateway_mtdiep(id);
  v1::GetMessageResponse seen;
  grpc::ClientContext context;
  ASSERT_TRUE(world_.Relay("acme")->GetMessage(&context, request, &seen).ok());
  EXPECT_EQ(seen.message().state(), v1::MESSAGE_STATE_WITHDRAWN);
  EXPECT_EQ(seen.message().withdrawal().jws(), first.proof().jws());
  EXPECT_EQ(seen.message().events().rbegin()->kind(), "withdrawn");
}

TEST_F(WithdrawApi, ARequestWithoutAnIdOrByAStrangerIsNoOutcome) {
  Voided response;
  grpc::ClientContext first, second;
  grpc::Status status = world_.Relay("acme")->VoidMessage(&first, {}, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "intake.bad_request");
  Withdrawn withdrawn;
  status = world_.Relay("stranger")->WithdrawMessage(&second, {}, &withdrawn);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

}  // namespace
}  // namespace tvan
