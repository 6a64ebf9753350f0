// One provider at its limits: it is told so, what it does not read stays small, and the others notice nothing.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/integration/raw_client.h"

namespace tvan {
namespace {

using SubmitCalls = grpc::ClientReaderWriter<v1::SubmitMessageRequest, v1::SubmitMessageResponse>;
constexpr double kUnread = 1 << 20;            // as configured below
constexpr double kPage = (256 << 10) + 16384;  // of a stream, with an item more

class Overload : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = new ApiWorld();
    const std::string end = "client_ca: ca.pem}\nadmin_api";
    world_->yaml.replace(world_->yaml.find(end), end.size(),
                         "client_ca: ca.pem, max_in_flight_per_provider: 4, max_submit_streams_per_provider: 2, "
                         "max_feedback_streams_per_provider: 8, max_unread_bytes_per_provider: 1MiB, "
                         "retry_delay: 20ms, read_threads: 2}\nadmin_api");
    ASSERT_TRUE(world_->Start().ok());
    world_->PutContract("acme", "acme", "0101234567");
    world_->PutContract("beta", "beta", "0101234567");
    http_ = world_->gateway->http_port();
  }
  static void TearDownTestSuite() {
    delete world_;
    world_ = nullptr;
  }

  static std::string NextMessage() { return world_->Message(++number_); }
  static bool Refused(const grpc::Status& status, const std::string& reason) {
    if (status.ok()) return false;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
    EXPECT_EQ(ReasonOf(status), reason);
    EXPECT_TRUE(HasRetryInfo(status));
    return true;
  }
  // Beta's calls of every kind, each of which must succeed while acme does its worst.
  static void BetaIsUnharmed(int rounds = 5) {
    const auto relay = world_->Relay("beta");
    const auto feedback = world_->Feedback("beta");
    for (int i = 0; i < rounds; ++i) {
      v1::SubmitMessageResponse response;
      const grpc::Status submitted = SubmitOne(*relay, NextMessage(), &response);
      ASSERT_TRUE(submitted.ok()) << submitted.error_message();
      ASSERT_TRUE(response.has_receipt()) << response.ShortDebugString();
      grpc::ClientContext first, second;
      first.set_wait_for_ready(true);
      second.set_wait_for_ready(true);
      v1::ListMessagesRequest few;
      few.set_page_size(5);
      v1::ListMessagesResponse messages;
      const grpc::Status listed = relay->ListMessages(&first, few, &messages);
      ASSERT_TRUE(listed.ok()) << listed.error_message();
      v1::ListFeedbackRequest page;
      page.set_page_size(5);
      v1::ListFeedbackResponse items;
      const grpc::Status read = feedback->ListFeedback(&second, page, &items);
      ASSERT_TRUE(read.ok()) << read.error_message();
    }
  }
  static uint64_t SequenceOf(const std::string& cursor) {
    return std::strtoull(cursor.c_str() + cursor.find(':') + 1, nullptr, 10);
  }
  static std::string OpenFeedback(uint32_t stream, uint32_t credit) {
    v1::StreamFeedbackRequest open;
    open.mutable_open()->set_credit(credit);
    return h2::Call(stream, "/tvan.v1.FeedbackService/StreamFeedback") +
           h2::Message(stream, open.SerializeAsString(), h2::More::kComes);
  }
  static grpc::Status ListFeedback(const std::string& client, v1::ListFeedbackResponse* response) {
    grpc::ClientContext context;
    return world_->Feedback(client)->ListFeedback(&context, {}, response);
  }

  static ApiWorld* world_;
  static int number_, http_;
};
ApiWorld* Overload::world_ = nullptr;
int Overload::number_ = 5000;
int Overload::http_ = 0;

