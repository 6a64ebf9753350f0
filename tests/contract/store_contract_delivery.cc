// Mailboxes and our own 999s.
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

const ProviderId kOwner = ProviderId::Trusted("alpha");

TEST_P(StoreContract, Own999sWaitInOrderAndAreDoneOnce) {
  for (int n = 1; n <= 3; ++n) {
    IncomingAnswer answer = Answer(n, "p" + std::to_string(n));
    answer.own_999_id = MessageId::Trusted("OWN" + std::to_string(n));
    answer.own_999 = "<TDiep>own" + std::to_string(n) + "</TDiep>";
    Receive(answer);
    Receive(answer);  // known: no second 999
  }
  KillAndReopen();
  auto waiting = store().Own999(10).value();
  ASSERT_EQ(waiting.size(), 3u);
  EXPECT_EQ(waiting[0].first.value(), "OWN1");
  EXPECT_EQ(waiting[0].second, "<TDiep>own1</TDiep>");
  ASSERT_TRUE(store().Own999Done(fence_, {waiting[0].first, waiting[2].first}).ok());
  ASSERT_TRUE(store().Own999Done(fence_, {waiting[0].first}).ok());
  waiting = store().Own999(10).value();
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].first.value(), "OWN2");
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, OneOwn999IdWaitsOnce) {
  for (int n = 1; n <= 2; ++n) {
    IncomingAnswer answer = Answer(n, "p" + std::to_string(n));
    answer.own_999_id = MessageId::Trusted("OWN");
    answer.own_999 = "<TDiep/>";
    Receive(answer);
  }
  EXPECT_EQ(store().Own999(10)->size(), 1u);
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, MailboxesAreDensePerProviderAndAcknowledgedForward) {
  for (int n = 1; n <= 4; ++n) {
    IncomingAnswer answer = Answer(n, "p" + std::to_string(n));
    answer.deliveries = {DeliveryTo("alpha", {})};
    if (n % 2 == 0) answer.deliveries.push_back(DeliveryTo("beta", {}));
    Receive(answer);
  }
  const ProviderId beta = ProviderId::Trusted("beta");
  EXPECT_EQ(store().MailboxEnd(kOwner, "main").value(), 4u);
  EXPECT_EQ(store().MailboxEnd(beta, "main").value(), 2u);
  const auto tail = store().ReadMailbox(kOwner, "main", 1, 2).value();
  ASSERT_EQ(tail.size(), 2u);
  EXPECT_EQ(tail[0].sequence, 2u);
  EXPECT_EQ(tail[1].sequence, 3u);
  const uint64_t one = tail[0].rewrapped.size();
  EXPECT_EQ(store().ReadMailbox(kOwner, "main", 0, 10, 1)->size(), 1u) << "one there always is";
  EXPECT_EQ(store().ReadMailbox(kOwner, "main", 0, 10, one)->size(), 1u);
  EXPECT_EQ(store().ReadMailbox(kOwner, "main", 0, 10, one + 1)->size(), 2u);
  EXPECT_EQ(store().ReadMailbox(beta, "main", 0, 10).value()[1].answer_id, "answer-4");
  EXPECT_TRUE(store().ReadMailbox(kOwner, "other", 0, 10)->empty());
  EXPECT_TRUE(store().Acknowledge(kOwner, "main", 3).ok());
  EXPECT_TRUE(store().Acknowledge(kOwner, "main", 2).ok());
  EXPECT_EQ(store().Acknowledged(kOwner, "main").value(), 3u);
  EXPECT_EQ(store().Acknowledge(kOwner, "main", 5).reason(), "store.mailbox_range"_reason);
  Reopen();
  EXPECT_EQ(store().Acknowledged(kOwner, "main").value(), 3u);
  EXPECT_EQ(store().Acknowledged(beta, "main").value(), 0u);
  EXPECT_THAT(store().Measure()->undelivered,
              testing::UnorderedElementsAre(testing::Pair(kOwner, 1u), testing::Pair(beta, 2u)));
}

}  // namespace
}  // namespace tvan
