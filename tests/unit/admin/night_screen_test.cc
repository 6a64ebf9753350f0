// What operators see and write down around a stop.
#include "gateway/admin/night_screen.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/signature.h"
#include "gateway/admin/night_records.h"
#include "tests/unit/admin/desk_world.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

namespace api = admin::v1;

// The clock of these tests stands at 2026-11-21T10:00+07:00; the stop is the night after it, its sheet due at 17:00.
class NightScreenTest : public DeskTest {
 protected:
  NightScreenTest() : records_(RecordParts()) {}
  NightRecords::Parts RecordParts() { return {*store_, *calendar_, LineId::Trusted("main"), *clock_, "0101234567"}; }
  NightScreen::Parts Parts() {
    return {*store_, *calendar_, *contracts_, dispatcher_, LineId::Trusted("main"), *clock_};
  }
  void Enter(void (*change)(Window&) = [](Window&) {}) {
    Window w;
    w.id = "upgrade";
    w.start = *ParseTime("2026-11-22T00:00:00");
    w.end = *ParseTime("2026-11-22T03:45:00");
    w.verify_until = *ParseTime("2026-11-22T05:00:00");
    change(w);
    ASSERT_TRUE(calendar_->Put(w, "Lan", "", clock_->Now()).ok());
  }
  static api::ContactSheet Sheet() {
    api::ContactSheet sheet;
    sheet.mutable_contact()->set_name("Hồng Ánh");
    sheet.mutable_contact()->set_title("Trưởng ca");
    sheet.mutable_contact()->set_email("anh@tvan.example");
    sheet.mutable_contact()->set_mobile("0912345678");
    return sheet;
  }
  Result<api::ContactSheet> Put(const api::ContactSheet& sheet) {
    api::PutContactSheetRequest request;
    *request.mutable_sheet() = sheet;
    api::PutContactSheetResponse response;
    const Status put = records_.Put(request, "Lan", response);
    return put.ok() ? Result<api::ContactSheet>(response.sheet()) : put;
  }
  Result<api::Incident> Say(const std::string& id, const std::string& text) {
    api::AddToIncidentRequest request;
    request.set_id(id);
    request.set_text(text);
    api::AddToIncidentResponse response;
    const Status added = records_.Add(request, "Lan", response);
    return added.ok() ? Result<api::Incident>(response.incident()) : added;
  }
  NightRecords records_;
};

std::string Marks(const api::Night& night) {
  std::string said;
  for (const api::Mark& mark : night.marks()) said += "?PN.O"[mark.state()];
  return said;
}

TEST_F(NightScreenTest, LeavesOutWhatNobodyKnows) {
  NightScreen screen(Parts());
  const api::Night night = screen.Get();
  EXPECT_EQ(night.phase(), v1::LINE_PHASE_OPEN);
  EXPECT_FALSE(night.has_window());
  EXPECT_EQ(night.marks_size(), 0);
  EXPECT_FALSE(night.has_drain());
  EXPECT_FALSE(night.has_unread());
  EXPECT_FALSE(night.has_disk());
  EXPECT_FALSE(night.has_endings());
  EXPECT_FALSE(night.has_probe());
  EXPECT_FALSE(night.has_clock_offset());
  EXPECT_FALSE(night.has_counts());
  EXPECT_EQ(night.budget().year(), 2026);
}

TEST_F(NightScreenTest, SaysTheStopItsMarksItsContactAndWhoIsOnCall) {
  Enter();
  ASSERT_TRUE(Put(Sheet()).ok());
  api::PutOnCallRequest rota;
  api::Shift& shift = *rota.mutable_on_call()->add_shifts();
  shift.set_name("Bình");
  ToProto(*ParseTime("2026-11-21T22:00:00"), *shift.mutable_from());
  ToProto(*ParseTime("2026-11-22T04:00:00"), *shift.mutable_to());
  api::PutOnCallResponse stored;
  ASSERT_TRUE(records_.Put(rota, "Lan", stored).ok());
  NightScreen screen(Parts());
  const api::Night night = screen.Get();
  EXPECT_EQ(night.window().id(), "upgrade");
  EXPECT_EQ(Marks(night), "PN....");
  EXPECT_EQ(FromProto(night.marks(1).at()), *ParseTime("2026-11-21T17:00:00"));
  EXPECT_EQ(night.contact().state(), api::CONTACT_STATE_READY);
  ASSERT_EQ(night.on_call().shifts_size(), 1);
  ASSERT_EQ(night.on_call().gaps_size(), 1);
  EXPECT_EQ(FromProto(night.on_call().gaps(0).from()), *ParseTime("2026-11-22T04:00:00"));
}