TEST_F(Overload, AFloodOfOneProviderIsRefusedByNameAndHarmsNobody) {
  std::atomic<bool> over = false;
  std::atomic<int> refused = 0, accepted = 0;
  std::vector<std::thread> flood;
  for (int i = 0; i < 12; ++i)
    flood.emplace_back([&, relay = world_->Relay("acme"), bytes = NextMessage()] {
      while (!over) {
        const grpc::Status status = SubmitOne(*relay, bytes);
        // It may even be ahead of what gRPC knows to be read.
        const bool unread = ReasonOf(status) == "intake.unread_answers";
        if (!unread) ++(Refused(status, "intake.provider_overloaded") ? refused : accepted);
      }
    });
  BetaIsUnharmed(20);
  EXPECT_TRUE(Eventually([&] { return refused > 0 && accepted > 0; }));
  grpc::ClientContext context;
  admin::v1::GetQueueResponse queue;
  EXPECT_TRUE(world_->Admin()->GetQueue(&context, {}, &queue).ok()) << "operators have threads of their own";
  EXPECT_THAT(HttpGet(http_, "/healthz"), testing::HasSubstr("200 OK")) << "a crowd is no reason to be red";
  over = true;
  for (std::thread& thread : flood) thread.join();
  EXPECT_EQ(Metric(http_, "tvan_intake_failures_total{reason=\"intake.provider_overloaded\"}"), refused);
  EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_intake_in_flight") == 0; }));
}

TEST_F(Overload, TheStreamsOfAProviderAreCounted) {
  const auto relay = world_->Relay("acme");
  grpc::ClientContext contexts[3];
  std::vector<std::unique_ptr<SubmitCalls>> open;
  for (int i = 0; i < 2; ++i) open.push_back(relay->SubmitMessages(&contexts[i]));
  ASSERT_TRUE(Eventually([] { return Metric(http_, "tvan_submit_streams") == 2; }));
  contexts[2].set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));  // of a failing test
  EXPECT_TRUE(Refused(relay->SubmitMessages(&contexts[2])->Finish(), "intake.provider_overloaded"));
  {
    grpc::ClientContext context;
    const auto beta = world_->Relay("beta");
    const auto stream = beta->SubmitMessages(&context);
    stream->WritesDone();
    EXPECT_TRUE(stream->Finish().ok());
  }
  for (auto& stream : open) {
    stream->WritesDone();
    EXPECT_TRUE(stream->Finish().ok());
  }
  EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_submit_streams") == 0; })) << "a place is given back";
}

TEST_F(Overload, WhoNeverReadsItsFeedbackHoldsAPageAndNoMore) {
  const auto relay = world_->Relay("acme");
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(SubmitOne(*relay, NextMessage()).ok());
  v1::ListFeedbackResponse page;
  ASSERT_TRUE(Eventually([&] { return ListFeedback("acme", &page).ok() && SequenceOf(page.end_cursor()) >= 200; }))
      << "100 messages have 200 answers";
  {
    RawTls raw(*world_, "acme", world_->gateway->provider_port());
    ASSERT_TRUE(raw.open());
    ASSERT_TRUE(raw.Send(h2::NoWindow()));
    for (uint32_t stream = 1; stream <= 15; stream += 2) ASSERT_TRUE(raw.Send(OpenFeedback(stream, 10000)));
    EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_unread_bytes") >= kUnread; }));
    // At first answers that gRPC is not quite done with count as well; then the streams take their place.
    EXPECT_TRUE(Eventually([&] { return Refused(ListFeedback("acme", &page), "delivery.overloaded"); }))
        << "its allowance is used up";
    BetaIsUnharmed();
    EXPECT_LE(Metric(http_, "tvan_unread_bytes"), kUnread + 2 * kPage) << "a page for each reading thread at most";
  }
  EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_unread_bytes") == 0; })) << "given back with the streams";
  EXPECT_TRUE(ListFeedback("acme", &page).ok());
}

