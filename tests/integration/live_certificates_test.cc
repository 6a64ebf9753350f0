// Certificates of providers that are bound, rotated and revoked while connections and streams stay open: what the
// contract book says holds from the next message on.
#include <gmock/gmock.h>

#include "gateway/intake/submit_stream.h"
#include "tests/integration/raw_client.h"
#include "tvan/v1/calendar.grpc.pb.h"

namespace tvan {
namespace {

class LiveCertificates : public testing::Test {
 protected:
  LiveCertificates() {
    const Time now = Time{world_.clock->Now().us / 1'000'000 * 1'000'000};
    world_.Issue("acme-new", PkiUse::kClient, {now - std::chrono::hours(1), now + std::chrono::hours(24)});
  }
  void SetUp() override {
    ASSERT_TRUE(world_.Start().ok());
    world_.PutContract("acme", "acme", "0101234567");
    world_.PutContract("beta", "beta", "0101234567");
  }
  // The book binds these to acme from now on, and no others.
  void Bind(const std::vector<std::string>& names) {
    admin::v1::PutProviderContractRequest request;
    auto& contract = *request.mutable_contract();
    contract.set_provider("acme");
    contract.set_name("acme");
    contract.set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
    contract.add_tax_codes("0109999999");
    for (const std::string& name : names) *contract.add_bound_certificates() = Bound(name);
    Put(request);
  }
  void Revoke(const std::string& name) {
    admin::v1::PutProviderContractRequest request;
    auto& contract = *request.mutable_contract();
    contract.set_provider("acme");
    contract.set_name("acme");
    contract.set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
    contract.add_tax_codes("0109999999");
    *contract.add_bound_certificates() = Bound(name);
    contract.mutable_bound_certificates(0)->mutable_revoked_at()->set_seconds(world_.clock->Now().us / 1'000'000);
    Put(request);
  }
  void Put(const admin::v1::PutProviderContractRequest& request) {
    admin::v1::PutProviderContractResponse response;
    grpc::ClientContext context;
    const grpc::Status status = world_.Admin()->PutProviderContract(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  admin::v1::BoundCertificate Bound(const std::string& name) const {
    admin::v1::BoundCertificate bound;
    bound.set_sha256(Take(CertificateSha256(world_.ReadText(name + ".pem"))));
    return bound;
  }
  std::string Reason(const std::string& client) {
    return ReasonOf(SubmitOne(*world_.Relay(client), world_.Message(++number_)));
  }

  ApiWorld world_;
  int number_ = 0;
};

constexpr char kUnknown[] = "intake.unknown_certificate";

class OpenSubmits {
 public:
  explicit OpenSubmits(std::unique_ptr<v1::RelayService::Stub> relay) : relay_(std::move(relay)) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));  // of a failing test
    stream_ = relay_->SubmitMessages(&context_);
  }
  // "receipt", or the reason of the error.
  std::string Submit(const std::string& bytes) {
    v1::SubmitMessageRequest request;
    request.set_request_id(std::to_string(++number_));
    request.mutable_document()->set_tdiep(bytes);
    v1::SubmitMessageResponse response;
    if (!stream_->Write(request) || !stream_->Read(&response)) return "the stream ended";
    return response.has_receipt() ? "receipt" : response.error().reason();
  }
  grpc::Status Finish() { return stream_->Finish(); }

 private:
  std::unique_ptr<v1::RelayService::Stub> relay_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SubmitMessageRequest, v1::SubmitMessageResponse>> stream_;
  int number_ = 0;
};

TEST_F(LiveCertificates, AnOpenSubmitStreamHoldsFromMessageToMessage) {
  OpenSubmits old_one(world_.Relay("acme"));
  EXPECT_EQ(old_one.Submit(world_.Message(++number_)), "receipt");
  EXPECT_EQ(Reason("acme-new"), kUnknown);
  Bind({"acme", "acme-new"});
  EXPECT_EQ(old_one.Submit(world_.Message(++number_)), "receipt") << "both, while it is rotated";
  OpenSubmits new_one(world_.Relay("acme-new"));
  EXPECT_EQ(new_one.Submit(world_.Message(++number_)), "receipt");
  Bind({"acme-new"});
  EXPECT_EQ(old_one.Submit(world_.Message(++number_)), kUnknown);
  EXPECT_EQ(new_one.Submit(world_.Message(++number_)), "receipt");
  Revoke("acme-new");
  EXPECT_EQ(new_one.Submit(world_.Message(++number_)), kUnknown);
  EXPECT_EQ(Reason("acme-new"), kUnknown);
  Bind({"acme"});
  EXPECT_EQ(old_one.Submit(world_.Message(++number_)), "receipt") << "on the stream that was open all the time";
}

TEST_F(LiveCertificates, AnOpenSubmitStreamEndsWhenItIsRefusedAgainAndAgainAndAnothersGoesOn) {
  OpenSubmits revoked(world_.Relay("acme")), valid(world_.Relay("beta"));
  EXPECT_EQ(revoked.Submit(world_.Message(++number_)), "receipt");
  Revoke("acme");
  for (uint32_t refusal = 0; refusal < SubmitStream::kMostRefusals; ++refusal) {
    EXPECT_EQ(revoked.Submit(world_.Message(++number_)), kUnknown) << refusal;
    EXPECT_EQ(valid.Submit(world_.Message(++number_)), "receipt");
  }
  EXPECT_EQ(revoked.Submit(world_.Message(++number_)), "the stream ended");
  const grpc::Status status = revoked.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonOf(status), kUnknown);
  EXPECT_THAT(status.error_message(), testing::HasSubstr("contract.certificate_revoked"));
  EXPECT_EQ(valid.Submit(world_.Message(++number_)), "receipt");
}