TEST_F(NightScreenTest, StaysWithTheStopWhoseLineIsNotOpenAgain) {
  Enter([](Window& w) { w.verify_until.reset(); });
  LineFacts facts;
  facts.now = *ParseTime("2026-11-22T00:00:00");
  ASSERT_TRUE(calendar_->Advance(LineId::Trusted("main"), facts).ok());
  clock_->AdvanceTo(*ParseTime("2026-11-22T04:30:00"));
  facts.now = clock_->Now();
  ASSERT_TRUE(calendar_->Advance(LineId::Trusted("main"), facts).ok());
  NightScreen screen(Parts());
  const api::Night night = screen.Get();
  EXPECT_EQ(night.phase(), v1::LINE_PHASE_VERIFYING);
  EXPECT_EQ(night.window().id(), "upgrade");
  EXPECT_EQ(Marks(night), "POPPPN");
  facts.probed = ProbeRound{clock_->Now(), true, 2, "green"};
  facts.ramped = false;
  ASSERT_TRUE(calendar_->Advance(LineId::Trusted("main"), facts).ok());
  clock_->AdvanceTo(*ParseTime("2026-11-22T06:00:00"));
  EXPECT_EQ(screen.Get().phase(), v1::LINE_PHASE_RAMPING);
  EXPECT_EQ(screen.Get().window().id(), "upgrade");
}

TEST_F(NightScreenTest, NamesNoticesThatNobodyConfirmed) {
  Enter([](Window& w) { w.unverified = true; });
  NightScreen screen(Parts());
  const api::Night night = screen.Get();
  EXPECT_FALSE(night.has_window());
  EXPECT_THAT(night.unverified(), ElementsAre("upgrade"));
  Enter();
  EXPECT_EQ(screen.Get().unverified_size(), 0);
}

