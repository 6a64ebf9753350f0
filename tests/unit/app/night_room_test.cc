// The night's parts put together: each is asked for what it knows, and what changes slowly is looked at every minute.
#include "gateway/app/night_room.h"

#include <filesystem>
#include <fstream>

#include "adapters/signature/pki.h"
#include "tests/unit/admin/desk_world.h"
#include "tests/unit/app/hand_pool.h"
#include "tests/unit/core/temp_folder.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

// The clock of these tests stands at 2026-11-21T10:00+07:00.
class NightRoomTest : public DeskTest {
 protected:
  NightRoomTest() {
    config_.mutable_gateway()->set_name("T-VAN Thử");
    config_.mutable_gateway()->set_mst("0101234567");
    config_.mutable_line()->set_id("main");
    config_.mutable_calendar()->mutable_contact_before()->set_seconds(10 * 3600);
    config_.mutable_store()->set_path(folder_.File(""));
    for (std::string* path :
         {config_.mutable_provider_api()->mutable_certificate(), config_.mutable_provider_api()->mutable_client_ca(),
          config_.mutable_admin_api()->mutable_certificate(), config_.mutable_admin_api()->mutable_client_ca(),
          config_.mutable_line()->mutable_certificate(), config_.mutable_line()->mutable_ca()})
      *path = folder_.File("all.pem");
    WriteCertificate(*ParseTime("2027-11-21T00:00:00"));
    notices_ = *Notices::Load(*store_, [](const std::string& json) { return "sealed:" + json; });
    readers_ = *NoticeReaders::Load(*store_);
    answers_ = std::make_unique<CalendarAnswers>(
        CalendarAnswers::Parts{*calendar_, *notices_, *readers_, LineId::Trusted("main"), "life", *clock_});
    room_ = std::make_unique<NightRoom>(
        config_, NightRoom::Parts{*store_, *calendar_, *contracts_, dispatcher_, *answers_, *notices_, *readers_,
                                  *clock_, pool_, *metrics_, [] { return "eight of eight are UNVERIFIED"; }});
  }
  void WriteCertificate(Time end) {
    const auto ca = SandboxCa::Create("CA", PkiKey::kEcP256, {*ParseTime("2025-01-01T00:00:00"), end});
    std::ofstream(folder_.File("all.pem")) << (*ca)->pem().certificate_pem;
  }
  void Enter() {
    Window w;
    w.id = "upgrade";
    w.start = *ParseTime("2026-11-22T00:00:00");
    w.end = *ParseTime("2026-11-22T03:45:00");
    ASSERT_TRUE(calendar_->Put(w, "Lan", "", clock_->Now()).ok());
  }
  std::string Metric(const std::string& name) const {
    const std::string page = metrics_->Render(), mark = "\n" + name + " ";
    const size_t at = page.find(mark);
    return at == std::string::npos ? "" : page.substr(at + mark.size(), page.find('\n', at + 1) - at - mark.size());
  }

  TempFolder folder_;
  config::v1::Config config_;
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<Notices> notices_;
  std::unique_ptr<NoticeReaders> readers_;
  std::unique_ptr<CalendarAnswers> answers_;
  HandPool pool_;
  std::unique_ptr<NightRoom> room_;
};

TEST_F(NightRoomTest, TheDeskTellsOfTheLineWhatProvidersAreTold) {
  Enter();
  admin::v1::GetLineResponse line;
  ASSERT_TRUE(room_->desk().Line({}, line).ok());
  EXPECT_EQ(line.line(), "main");
  EXPECT_EQ(line.status().SerializeAsString(), answers_->LineStatus().SerializeAsString());
  EXPECT_GT(line.status().classes_size(), 0);
}

TEST_F(NightRoomTest, TheBoardOfADrainIsTheSameAtTheDeskAndOnTheScreen) {
  AcceptFake(*store_, {.id = "1"}, *MakeDigester(), clock_->Now());
  AcceptFake(*store_, {.id = "2"}, *MakeDigester(), clock_->Now());
  admin::v1::Drain board;
  ASSERT_TRUE(room_->desk().Drain({}, board).ok());
  ASSERT_GT(board.zeros_size(), 0);
  EXPECT_EQ(board.zeros(0).count(), 2u);
  ASSERT_TRUE(room_->screen().Get().has_drain());
  EXPECT_EQ(room_->screen().Get().drain().zeros(0).count(), 2u);
}

TEST_F(NightRoomTest, WhoHasNotReadTheNewestNoticeStandsOnTheScreen) {
  admin::v1::PutProviderContractResponse response;
  ASSERT_TRUE(desk_->Put(Contract("acme"), {"Lan"}, response).ok());
  EXPECT_TRUE(room_->screen().Get().has_unread()) << "that there is no notice is known";
  EXPECT_EQ(room_->screen().Get().unread().notice(), 0u);
  Enter();
  ASSERT_EQ(*notices_->Announce(calendar_->VersionedWindows(), Rehearsals::kTell, clock_->Now()), 1u);
  EXPECT_EQ(room_->screen().Get().unread().notice(), 1u);
  EXPECT_EQ(room_->screen().Get().unread().unread(), 1u);
  ASSERT_TRUE(readers_->Acknowledge(ProviderId::Trusted("acme"), 1, clock_->Now()).ok());
  EXPECT_EQ(room_->screen().Get().unread().unread(), 0u);
}

