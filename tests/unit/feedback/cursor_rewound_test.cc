// Cursors of another life of the store: where to go on, and from when on to submit again.
#include <gtest/gtest.h>

#include "gateway/feedback/feedback_service_failure.h"
#include "gateway/feedback/feedback_service_pages.h"
#include "proto/rpc_details.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

const ProviderId kAcme = ProviderId::Trusted("acme");

class CursorRewound : public testing::Test {
 protected:
  void Deliver(int n) {
    IncomingAnswer answer;
    answer.answer_id = "answer-" + std::to_string(n);
    answer.bytes = std::make_shared<const std::string>("bytes");
    answer.deliveries = {{kAcme, "M", {}, "rewrapped"}};
    ASSERT_TRUE(store_->ReceiveAnswers(store_->TakeOwnership(), LineId::Trusted("main"), {answer}, "p").ok());
  }
  std::string Cursor(uint64_t sequence) const {
    return store_->position().incarnation + ":" + std::to_string(sequence);
  }
  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({}, *clock_);
};

TEST_F(CursorRewound, OfTheLostLifeNamesASafePlaceAndTheTimeToSubmitAgainFrom) {
  Deliver(1);
  Deliver(2);
  ASSERT_TRUE(store_->Acknowledge(kAcme, "main", 1).ok());
  const std::string old = Cursor(5), expected = FormatTime(clock_->Now() - Recovery::kSubmitMargin);
  const auto copy = store_->MakeCopy();
  clock_->AdvanceBy(std::chrono::hours(1));
  store_ = store_->Restore(copy, std::string(32, 'b'));
  const FeedbackPages pages(*store_);
  Status status = pages.After(kAcme, old).status();
  EXPECT_EQ(status.reason(), "feedback.cursor_rewound"_reason);
  const GoOn go_on = pages.GoOnFor(kAcme, old, status);
  EXPECT_EQ(go_on.cursor, Cursor(1));
  EXPECT_EQ(go_on.submit_again_from, expected);
  EXPECT_EQ(*pages.After(kAcme, go_on.cursor), 1u);
  EXPECT_EQ(pages.PositionOf(kAcme)->submit_again_from(), expected);
  const grpc::Status failure = DeliveryFailure(status, {}, go_on);
  EXPECT_EQ(failure.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  for (const std::string& part : {std::string("resume_cursor"), std::string("submit_again_from"), expected, Cursor(1)})
    EXPECT_NE(failure.error_details().find(part), std::string::npos) << part;
}

TEST_F(CursorRewound, OfAnotherStoreIsNotSaidToBeRewound) {
  Deliver(1);
  const FeedbackPages pages(*store_);
  const std::string foreign = "cccccccccccccccccccccccccccccccc:1";
  Status status = pages.After(kAcme, foreign).status();
  EXPECT_EQ(status.reason(), "delivery.cursor_incarnation"_reason);
  const GoOn go_on = pages.GoOnFor(kAcme, foreign, status);
  EXPECT_EQ(go_on.cursor, Cursor(0));
  EXPECT_EQ(go_on.submit_again_from, "");
  EXPECT_EQ(pages.PositionOf(kAcme)->submit_again_from(), "");
}

}  // namespace
}  // namespace tvan
