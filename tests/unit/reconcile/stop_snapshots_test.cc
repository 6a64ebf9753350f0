// One snapshot for each stop, whatever happens in between; nobody suffers when it cannot be written.
#include "gateway/reconcile/stop_snapshots.h"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "tests/unit/reconcile/reconcile_world.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Stops : public ReconcileWorld {
 protected:
  ~Stops() override { Down(); }
  void Up(StopSnapshots::Options options) {
    snapshots = std::make_unique<StopSnapshots>(options, Parts(), *metrics);
    snapshots->Start();
  }
  void Up() { Up({.folder = folder.File(""), .leave_free = 0}); }
  void Down() {
    if (snapshots) snapshots->Stop();
    snapshots.reset();
  }
  void Closed(const std::string& window, Time since) {
    snapshots->TakeFor(line, window, since);
    clock->Settle();
  }
  std::vector<std::string> Names() const { return SnapshotFolder(folder.File("")).Names(); }
  // Everything in the folder.
  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(folder.File(""))) files.push_back(entry.path().filename());
    std::sort(files.begin(), files.end());
    return files;
  }
  fs::file_time_type WrittenAt(const std::string& name) const { return fs::last_write_time(folder.File(name)); }

  const LineId line = LineId::Trusted("main");
  const Time stop = *ParseTime("2026-11-21T10:00:00+07:00");  // the clock's beginning
  std::unique_ptr<Metrics> metrics = Metrics::Make();
  std::unique_ptr<StopSnapshots> snapshots;
};

const char kName[] = "main_night.2026-11-21_20261121-100000";

TEST_F(Stops, OneSnapshotForEachStopHoweverOftenItIsToldOf) {
  Up();
  Accept("1");
  Closed("night/2026-11-21", stop);
  EXPECT_THAT(Names(), ElementsAre(kName));
  EXPECT_THAT(Files(),
              ElementsAre(std::string(kName) + ".csv", std::string(kName) + ".json", std::string(kName) + ".jws"));
  const auto written = WrittenAt(std::string(kName) + ".csv");
  Closed("night/2026-11-21", stop);
  EXPECT_EQ(WrittenAt(std::string(kName) + ".csv"), written);
  clock->AdvanceBy(minutes(60));
  Closed("night/2026-11-21", clock->Now());
  EXPECT_THAT(Names(), ElementsAre("main_night.2026-11-21_20261121-110000", kName)) << "it closed again: another stop";
}

TEST_F(Stops, ASnapshotThatIsThereIsNotMadeAgainAfterARestart) {
  Up();
  Closed("night/2026-11-21", stop);
  const auto written = WrittenAt(std::string(kName) + ".jws");
  Down();
  clock->AdvanceBy(minutes(5));
  Up();
  Closed("night/2026-11-21", stop);
  EXPECT_EQ(WrittenAt(std::string(kName) + ".jws"), written);
  EXPECT_THAT(Contents(std::string(kName) + ".json"), HasSubstr("\"late\":false"));
}

TEST_F(Stops, AfterACrashTheMissingOneIsMadeAndSaysThatItIsLate) {
  Accept("1");
  std::ofstream(folder.File(std::string(kName) + ".csv")) << "half";  // killed before the seal
  std::ofstream(folder.File(std::string(kName) + ".csv.new")) << "less";
  std::ofstream(folder.File("notes.csv.new")) << "somebody's";
  clock->AdvanceBy(minutes(5));
  Up();
  EXPECT_THAT(Names(), IsEmpty());
  Closed("night/2026-11-21", stop);
  EXPECT_THAT(Names(), ElementsAre(kName));
  EXPECT_EQ(Rows(kName).size(), 1u);
  EXPECT_THAT(Contents(std::string(kName) + ".json"), HasSubstr("\"late\":true"));
  EXPECT_FALSE(fs::exists(folder.File(std::string(kName) + ".csv.new")));
  EXPECT_TRUE(fs::exists(folder.File("notes.csv.new"))) << "what is none of ours stays";
}