TEST_F(NightRoomTest, TheSheetIsDueWhenTheConfigurationSaysAndTheLetterNamesUs) {
  Enter();
  admin::v1::PutContactSheetRequest request;
  auto& contact = *request.mutable_sheet()->mutable_contact();
  contact.set_name("Hồng Ánh");
  contact.set_title("Trưởng ca");
  contact.set_email("anh@tvan.example");
  contact.set_mobile("0912345678");
  admin::v1::PutContactSheetResponse stored;
  ASSERT_TRUE(room_->records().Put(request, "Lan", stored).ok());
  EXPECT_EQ(FromProto(stored.sheet().due()), *ParseTime("2026-11-21T14:00:00"));
  EXPECT_EQ(FromProto(room_->screen().Get().contact().due()), *ParseTime("2026-11-21T14:00:00"));
  admin::v1::GetContactSheetResponse sheet;
  ASSERT_TRUE(room_->records().Get({}, sheet).ok());
  EXPECT_THAT(sheet.letter().vi(), HasSubstr("T-VAN Thử (MST 0101234567)"));
}

TEST_F(NightRoomTest, TheScreenShowsTheDiskOfTheStoreAndTheAlarmOfSignatures) {
  EXPECT_GT(room_->screen().Get().disk().total_bytes(), 0u);
  EXPECT_EQ(room_->screen().Get().signature_alarm(), "eight of eight are UNVERIFIED");
}

TEST_F(NightRoomTest, CertificatesAreKnownAtOnceAndLookedAtEveryMinute) {
  EXPECT_EQ(room_->screen().Get().endings().rows_size(), 0);
  ASSERT_TRUE(room_->screen().Get().has_endings());
  room_->Start();
  WriteCertificate(*ParseTime("2026-11-22T01:00:00"));
  clock_->AdvanceBy(seconds(59));
  EXPECT_EQ(room_->screen().Get().endings().rows_size(), 0);
  clock_->AdvanceBy(seconds(1));
  EXPECT_EQ(room_->screen().Get().endings().rows_size(), 6);
}

TEST_F(NightRoomTest, ACertificateThatCannotBeReadStandsOnTheScreenWithTheCauseBeforeAllThatEnds) {
  WriteCertificate(*ParseTime("2026-11-22T01:00:00"));
  config_.mutable_line()->set_certificate(folder_.File("gone.pem"));
  NightRoom room(config_, NightRoom::Parts{*store_,
                                           *calendar_,
                                           *contracts_,
                                           dispatcher_,
                                           *answers_,
                                           *notices_,
                                           *readers_,
                                           *clock_,
                                           pool_,
                                           *metrics_,
                                           {}});
  const auto night = room.screen().Get();
  ASSERT_EQ(night.endings().rows_size(), 6);
  EXPECT_EQ(night.endings().rows(0).what() + " " + night.endings().rows(0).name(), "certificate line");
  EXPECT_THAT(night.endings().rows(0).unreadable(), HasSubstr("gone.pem"));
  EXPECT_FALSE(night.endings().rows(0).has_at());
  EXPECT_EQ(night.endings().rows(1).unreadable(), "");
  EXPECT_TRUE(night.endings().rows(1).has_at());
}

TEST_F(NightRoomTest, TheRateOfIntakeIsKnownBeforeAnybodyAsks) {
  room_->Start();
  clock_->AdvanceBy(minutes(1));
  for (int i = 0; i < 600; ++i) AcceptFake(*store_, {.id = std::to_string(i)}, *MakeDigester(), clock_->Now());
  clock_->AdvanceBy(minutes(1));
  EXPECT_DOUBLE_EQ(room_->screen().Get().disk().intake_per_s().value(), 5);  // 600 in the two minutes that were seen
}

TEST_F(NightRoomTest, AnOverdueSheetRaisesTheAlarmWithoutBeingAskedFor) {
  Enter();
  room_->Start();
  EXPECT_EQ(Metric("tvan_contact_overdue"), "0");
  clock_->AdvanceTo(*ParseTime("2026-11-21T14:00:00"));
  EXPECT_EQ(Metric("tvan_contact_overdue"), "1");
}

TEST_F(NightRoomTest, AFullPoolIsTriedAgainAMinuteLater) {
  pool_.full = true;
  room_->Start();
  EXPECT_EQ(pool_.asked, 1);
  EXPECT_EQ(Metric("tvan_contact_overdue"), "0");
  clock_->AdvanceBy(minutes(2));
  EXPECT_EQ(pool_.asked, 3);
  pool_.full = false;
  WriteCertificate(*ParseTime("2026-11-22T01:00:00"));
  clock_->AdvanceBy(minutes(1));
  EXPECT_EQ(room_->screen().Get().endings().rows_size(), 6);
}

TEST_F(NightRoomTest, LooksNoMoreOnceItIsStopped) {
  room_->Start();
  room_->Stop();
  clock_->AdvanceBy(hours(1));
  EXPECT_EQ(pool_.asked, 1);
}

}  // namespace
}  // namespace tvan
