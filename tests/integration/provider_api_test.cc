// Solution providers at the gateway's door: real TLS, real gRPC, real store, the simulated authority behind it.
#include <gmock/gmock.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/support/byte_buffer.h>

#include <set>

#include "gateway/seal/seal.h"
#include "tests/integration/api_world.h"

namespace tvan {
namespace {

using testing::HasSubstr;

class ProviderApi : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = new ApiWorld();
    ASSERT_TRUE(world_->Start().ok());
    world_->PutContract("acme", "acme", "0101234567");
    world_->PutContract("beta", "beta", "0101234567");
  }
  static void TearDownTestSuite() {
    delete world_;
    world_ = nullptr;
  }
  static int Next() { return ++number_; }

  static grpc::Status Submit(const std::string& client, const std::string& bytes, v1::SubmitMessageResponse& response) {
    v1::SubmitMessageRequest request;
    request.set_request_id("one");
    request.mutable_document()->set_tdiep(bytes);
    grpc::ClientContext context;
    return world_->Relay(client)->SubmitMessage(&context, request, &response);
  }
  static v1::SubmitMessageResponse Accepted(const std::string& client, const std::string& bytes) {
    v1::SubmitMessageResponse response;
    const grpc::Status status = Submit(client, bytes, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(response.has_receipt()) << response.ShortDebugString();
    return response;
  }
  static std::string KeySet() {
    grpc::ClientContext context;
    v1::GetKeySetResponse keys;
    EXPECT_TRUE(world_->Relay("acme")->GetKeySet(&context, {}, &keys).ok());
    return keys.json();
  }

  static ApiWorld* world_;
  static int number_;
};
ApiWorld* ProviderApi::world_ = nullptr;
int ProviderApi::number_ = 0;

TEST_F(ProviderApi, GivesAReceiptThatVerifiesAgainstThePublishedKeys) {
  const auto response = Accepted("acme", world_->Message(Next()));
  EXPECT_EQ(response.request_id(), "one");
  EXPECT_EQ(response.receipt().durability(), "FLUSHED_LOCAL");
  const auto facts = Unseal(response.receipt().jws(), kReceiptType, KeySet());
  ASSERT_TRUE(facts.ok()) << facts.status().ToString();
  EXPECT_THAT(*facts, HasSubstr(response.receipt().sha256()));
}

TEST_F(ProviderApi, AnswersARepeatedSubmitWithTheStoredBytes) {
  const std::string bytes = world_->Message(Next());
  const auto first = Accepted("acme", bytes), second = Accepted("acme", bytes);
  EXPECT_FALSE(first.already_accepted());
  EXPECT_TRUE(second.already_accepted());
  EXPECT_EQ(first.receipt().SerializeAsString(), second.receipt().SerializeAsString());
  EXPECT_EQ(first.ack999(), second.ack999());
}

TEST_F(ProviderApi, RejectsWithFindingsNotWithAnError) {
  v1::SubmitMessageResponse response;
  const grpc::Status status = Submit("acme", "<TDiep/>", response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_TRUE(response.has_rejection());
  EXPECT_GT(response.rejection().findings_size(), 0);
  EXPECT_THAT(response.ack999(), HasSubstr("<TTTNhan>1</TTTNhan>"));
}

TEST_F(ProviderApi, RefusesByNameWhatIsTooLarge) {
  const std::string good = world_->Message(Next());
  const size_t most = XmlLimits().max_bytes;
  std::string large = good + std::string(most - good.size(), '\n');
  Accepted("acme", large);
  v1::SubmitMessageResponse response;
  ASSERT_TRUE(Submit("acme", large + "\n", response).ok());
  ASSERT_EQ(response.rejection().findings_size(), 1);
  EXPECT_EQ(response.rejection().findings(0).rule_id(), "xml.too_large");
  EXPECT_EQ(Submit("acme", std::string(5 << 20, 'x'), response).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ProviderApi, TakesAMessageOfTheFullSizeWhoseHeaderGrows) {
  std::string bytes = world_->Message(Next());
  const size_t id = bytes.find("<MTDiep>") + 8;
  bytes.replace(id, bytes.find('<', id) - id, "x");  // ours is longer
  const std::string open = "<DLieu>";
  bytes.insert(bytes.find(open) + open.size(), XmlLimits().max_bytes - bytes.size(), '\n');
  Accepted("acme", bytes);
}

TEST_F(ProviderApi, KnowsNobodyByACertificateOfNoContract) {
  v1::SubmitMessageResponse response;
  const grpc::Status status = Submit("stranger", world_->Message(Next()), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonOf(status), "intake.unknown_certificate");
}

TEST_F(ProviderApi, LetsNobodyInWithoutACertificate) {
  v1::SubmitMessageResponse response;
  EXPECT_EQ(Submit("", world_->Message(Next()), response).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ProviderApi, RefusesARequestWithoutADocument) {
  grpc::ClientContext context;
  v1::SubmitMessageResponse response;
  const grpc::Status status = world_->Relay("acme")->SubmitMessage(&context, {}, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "intake.bad_request");
}

TEST_F(ProviderApi, AForeignMessageIsNotSeen) {
  const auto accepted = Accepted("acme", world_->Message(Next()));
  v1::GetMessageRequest request;
  request.set_gateway_mtdiep(accepted.receipt().gateway_mtdiep());
  v1::GetMessageResponse own, foreign;
  grpc::ClientContext first, second;
  ASSERT_TRUE(world_->Relay("acme")->GetMessage(&first, request, &own).ok());
  ASSERT_TRUE(world_->Relay("beta")->GetMessage(&second, request, &foreign).ok());
  EXPECT_EQ(own.seen(), v1::GetMessageResponse::SEEN);
  EXPECT_EQ(own.message().receipt().jws(), accepted.receipt().jws());
  EXPECT_EQ(foreign.seen(), v1::GetMessageResponse::NOT_SEEN);
  EXPECT_FALSE(foreign.has_message());
}

TEST_F(ProviderApi, AnswersEveryRequestOfAStreamExactlyOnce) {
  constexpr int kGood = 150;  // more than may be in flight
  grpc::ClientContext context;
  const auto relay = world_->Relay("acme");
  const auto stream = relay->SubmitMessages(&context);
  std::multiset<std::string> expected;
  v1::SubmitMessageRequest request;
  for (int i = 0; i < kGood; ++i) {
    request.set_request_id("r" + std::to_string(i));
    request.mutable_document()->set_tdiep(world_->Message(Next()));
    expected.insert(request.request_id());
    ASSERT_TRUE(stream->Write(request));
  }
  request.set_request_id("bad");
  request.mutable_document()->set_tdiep("<TDiep/>");
  ASSERT_TRUE(stream->Write(request));
  request.set_request_id("");
  ASSERT_TRUE(stream->Write(request));
  expected.insert({"bad", ""});
  stream->WritesDone();
  std::multiset<std::string> answered;
  v1::SubmitMessageResponse response;
  while (stream->Read(&response)) {
    answered.insert(response.request_id());
    const auto wanted = response.request_id() == "bad"  ? v1::SubmitMessageResponse::kRejection
                        : response.request_id().empty() ? v1::SubmitMessageResponse::kError
                                                        : v1::SubmitMessageResponse::kReceipt;
    EXPECT_EQ(response.outcome_case(), wanted) << response.ShortDebugString();
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answered, expected);
}

TEST_F(ProviderApi, EndsAStreamOfAStranger) {
  grpc::ClientContext context;
  const auto relay = world_->Relay("stranger");
  const auto stream = relay->SubmitMessages(&context);
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(ProviderApi, SurvivesAStreamThatIsCut) {
  {
    grpc::ClientContext context;
    const auto relay = world_->Relay("acme");
    const auto stream = relay->SubmitMessages(&context);
    v1::SubmitMessageRequest request;
    request.set_request_id("cut");
    request.mutable_document()->set_tdiep(world_->Message(Next()));
    ASSERT_TRUE(stream->Write(request));
    context.TryCancel();
    EXPECT_FALSE(stream->Finish().ok());
  }
  Accepted("acme", world_->Message(Next()));
}

// The standard health service, in its wire form: no compiled health.proto is packaged.
TEST_F(ProviderApi, HealthIsGreen) {
  const auto channel = world_->Channel("acme", world_->gateway->provider_port());
  const grpc::internal::RpcMethod check("/grpc.health.v1.Health/Check", grpc::internal::RpcMethod::NORMAL_RPC);
  grpc::ClientContext context;
  const grpc::Slice nothing("");
  grpc::ByteBuffer request(&nothing, 1), response;
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), check, &context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  grpc::Slice bytes;
  ASSERT_TRUE(response.DumpToSingleSlice(&bytes).ok());
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.begin()), bytes.size()), "\x08\x01") << "status: SERVING";
}

}  // namespace
}  // namespace tvan
