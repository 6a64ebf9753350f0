// The service over gRPC on a loopback port: the bound of one provider's questions.
#include "gateway/intake/relay_service.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "adapters/signature.h"
#include "tests/support/memory_store.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan {
namespace {

const ProviderId kAcme = ProviderId::Trusted("acme"), kBeta = ProviderId::Trusted("beta");

class NoSeal : public Sealer {
 public:
  std::string Seal(std::string_view, std::string_view payload_json) const override { return std::string(payload_json); }
  std::string kid() const override { return ""; }
  std::string KeySetJson() const override { return ""; }
};

// Knows whoever is calling.
class OneCaller : public Pipeline {
 public:
  Result<ProviderId> Identify(const std::string&) const override { return caller; }
  void Submit(SubmitInput, SubmitDone done) override { done({}); }
  void Check(SubmitInput, CheckDone done) override { done({}); }
  uint64_t Drain(Span) override { return 0; }
  ProviderId caller = kAcme;
};

Accounts::Caller CallerOf(const std::string& certificate, const Digester&) { return {certificate, {}}; }

class RelayTest : public testing::Test {
 protected:
  RelayTest() {
    RelayOptions options;
    options.max_reads_per_provider = 1;
    service_ = MakeRelayService(options, {pipeline_, queries_, withdrawals_, *reads_, reading_, *digester_, streams_,
                                          unread_, *metrics_, accounts_, CallerOf});
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::RelayService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(port_), grpc::InsecureChannelCredentials()));
  }
  ~RelayTest() override {
    server_->Shutdown();
    server_->Wait();
    reads_->Drain();
  }
  grpc::StatusCode List(const ProviderId& caller) {
    pipeline_.caller = caller;
    grpc::ClientContext context;
    v1::ListMessagesResponse response;
    return stub_->ListMessages(&context, v1::ListMessagesRequest(), &response).error_code();
  }

  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<Digester> digester_ = MakeDigester();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({}, *clock_);
  std::unique_ptr<ContractBook> contracts_ = *ContractBook::Load(*store_);
  Accounts accounts_{{}, *contracts_, *store_, *clock_};
  Queries queries_{*store_, *clock_};
  NoSeal sealer_;
  Withdrawals withdrawals_{*store_, sealer_, *clock_, *metrics_};
  InFlight reading_{*clock_}, streams_{*clock_};
  Allowance unread_{1 << 20};
  std::unique_ptr<Executor> reads_ = Executor::Make({"reads", 1, 16}, *clock_, *metrics_);
  OneCaller pipeline_;
  std::unique_ptr<grpc::Service> service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::RelayService::Stub> stub_;
};

TEST_F(RelayTest, OneProvidersQuestionsLeaveRoomForTheOthers) {
  std::shared_ptr<InFlight::Place> asking;  // a question of acme that takes long
  ASSERT_EQ(reading_.TryEnter(kAcme, 1, asking), InFlight::Entry::kTaken);
  EXPECT_EQ(List(kAcme), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(List(kBeta), grpc::StatusCode::OK);
  asking.reset();
  EXPECT_EQ(List(kAcme), grpc::StatusCode::OK);
  EXPECT_EQ(List(kAcme), grpc::StatusCode::OK) << "the place is given back with the answer";
}

TEST_F(RelayTest, WhoDoesNotReadIsRefusedAndWhoReadsNoRefusalEitherIsCutOff) {
  Allowance::Share unread(unread_, kAcme);
  unread.Set((1 << 20) + kRefusalBytes - 1);
  EXPECT_EQ(List(kAcme), grpc::StatusCode::RESOURCE_EXHAUSTED);
  unread.Set((1 << 20) + kRefusalBytes);
  EXPECT_EQ(List(kAcme), grpc::StatusCode::CANCELLED) << "gRPC holds nothing for it";
  EXPECT_EQ(List(kBeta), grpc::StatusCode::OK);
  unread.Set((1 << 20) - kCallBytes);
  EXPECT_EQ(List(kAcme), grpc::StatusCode::OK);
}

TEST_F(RelayTest, AProviderGivesUpItsOwnAndAsksAgainWhenTheStoreFails) {
  grpc::ClientContext first, second, third;
  v1::VoidMessageRequest request;
  request.set_provider_mtdiep("M-1");
  v1::VoidMessageResponse response;
  ASSERT_TRUE(stub_->VoidMessage(&first, request, &response).ok());
  EXPECT_EQ(response.outcome(), v1::VoidMessageResponse::VOIDED);
  v1::WithdrawMessageRequest withdrawing;
  withdrawing.set_provider_mtdiep("M-1");
  v1::WithdrawMessageResponse withdrawn;
  ASSERT_TRUE(stub_->WithdrawMessage(&second, withdrawing, &withdrawn).ok());
  EXPECT_EQ(withdrawn.outcome(), v1::WithdrawMessageResponse::NOT_SEEN);
  store_->FailNextFlush(MemoryStore::FailedFlush::kLost);
  request.set_provider_mtdiep("M-2");
  const grpc::Status status = stub_->VoidMessage(&third, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_NE(status.error_details().find("google.rpc.RetryInfo"), std::string::npos);
}

}  // namespace
}  // namespace tvan
