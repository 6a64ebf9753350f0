// Ten thousand races of submits, voids, withdrawals, attempts and answers, with crashes; each is told by its seed.
#include <gtest/gtest.h>

#include "gateway/core/clock.h"
#include "store/ledger.h"
#include "tests/contract/withdraw_race.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int kRaces = 2'500;  // of each of the four casts
#else
constexpr int kRaces = 10'000;
#endif
constexpr int kSteps = 40;

// Operations wait until the race flushes them, all in one batch.
class MemoryPort : public RacePort {
 public:
  explicit MemoryPort(Clock& clock) : store_(MakeMemoryStore(Manual(), clock)) {}
  Store& store() override { return *store_; }
  void Accept(NewMessage message, Done<AcceptAnswer> done) override {
    Ask<AcceptAnswer>([m = std::move(message)](Ledger& ledger) { return ledger.Accept(m, PayloadRecord(m)); },
                      std::move(done));
  }
  void Void(VoidRequest request, Done<VoidAnswer> done) override {
    Ask<VoidAnswer>([r = std::move(request)](Ledger& ledger) { return ledger.Void(r); }, std::move(done));
  }
  void Withdraw(WithdrawRequest request, Done<WithdrawAnswer> done) override {
    Ask<WithdrawAnswer>([r = std::move(request)](Ledger& ledger) { return ledger.Withdraw(r); }, std::move(done));
  }
  void Attempt(const Fence& fence, AttemptIntent intent, Done<std::vector<Status>> done) override {
    Ask<std::vector<Status>>([=](Ledger& ledger) { return ledger.RecordAttempts(fence, {intent}); }, std::move(done));
  }
  void Settle(const Fence& fence, Settlement settlement, std::function<void(Status)> done) override {
    Ask<bool>(
        [=](Ledger& ledger) {
          const Status status = ledger.Settle(fence, {settlement});
          return status.ok() ? Result<bool>(true) : Result<bool>(status);
        },
        [done = std::move(done)](const Result<bool>& answer) { done(answer.status()); });
  }
  void Change(const Fence& fence, StageChange change) override {
    Ask<std::vector<Status>>([=](Ledger& ledger) { return ledger.Change(fence, {change}); }, [](const auto&) {});
  }
  void Receive(const Fence& fence, IncomingAnswer answer) override {
    Ask<ReceiveReport>(
        [=](Ledger& ledger) { return ledger.ReceiveAnswers(fence, LineId::Trusted("main"), {answer}, ""); },
        [](const auto&) {});
  }
  void Flush() override { store_->Flush(); }
  void CrashAndReopen(Crash how) override {
    if (how == Crash::kKill) {
      store_->Crash();
    } else {
      using Failed = MemoryStore::FailedFlush;
      store_->FailNextFlush(how == Crash::kFlushLost ? Failed::kLost : Failed::kWritten);
      store_->TakeOwnership();  // something to flush
    }
    store_ = store_->Reopen();
  }

 private:
  static MemoryStoreOptions Manual() {
    MemoryStoreOptions options;
    options.manual_flush = true;
    return options;
  }
  template <class Answer, class Decide>
  void Ask(Decide decide, Done<Answer> done) {
    auto answer = std::make_shared<Result<Answer>>(Answer{});
    const Status taken =
        store_->Enqueue([answer, decide = std::move(decide)](Ledger& ledger) { *answer = decide(ledger); },
                        [answer, done](const Status& status) { done(status.ok() ? *answer : Result<Answer>(status)); });
    ASSERT_TRUE(taken.ok()) << taken.ToString();
  }

  std::unique_ptr<MemoryStore> store_;
};

WithdrawRace::Seen RunRaces(const RaceCast& cast, uint32_t first_seed) {
  WithdrawRace::Seen all;
  const std::unique_ptr<Clock> clock = MakeSystemClock();
  for (uint32_t seed = first_seed; seed < first_seed + kRaces; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    MemoryPort port(*clock);
    WithdrawRace race(port, cast, seed, static_cast<int>(seed));
    race.Run(kSteps);
    if (testing::Test::HasFailure()) break;
    const WithdrawRace::Seen& seen = race.seen();
    all.receipts += seen.receipts;
    all.voided += seen.voided;
    all.withdrawn += seen.withdrawn;
    all.attempts += seen.attempts;
    all.too_late += seen.too_late;
    all.seen += seen.seen;
    all.refused_voided += seen.refused_voided;
    all.refused_withdrawn += seen.refused_withdrawn;
    all.claimed += seen.claimed;
    all.crashes += seen.crashes;
  }
  return all;
}

// Each thing happened often enough to be believed.
void ExpectMany(std::initializer_list<uint64_t> counts) {
  for (const uint64_t count : counts) EXPECT_GT(count, uint64_t{kRaces} / 10);
}

TEST(WithdrawRaces, ASubmitAndAVoid) {
  const auto seen = RunRaces({.submit = 4, .changed = 2, .voids = 2, .attempt = 2}, 0);
  ExpectMany({seen.receipts, seen.voided, seen.seen, seen.refused_voided, seen.attempts, seen.crashes});
}

TEST(WithdrawRaces, AWithdrawalAndAnAttempt) {
  const auto seen = RunRaces({.submit = 4, .withdraw = 1, .attempt = 6, .settle = 2, .hold = 2}, 100'000);
  ExpectMany({seen.receipts, seen.withdrawn, seen.attempts, seen.too_late, seen.crashes});
}

TEST(WithdrawRaces, AWithdrawalAndAnswers) {
  const auto seen = RunRaces({.submit = 4, .withdraw = 1, .attempt = 6, .settle = 2, .answer = 4}, 200'000);
  ExpectMany({seen.receipts, seen.withdrawn, seen.attempts, seen.too_late, seen.crashes});
}

TEST(WithdrawRaces, AWithdrawalAResubmitAndAnotherProviderWithTheSameInvoice) {
  RaceCast cast{.submit = 3, .resubmit = 3, .other = 3, .changed = 1, .voids = 1, .withdraw = 2};
  cast.attempt = 4;
  cast.settle = cast.hold = 1;
  const auto seen = RunRaces(cast, 300'000);
  ExpectMany({seen.receipts, seen.withdrawn, seen.refused_withdrawn, seen.claimed, seen.attempts, seen.voided,
              seen.too_late, seen.crashes});
}

}  // namespace
}  // namespace tvan
