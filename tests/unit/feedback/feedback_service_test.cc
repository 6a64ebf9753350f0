// The service on a store in memory, over gRPC on a loopback port: what a crowded read pool does to its callers.
#include "gateway/feedback/feedback_service.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <climits>

#include "gateway/validate/answer.h"
#include "tests/support/memory_store.h"
#include "tvan/v1/feedback.grpc.pb.h"

namespace tvan {
namespace {

// Refuses as often as it is told to, then works.
class CrowdedPool : public Executor {
 public:
  CrowdedPool(Clock& clock, Metrics& metrics) : pool_(Executor::Make({"reads", 1, 16}, clock, metrics)) {}
  bool TrySubmit(std::function<void()> task) override {
    if (refusals.fetch_sub(1) > 0) return false;
    return pool_->TrySubmit(std::move(task));
  }
  void Drain() override { pool_->Drain(); }
  size_t queued() const override { return pool_->queued(); }
  std::atomic<int> refusals{0};

 private:
  std::unique_ptr<Executor> pool_;
};

const ProviderId kAcme = ProviderId::Trusted("acme");

class Crowd : public testing::Test {
 protected:
  Crowd() {
    FeedbackService::Options options;
    options.retry_delay = std::chrono::milliseconds(1);
    service_ =
        FeedbackService::Make(options, {*store_, pool_, *metrics_,
                                        [this](const grpc::ServerContextBase&) { return [this] { return Whose(); }; },
                                        [this](const ProviderId&) { return place_; }, *clock_, unread_});
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service_->service());
    server_ = builder.BuildAndStart();
    stub_ = v1::FeedbackService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(port_), grpc::InsecureChannelCredentials()));
  }
  ~Crowd() override {
    service_->Stop();
    server_->Shutdown();
    server_->Wait();
    pool_.Drain();
  }
  Result<ProviderId> Whose() {
    if (asks_left_.fetch_sub(1) > 0) return kAcme;
    return Status::Permanent("intake.unknown_certificate"_reason, "revoked");
  }
  void Deliver(const std::string& id = "answer-1") {
    IncomingAnswer answer;
    answer.answer_id = id;
    answer.bytes = std::make_shared<const std::string>("bytes");
    answer.parsed = EncodeParsedAnswer({});
    answer.deliveries = {{kAcme, "M", {}, "rewrapped"}};
    ASSERT_TRUE(store_->ReceiveAnswers(store_->TakeOwnership(), LineId::Trusted("main"), {answer}, id).ok());
  }
  grpc::Status List() {
    grpc::ClientContext context;
    v1::ListFeedbackResponse response;
    return stub_->ListFeedback(&context, v1::ListFeedbackRequest(), &response);
  }

  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({}, *clock_);
  CrowdedPool pool_{*clock_, *metrics_};
  std::shared_ptr<const void> place_ = std::make_shared<int>(0);
  Allowance unread_{1 << 20};
  std::atomic<int> asks_left_{INT_MAX};  // then the certificate is nobody's
  std::unique_ptr<FeedbackService> service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::FeedbackService::Stub> stub_;
};

TEST_F(Crowd, DelaysAStreamAndDoesNotEndIt) {
  pool_.refusals = 3;
  grpc::ClientContext context;
  const auto stream = stub_->StreamFeedback(&context);
  v1::StreamFeedbackRequest request;
  request.mutable_open()->set_credit(1);
  ASSERT_TRUE(stream->Write(request));
  v1::StreamFeedbackResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_TRUE(response.has_position());
  EXPECT_LE(pool_.refusals.load(), 0);
  pool_.refusals = 3;
  Deliver();
  service_->OnMailbox(kAcme);
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.item().answer_id(), "answer-1");
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

// Both items are read in one page, with the stream's opening; each is asked about again before it leaves.
TEST_F(Crowd, ARevokedCertificateIsToldNothingThatWasReadForItBefore) {
  Deliver("answer-1");
  Deliver("answer-2");
  constexpr int kStart = 1, kOpen = 1, kPosition = 1, kItem = 1;
  for (const int items : {2, 1, 0}) {
    asks_left_ = kStart + kOpen + kPosition + items * kItem;
    grpc::ClientContext context;
    const auto stream = stub_->StreamFeedback(&context);
    v1::StreamFeedbackRequest request;
    request.mutable_open()->set_credit(2);
    ASSERT_TRUE(stream->Write(request));
    v1::StreamFeedbackResponse response;
    int told = 0;
    while (told < 2 && stream->Read(&response)) told += response.has_item() ? 1 : 0;
    EXPECT_EQ(told, items);
    if (told == 2) context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(),
              told == 2 ? grpc::StatusCode::CANCELLED : grpc::StatusCode::UNAUTHENTICATED);
  }
}

TEST_F(Crowd, TellsAnAskerToComeBack) {
  EXPECT_TRUE(List().ok());
  pool_.refusals = 1;
  EXPECT_EQ(List().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(List().ok());
}

TEST_F(Crowd, AProviderBeyondItsPlacesIsRefusedBeforeThePool) {
  place_ = nullptr;
  EXPECT_EQ(List().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  place_ = std::make_shared<int>(0);
  EXPECT_TRUE(List().ok());
  EXPECT_EQ(place_.use_count(), 1) << "given back with the answer";
}

}  // namespace
}  // namespace tvan
