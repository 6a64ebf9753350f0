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

// Knows whoever is calling.
class OneCaller : public Pipeline {
 public:
  Result<ProviderId> Identify(const std::string&) const override { return caller; }
  void Submit(SubmitInput, SubmitDone done) override { done({}); }
  void Check(SubmitInput, CheckDone done) override { done({}); }
  uint64_t Drain(Span) override { return 0; }
  ProviderId caller = kAcme;
};

class RelayTest : public testing::Test {
 protected:
  RelayTest() {
    RelayOptions options;
    options.max_reads_per_provider = 1;
    service_ = MakeRelayService(options, {pipeline_, queries_, *reads_, reading_, *digester_});
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
  Queries queries_{*store_, *clock_};
  InFlight reading_{*clock_};
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

}  // namespace
}  // namespace tvan
