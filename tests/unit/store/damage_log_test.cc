// Damage that is met again and again is counted each time and said once an hour.
#include "store/damage_log.h"

#include <gtest/gtest.h>

#include <functional>

#include "store/records.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::minutes;

Status Damage(const std::string& what) { return Status::Permanent("store.damaged"_reason, what); }

class DamageLogTest : public testing::Test {
 protected:
  // How many lines `act` makes the log say.
  static int Lines(const std::function<void()>& act) {
    testing::internal::CaptureStderr();
    act();
    const std::string log = testing::internal::GetCapturedStderr();
    int lines = 0;
    for (size_t at = 0; (at = log.find("event=store.damaged_read ", at)) != std::string::npos; ++at) ++lines;
    return lines;
  }
  int Said(const std::string& what, int times = 1) {
    return Lines([&] {
      for (int i = 0; i < times; ++i) log_.Report(Damage(what));
    });
  }
  int Looks() const {
    const std::string all = metrics_->Render(), name = "\ntvan_store_damaged_reads_total ";
    const size_t at = all.find(name);
    return at == std::string::npos ? -1 : std::stoi(all.substr(at + name.size()));
  }

  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  DamageLog log_{*clock_, metrics_.get()};
};

TEST_F(DamageLogTest, TheSameIsSaidOnceAnHourAndCountedEachTime) {
  EXPECT_EQ(Said("message", 100), 1);
  clock_->AdvanceBy(minutes(59));
  EXPECT_EQ(Said("message", 100), 0);
  EXPECT_EQ(Looks(), 200);
  clock_->AdvanceBy(minutes(1));
  EXPECT_EQ(Said("message", 100), 1);
  EXPECT_EQ(Looks(), 300);
}

TEST_F(DamageLogTest, SomethingNewIsSaidAtOnce) {
  EXPECT_EQ(Said("message"), 1);
  EXPECT_EQ(Said("event"), 1);
  EXPECT_EQ(Lines([&] { log_.Report(Status::Transient("store.io"_reason, "event")); }), 1) << "for another reason";
  EXPECT_EQ(Said("message") + Said("event"), 0);
}

TEST_F(DamageLogTest, ManyDifferentOnesAreBounded) {
  const auto all = [&] {
    for (int n = 0; n < 1000; ++n) log_.Report(Damage("payload " + std::to_string(n)));
  };
  EXPECT_EQ(Lines(all), static_cast<int>(DamageLog::kMost) + 1) << "and one line that there are more";
  EXPECT_EQ(Lines(all), 0);
  EXPECT_EQ(Looks(), 2000);
  clock_->AdvanceBy(minutes(60));
  EXPECT_EQ(Said("payload 999"), 1);
}

TEST_F(DamageLogTest, AStoreThatIsClosedIsNoDamage) {
  EXPECT_EQ(Lines([&] { log_.Report(Status::Transient("store.closed"_reason, "closed")); }), 0);
  EXPECT_EQ(Looks(), 0);
}

TEST_F(DamageLogTest, AStoreSaysItsDamageOnceHoweverOftenItIsAsked) {
  auto store = MakeMemoryStore({.manual_flush = true}, *clock_);
  OperatorRecord record;
  record.kind = "window";
  record.id = "1";
  ASSERT_TRUE(store->PutRecord(record, 0).ok());
  store->SetReads(MemoryStore::Reads::kFail);
  const auto ask = [&] {
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(store->ListRecords("window").ok());
  };
  EXPECT_EQ(Lines(ask), 1);
  clock_->AdvanceBy(minutes(60));
  EXPECT_EQ(Lines(ask), 1);
}

}  // namespace
}  // namespace tvan