TEST_F(Stops, AFullDiskRaisesAnAlarmLeavesNothingBehindAndIsTriedAgain) {
  struct rlimit before {
  }, none{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  none = before;
  none.rlim_cur = 0;
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  Up();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  Closed("night/2026-11-21", stop);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, ignored);
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_THAT(snapshots->alarm_text(), HasSubstr("reconcile.unwritable"));
  EXPECT_THAT(metrics->Render(), HasSubstr("\ntvan_snapshot_alarm 1\n"));
  clock->AdvanceBy(seconds(59));
  EXPECT_THAT(Names(), IsEmpty());
  clock->AdvanceBy(seconds(2));
  EXPECT_THAT(Names(), ElementsAre(kName));
  EXPECT_EQ(snapshots->alarm_text(), "");
  EXPECT_THAT(metrics->Render(), HasSubstr("\ntvan_snapshot_alarm 0\n"));
}

TEST_F(Stops, NeverTakesTheLastOfTheDisk) {
  Up({.folder = folder.File(""), .leave_free = uint64_t{1} << 60});
  Closed("night/2026-11-21", stop);
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_THAT(snapshots->alarm_text(), HasSubstr("leaving room"));
}

TEST_F(Stops, AFolderThatIsMissingIsTriedAgainUntilItIsThere) {
  Up({.folder = folder.File("later"), .leave_free = 0});
  Closed("night/2026-11-21", stop);
  Closed("other", stop);
  EXPECT_THAT(snapshots->alarm_text(), HasSubstr("reconcile.unwritable"));
  fs::create_directory(folder.File("later"));
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(SnapshotFolder(folder.File("later")).Names().size(), 2u);
  EXPECT_EQ(snapshots->alarm_text(), "");
}

TEST_F(Stops, WithoutAFolderEachStopRaisesTheAlarmAndNothingIsTried) {
  Up({.folder = ""});
  EXPECT_EQ(snapshots->alarm_text(), "");
  Closed("night/2026-11-21", stop);
  EXPECT_THAT(snapshots->alarm_text(), HasSubstr("reconcile.no_folder"));
  EXPECT_EQ(snapshots->TakeNow(line, {}, {}).status().reason(), "reconcile.no_folder"_reason);
}

TEST_F(Stops, StopsWaitInOrderAndNotWithoutEnd) {
  Up({.folder = folder.File("later"), .leave_free = 0});
  for (size_t i = 0; i < StopSnapshots::kMostWaiting + 3; ++i) Closed("w" + std::to_string(i), stop);
  fs::create_directory(folder.File("later"));
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(SnapshotFolder(folder.File("later")).Names().size(), StopSnapshots::kMostWaiting);
}

TEST_F(Stops, AStopThatWasGivenUpKeepsTheAlarmUpUntilOneIsTakenByHand) {
  Up({.folder = folder.File("later"), .leave_free = 0});
  for (size_t i = 0; i <= StopSnapshots::kMostWaiting; ++i) Closed("w" + std::to_string(i), stop);
  fs::create_directory(folder.File("later"));
  clock->AdvanceBy(minutes(2));
  ASSERT_EQ(SnapshotFolder(folder.File("later")).Names().size(), StopSnapshots::kMostWaiting);
  EXPECT_EQ(snapshots->alarm_text(), "1 given up, take one by hand: main_w0_20261121-100000");
  Closed("another", stop);
  EXPECT_THAT(snapshots->alarm_text(), HasSubstr("main_w0_")) << "the success of another mends nothing";
  EXPECT_THAT(metrics->Render(), HasSubstr("\ntvan_snapshot_alarm 1\n"));
  ASSERT_TRUE(snapshots->TakeNow(line, {}, {}).ok());
  EXPECT_EQ(snapshots->alarm_text(), "");
  EXPECT_THAT(metrics->Render(), HasSubstr("\ntvan_snapshot_alarm 0\n"));
}

