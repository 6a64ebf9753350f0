// The races of withdraw_race.h on every store: fewer than on the MemoryStore alone, one operation at a time, with
// kills.
#include "tests/contract/store_contract.h"
#include "tests/contract/withdraw_race.h"

namespace tvan {
namespace {

constexpr int kRaces = 40;
constexpr int kKillEvery = 5;

// Every operation is durable when it returns; any crash is a kill.
class BlockingPort : public RacePort {
 public:
  explicit BlockingPort(StoreHome& home) : home_(home) {}
  Store& store() override { return home_.store(); }
  void Accept(NewMessage message, Done<AcceptAnswer> done) override {
    std::promise<Result<AcceptAnswer>> answered;
    store().Accept(std::move(message), [&](Result<AcceptAnswer> answer) { answered.set_value(std::move(answer)); });
    done(answered.get_future().get());
  }
  void Void(VoidRequest request, Done<VoidAnswer> done) override { done(store().Void(request)); }
  void Withdraw(WithdrawRequest request, Done<WithdrawAnswer> done) override { done(store().Withdraw(request)); }
  void Attempt(const Fence& fence, AttemptIntent intent, Done<std::vector<Status>> done) override {
    done(store().RecordAttempts(fence, {intent}));
  }
  void Settle(const Fence& fence, Settlement settlement, std::function<void(Status)> done) override {
    done(store().Settle(fence, {settlement}));
  }
  void Change(const Fence& fence, StageChange change) override { EXPECT_TRUE(store().Change(fence, {change}).ok()); }
  void Receive(const Fence& fence, IncomingAnswer answer) override {
    EXPECT_TRUE(store().ReceiveAnswers(fence, kLine, {answer}, "").ok());
  }
  void Flush() override {}
  void CrashAndReopen(Crash) override { home_.KillAndReopen(); }

 private:
  StoreHome& home_;
};

TEST_P(StoreContract, SeededRacesOfVoidWithdrawSubmitAttemptAndAnswerHold) {
  BlockingPort port(*home_);
  uint64_t withdrawn = 0, voided = 0, attempts = 0;
  for (int race = 0; race < kRaces && !HasFailure(); ++race) {
    SCOPED_TRACE("seed " + std::to_string(race));
    RaceCast cast{.submit = 3, .resubmit = 2, .other = 2, .changed = 1, .voids = 1, .withdraw = 2, .attempt = 4};
    cast.settle = cast.hold = cast.answer = 1;
    cast.crash = race % kKillEvery == 0 ? 1 : 0;
    WithdrawRace drawn(port, cast, static_cast<uint32_t>(race), race);
    drawn.Run(30);
    withdrawn += drawn.seen().withdrawn;
    voided += drawn.seen().voided;
    attempts += drawn.seen().attempts;
  }
  EXPECT_GT(withdrawn, 10u);
  EXPECT_GT(voided, 10u);
  EXPECT_GT(attempts, 10u);
  home_->Reopen();
  ExpectCountersEqualARecount();
}

}  // namespace
}  // namespace tvan
