#include "gateway/admin/night_desk.h"

#include "adapters/signature.h"
#include "tests/unit/admin/desk_world.h"

namespace tvan {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The clock of these tests stands at 2026-11-21T10:00+07:00, a Saturday.
class NightDeskTest : public DeskTest {
 protected:
  NightDeskTest() : night_({*store_, *calendar_, dispatcher_, LineId::Trusted("main"), *clock_}) {}

  admin::v1::Window Stop(const std::string& id, Span from, Span length) const {
    admin::v1::Window window;
    window.set_id(id);
    ToProto(clock_->Now() + from, *window.mutable_start());
    ToProto(clock_->Now() + from + length, *window.mutable_end());
    return window;
  }
  admin::v1::Window Enter(const admin::v1::Window& window, bool accept = false) {
    admin::v1::PutWindowRequest request;
    *request.mutable_window() = window;
    request.set_accept_warnings(accept);
    admin::v1::PutWindowResponse response;
    refused_ = desk_->Put(request, "Lan", response);
    return response.window();
  }
  admin::v1::PreviewWindowResponse Preview(const admin::v1::Window& window, const std::string& weekday = "") {
    admin::v1::PreviewWindowRequest request;
    *request.mutable_window() = window;
    request.set_weekday(weekday);
    admin::v1::PreviewWindowResponse response;
    refused_ = night_.Preview(request, response);
    return response;
  }
  using Texts = google::protobuf::RepeatedPtrField<v1::Text>;
  static std::vector<std::string> En(const Texts& texts) {
    std::vector<std::string> said;
    for (const v1::Text& text : texts) said.push_back(text.en());
    return said;
  }
  Status refused_;
  NightDesk night_;
};

TEST_F(NightDeskTest, APreviewSaysAllAndWritesNothing) {
  AcceptFake(*store_, {}, *MakeDigester(), clock_->Now());
  auto window = Stop("tonight", hours(14), hours(4));
  const auto preview = Preview(window, "Chủ Nhật");
  ASSERT_TRUE(refused_.ok()) << refused_.ToString();
  EXPECT_FALSE(preview.has_before());
  EXPECT_THAT(En(preview.changes()), ElementsAre("start: 2026-11-22T00:00", "end: 2026-11-22T04:00"));
  EXPECT_THAT(preview.warnings(), IsEmpty());
  EXPECT_EQ(preview.state(), v1::WINDOW_STATE_ANNOUNCED);
  EXPECT_EQ(preview.queued(), 1U);
  EXPECT_TRUE(calendar_->Windows().empty());
  window.add_message_classes(v1::MESSAGE_CLASS_SUMMARY);
  EXPECT_EQ(Preview(window).queued(), 0U) << "what waits is of another class";
  const auto warnings = Preview(window, "Thứ Hai").warnings();
  EXPECT_THAT(En(warnings), ElementsAre(HasSubstr("is a Sunday")));
  EXPECT_THAT(warnings.Get(0).vi(), HasSubstr("là Chủ nhật, thông báo lại ghi Thứ Hai"));
}

TEST_F(NightDeskTest, APreviewOfAChangeNamesTheVersionThatItWasMadeFrom) {
  auto window = Enter(Stop("tonight", hours(14), hours(4)));
  ASSERT_TRUE(refused_.ok()) << refused_.ToString();
  ToProto(clock_->Now() + hours(19), *window.mutable_end());
  const auto preview = Preview(window);
  EXPECT_EQ(preview.before().version(), 1U);
  EXPECT_EQ(preview.before().entered_by(), "Lan");
  EXPECT_THAT(En(preview.changes()), ElementsAre("end: 2026-11-22T04:00 -> 2026-11-22T05:00"));
}

TEST_F(NightDeskTest, APreviewRefusesWhatIsNoRequest) {
  Preview(admin::v1::Window());
  EXPECT_EQ(refused_.reason(), "admin.bad_request"_reason);
  auto window = Stop("tonight", hours(14), hours(4));
  window.set_line("mian");
  Preview(window);
  EXPECT_EQ(refused_.reason(), "admin.bad_request"_reason);
  admin::v1::PreviewWindowRequest many;
  *many.mutable_window() = Stop("tonight", hours(14), hours(4));
  for (int i = 0; i <= 500; ++i) *many.add_with() = many.window();
  admin::v1::PreviewWindowResponse response;
  EXPECT_EQ(night_.Preview(many, response).reason(), "admin.bad_request"_reason);
  many.mutable_with()->RemoveLast();
  EXPECT_TRUE(night_.Preview(many, response).ok());
}

TEST_F(NightDeskTest, APreviewTakesTheOthersOfAFileAsEntered) {
  admin::v1::PreviewWindowRequest request;
  *request.mutable_window() = Stop("second", hours(15), hours(4));
  *request.add_with() = Stop("first", hours(14), hours(4));
  admin::v1::PreviewWindowResponse response;
  ASSERT_TRUE(night_.Preview(request, response).ok());
  EXPECT_THAT(response.overlaps(), ElementsAre("first"));
}

TEST_F(NightDeskTest, EveryFieldOfAWindowComesBackAsItWasEntered) {
  auto window = Stop("tonight", hours(14), hours(4));
  window.set_line("main");
  window.add_message_classes(v1::MESSAGE_CLASS_CODED);
  window.set_reason("upgrade");
  window.set_source("1234/TCT-CNTT");
  window.set_kind(v1::WINDOW_KIND_OUTAGE);
  window.set_unverified(true);
  ToProto(clock_->Now() + hours(19), *window.mutable_verify_until());
  for (const int day : {1, 7}) window.mutable_recurrence()->add_weekdays(day);
  ToProto(clock_->Now() + hours(24 * 30), *window.mutable_recurrence()->mutable_until());
  window.mutable_recurrence()->add_exceptions("2026-11-29");
  for (admin::v1::Contact* contact : {window.mutable_theirs(), window.mutable_ours()}) {
    contact->set_name("Trần Thị Lan");
    contact->set_title("trưởng ca");
    contact->set_email("lan@example.vn");
    contact->set_mobile("0900000001");
  }
  window.set_support("1900 0000");
  const auto entered = Enter(window);
  ASSERT_TRUE(refused_.ok()) << refused_.ToString();
  admin::v1::ListWindowsResponse list;
  ASSERT_TRUE(desk_->List(admin::v1::ListWindowsRequest(), list).ok());
  EXPECT_EQ(list.windows(0).SerializeAsString(), entered.SerializeAsString());
  EXPECT_EQ(entered.state(), v1::WINDOW_STATE_PLANNED);
  EXPECT_EQ(entered.entered_by(), "Lan");
  EXPECT_EQ(FromProto(entered.first_end()), FromProto(window.end()));
  EXPECT_EQ(FromProto(entered.created_at()), clock_->Now());
  auto bare = entered;
  for (const char* ours : {"version", "first_end", "created_at", "state", "entered_by", "changed_at"})
    bare.GetReflection()->ClearField(&bare, bare.GetDescriptor()->FindFieldByName(ours));
  EXPECT_EQ(bare.SerializeAsString(), window.SerializeAsString());
}

TEST_F(NightDeskTest, AWindowWithAnImpossibleKindOrDayIsRefused) {
  auto window = Stop("tonight", hours(14), hours(4));
  window.set_kind(static_cast<v1::WindowKind>(5));
  Enter(window);
  EXPECT_EQ(refused_.reason(), "admin.bad_request"_reason);
  window.clear_kind();
  window.mutable_recurrence()->add_weekdays(8);
  Enter(window);
  EXPECT_EQ(refused_.reason(), "admin.bad_request"_reason);
  window.mutable_recurrence()->set_weekdays(0, 7);
  window.mutable_recurrence()->add_exceptions("tomorrow");
  Enter(window);
  EXPECT_EQ(refused_.reason(), "admin.bad_request"_reason);
  window.mutable_recurrence()->set_exceptions(0, "2026-11-29");
  EXPECT_EQ(Enter(window).recurrence().weekdays_size(), 1);
}

TEST_F(NightDeskTest, ARecurrenceWithoutDaysIsDaily) {
  auto window = Stop("daily", hours(14), hours(4));
  window.mutable_recurrence();
  EXPECT_EQ(Enter(window).recurrence().weekdays_size(), 7);
}

TEST_F(NightDeskTest, OwnMaintenanceAtShortNoticeMustBeAccepted) {
  auto window = Stop("own", hours(14), hours(4));
  window.set_kind(v1::WINDOW_KIND_OWN);
  Enter(window);
  EXPECT_EQ(refused_.reason(), "admin.window_needs_accept"_reason);
  EXPECT_TRUE(calendar_->Windows().empty());
  EXPECT_THAT(En(Preview(window).to_accept()), ElementsAre(HasSubstr("30 days are due")));
  Enter(window, true);
  EXPECT_TRUE(refused_.ok()) << refused_.ToString();
  EXPECT_EQ(calendar_->Windows().size(), 1U);
}

TEST_F(NightDeskTest, AcceptingWarningsMakesNoWindowOfWhatIsNone) {
  auto window = Stop("own", hours(14), hours(-4));
  window.set_kind(v1::WINDOW_KIND_OWN);
  Enter(window, true);
  EXPECT_EQ(refused_.reason(), "calendar.invalid"_reason);
}

TEST_F(NightDeskTest, APreviewKnowsWhatPutRefusesBecauseItIsOver) {
  auto window = Enter(Stop("tonight", hours(1), hours(1)));
  for (const bool over : {false, true}) {
    clock_->AdvanceBy(over ? Span(1) : Span(hours(26)) - Span(1));
    window.set_reason(over ? "later" : "earlier");
    EXPECT_EQ(Preview(window).errors_size(), over ? 1 : 0);
    window.set_version(0);
    Enter(window);
    EXPECT_EQ(refused_.reason(), over ? "calendar.over"_reason : Reason());
  }
}

TEST_F(NightDeskTest, TheHistoryOfAWindowIsNewestFirstAndBounded) {
  auto window = Stop("tonight", hours(14), hours(4));
  for (const char* reason : {"one", "two", "three"}) {
    window.set_reason(reason);
    Enter(window);
    clock_->AdvanceBy(hours(1));
  }
  admin::v1::GetWindowHistoryRequest request;
  admin::v1::GetWindowHistoryResponse all, one, none;
  request.set_id("tonight");
  ASSERT_TRUE(night_.History(request, all).ok());
  ASSERT_EQ(all.windows_size(), 3);
  EXPECT_EQ(all.windows(0).reason(), "three");
  EXPECT_EQ(all.windows(0).version(), 3U);
  EXPECT_EQ(all.windows(2).entered_by(), "Lan");
  EXPECT_EQ(FromProto(all.windows(0).changed_at()), clock_->Now() - hours(1));
  request.set_limit(1);
  ASSERT_TRUE(night_.History(request, one).ok());
  EXPECT_EQ(one.windows_size(), 1);
  request.set_limit(1001);
  EXPECT_EQ(night_.History(request, none).reason(), "admin.bad_request"_reason);
  request.set_limit(1);
  request.set_id("never");
  EXPECT_EQ(night_.History(request, none).reason(), "admin.not_found"_reason);
}

TEST_F(NightDeskTest, TellsTheBudgetOfThisYearAndOfAnother) {
  auto window = Stop("own", hours(24 * 31), hours(4));
  window.set_kind(v1::WINDOW_KIND_OWN);
  Enter(window);
  admin::v1::GetMaintenanceBudgetRequest request;
  admin::v1::GetMaintenanceBudgetResponse response;
  ASSERT_TRUE(night_.Budget(request, response).ok());
  EXPECT_EQ(response.year(), 2026);
  EXPECT_EQ(response.allowed().seconds(), 630'720) << "175.2 h";
  EXPECT_EQ(response.used().seconds(), 0);
  EXPECT_EQ(response.planned().seconds(), 4 * 3600);
  EXPECT_EQ(response.left().seconds(), 630'720 - 4 * 3600);
  request.set_year(2027);
  ASSERT_TRUE(night_.Budget(request, response).ok());
  EXPECT_EQ(response.planned().seconds(), 0);
  request.set_year(99999);
  EXPECT_EQ(night_.Budget(request, response).reason(), "admin.bad_request"_reason);
}

TEST_F(NightDeskTest, ShowsThePhasesAsWrittenAndTheirPastNewestFirst) {
  const LineId line = LineId::Trusted("main");
  for (const bool down : {false, true}) {
    LineFacts facts{.now = clock_->Now()};
    if (down) facts.down = "no answer for 30 s";
    ASSERT_TRUE(calendar_->Advance(line, facts).ok());
    clock_->AdvanceBy(hours(1));
  }
  admin::v1::GetLineRequest request;
  admin::v1::GetLineResponse response;
  ASSERT_TRUE(night_.Line(request, response).ok());
  EXPECT_EQ(response.line(), "main");
  EXPECT_EQ(response.now().epoch(), 2U);
  EXPECT_EQ(response.now().classes(0).phase(), v1::LINE_PHASE_DOWN);
  EXPECT_THAT(response.now().classes(0).evidence(), HasSubstr("no answer for 30 s"));
  EXPECT_EQ(response.history_size(), 0);
  EXPECT_EQ(response.down_reason(), "line.timeout");
  for (const int asked : {1, 1000}) {
    request.set_history(asked);
    response.Clear();
    ASSERT_TRUE(night_.Line(request, response).ok());
    ASSERT_EQ(response.history_size(), std::min(asked, 2));
    EXPECT_EQ(response.history(0).epoch(), 2U);
  }
  EXPECT_EQ(response.history(1).classes(0).phase(), v1::LINE_PHASE_OPEN);
  request.set_history(1001);
  EXPECT_EQ(night_.Line(request, response).reason(), "admin.bad_request"_reason);
}

TEST_F(NightDeskTest, ShowsWhoseFaultItIsNewestEvidenceFirstAndHowOurClockStands) {
  admin::v1::GetLineResponse plain, told;
  ASSERT_TRUE(night_.Line({}, plain).ok());
  EXPECT_FALSE(plain.has_clock_offset());
  EXPECT_EQ(plain.fault_class(), "");
  dispatcher_.shown.clock_offset = -std::chrono::milliseconds(2500);
  dispatcher_.shown.fault = FaultClass::kAuthority;
  dispatcher_.shown.fault_evidence = {{clock_->Now() - hours(1), FaultClass::kAuthority, "HTTP 502"},
                                      {clock_->Now(), FaultClass::kAuthority, "HTTP 503"}};
  ASSERT_TRUE(night_.Line({}, told).ok());
  EXPECT_EQ(told.clock_offset().seconds(), -2);
  EXPECT_EQ(told.clock_offset().nanos(), -500'000'000);
  EXPECT_EQ(told.fault_class(), "authority");
  EXPECT_THAT(told.fault_evidence(), ElementsAre("2026-11-21T10:00:00 HTTP 503", "2026-11-21T09:00:00 HTTP 502"));
}

TEST_F(NightDeskTest, OpensByOrderOnlyWhatIsDownOrVerified) {
  admin::v1::OrderLineRequest request;
  admin::v1::OrderLineResponse response;
  request.set_reason("the authority says by phone that all is well");
  EXPECT_EQ(night_.Order(request, "Lan", response).reason(), "calendar.not_verifying"_reason);
  LineFacts facts{.now = clock_->Now()};
  facts.down = "no answer";
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(calendar_->Advance(LineId::Trusted("main"), facts).ok());
  request.set_reason("now");
  EXPECT_EQ(night_.Order(request, "Lan", response).reason(), "calendar.reason_missing"_reason);
  request.set_reason("the authority says by phone that all is well");
  ASSERT_TRUE(night_.Order(request, "Lan", response).ok());
  EXPECT_TRUE(response.in_force());
}

TEST_F(NightDeskTest, SwitchesTheIntakeOfOneClassAndSaysWhatItMeans) {
  admin::v1::SetIntakeModeRequest request;
  admin::v1::SetIntakeModeResponse response;
  request.set_message_class(v1::MESSAGE_CLASS_SUMMARY);
  request.set_mode(v1::INTAKE_MODE_REFUSE_NEW);
  request.set_reason("the disk is nearly full");
  ASSERT_TRUE(night_.SetMode(request, "Lan", response).ok());
  EXPECT_EQ(response.mode().mode(), v1::INTAKE_MODE_REFUSE_NEW);
  EXPECT_NE(response.mode().advice().vi(), "");
  EXPECT_NE(response.mode().advice().en(), "");
  EXPECT_EQ(calendar_->ModeOf(MessageClass::kSummary), IntakeMode::kRefuseNew);
  EXPECT_EQ(calendar_->ModeOf(MessageClass::kCoded), IntakeMode::kHold);
  admin::v1::ListIntakeModesResponse modes;
  ASSERT_TRUE(night_.Modes({}, modes).ok());
  ASSERT_EQ(modes.modes_size(), 6);
  for (const auto& mode : modes.modes()) {
    EXPECT_NE(mode.source(), "") << mode.ShortDebugString();
    const bool summary = mode.message_class() == v1::MESSAGE_CLASS_SUMMARY;
    EXPECT_EQ(mode.mode(), summary ? v1::INTAKE_MODE_REFUSE_NEW : v1::INTAKE_MODE_HOLD);
  }
}

TEST_F(NightDeskTest, RefusesASwitchOfNoClassOrToNoMode) {
  admin::v1::SetIntakeModeRequest request;
  admin::v1::SetIntakeModeResponse response;
  request.set_mode(v1::INTAKE_MODE_HOLD);
  request.set_reason("the disk is nearly full");
  for (const auto cls : {v1::MESSAGE_CLASS_UNSPECIFIED, v1::MESSAGE_CLASS_TECHNICAL}) {
    request.set_message_class(cls);
    EXPECT_EQ(night_.SetMode(request, "Lan", response).reason(), "admin.bad_request"_reason);
  }
  request.set_message_class(v1::MESSAGE_CLASS_CODED);
  request.clear_mode();
  EXPECT_EQ(night_.SetMode(request, "Lan", response).reason(), "admin.bad_request"_reason);
}

TEST_F(NightDeskTest, SaysWhatIsNotServedHere) {
  admin::v1::Drain board;
  EXPECT_EQ(night_.Drain({}, board).reason(), "admin.not_served"_reason);
  admin::v1::ListAcknowledgementsResponse rows;
  EXPECT_EQ(night_.Acknowledgements({}, rows).reason(), "admin.not_served"_reason);
}

}  // namespace
}  // namespace tvan