TEST_F(Stops, OneThatIsGivenUpWhileItIsMadeIsThereAfterAllAndRaisesNoAlarm) {
  SnapshotParts parts = Parts();
  bool first = true;
  parts.providers = [&] {
    if (std::exchange(first, false))
      for (size_t i = 0; i < StopSnapshots::kMostWaiting; ++i) snapshots->TakeFor(line, "w" + std::to_string(i), stop);
    return Result(std::vector{ProviderId::Trusted("acme")});
  };
  snapshots = std::make_unique<StopSnapshots>(StopSnapshots::Options{.folder = folder.File(""), .leave_free = 0}, parts,
                                              *metrics);
  snapshots->Start();
  Closed("night/2026-11-21", stop);
  EXPECT_EQ(Names().size(), StopSnapshots::kMostWaiting + 1);
  EXPECT_EQ(snapshots->alarm_text(), "");
  EXPECT_THAT(metrics->Render(), HasSubstr("\ntvan_snapshot_alarm 0\n"));
}

TEST_F(Stops, OneByHandDoesNotEndTheAlarmOfAStopThatWaits) {
  Up({.folder = folder.File("later"), .leave_free = 0});
  Closed("night/2026-11-21", stop);
  fs::create_directory(folder.File("later"));
  EXPECT_TRUE(snapshots->TakeNow(line, {}, {}).ok());
  EXPECT_THAT(metrics->Render(), HasSubstr("\ntvan_snapshot_alarm 1\n"));
  EXPECT_THAT(snapshots->alarm_text(), HasSubstr(kName));
}

TEST_F(Stops, ThoseTakenByHandInOneSecondStandSideBySide) {
  Up();
  Accept("1");
  ASSERT_EQ(snapshots->TakeNow(line, {}, {}).value(), "main_by-hand_20261121-100000");
  Accept("2");
  EXPECT_EQ(snapshots->TakeNow(line, {}, {}).value(), "main_by-hand-2_20261121-100000");
  EXPECT_EQ(snapshots->TakeNow(line, {}, {}).value(), "main_by-hand-3_20261121-100000");
  EXPECT_EQ(Rows("main_by-hand_20261121-100000").size(), 1u) << "what was sealed stays as it was";
  EXPECT_EQ(Rows("main_by-hand-2_20261121-100000").size(), 2u);
  EXPECT_EQ(Names().size(), 3u);
}

TEST_F(Stops, OneByHandIsOfNowAndSaysSo) {
  Up();
  Accept("1");
  const auto name = snapshots->TakeNow(line, {}, {});
  ASSERT_TRUE(name.ok()) << name.status().ToString();
  EXPECT_EQ(*name, "main_by-hand_20261121-100000");
  EXPECT_THAT(Contents(*name + ".json"), HasSubstr("\"by_hand\":true"));
  EXPECT_EQ(Rows(*name).size(), 1u);
}

TEST_F(Stops, ATakingThatIsGivenUpLeavesNothingBehind) {
  Up();
  Accept("1");
  const auto name = snapshots->TakeNow(line, {}, [] { return true; });
  EXPECT_EQ(name.status().reason(), "reconcile.stopped"_reason);
  EXPECT_THAT(Files(), IsEmpty());
}

TEST(SnapshotNames, AreThoseOfTheFolderAndNoOthers) {
  const Time at = *ParseTime("2026-11-22T00:00:00.5+07:00");
  EXPECT_EQ(SnapshotName("main", "night/2026-11-22", at), "main_night.2026-11-22_20261122-000000");
  EXPECT_EQ(SnapshotName("../x_y", "a/../b", at), "...x-y_a....b_20261122-000000") << "no name leaves the folder";
  EXPECT_EQ(TimeInName("main_night.2026-11-22_20261122-000000"), ParseTime("2026-11-22T00:00:00+07:00").value());
  for (const char* other : {"", "x", "20261122-000000", "_20261122-000000", "main_w_20261122-99x000",
                            "a_b_c_20261122-000000", "main_w-20261122-000000"})
    EXPECT_EQ(TimeInName(other), std::nullopt) << other;
}

}  // namespace
}  // namespace tvan
