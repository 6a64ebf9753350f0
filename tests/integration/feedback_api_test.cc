// Answers on their way back: stream, cursor, credit, acknowledgement; each provider its own only.
#include <gmock/gmock.h>

#include <set>

#include "tests/integration/api_world.h"

namespace tvan {
namespace {

using Stream = grpc::ClientReaderWriter<v1::StreamFeedbackRequest, v1::StreamFeedbackResponse>;

class FeedbackApi : public testing::Test {
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

  // Submits one good message; answers its MTDiep as the provider gave it.
  static std::string Submit(const std::string& client) {
    v1::SubmitMessageRequest request;
    request.mutable_document()->set_tdiep(world_->Message(++number_));
    v1::SubmitMessageResponse response;
    grpc::ClientContext context;
    const grpc::Status status = world_->Relay(client)->SubmitMessage(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(response.has_receipt()) << response.ShortDebugString();
    return response.receipt().provider_mtdiep();
  }

  // One open stream of a client.
  struct Open {
    Open(const std::string& client, const std::string& cursor, uint32_t credit) : stub(world_->Feedback(client)) {
      stream = stub->StreamFeedback(&context);
      v1::StreamFeedbackRequest request;
      request.mutable_open()->set_cursor(cursor);
      request.mutable_open()->set_credit(credit);
      stream->Write(request);
    }
    // The next item, past positions; an empty item at the end of the stream.
    v1::FeedbackItem Next() {
      v1::StreamFeedbackResponse response;
      while (stream->Read(&response))
        if (response.has_item()) return response.item();
      return {};
    }
    void Cut() {
      context.TryCancel();
      EXPECT_FALSE(stream->Finish().ok());
    }
    void Acknowledge(const std::string& cursor) {
      v1::StreamFeedbackRequest request;
      request.set_acknowledge(cursor);
      EXPECT_TRUE(stream->Write(request));
    }
    std::unique_ptr<v1::FeedbackService::Stub> stub;
    grpc::ClientContext context;
    std::unique_ptr<Stream> stream;
  };
  static v1::ListFeedbackResponse List(const std::string& client, const std::string& cursor) {
    v1::ListFeedbackRequest request;
    request.set_cursor(cursor);
    v1::ListFeedbackResponse response;
    grpc::ClientContext context;
    const grpc::Status status = world_->Feedback(client)->ListFeedback(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  static ApiWorld* world_;
  static int number_;
};
ApiWorld* FeedbackApi::world_ = nullptr;
int FeedbackApi::number_ = 1000;

TEST_F(FeedbackApi, BringsTheAuthoritysAnswersToTheProviderThatAsked) {
  const std::string mine = Submit("acme"), other = Submit("beta");
  for (const auto& [client, id] : {std::pair{"acme", mine}, std::pair{"beta", other}}) {
    Open open(client, "", 0);
    bool final = false;
    while (!final) {
      const v1::FeedbackItem item = open.Next();
      ASSERT_NE(item.sequence(), 0u) << "the stream ended";
      EXPECT_EQ(item.provider_mtdiep(), id) << "only what this provider asked";
      EXPECT_THAT(item.rewrapped_bytes(), testing::HasSubstr(id));
      EXPECT_FALSE(item.authority_bytes().empty());
      EXPECT_EQ(item.signature().rfind("UNVERIFIED", 0), std::string::npos) << item.signature();
      final = item.parsed().verdict() != v1::ANSWER_VERDICT_RECEIVED;
      EXPECT_TRUE(!final || item.parsed().verdict() == v1::ANSWER_VERDICT_ACCEPTED) << item.ShortDebugString();
    }
    open.Cut();
  }
}

TEST_F(FeedbackApi, ResumesAfterACutWithoutAGapAndWithoutARepetition) {
  Submit("acme");
  Submit("acme");
  Open first("acme", "", 1);
  const v1::FeedbackItem one = first.Next();
  ASSERT_NE(one.sequence(), 0u);
  first.Cut();
  Open second("acme", one.cursor(), 1);
  EXPECT_EQ(second.Next().sequence(), one.sequence() + 1);
  second.Cut();
  Open unacknowledged("acme", "", 1);
  EXPECT_EQ(unacknowledged.Next().sequence(), one.sequence()) << "not acknowledged: from there again";
  unacknowledged.Acknowledge(one.cursor());
  v1::StreamFeedbackResponse response;
  ASSERT_TRUE(unacknowledged.stream->Read(&response));
  EXPECT_EQ(response.position().acknowledged(), one.cursor());
  unacknowledged.Cut();
  Open after("acme", "", 1);
  EXPECT_EQ(after.Next().sequence(), one.sequence() + 1);
  after.Cut();
}

TEST_F(FeedbackApi, PausesWithoutCreditAndGoesOnWithMore) {
  Submit("acme");
  Submit("acme");
  Open open("acme", "", 1);
  const uint64_t first = open.Next().sequence();
  v1::StreamFeedbackRequest more;
  more.set_acknowledge(List("acme", "").items(0).cursor());
  ASSERT_TRUE(open.stream->Write(more));
  v1::StreamFeedbackResponse response;
  ASSERT_TRUE(open.stream->Read(&response));
  EXPECT_TRUE(response.has_position()) << "no second item before the credit for it";
  more.set_credit(1);
  ASSERT_TRUE(open.stream->Write(more));
  EXPECT_EQ(open.Next().sequence(), first + 1);
  open.Cut();
}

TEST_F(FeedbackApi, WakesAnOpenStreamWhenAnAnswerComes) {
  const auto end = List("beta", "").end_cursor();
  Open open("beta", end, 0);
  v1::StreamFeedbackResponse response;
  ASSERT_TRUE(open.stream->Read(&response)) << "the position: the stream is open and idle";
  const std::string id = Submit("beta");
  EXPECT_EQ(open.Next().provider_mtdiep(), id);
  open.Cut();
}

TEST_F(FeedbackApi, GivesAClientThatHalfClosedWhatItHasCreditForAndEndsWell) {
  Submit("acme");
  Submit("acme");
  Open open("acme", "", 2);
  open.stream->WritesDone();
  const uint64_t first = open.Next().sequence();
  EXPECT_EQ(open.Next().sequence(), first + 1);
  EXPECT_EQ(open.Next().sequence(), 0u) << "the end: the credit is used up";
  EXPECT_TRUE(open.stream->Finish().ok());
}

TEST_F(FeedbackApi, RefusesCursorsThatAreNone) {
  const auto finish = [](const std::string& cursor) {
    Open open("acme", cursor, 0);
    open.Next();
    return open.stream->Finish();
  };
  EXPECT_EQ(ReasonOf(finish("nonsense")), "delivery.cursor");
  const grpc::Status older = finish("00000000000000000000000000000009:1");
  EXPECT_EQ(older.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(older), "delivery.cursor_incarnation");
  const std::string end = List("acme", "").end_cursor();
  const std::string beyond = end.substr(0, end.find(':') + 1) + "999999";
  EXPECT_EQ(ReasonOf(finish(beyond)), "delivery.cursor_range");
}

TEST_F(FeedbackApi, AcknowledgesByItselfAndNeverBeyondTheEnd) {
  Submit("beta");
  Open open("beta", "", 1);
  const v1::FeedbackItem item = open.Next();
  open.Cut();
  v1::AcknowledgeFeedbackRequest request;
  v1::AcknowledgeFeedbackResponse response;
  request.set_cursor(item.cursor());
  grpc::ClientContext first, second;
  ASSERT_TRUE(world_->Feedback("beta")->AcknowledgeFeedback(&first, request, &response).ok());
  EXPECT_EQ(response.acknowledged(), item.cursor());
  request.set_cursor(item.cursor().substr(0, item.cursor().find(':') + 1) + "999999");
  EXPECT_EQ(world_->Feedback("beta")->AcknowledgeFeedback(&second, request, &response).error_code(),
            grpc::StatusCode::OUT_OF_RANGE);
}

TEST_F(FeedbackApi, IsNotForStrangers) {
  Open open("stranger", "", 0);
  open.Next();
  EXPECT_EQ(open.stream->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

}  // namespace
}  // namespace tvan
