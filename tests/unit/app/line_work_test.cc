// Who works the line: one gateway at a time, each with an ownership of its own.
#include "gateway/app/line_work.h"

#include <gmock/gmock.h>

#include <thread>

#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

// Writes down what is begun and ended.
class Diary {
 public:
  void Note(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }
  std::vector<std::string> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

class FakeReceiver : public Receiver {
 public:
  explicit FakeReceiver(Diary& diary) : diary_(diary) {}
  void Start(const Fence& fence) override { diary_.Note("receiver " + std::to_string(fence.counter)); }
  void Stop() override { diary_.Note("receiver ends"); }
  void Wake() override {}
  void TrustChanged() override {}
  std::string signature_alarm() const override { return {}; }
  Result<bool> Search(const LineId&, const std::string&, const MessageId&) override { return false; }
  Status ReadThrough(const LineId&, const std::string&) override { return {}; }

 private:
  Diary& diary_;
};

class FakeDispatcher : public Dispatcher {
 public:
  explicit FakeDispatcher(Diary& diary) : diary_(diary) {}
  std::function<void()> on_start, on_stop;  // what a thread of it may do meanwhile
  void Start(const Fence& fence) override {
    diary_.Note("dispatch " + std::to_string(fence.counter));
    if (on_start) std::thread(on_start).join();
  }
  void Stop() override {
    diary_.Note("dispatch ends");
    if (on_stop) std::thread(on_stop).join();
  }
  void Wake() override {}
  void LineDown(Reason, const std::string&, const MessageId&) override {}
  Status Resolve(const MessageId&, const std::string&, const std::string&) override { return {}; }
  View view() const override { return {}; }
  Standing standing(const MessageMeta&) const override { return {}; }

 private:
  Diary& diary_;
};

class LineWorkTest : public testing::Test {
 protected:
  void SetTurn(uint64_t turn) {
    work_.SetTurn(turn);
    clock_->Settle();
  }
  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({}, *clock_);
  Diary diary_;
  FakeReceiver receiver_{diary_};
  FakeDispatcher dispatcher_{diary_};
  Retention retention_{{}, *store_, *clock_, *metrics_};
  LineWork work_{{*store_, receiver_, dispatcher_, retention_, *clock_, *metrics_}};
};

TEST_F(LineWorkTest, AStoreOfOurOwnIsWorkedWithTheOwnershipOfTheStart) {
  work_.Begin(store_->TakeOwnership());
  EXPECT_THAT(diary_.Take(), ElementsAre("receiver 1", "dispatch 1"));
  EXPECT_TRUE(work_.working());
  work_.Stop();
  EXPECT_THAT(diary_.Take(), ElementsAre("receiver ends", "dispatch ends"));
  EXPECT_FALSE(work_.working());
}

TEST_F(LineWorkTest, ATurnIsTakenWithAnOwnershipOfItsOwnAndGivenBack) {
  SetTurn(0);
  EXPECT_THAT(diary_.Take(), ElementsAre());
  SetTurn(3);
  EXPECT_THAT(diary_.Take(), ElementsAre("receiver 1", "dispatch 1"));
  SetTurn(3);
  EXPECT_THAT(diary_.Take(), ElementsAre()) << "it works already";
  SetTurn(0);
  EXPECT_THAT(diary_.Take(), ElementsAre("receiver ends", "dispatch ends"));
  EXPECT_EQ(store_->TakeOwnership().counter, 2U) << "nothing was taken to rest";
}

TEST_F(LineWorkTest, AnotherTurnThanBeforeBeginsAnewForSomebodyElseWasInBetween) {
  SetTurn(3);
  diary_.Take();
  const Fence theirs = store_->TakeOwnership();
  SetTurn(5);
  EXPECT_THAT(diary_.Take(), ElementsAre("receiver ends", "dispatch ends", "receiver 3", "dispatch 3"));
  EXPECT_EQ(store_->Settle(theirs, {}).reason(), "store.fenced"_reason);
}

TEST_F(LineWorkTest, WhoIsFencedThoughTheTurnIsItsTakesTheLineAgain) {
  SetTurn(3);
  diary_.Take();
  const Fence late = store_->TakeOwnership();
  clock_->AdvanceBy(LineWork::kLook + LineWork::kTryAgain);
  EXPECT_THAT(diary_.Take(), ElementsAre("receiver ends", "dispatch ends", "receiver 3", "dispatch 3"));
  EXPECT_EQ(store_->Settle(late, {}).reason(), "store.fenced"_reason);
  clock_->AdvanceBy(LineWork::kLook * 3);
  EXPECT_THAT(diary_.Take(), ElementsAre()) << "the ownership is ours";
}

TEST_F(LineWorkTest, ATurnThatIsLostWhileTheOwnershipIsTakenIsGivenBack) {
  dispatcher_.on_start = [this] { work_.SetTurn(0); };
  SetTurn(3);
  EXPECT_THAT(diary_.Take(), ElementsAre("receiver 1", "dispatch 1", "receiver ends", "dispatch ends"));
  EXPECT_FALSE(work_.working());
}

TEST_F(LineWorkTest, WhatIsWaitedForAtTheEndMayStillAskWhoseTheLineIs) {
  work_.Begin(store_->TakeOwnership());
  bool working = true;
  dispatcher_.on_stop = [&] { working = work_.working(); };
  work_.Stop();
  EXPECT_FALSE(working);
}

// The first ownership that is asked for is refused.
class RefusingStore : public MemoryStore {
 public:
  explicit RefusingStore(Clock& clock) : RefusingStore(clock, MakeMemoryStore({}, clock)->MakeCopy()) {}
  Fence TakeOwnership() override { return refusals_-- > 0 ? Fence{} : MemoryStore::TakeOwnership(); }

 private:
  RefusingStore(Clock& clock, const Copy& empty)
      : MemoryStore({}, std::const_pointer_cast<MemoryDisk>(empty.disk), clock) {}
  int refusals_ = 1;
};

TEST_F(LineWorkTest, AnOwnershipThatCannotBeTakenIsTriedAgain) {
  RefusingStore store(*clock_);
  LineWork work({store, receiver_, dispatcher_, retention_, *clock_, *metrics_});
  work.SetTurn(3);
  clock_->Settle();
  EXPECT_THAT(diary_.Take(), ElementsAre());
  EXPECT_FALSE(work.working());
  clock_->AdvanceBy(LineWork::kTryAgain);
  EXPECT_THAT(diary_.Take(), ElementsAre("receiver 1", "dispatch 1"));
}

}  // namespace
}  // namespace tvan