TEST_F(Overload, WhoAcknowledgesWithoutReadingIsReadNoFurther) {
  v1::ListFeedbackResponse page;
  ASSERT_TRUE(ListFeedback("acme", &page).ok());
  RawTls raw(*world_, "acme", world_->gateway->provider_port());
  ASSERT_TRUE(raw.open());
  ASSERT_TRUE(raw.Send(h2::NoWindow() + OpenFeedback(1, 1)));
  v1::StreamFeedbackRequest request;
  request.set_acknowledge(page.next_cursor());
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(raw.Send(h2::Message(1, request.SerializeAsString(), h2::More::kComes)));
  constexpr double kPosition = 256, kMostPositions = 128;  // as the stream counts them
  EXPECT_TRUE(Eventually([&] { return Metric(http_, "tvan_unread_bytes") >= kMostPositions * kPosition; }));
  BetaIsUnharmed();
  EXPECT_TRUE(Eventually([&] {
    return Metric(http_, "tvan_unread_bytes") <= (kMostPositions + 8) * kPosition + 16384;
  })) << "and an item; what beta asked is read soon";
}

TEST_F(Overload, WhoNeverReadsItsReceiptsMaySubmitNoFurther) {
  const std::string bytes = NextMessage();
  {
    RawTls raw(*world_, "acme", world_->gateway->provider_port());
    ASSERT_TRUE(raw.open());
    ASSERT_TRUE(raw.Send(h2::NoWindow() + h2::Call(1, "/tvan.v1.RelayService/SubmitMessages")));
    v1::SubmitMessageRequest request;
    request.mutable_document()->set_tdiep(NextMessage());
    for (int i = 0; i < 20; ++i) {
      request.set_request_id(std::to_string(i));
      ASSERT_TRUE(raw.Send(h2::Message(1, request.SerializeAsString(), h2::More::kComes)));
    }
    EXPECT_TRUE(
        Eventually([&] { return Refused(SubmitOne(*world_->Relay("acme"), bytes), "intake.provider_overloaded"); }));
    EXPECT_LE(Metric(http_, "tvan_intake_in_flight"), 4);
    EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_intake_in_flight_bytes") == 0; }))
        << "what the store has is not held twice";
    BetaIsUnharmed();
  }
  EXPECT_TRUE(Eventually([&] { return SubmitOne(*world_->Relay("acme"), bytes).ok(); })) << "its places are given back";
}

TEST_F(Overload, WhoAsksAndNeverReadsIsAskedToReadFirst) {
  const auto relay = world_->Relay("acme");
  grpc::ClientContext context;
  v1::ListMessagesResponse messages;
  {
    RawTls raw(*world_, "acme", world_->gateway->provider_port());
    ASSERT_TRUE(raw.open());
    std::string calls = h2::NoWindow();
    for (uint32_t i = 0; i < 40; ++i)
      calls += h2::Call(2 * i + 1, "/tvan.v1.RelayService/ListMessages") + h2::Message(2 * i + 1, "");
    ASSERT_TRUE(raw.Send(calls));
    EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_unread_bytes") >= kUnread; }));
    EXPECT_TRUE(Refused(relay->ListMessages(&context, {}, &messages), "intake.unread_answers"));
    BetaIsUnharmed();
  }
  EXPECT_TRUE(Eventually([&] {
    grpc::ClientContext again;
    return relay->ListMessages(&again, {}, &messages).ok();
  })) << "what is not read goes with its connection";
}

// Whatever is asked: gRPC holds every call that is not read, however small its answer.
TEST_F(Overload, WhoNeverReadsSmallAnswersIsBoundedAsWell) {
  for (const char* const question :
       {"/tvan.v1.RelayService/GetKeySet", "/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch"}) {
    {
      RawTls raw(*world_, "acme", world_->gateway->provider_port());
      ASSERT_TRUE(raw.open());
      std::string calls = h2::NoWindow();
      for (uint32_t i = 0; i < 100; ++i) calls += h2::Call(2 * i + 1, question) + h2::Message(2 * i + 1, "");
      ASSERT_TRUE(raw.Send(calls));
      EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_unread_bytes") >= kUnread; })) << question;
      BetaIsUnharmed();
      EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_unread_bytes") <= kUnread + kPage; })) << question;
    }
    EXPECT_TRUE(Eventually([] { return Metric(http_, "tvan_unread_bytes") == 0; })) << "given back with the calls";
  }
}

}  // namespace
}  // namespace tvan