TEST_F(LiveCertificates, ARevocationThatIsTakenBackInTimeEndsNoStream) {
  OpenSubmits stream(world_.Relay("acme"));
  for (int time = 0; time < 2; ++time) {
    Revoke("acme");
    for (uint32_t refusal = 1; refusal < SubmitStream::kMostRefusals; ++refusal)
      EXPECT_EQ(stream.Submit(world_.Message(++number_)), kUnknown) << refusal;
    Bind({"acme"});
    EXPECT_EQ(stream.Submit(world_.Message(++number_)), "receipt") << "counted anew from here";
  }
}

TEST_F(LiveCertificates, ACrowdOfRefusedMessagesIsAnsweredNoMoreOftenThanThat) {
  const auto relay = world_.Relay("acme");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));  // of a failing test
  const auto stream = relay->SubmitMessages(&context);
  v1::SubmitMessageRequest request;
  const auto write = [&] {
    request.set_request_id(std::to_string(++number_));
    request.mutable_document()->set_tdiep(world_.Message(number_));
    return stream->Write(request);
  };
  ASSERT_TRUE(write());
  v1::SubmitMessageResponse response;
  ASSERT_TRUE(stream->Read(&response));
  Revoke("acme");
  for (uint32_t i = 0; i < 3 * SubmitStream::kMostRefusals; ++i)
    if (!write()) break;
  uint32_t refused = 0;
  while (stream->Read(&response)) refused += response.error().reason() == kUnknown ? 1 : 0;
  EXPECT_EQ(refused, SubmitStream::kMostRefusals);
  EXPECT_EQ(ReasonOf(stream->Finish()), kUnknown);
}

TEST_F(LiveCertificates, AnOpenFeedbackStreamEndsWithTheNextItem) {
  const auto feedback = world_.Feedback("acme");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));  // of a failing test
  const auto stream = feedback->StreamFeedback(&context);
  v1::StreamFeedbackRequest request;
  request.mutable_open()->set_credit(100);
  ASSERT_TRUE(stream->Write(request));
  v1::StreamFeedbackResponse response;
  EXPECT_EQ(Reason("acme"), "");
  // Both answers of the authority to it: the 999 and the final one.
  for (int items = 0; items < 2;) {
    ASSERT_TRUE(stream->Read(&response));
    items += response.has_item() ? 1 : 0;
  }
  Bind({"acme-new"});
  EXPECT_EQ(Reason("acme-new"), "");
  EXPECT_FALSE(stream->Read(&response)) << response.ShortDebugString();
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonOf(status), kUnknown);
}

TEST_F(LiveCertificates, AnOpenFeedbackStreamEndsWithTheNextThingItAsks) {
  const auto feedback = world_.Feedback("acme");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));  // of a failing test
  const auto stream = feedback->StreamFeedback(&context);
  v1::StreamFeedbackRequest request;
  request.mutable_open()->set_credit(1);
  ASSERT_TRUE(stream->Write(request));
  v1::StreamFeedbackResponse response;
  ASSERT_TRUE(stream->Read(&response));
  ASSERT_TRUE(response.has_position());
  Revoke("acme");
  request.set_acknowledge(response.position().end());
  ASSERT_TRUE(stream->Write(request));
  EXPECT_FALSE(stream->Read(&response)) << response.ShortDebugString();
  EXPECT_EQ(ReasonOf(stream->Finish()), kUnknown);
}

TEST_F(LiveCertificates, AnOpenNoticeStreamEndsWithTheNextNotice) {
  struct Watch {
    Watch(const ApiWorld& world, const std::string& client)
        : stub(v1::CalendarService::NewStub(world.Channel(client, world.gateway->provider_port()))) {
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));  // of a failing test
      stream = stub->WatchNotices(&context, {});
    }
    std::unique_ptr<v1::CalendarService::Stub> stub;
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::WatchNoticesResponse>> stream;
  };
  Watch acme(world_, "acme"), beta(world_, "beta");
  const auto put = [&](const std::string& id) {
    admin::v1::PutWindowRequest request;
    auto& window = *request.mutable_window();
    window.set_id(id);
    window.set_reason("upgrade");
    window.set_source("TB 12/CT");
    const int64_t now = world_.clock->Now().us / 1'000'000;
    window.mutable_start()->set_seconds(now + 3600);
    window.mutable_end()->set_seconds(now + 7200);
    admin::v1::PutWindowResponse response;
    grpc::ClientContext context;
    const grpc::Status status = world_.Admin()->PutWindow(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  };
  put("one");
  v1::WatchNoticesResponse notice;
  ASSERT_TRUE(acme.stream->Read(&notice));
  ASSERT_TRUE(beta.stream->Read(&notice));
  Bind({"acme-new"});
  put("two");
  ASSERT_TRUE(beta.stream->Read(&notice));
  EXPECT_EQ(notice.notice().window().id(), "two");
  EXPECT_FALSE(acme.stream->Read(&notice)) << notice.ShortDebugString();
  EXPECT_EQ(ReasonOf(acme.stream->Finish()), kUnknown);
}

}  // namespace
}  // namespace tvan
