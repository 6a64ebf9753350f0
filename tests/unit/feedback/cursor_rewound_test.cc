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

TEST_F(CursorRewound, AfterTwoRestoresInARowTheTimeIsThatOfTheLifeItIsACursorOf) {
  const auto after = [](const Time& as_of) { return FormatTime(as_of - Recovery::kSubmitMargin); };
  const auto restore = [&](char incarnation) {
    const Time as_of = clock_->Now();
    const auto copy = store_->MakeCopy();
    clock_->AdvanceBy(std::chrono::hours(1));
    store_ = store_->Restore(copy, std::string(32, incarnation));
    return as_of;
  };
  const std::string first = Cursor(1);
  const Time first_copied = restore('b');
  const std::string second = Cursor(1);
  const Time second_copied = restore('c');
  const FeedbackPages pages(*store_);
  const auto submit_again = [&](const std::string& cursor) {
    Status status = pages.After(kAcme, cursor).status();
    EXPECT_EQ(status.reason(), "feedback.cursor_rewound"_reason);
    return pages.GoOnFor(kAcme, cursor, status).submit_again_from;
  };
  EXPECT_EQ(submit_again(first), after(first_copied));
  EXPECT_EQ(submit_again(second), after(second_copied));
  EXPECT_EQ(submit_again(std::string(32, 'd') + ":1"), after(first_copied)) << "of neither: as the oldest";
  EXPECT_EQ(pages.PositionOf(kAcme)->submit_again_from(), after(first_copied)) << "who asks may have known any";
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
