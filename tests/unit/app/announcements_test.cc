// Notices of changed stops: what cannot be written raises the alarm and is tried again until it is.
#include "gateway/app/announcements.h"

#include <gmock/gmock.h>

#include "tests/support/fake_authority.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"
#include "tests/unit/app/hand_pool.h"
#include "tests/unit/reconcile/open_sealer.h"

namespace tvan {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

// Nobody calls.
class NoPipeline : public Pipeline {
 public:
  Result<ProviderId> Identify(const std::string&) const override { return ProviderId::Trusted("acme"); }
  void Submit(SubmitInput, SubmitDone) override {}
  void Check(SubmitInput, CheckDone) override {}
  uint64_t Drain(Span) override { return 0; }
};

// Takes no operators' records while it is busy.
class BusyStore : public MemoryStore {
 public:
  explicit BusyStore(Clock& clock) : BusyStore(clock, MakeMemoryStore({.manual_flush = true}, clock)->MakeCopy()) {}
  Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected_version) override {
    if (busy) return Status::Transient("store.busy"_reason, "too much waits");
    return MemoryStore::PutRecord(std::move(record), expected_version);
  }
  bool busy = false;

 private:
  BusyStore(Clock& clock, const Copy& empty)
      : MemoryStore({.manual_flush = true}, std::const_pointer_cast<MemoryDisk>(empty.disk), clock) {}
};

class AnnouncementsTest : public testing::Test {
 protected:
  AnnouncementsTest() {
    config_.mutable_line()->set_id("main");
    calendar_ = *Calendar::Load(store_, PhaseRules());
    announcements_ = *Announcements::Make(
        config_,
        {store_, *calendar_, sealer_, *clock_, {pipeline_, digester_, pool_, reading_, unread_, *metrics_}, [] {
           return LineView();
         }});
  }
  // A stop that is entered while no notice can be written of it.
  void EnterWhileBusy(const std::string& id) {
    Window w;
    w.id = id;
    w.start = clock_->Now() + std::chrono::hours(24);
    w.end = w.start + std::chrono::hours(2);
    store_.busy = false;
    ASSERT_TRUE(calendar_->Put(w, "Lan", "", clock_->Now()).ok());
    store_.busy = true;
    announcements_->CalendarChanged();
  }
  bool Alarm() const { return metrics_->Render().find("\ntvan_announce_alarm 1\n") != std::string::npos; }
  uint64_t Told() const { return announcements_->notices().newest(); }

  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  BusyStore store_{*clock_};
  config::v1::Config config_;
  OpenSealer sealer_;
  FakeDigester digester_;
  NoPipeline pipeline_;
  HandPool pool_;
  InFlight reading_{*clock_};
  Allowance unread_{1 << 20};
  std::unique_ptr<Calendar> calendar_;
  std::unique_ptr<Announcements> announcements_;
};

TEST_F(AnnouncementsTest, WhatAStoreDoesNotTakeIsAlarmedAndTriedAgainEveryTenSeconds) {
  announcements_->Start();
  EXPECT_FALSE(Alarm());
  EnterWhileBusy("upgrade");
  EXPECT_TRUE(Alarm());
  EXPECT_EQ(Told(), 0u);
  clock_->AdvanceBy(minutes(1));
  EXPECT_TRUE(Alarm());
  store_.busy = false;
  clock_->AdvanceBy(seconds(9));
  EXPECT_EQ(Told(), 0u);
  clock_->AdvanceBy(seconds(1));
  EXPECT_EQ(Told(), 1u);
  EXPECT_FALSE(Alarm());
  clock_->AdvanceBy(minutes(5));
  EXPECT_EQ(Told(), 1u) << "once is enough";
}

TEST_F(AnnouncementsTest, AFullPoolDoesNotEndTheTrying) {
  EnterWhileBusy("upgrade");
  store_.busy = false;
  pool_.full = true;
  clock_->AdvanceBy(seconds(25));
  EXPECT_EQ(Told(), 0u);
  pool_.full = false;
  clock_->AdvanceBy(seconds(5));
  EXPECT_EQ(Told(), 1u);
  EXPECT_FALSE(Alarm());
}

TEST_F(AnnouncementsTest, AnotherChangeTellsWhatWasLeftOutBeforeItInOrder) {
  EnterWhileBusy("first");
  EnterWhileBusy("second");
  store_.busy = false;
  announcements_->CalendarChanged();
  ASSERT_EQ(Told(), 2u);
  EXPECT_EQ(announcements_->notices().Find(1)->window.id, "first");
  EXPECT_EQ(announcements_->notices().Find(2)->window.id, "second");
  EXPECT_FALSE(Alarm());
}

TEST_F(AnnouncementsTest, WhatACrashLeftOutIsToldOfAtTheStart) {
  EnterWhileBusy("upgrade");
  announcements_->Stop();
  store_.busy = false;
  clock_->AdvanceBy(minutes(1));
  EXPECT_EQ(Told(), 0u) << "one that was stopped tries no more";
  announcements_ = *Announcements::Make(
      config_, {store_, *calendar_, sealer_, *clock_, {pipeline_, digester_, pool_, reading_, unread_, *metrics_}, [] {
                  return LineView();
                }});
  announcements_->Start();
  EXPECT_EQ(Told(), 1u);
}

}  // namespace
}  // namespace tvan
