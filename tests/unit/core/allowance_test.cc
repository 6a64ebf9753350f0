#include "gateway/core/allowance.h"

#include <gtest/gtest.h>

#include <list>

namespace tvan {
namespace {

constexpr uint64_t kRoom = 1 << 20;

TEST(Allowance, OneProvidersUnreadAnswersTakeItsRoomOnly) {
  Allowance unread(kRoom);
  const ProviderId acme = ProviderId::Trusted("acme"), beta = ProviderId::Trusted("beta");
  Allowance::Share share(unread, acme);
  share.Set(kRoom - 1);
  EXPECT_TRUE(unread.HasRoom(acme));
  share.Set(kRoom);
  EXPECT_FALSE(unread.HasRoom(acme));
  EXPECT_FALSE(unread.IsOverrun(acme));
  EXPECT_TRUE(unread.HasRoom(beta));
  share.Set(0);
  EXPECT_TRUE(unread.HasRoom(acme));
}

// Refusals take no room; but who leaves as many unread as to be cut off is not served either.
TEST(Allowance, RefusalsTakeNoRoomUntilTheyOverrunIt) {
  Allowance unread(kRoom);
  const ProviderId acme = ProviderId::Trusted("acme");
  std::list<Allowance::Share> refusals;
  for (uint64_t bytes = 0; bytes < kRoom + kRefusalBytes; bytes += kCallBytes) {
    EXPECT_TRUE(unread.HasRoom(acme));
    EXPECT_FALSE(unread.IsOverrun(acme));
    refusals.emplace_back(unread, acme).SetRefused();
  }
  EXPECT_TRUE(unread.IsOverrun(acme));
  EXPECT_FALSE(unread.HasRoom(acme));
  refusals.pop_back();
  EXPECT_TRUE(unread.HasRoom(acme));
}

}  // namespace
}  // namespace tvan
