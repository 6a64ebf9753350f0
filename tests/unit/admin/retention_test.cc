// Retention: when it purges, and how rejections get into the ring.
#include "gateway/app/retention.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
const ProviderId kProvider = ProviderId::Trusted("acme");

class RetentionTest : public testing::Test {
 protected:
  void Start(Retention::Options options) {
    retention_ = std::make_unique<Retention>(options, *store_, *clock_, *metrics_);
    retention_->SetFence(fence_);
    retention_->Start();
  }
  // A message that its provider takes back at once: final, and nothing to acknowledge.
  void AcceptAndWithdraw(int n) {
    NewMessage m;
    m.key = {kProvider, SubmitIdKind::kMTDiep, "M" + std::to_string(n)};
    m.gateway_id = MessageId::Trusted("V" + std::to_string(n));
    m.payload = std::make_shared<const std::string>("<TDiep/>");
    m.digest.bytes[0] = m.sent_digest.bytes[1] = static_cast<uint8_t>(n);
    m.accepted_at = clock_->Now();
    std::promise<bool> done;
    store_->Accept(m, [&](const Result<AcceptAnswer>& answer) { done.set_value(answer.ok()); });
    ASSERT_TRUE(done.get_future().get());
    ASSERT_TRUE(store_->Withdraw({kProvider, m.gateway_id, clock_->Now(), "proof"}).ok());
  }
  uint64_t purged() const { return store_->Measure()->purged_total; }

  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({}, *clock_);
  Fence fence_ = store_->TakeOwnership();
  std::unique_ptr<Retention> retention_;
};

Rejection RejectionOf(int n) {
  Rejection r;
  r.provider = kProvider;
  r.provider_id = "M" + std::to_string(n);
  return r;
}

TEST_F(RetentionTest, RemovesWhatIsOlderThanConfiguredChunkByChunk) {
  for (int n = 1; n <= 5; ++n) AcceptAndWithdraw(n);
  clock_->AdvanceBy(hours(30));
  AcceptAndWithdraw(6);
  Start({.keep = hours(40), .every = hours(24), .chunk = 2});
  clock_->AdvanceBy(hours(23));
  EXPECT_EQ(purged(), 0u);
  clock_->AdvanceBy(hours(2));
  EXPECT_EQ(purged(), 5u);
  EXPECT_NE(metrics_->Render().find("tvan_purge_runs_total 1"), std::string::npos);
  clock_->AdvanceBy(hours(24));
  EXPECT_EQ(purged(), 6u) << "the young one was old at the next run";
}

TEST_F(RetentionTest, KeepsForEverUnlessToldOtherwise) {
  AcceptAndWithdraw(1);
  Start({.every = hours(1)});
  clock_->AdvanceBy(hours(24 * 400));
  EXPECT_EQ(purged(), 0u);
}

TEST_F(RetentionTest, ARunThatFailsIsTriedAgainAtTheNext) {
  AcceptAndWithdraw(1);
  Start({.keep = hours(1), .every = hours(24)});
  fence_ = store_->TakeOwnership();
  clock_->AdvanceBy(hours(49));
  EXPECT_EQ(purged(), 0u);
  EXPECT_NE(metrics_->Render().find("tvan_purge_failures_total 2"), std::string::npos);
}

TEST_F(RetentionTest, RejectionsComeInOneActAfterAWhileAndAtTheEnd) {
  Start({});
  const uint64_t before = store_->position().sequence;
  retention_->Note(RejectionOf(1));
  retention_->Note(RejectionOf(2));
  EXPECT_TRUE(store_->Rejections(kProvider, 10)->empty());
  clock_->AdvanceBy(seconds(11));
  EXPECT_EQ(store_->Rejections(kProvider, 10)->size(), 2u);
  EXPECT_EQ(store_->position().sequence, before + 1);
  retention_->Note(RejectionOf(3));
  retention_->Stop();
  EXPECT_EQ(store_->Rejections(kProvider, 10)->size(), 3u);
}

TEST_F(RetentionTest, AFloodOfRejectionsIsBoundedAndCounted) {
  Start({});
  for (size_t n = 0; n < Retention::kMostWaiting + 7; ++n) retention_->Note(RejectionOf(static_cast<int>(n)));
  EXPECT_NE(metrics_->Render().find("tvan_rejections_not_noted_total 7"), std::string::npos);
}

}  // namespace
}  // namespace tvan