TEST_F(NightScreenTest, TellsTheHoursThatAreLeftFromWhatComesInAndWhatOneTakes) {
  auto parts = Parts();
  parts.disk = [] { return DiskFacts{3'600'000'000, 9'000'000'000, 2'000'000}; };
  NightScreen screen(std::move(parts));
  api::Night night = screen.Get();
  EXPECT_EQ(night.disk().free_bytes(), 3'600'000'000U);
  EXPECT_FALSE(night.disk().has_intake_per_s());
  const auto accept = [&](int number) {
    AcceptFake(*store_, {.id = std::to_string(number)}, *MakeDigester(), clock_->Now());
  };
  for (int i = 0; i < 999; ++i) accept(i);
  clock_->AdvanceBy(std::chrono::seconds(50));
  EXPECT_FALSE(screen.Get().disk().has_bytes_per_message());  // of too few to say what one takes
  accept(999);
  clock_->AdvanceBy(std::chrono::seconds(50));
  night = screen.Get();
  EXPECT_DOUBLE_EQ(night.disk().intake_per_s().value(), 10);
  EXPECT_DOUBLE_EQ(night.disk().bytes_per_message().value(), 2000);
  EXPECT_DOUBLE_EQ(night.disk().hours().value(), 50);  // 3.6 GB at 20 KB a second
  clock_->AdvanceBy(hours(1));
  screen.Look();
  clock_->AdvanceBy(minutes(1));
  night = screen.Get();
  EXPECT_DOUBLE_EQ(night.disk().intake_per_s().value(), 0);
  EXPECT_FALSE(night.disk().has_hours());  // nothing comes in: no end is known
}

TEST_F(NightScreenTest, NamesCertificatesAndContractsThatEndBeforeFiveOrTheEndOfTheCheck) {
  Enter();
  const auto contract = [&](const char* provider, const char* to) {
    api::PutProviderContractRequest request = Contract(provider);
    request.mutable_contract()->set_certificates(0, std::string(63, 'b') + provider[0]);
    ToProto(*ParseDate(to), *request.mutable_contract()->mutable_to());
    api::PutProviderContractResponse response;
    ASSERT_TRUE(desk_->Put(request, {"Lan", ""}, response).ok());
  };
  contract("acme", "2026-11-22");
  contract("bach-viet", "2026-11-23");
  auto parts = Parts();
  parts.certificates = [] {
    return std::vector<NightScreen::Ending>{{"certificate", "line", *ParseTime("2026-11-22T04:59:59")},
                                            {"certificate", "admin_api", *ParseTime("2026-11-22T05:00:00")}};
  };
  NightScreen screen(std::move(parts));
  const api::Night night = screen.Get();
  EXPECT_EQ(FromProto(night.endings().before()), *ParseTime("2026-11-22T05:00:00"));
  std::vector<std::string> names;
  for (const auto& row : night.endings().rows()) names.push_back(row.name());
  EXPECT_THAT(names, ElementsAre("acme", "line"));
}

TEST_F(NightScreenTest, CountsWhoHasNotReadTheNewestNotice) {
  auto parts = Parts();
  parts.newest_notice = [] {
    api::ListAcknowledgementsResponse newest;
    newest.set_notice(12);
    newest.add_rows()->set_provider("acme");
    ToProto(Time{1}, *newest.add_rows()->mutable_acknowledged_at());
    return std::optional(newest);
  };
  NightScreen screen(std::move(parts));
  const api::Night night = screen.Get();
  EXPECT_EQ(night.unread().providers(), 2U);
  EXPECT_EQ(night.unread().unread(), 1U);
  EXPECT_THAT(night.unread().names(), ElementsAre("acme"));
}

TEST_F(NightScreenTest, CountsDoubtSilenceAndWork) {
  Census census;
  census.at = clock_->Now();
  for (const StandingKind kind :
       {StandingKind::kInDoubt, StandingKind::kSilent, StandingKind::kAfterT2, StandingKind::kWorkItem}) {
    CensusRow row;
    row.kind = kind;
    row.messages = 2;
    census.rows.push_back(row);
  }
  dispatcher_.census = std::make_shared<const Census>(census);
  NightScreen screen(Parts());
  const api::Night night = screen.Get();
  EXPECT_EQ(night.counts().in_doubt(), 2U);
  EXPECT_EQ(night.counts().silent(), 4U);
  EXPECT_EQ(night.counts().work_items(), 2U);
}

TEST_F(NightScreenTest, TakesAContactSheetForAStopThatThereIsAndNoOther) {
  EXPECT_EQ(Put(Sheet()).status().reason().text(), "admin.not_found");  // no stop comes
  Enter();
  ASSERT_TRUE(Put(Sheet()).ok());
  api::ContactSheet other = Sheet();
  other.set_window("other");
  EXPECT_EQ(Put(other).status().reason().text(), "admin.not_found");
  other.set_window("upgrade/2026-11-22");  // it does not recur
  EXPECT_EQ(Put(other).status().reason().text(), "admin.not_found");
  other.set_window("upgrade");
  EXPECT_TRUE(Put(other).ok());
}

TEST_F(NightScreenTest, GivesTheLetterAndTheHistoryOfTheSheet) {
  Enter();
  ASSERT_TRUE(Put(Sheet()).ok());
  api::ContactSheet sent = Sheet();
  ToProto(clock_->Now(), *sent.mutable_sent_at());
  sent.set_sent_how("công văn 12/CV");
  EXPECT_EQ(Put(sent)->sent_by(), "Lan");
  api::GetContactSheetResponse response;
  ASSERT_TRUE(records_.Get(api::GetContactSheetRequest(), response).ok());
  EXPECT_THAT(response.letter().vi(), HasSubstr("Hồng Ánh"));
  EXPECT_THAT(response.letter().en(), HasSubstr("0101234567"));
  EXPECT_THAT(response.history(), ElementsAre(HasSubstr("not sent"), HasSubstr("công văn 12/CV (Lan)")));
  EXPECT_EQ(FromProto(response.start()), *ParseTime("2026-11-22T00:00:00"));
}

TEST_F(NightScreenTest, TakesASheetThatSaysHowAndNotWhenForSentNow) {
  Enter();
  api::ContactSheet sent = Sheet();
  EXPECT_FALSE(Put(sent)->has_sent_at());
  sent.set_sent_how("e-mail");
  EXPECT_EQ(FromProto(Put(sent)->sent_at()), clock_->Now());
}

TEST_F(NightScreenTest, KeepsTheSheetOfOneDayApartFromThatOfAllDays) {
  Enter([](Window& w) {
    w.verify_until.reset();
    w.recurrence.weekdays = 0x7f;
  });
  api::ContactSheet sheet = Sheet();
  sheet.set_window("upgrade");
  ASSERT_TRUE(Put(sheet).ok());
  sheet.mutable_contact()->set_name("Bình");
  sheet.set_window("upgrade/2026-11-22");
  ASSERT_TRUE(Put(sheet).ok());
  const auto name = [&](const char* window) {
    api::GetContactSheetRequest request;
    request.set_window(window);
    api::GetContactSheetResponse response;
    EXPECT_TRUE(records_.Get(request, response).ok());
    return response.sheet().contact().name();
  };
  EXPECT_EQ(name("upgrade"), "Hồng Ánh");
  EXPECT_EQ(name("upgrade/2026-11-22"), "Bình");
  EXPECT_EQ(name("upgrade/2026-11-23"), "Hồng Ánh");
}

TEST_F(NightScreenTest, BeginsTheLogOfAStopWithItsFirstEntryAndOfNoOther) {
  Enter();
  EXPECT_EQ(Say("INC-2026-11-21-1", "x").status().reason().text(), "calendar.no_incident");
  EXPECT_EQ(Say("other", "x").status().reason().text(), "admin.not_found");
  EXPECT_EQ(Say("", "Ánh hands over to Bình")->id(), "upgrade");
  EXPECT_EQ(Say("upgrade", "all quiet")->entries_total(), 2U);
  NightScreen screen(Parts());
  EXPECT_EQ(screen.Get().incidents_size(), 0);  // it is no incident
  api::ListIncidentsRequest request;
  request.set_id("upgrade");
  api::ListIncidentsResponse response;
  ASSERT_TRUE(records_.List(request, response).ok());
  ASSERT_EQ(response.incidents(0).entries_size(), 2);
  EXPECT_EQ(response.incidents(0).entries(0).text(), "Ánh hands over to Bình");
  EXPECT_EQ(response.incidents(0).entries(1).author(), "Lan");
}

TEST_F(NightScreenTest, ShowsOpenIncidentsAndListsTheOthersToo) {
  api::OpenIncidentRequest open;
  open.set_title("line cut");
  open.set_fault_class("line");
  api::OpenIncidentResponse opened;
  ASSERT_TRUE(records_.Open(open, "Lan", opened).ok());
  NightScreen screen(Parts());
  ASSERT_EQ(screen.Get().incidents_size(), 1);
  api::CloseIncidentRequest close;
  close.set_id(opened.incident().id());
  close.set_text("back again");
  api::CloseIncidentResponse closed;
  ASSERT_TRUE(records_.Close(close, "Lan", closed).ok());
  EXPECT_EQ(screen.Get().incidents_size(), 0);
  api::ListIncidentsResponse all;
  ASSERT_TRUE(records_.List(api::ListIncidentsRequest(), all).ok());
  EXPECT_EQ(all.incidents_size(), 1);
}

class ContactWatchTest : public NightScreenTest {
 protected:
  std::string Overdue() {
    watch_.Look();
    const std::string page = metrics_->Render();
    const size_t at = page.find("\ntvan_contact_overdue ");
    return at == std::string::npos ? "" : page.substr(at + 22, page.find('\n', at + 1) - at - 22);
  }
  size_t Alarms(const std::string& log) {
    size_t count = 0;
    for (size_t at = 0; (at = log.find("admin.contact_overdue", at)) != std::string::npos; ++at) ++count;
    return count;
  }
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  ContactWatch watch_{RecordParts(), *metrics_};
};

TEST_F(ContactWatchTest, RaisesTheAlarmOnceAtFiveAndEndsItWhenTheSheetIsSent) {
  Enter();
  clock_->AdvanceTo(*ParseTime("2026-11-21T16:59:59"));
  EXPECT_EQ(Overdue(), "0");
  clock_->AdvanceTo(*ParseTime("2026-11-21T17:00:00"));
  testing::internal::CaptureStderr();
  EXPECT_EQ(Overdue(), "1");
  EXPECT_EQ(Overdue(), "1");
  EXPECT_EQ(Alarms(testing::internal::GetCapturedStderr()), 1U);
  api::ContactSheet sent = Sheet();
  ToProto(clock_->Now(), *sent.mutable_sent_at());
  sent.set_sent_how("e-mail");
  ASSERT_TRUE(Put(sent).ok());
  EXPECT_EQ(Overdue(), "0");
}

TEST_F(ContactWatchTest, SaysNothingOfOurOwnStopsNorOfNoticesThatNobodyConfirmed) {
  Enter([](Window& w) { w.unverified = true; });
  clock_->AdvanceTo(*ParseTime("2026-11-21T18:00:00"));
  EXPECT_EQ(Overdue(), "0");
  Enter([](Window& w) { w.kind = WindowKind::kOwn; });
  EXPECT_EQ(Overdue(), "0");
  Enter();
  EXPECT_EQ(Overdue(), "1");
}

TEST(DiskOf, CountsWhatLiesInTheFolderAndKnowsNothingOfNone) {
  const auto folder = std::filesystem::temp_directory_path() / "tvan_disk_of";
  std::filesystem::create_directories(folder / "inner");
  std::ofstream(folder / "a") << std::string(1000, 'x');
  std::ofstream(folder / "inner" / "b") << std::string(500, 'x');
  const auto facts = DiskOf(folder.string());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->store_bytes, 1500U);
  EXPECT_GT(facts->total_bytes, facts->free_bytes);
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(DiskOf(folder.string()));
}

}  // namespace
}  // namespace tvan
