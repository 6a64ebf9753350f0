// What was accepted of each provider, day by day in +07:00.
#include "store/keys.h"
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

constexpr int64_t kMidnight = 1800032400;  // 2027-01-15T17:00Z: 2027-01-16 begins in +07:00
constexpr int32_t kDay = 20834;            // that day

NewMessage Later(NewMessage message, int64_t seconds) {
  message.accepted_at = At(kMidnight + seconds);
  return message;
}

struct Counted {
  uint64_t messages, bytes;
  friend bool operator==(const Counted&, const Counted&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Counted& c) { return out << c.messages << ", " << c.bytes; }
};

Counted On(const Store& store, int32_t day, const std::string& provider = "alpha") {
  const DayTotal total = store.AcceptedOn(ProviderId::Trusted(provider), day).value();
  return {total.messages, total.bytes};
}

Counted Of(const std::vector<NewMessage>& messages) {
  Counted counted{messages.size(), 0};
  for (const NewMessage& message : messages) counted.bytes += message.payload->size();
  return counted;
}

TEST_P(StoreContract, WhatIsAcceptedCountsForItsProviderAndDay) {
  Accept(Later(Message(1), 0));
  Accept(Later(Message(22), 86399));
  NewMessage other = Later(Message(3, "beta"), 5);
  other.claims = {Invoice(33)};
  Accept(other);
  EXPECT_EQ(On(store(), kDay), Of({Message(1), Message(22)}));
  EXPECT_EQ(On(store(), kDay, "beta"), Of({other}));
  EXPECT_EQ(On(store(), kDay, "gamma"), Of({}));
}

TEST_P(StoreContract, ADayEndsAtMidnightHere) {
  Accept(Later(Message(1), -1));
  Accept(Later(Message(2), 0));
  Accept(Later(Message(3), 86399));
  Accept(Later(Message(4), 86400));
  EXPECT_EQ(On(store(), kDay - 1), Of({Message(1)}));
  EXPECT_EQ(On(store(), kDay), Of({Message(2), Message(3)}));
  EXPECT_EQ(On(store(), kDay + 1), Of({Message(4)}));
  EXPECT_EQ(On(store(), kDay + 2), Of({}));
}

TEST_P(StoreContract, WhatIsNotAcceptedOrOnlyRepeatedCountsNothing) {
  const NewMessage first = Later(Message(1), 1);
  Accept(first);
  ASSERT_EQ(Accept(Later(first, 2)).outcome, AcceptAnswer::Outcome::kAlreadyAccepted);
  NewMessage claimed = Later(Message(2), 3);
  claimed.claims = first.claims;
  ASSERT_EQ(Accept(claimed).outcome, AcceptAnswer::Outcome::kInvoiceClaimed);
  NewMessage other = Later(Message(2), 3);
  other.key = first.key;
  ASSERT_EQ(Accept(other).outcome, AcceptAnswer::Outcome::kOtherBytes);
  EXPECT_EQ(On(store(), kDay), Of({first}));
}

TEST_P(StoreContract, WhatWasWithdrawnCountsStill) {
  Accept(Later(Message(1), 1));
  ASSERT_EQ(store().Withdraw({ProviderId::Trusted("alpha"), Id(1), At(kMidnight + 2), "proof"})->outcome,
            WithdrawAnswer::Outcome::kWithdrawn);
  EXPECT_EQ(On(store(), kDay), Of({Message(1)}));
}

TEST_P(StoreContract, TheCountOfADaySurvivesRestartsAndGoesOn) {
  EXPECT_EQ(On(store(), kDay), Of({})) << "asked before there was any";
  Accept(Later(Message(1), 1));
  EXPECT_EQ(On(store(), kDay), Of({Message(1)}));
  KillAndReopen();
  EXPECT_EQ(On(store(), kDay), Of({Message(1)}));
  Accept(Later(Message(2), 2));
  EXPECT_EQ(On(store(), kDay), Of({Message(1), Message(2)}));
  Reopen();
  Accept(Later(Message(3), 3));
  EXPECT_EQ(On(store(), kDay), Of({Message(1), Message(2), Message(3)})) << "asked only after it had gone on";
}

TEST_P(StoreContract, DaysBeforeAreKeptForFortyDaysAndThenGiveWay) {
  Accept(Later(Message(1), 0));
  Accept(Later(Message(2), 39 * 86400));
  EXPECT_EQ(On(store(), kDay), Of({Message(1)}));
  EXPECT_EQ(On(store(), kDay + 39), Of({Message(2)}));
  EXPECT_EQ(On(store(), kDay), Of({Message(1)})) << "asked in any order";
  Accept(Later(Message(3), 40 * 86400));
  EXPECT_EQ(On(store(), kDay + 40), Of({Message(3)}));
  EXPECT_EQ(On(store(), kDay), Of({}));
  EXPECT_EQ(On(store(), kDay + 39), Of({Message(2)}));
  EXPECT_EQ(On(store(), kDay + 80), Of({})) << "the same place, and another day";
}

TEST_P(StoreContract, ACountThatCannotBeReadIsAnErrorAndNotNothing) {
  Accept(Later(Message(1), 0));
  Damage(Family::kControl, keys::DayCountOf(ProviderId::Trusted("alpha"), kDay % 40));
  EXPECT_EQ(store().AcceptedOn(ProviderId::Trusted("alpha"), kDay).status().reason(), "store.damaged"_reason);
  EXPECT_EQ(TryAccept(Later(Message(2), 0)).status().reason(), "store.damaged"_reason);
  NewMessage other = Later(Message(3, "beta"), 0);
  other.claims = {Invoice(33)};
  EXPECT_EQ(Accept(other).outcome, AcceptAnswer::Outcome::kAccepted) << "and nobody else's matter";
}

TEST_P(StoreContract, ACopyHasTheCountsOfItsMoment) {
  Accept(Later(Message(1), 1));
  home_->BackUp();
  Accept(Later(Message(2), 2));
  home_->Restore(std::string(32, 'b'));
  EXPECT_EQ(On(store(), kDay), Of({Message(1)}));
}

}  // namespace
}  // namespace tvan
