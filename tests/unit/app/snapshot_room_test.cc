// The snapshots of the stops, wired to the line's written phases.
#include "gateway/app/snapshot_room.h"

#include "adapters/signature.h"
#include "tests/unit/admin/desk_world.h"
#include "tests/unit/core/temp_folder.h"
#include "tests/unit/reconcile/open_sealer.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The clock of these tests stands at 2026-11-21T10:00+07:00.
class SnapshotRoomTest : public DeskTest {
 protected:
  ~SnapshotRoomTest() override { Down(); }
  void Up() {
    config::v1::Calendar config;
    config.set_snapshot_dir(folder_.File(""));
    room_ = std::make_unique<SnapshotRoom>(
        config, line_, SnapshotRoom::Parts{*store_, *calendar_, sealer_, *parser_, *digester_, *clock_, *metrics_});
    calendar_->SetPhaseListener([this](const PhaseRecord& phases) { room_->TakeFor(phases); });
    room_->Start();
    clock_->Settle();
  }
  void Down() {
    calendar_->SetPhaseListener([](const PhaseRecord&) {});
    if (room_) room_->Stop();
    room_.reset();
  }
  void Enter(const std::string& id, const std::string& start, const std::string& end) {
    Window w;
    w.id = id;
    w.start = *ParseTime(start);
    w.end = *ParseTime(end);
    ASSERT_TRUE(calendar_->Put(w, "Lan", "", clock_->Now()).ok());
  }
  // The line's owner writes its phase at this time; probes are green.
  void At(const std::string& time) {
    clock_->AdvanceTo(*ParseTime(time));
    LineFacts facts;
    facts.now = clock_->Now();
    facts.probed = ProbeRound{facts.now, true, 2, "green"};
    ASSERT_TRUE(calendar_->Advance(line_, facts).ok());
    clock_->Settle();
  }
  std::vector<std::string> Names() const { return SnapshotFolder(folder_.File("")).Names(); }

  const LineId line_ = LineId::Trusted("main");
  TempFolder folder_;
  OpenSealer sealer_;
  std::unique_ptr<Digester> digester_ = MakeDigester();
  std::unique_ptr<XmlParser> parser_ = MakeXmlParser(XmlLimits());
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<SnapshotRoom> room_;
};

TEST_F(SnapshotRoomTest, AWindowThatClosesTheLineHasItsSnapshotMadeAndNoOtherPhaseHas) {
  Up();
  Enter("first", "2026-11-21T11:00:00", "2026-11-21T12:00:00");
  At("2026-11-21T10:55:00");
  EXPECT_THAT(Names(), IsEmpty());
  At("2026-11-21T11:00:00");
  EXPECT_THAT(Names(), ElementsAre("main_first_20261121-110000"));
  At("2026-11-21T12:00:00");
  At("2026-11-21T12:00:01");
  EXPECT_EQ(Names().size(), 1u);
  EXPECT_EQ(room_->alarm_text(), "");
}

TEST_F(SnapshotRoomTest, ASnapshotHoldsTheMessagesOfEveryProviderThatEverHadAContract) {
  Up();
  admin::v1::PutProviderContractResponse response;
  ASSERT_TRUE(desk_->Put(Contract("acme"), {"Lan"}, response).ok());
  AcceptFake(*store_, {.provider = "acme"}, *digester_, clock_->Now());
  ASSERT_TRUE(desk_->Put(Contract("beta", 'b'), {"Lan"}, response).ok());
  AcceptFake(*store_, {.provider = "beta"}, *digester_, clock_->Now());
  ASSERT_TRUE(contracts_->Delete(ContractKind::kProviderContract, "beta", {"Lan", "gone", clock_->Now()}).ok());
  Enter("first", "2026-11-21T11:00:00", "2026-11-21T12:00:00");
  At("2026-11-21T11:00:00");
  admin::v1::ListSnapshotsResponse listed;
  ASSERT_TRUE(room_->night().List({}, listed).ok());
  ASSERT_EQ(listed.snapshots_size(), 1);
  EXPECT_THAT(listed.snapshots(0).manifest(), HasSubstr("\"messages\":2,"));
}

TEST_F(SnapshotRoomTest, TheStopThatACrashLeftWithoutASnapshotHasItMadeAtTheStart) {
  Enter("first", "2026-11-21T11:00:00", "2026-11-21T12:00:00");
  Enter("second", "2026-11-21T20:00:00", "2026-11-21T21:00:00");
  for (const char* time : {"2026-11-21T11:00:00", "2026-11-21T12:00:00", "2026-11-21T12:00:01", "2026-11-21T20:00:00",
                           "2026-11-21T21:00:00"})
    At(time);
  clock_->AdvanceBy(minutes(30));
  Up();
  EXPECT_THAT(Names(), ElementsAre("main_second_20261121-200000")) << "of the last stop, and of none before it";
}

TEST_F(SnapshotRoomTest, TheOneThatIsThereIsNotMadeAgainAtTheStart) {
  Up();
  Enter("first", "2026-11-21T11:00:00", "2026-11-21T12:00:00");
  At("2026-11-21T11:00:00");
  const auto written = std::filesystem::last_write_time(folder_.File(Names().at(0) + ".jws"));
  Down();
  clock_->AdvanceBy(minutes(5));
  Up();
  EXPECT_EQ(Names().size(), 1u);
  EXPECT_EQ(std::filesystem::last_write_time(folder_.File(Names().at(0) + ".jws")), written);
}

TEST_F(SnapshotRoomTest, AStopOfADayAgoIsTooOldToBeMadeAtTheStart) {
  Enter("first", "2026-11-21T11:00:00", "2026-11-21T12:00:00");
  At("2026-11-21T11:00:00");
  clock_->AdvanceTo(*ParseTime("2026-11-22T11:00:01"));
  Up();
  EXPECT_THAT(Names(), IsEmpty());
  Down();
}

TEST_F(SnapshotRoomTest, AStopOfJustADayAgoIsMadeAndSaysThatItIsLate) {
  Enter("first", "2026-11-21T11:00:00", "2026-11-21T12:00:00");
  At("2026-11-21T11:00:00");
  clock_->AdvanceTo(*ParseTime("2026-11-22T11:00:00"));
  Up();
  ASSERT_THAT(Names(), ElementsAre("main_first_20261121-110000"));
  admin::v1::ListSnapshotsResponse listed;
  ASSERT_TRUE(room_->night().List({}, listed).ok());
  EXPECT_THAT(listed.snapshots(0).manifest(), HasSubstr("\"late\":true"));
}

TEST_F(SnapshotRoomTest, WhatIsClosedWithoutAWindowIsNoStop) {
  Up();
  LineFacts facts;
  facts.now = clock_->Now();
  facts.clock_off = "60 s ahead";
  ASSERT_TRUE(calendar_->Advance(line_, facts).ok());
  clock_->Settle();
  ASSERT_EQ(calendar_->At(line_, MessageClass::kCoded, clock_->Now()).phase, Phase::kClosed);
  EXPECT_THAT(Names(), IsEmpty());
}

}  // namespace
}  // namespace tvan
