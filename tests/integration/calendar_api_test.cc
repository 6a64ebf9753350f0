// Stops of the line as providers live through them: told at once, told again after a restart, asked about at any time,
// read back by operators, and lying as files for the time when we are away. Intake stays up and green through all of
// it.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/notice.h"
#include "gateway/calendar/published.h"
#include "gateway/core/metrics.h"
#include "gateway/seal/seal.h"
#include "store/rocksdb/rocks_store.h"
#include "tests/integration/raw_client.h"
#include "tvan/admin/v1/night.grpc.pb.h"
#include "tvan/v1/calendar.grpc.pb.h"

namespace tvan {
namespace {

using nlohmann::json;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

class CalendarApi : public testing::Test {
 protected:
  CalendarApi() {
    std::filesystem::create_directory(world_.File("public"));
    world_.yaml += "calendar: {drain_before: 0s, publish_dir: public}\n";
  }
  void Start() {
    ASSERT_TRUE(world_.Start().ok());
    world_.PutContract("acme", "acme", "0101234567");
    world_.PutContract("beta", "beta", "0101234567");
  }
  void CutTheLine() {  // nobody listens there
    const size_t port = world_.yaml.find("port: ", world_.yaml.find("line:"));
    world_.yaml.replace(port, world_.yaml.find(',', port) - port, "port: 1");
  }
  std::unique_ptr<v1::CalendarService::Stub> Calendar(const std::string& client) const {
    return v1::CalendarService::NewStub(world_.Channel(client, world_.gateway->provider_port()));
  }
  std::unique_ptr<admin::v1::NightService::Stub> Night() const {
    return admin::v1::NightService::NewStub(world_.Channel("operator", world_.gateway->admin_port()));
  }
  admin::v1::Window Stop(const std::string& id, Span in, Span lasts) const {
    admin::v1::Window window;
    window.set_id(id);
    SetTime(world_.clock->Now() + in, window.mutable_start());
    SetTime(world_.clock->Now() + in + lasts, window.mutable_end());
    window.set_reason("upgrade");
    window.set_source("TB 12/CT");
    return window;
  }
  static void SetTime(Time time, google::protobuf::Timestamp* out) { out->set_seconds(time.us / 1'000'000); }
  admin::v1::Window Put(const admin::v1::Window& window) {
    admin::v1::PutWindowRequest request;
    *request.mutable_window() = window;
    request.mutable_window()->set_version(0);
    admin::v1::PutWindowResponse response;
    grpc::ClientContext context;
    const grpc::Status status = world_.Admin()->PutWindow(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.window();
  }
  void SetMode(v1::MessageClass cls, v1::IntakeMode mode) {
    admin::v1::SetIntakeModeRequest request;
    request.set_message_class(cls);
    request.set_mode(mode);
    request.set_reason("the disk is nearly full");
    admin::v1::SetIntakeModeResponse response;
    grpc::ClientContext context;
    const grpc::Status status = Night()->SetIntakeMode(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  v1::GetLineStatusResponse LineStatus(const std::string& client = "acme") {
    v1::GetLineStatusResponse response;
    grpc::ClientContext context;
    const grpc::Status status = Calendar(client)->GetLineStatus(&context, {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  bool Comes(v1::LinePhase phase) {
    return Eventually([&] { return LineStatus().phase() == phase; });
  }
  bool Serves() const { return HttpGet(world_.gateway->http_port(), "/healthz").find("200 OK") != std::string::npos; }
  grpc::Status Acknowledge(const std::string& client, uint64_t number) {
    v1::AcknowledgeNoticeRequest request;
    request.set_number(number);
    v1::AcknowledgeNoticeResponse response;
    grpc::ClientContext context;
    return Calendar(client)->AcknowledgeNotice(&context, request, &response);
  }
  std::string KeySet() {
    v1::GetKeySetResponse keys;
    grpc::ClientContext context;
    EXPECT_TRUE(world_.Relay("acme")->GetKeySet(&context, {}, &keys).ok());
    return keys.json();
  }
  admin::v1::ListAcknowledgementsResponse Readers(uint64_t notice) {
    admin::v1::ListAcknowledgementsRequest request;
    request.set_notice(notice);
    admin::v1::ListAcknowledgementsResponse response;
    grpc::ClientContext context;
    const grpc::Status status = Night()->ListAcknowledgements(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // One open stream of a client.
  struct Open {
    Open(const CalendarApi& test, const std::string& client, const std::string& cursor = "")
        : stub(test.Calendar(client)) {
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));  // of a failing test
      v1::WatchNoticesRequest request;
      request.set_cursor(cursor);
      stream = stub->WatchNotices(&context, request);
    }
    v1::Notice Next() {
      v1::WatchNoticesResponse response;
      return stream->Read(&response) ? response.notice() : v1::Notice();
    }
    grpc::Status Cut() {
      context.TryCancel();
      return stream->Finish();
    }
    std::unique_ptr<v1::CalendarService::Stub> stub;
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::WatchNoticesResponse>> stream;
  };

  ApiWorld world_;
};

TEST_F(CalendarApi, ANewNoticeReachesOpenStreamsOfEveryProviderSealed) {
  Start();
  Open acme(*this, "acme"), beta(*this, "beta");
  const admin::v1::Window window = Put(Stop("night", hours(5), hours(3)));
  const v1::Notice notice = acme.Next();
  EXPECT_EQ(notice.number(), 1U);
  EXPECT_EQ(notice.kind(), "window_announced");
  EXPECT_EQ(notice.window().id(), "night");
  EXPECT_EQ(notice.window().version(), window.version());
  EXPECT_EQ(notice.window().state(), v1::WINDOW_STATE_ANNOUNCED);
  EXPECT_THAT(notice.for_users().vi(), HasSubstr("Kính gửi Quý khách hàng"));
  EXPECT_EQ(beta.Next().jws(), notice.jws());
  const auto sealed = Unseal(notice.jws(), kNoticeType, KeySet());
  ASSERT_TRUE(sealed.ok()) << sealed.status().ToString();
  const json facts = json::parse(*sealed);
  EXPECT_EQ(facts["number"], 1);
  EXPECT_EQ(facts["window"]["id"], "night");
  EXPECT_EQ(facts["title"]["vi"], notice.title().vi());
}

TEST_F(CalendarApi, AStreamGoesOnAfterItsCursorAlsoOverARestart) {
  Start();
  admin::v1::Window window = Put(Stop("night", hours(5), hours(3)));
  Open first(*this, "acme");
  const std::string cursor = first.Next().cursor();
  first.Cut();
  window.mutable_end()->set_seconds(window.end().seconds() + 3600);
  Put(window);
  world_.Stop();
  ASSERT_TRUE(world_.Start().ok());
  Open again(*this, "acme", cursor);
  EXPECT_EQ(again.Next().kind(), "window_extended");
  window.set_cancelled(true);
  Put(window);
  const v1::Notice last = again.Next();
  EXPECT_EQ(last.kind(), "window_cancelled");
  EXPECT_EQ(last.number(), 3U);
  EXPECT_EQ(last.window().state(), v1::WINDOW_STATE_CANCELLED);
  Open forged(*this, "acme", "nonsense");
  EXPECT_EQ(forged.Next().number(), 0U);
  EXPECT_EQ(forged.stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(CalendarApi, WhatIsAcknowledgedIsNotToldAgainAndOperatorsSeeWhoHasReadIt) {
  Start();
  Put(Stop("one", hours(5), hours(3)));
  Put(Stop("two", hours(25), hours(3)));
  Open acme(*this, "acme");
  EXPECT_EQ(acme.Next().number(), 1U);
  EXPECT_EQ(Acknowledge("acme", 3).error_code(), grpc::StatusCode::NOT_FOUND);
  ASSERT_TRUE(Acknowledge("acme", 1).ok());
  ASSERT_TRUE(Acknowledge("acme", 1).ok());
  acme.Cut();
  EXPECT_EQ(Open(*this, "acme").Next().number(), 2U);
  EXPECT_EQ(Open(*this, "beta").Next().number(), 1U);
  EXPECT_TRUE(Eventually([&] { return Readers(1).rows(1).has_delivered_at(); }));
  world_.Stop();
  ASSERT_TRUE(world_.Start().ok());
  const auto readers = Readers(1);
  ASSERT_EQ(readers.rows_size(), 2);
  EXPECT_EQ(readers.rows(0).provider(), "acme");
  EXPECT_TRUE(readers.rows(0).has_acknowledged_at());
  EXPECT_FALSE(readers.rows(1).has_acknowledged_at());
  EXPECT_TRUE(readers.rows(0).has_delivered_at());
  EXPECT_EQ(Readers(0).notice(), 2U) << "the newest";
}

TEST_F(CalendarApi, StrangersAreToldNothing) {
  Start();
  Put(Stop("night", hours(5), hours(3)));
  const auto stub = Calendar("stranger");
  const auto refused = [](const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(ReasonOf(status), "intake.unknown_certificate");
  };
  grpc::ClientContext first, second, third;
  v1::ListWindowsResponse windows;
  v1::GetLineStatusResponse line;
  v1::AcknowledgeNoticeResponse acknowledged;
  refused(stub->ListWindows(&first, {}, &windows));
  refused(stub->GetLineStatus(&second, {}, &line));
  refused(stub->AcknowledgeNotice(&third, {}, &acknowledged));
  Open watching(*this, "stranger");
  EXPECT_EQ(watching.Next().number(), 0U);
  refused(watching.stream->Finish());
}

TEST_F(CalendarApi, AProviderHasSoManyStreamsAndNobodyElseFeelsIt) {
  Start();
  Put(Stop("night", hours(5), hours(3)));
  std::vector<std::unique_ptr<Open>> open;
  for (int i = 0; i < 4; ++i) {
    open.push_back(std::make_unique<Open>(*this, "acme"));
    EXPECT_EQ(open.back()->Next().number(), 1U);
  }
  Open fifth(*this, "acme");
  EXPECT_EQ(fifth.Next().number(), 0U);
  const grpc::Status status = fifth.stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(HasRetryInfo(status));
  EXPECT_EQ(Open(*this, "beta").Next().number(), 1U);
  open.pop_back();
  EXPECT_TRUE(Eventually([&] { return Open(*this, "acme").Next().number() == 1; }));
  EXPECT_TRUE(Eventually([&] { return Metric(world_.gateway->http_port(), "tvan_notice_streams") == 3; }));
}

TEST_F(CalendarApi, OnlyVerifiedStopsAreListed) {
  Start();
  admin::v1::Window heard = Stop("heard", hours(2), hours(1));
  heard.set_unverified(true);
  Put(heard);
  Put(Stop("night", hours(5), hours(3)));
  v1::ListWindowsResponse windows;
  grpc::ClientContext context;
  ASSERT_TRUE(Calendar("acme")->ListWindows(&context, {}, &windows).ok());
  ASSERT_EQ(windows.windows_size(), 1);
  EXPECT_EQ(windows.windows(0).id(), "night");
  EXPECT_EQ(windows.windows(0).source(), "TB 12/CT");
}

TEST_F(CalendarApi, ANoticeThatACrashLeftOutIsMadeAtTheNextStart) {
  Start();
  Put(Stop("night", hours(5), hours(3)));
  world_.Stop();
  {  // the window was changed, and nobody lived to tell
    const auto metrics = Metrics::Make();
    auto store = Take(OpenRocksStore({.path = world_.File("data")}, *world_.clock, *metrics));
    const auto calendar = Take(Calendar::Load(*store, PhaseRules()));
    Window window = calendar->Windows().front();
    window.end = window.end + hours(1);
    ASSERT_TRUE(calendar->Put(window, "op", "longer", world_.clock->Now()).ok());
    ASSERT_TRUE(store->Close().ok());
  }
  ASSERT_TRUE(world_.Start().ok());
  Open acme(*this, "acme");
  EXPECT_EQ(acme.Next().kind(), "window_announced");
  const v1::Notice repaired = acme.Next();
  EXPECT_EQ(repaired.kind(), "window_extended");
  EXPECT_EQ(repaired.window().version(), 2U);
  world_.Stop();
  ASSERT_TRUE(world_.Start().ok());
  EXPECT_EQ(Readers(0).notice(), 2U) << "once";
}

TEST_F(CalendarApi, IntakeTakesAndStaysGreenWhileTheLineIsClosedAndVerified) {
  CutTheLine();
  Start();
  const auto relay = world_.Relay("acme");
  admin::v1::Window window = Put(Stop("night", -minutes(5), hours(3)));
  ASSERT_TRUE(Comes(v1::LINE_PHASE_CLOSED));
  EXPECT_TRUE(Serves());
  v1::SubmitMessageResponse response;
  ASSERT_TRUE(SubmitOne(*relay, world_.Message(1), &response).ok());
  EXPECT_TRUE(response.has_receipt());
  const auto closed = LineStatus().classes(0);
  EXPECT_EQ(closed.expected_return().seconds(), window.end().seconds());
  EXPECT_THAT(closed.advice().en(), HasSubstr("New messages are taken"));
  SetTime(world_.clock->Now(), window.mutable_ended_at());
  Put(window);
  ASSERT_TRUE(Eventually([&] { return LineStatus().phase() != v1::LINE_PHASE_CLOSED; }));
  EXPECT_EQ(LineStatus().phase(), v1::LINE_PHASE_VERIFYING);
  EXPECT_TRUE(Serves());
  ASSERT_TRUE(SubmitOne(*relay, world_.Message(2), &response).ok());
  EXPECT_TRUE(response.has_receipt());
}

TEST_F(CalendarApi, IntakeTakesAndStaysGreenWhileTheLineIsDown) {
  CutTheLine();
  Start();
  const auto relay = world_.Relay("acme");
  v1::SubmitMessageResponse response;
  ASSERT_TRUE(SubmitOne(*relay, world_.Message(1), &response).ok());
  ASSERT_TRUE(Comes(v1::LINE_PHASE_DOWN));
  EXPECT_TRUE(Serves());
  EXPECT_THAT(LineStatus().classes(0).advice().vi(), HasSubstr("gián đoạn ngoài kế hoạch"));
  ASSERT_TRUE(SubmitOne(*relay, world_.Message(2), &response).ok());
  EXPECT_TRUE(response.has_receipt());
}

TEST_F(CalendarApi, AClassThatRefusesNewMessagesSaysWhenToComeAgain) {
  Start();
  const auto relay = world_.Relay("acme");
  const std::string before = world_.Message(1);
  v1::SubmitMessageResponse first, again;
  ASSERT_TRUE(SubmitOne(*relay, before, &first).ok());
  Put(Stop("night", -minutes(5), hours(3)));
  SetMode(v1::MESSAGE_CLASS_UNCODED, v1::INTAKE_MODE_REFUSE_NEW);
  const grpc::Status status = SubmitOne(*relay, world_.Message(2));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "intake.refuse_new");
  EXPECT_TRUE(HasRetryInfo(status));
  EXPECT_TRUE(Serves());
  ASSERT_TRUE(SubmitOne(*relay, before, &again).ok());
  EXPECT_EQ(again.receipt().jws(), first.receipt().jws()) << "what was accepted before has its answer";
  SetMode(v1::MESSAGE_CLASS_UNCODED, v1::INTAKE_MODE_HOLD);
  EXPECT_TRUE(SubmitOne(*relay, world_.Message(2)).ok());
}

// Forty messages at ten a minute: minutes to go, or not before the next stop, as the measured rates have it.
TEST_F(CalendarApi, AfterAStopProvidersAreToldWhenAllIsExpectedToHaveLeft) {
  world_.yaml += "dispatch: {ramp_start_per_s: 0.1, ramp_growth_per_s: 0.1, max_per_s: 0.17}\n";
  Start();
  Open acme(*this, "acme"), beta(*this, "beta");
  admin::v1::Window night = Put(Stop("night", -minutes(5), hours(3)));
  Put(Stop("next", hours(4), hours(1)));
  ASSERT_TRUE(Comes(v1::LINE_PHASE_CLOSED));
  const auto relay = world_.Relay("acme");
  for (int i = 1; i <= 40; ++i) ASSERT_TRUE(SubmitOne(*relay, world_.Message(i)).ok());
  SetTime(world_.clock->Now(), night.mutable_ended_at());
  Put(night);
  v1::Notice notice = acme.Next();
  for (int i = 0; i < 3; ++i, notice = acme.Next()) EXPECT_FALSE(notice.has_catch_up());
  EXPECT_EQ(notice.kind(), "catch_up_begun");
  EXPECT_TRUE(notice.catch_up().has_empty_at() != notice.catch_up().not_before_stop());
  EXPECT_GE(notice.catch_up().began_at().seconds(), night.ended_at().seconds());
  for (int i = 0; i < 3; ++i) beta.Next();
  EXPECT_EQ(beta.Next().jws(), notice.jws());
  const auto sealed = Unseal(notice.jws(), kNoticeType, KeySet());
  ASSERT_TRUE(sealed.ok()) << sealed.status().ToString();
  EXPECT_EQ(json::parse(*sealed)["number"], 4);
  EXPECT_TRUE(Eventually(
      [&] { return json::parse(world_.ReadText("public/calendar.json"))["notices"].back()["jws"] == notice.jws(); }));
  EXPECT_EQ(Readers(0).notice(), 3U) << "who has read that the stop ended early is what operators ask";
}

TEST_F(CalendarApi, TheFilesSayTheSameAndAreSealed) {
  Start();
  Put(Stop("night", hours(5), hours(3)));
  ASSERT_TRUE(
      Eventually([&] { return world_.ReadText("public/calendar.ics").find("UID:night@") != std::string::npos; }));
  const std::string text = world_.ReadText("public/calendar.json");
  const json calendar = json::parse(text);
  EXPECT_EQ(calendar["phase"], "open");
  EXPECT_EQ(calendar["classes"].size(), 6U);
  ASSERT_EQ(calendar["windows"].size(), 1U);
  EXPECT_EQ(calendar["windows"][0]["window"]["id"], "night");
  ASSERT_EQ(calendar["notices"].size(), 1U);
  const std::string keys = KeySet(), jws = world_.ReadText("public/calendar.jws");
  EXPECT_TRUE(Unseal(calendar["notices"][0]["jws"].get<std::string>(), kNoticeType, keys).ok());
  const auto sealed = Unseal(jws.substr(0, jws.find('\n')), kCalendarType, keys);
  ASSERT_TRUE(sealed.ok()) << sealed.status().ToString();
  EXPECT_EQ(json::parse(*sealed)["windows"], calendar["windows"]);
  Put(Stop("now", -minutes(5), hours(1)));
  EXPECT_TRUE(Eventually([&] { return json::parse(world_.ReadText("public/calendar.json"))["phase"] == "closed"; }));
}

TEST_F(CalendarApi, FilesThatCannotBeWrittenAreAnAlarmAndNothingElse) {
  Start();
  const int http = world_.gateway->http_port();
  ASSERT_TRUE(Eventually([&] { return std::filesystem::exists(world_.File("public/calendar.ics")); }));
  EXPECT_EQ(Metric(http, "tvan_publish_alarm"), 0);
  std::filesystem::remove_all(world_.File("public"));
  Put(Stop("night", hours(5), hours(3)));
  EXPECT_TRUE(Eventually([&] { return Metric(http, "tvan_publish_alarm") == 1; }));
  EXPECT_TRUE(Serves());
  EXPECT_EQ(Open(*this, "acme").Next().number(), 1U);
  std::filesystem::create_directory(world_.File("public"));
  Put(Stop("other", hours(25), hours(3)));
  EXPECT_TRUE(Eventually([&] { return Metric(http, "tvan_publish_alarm") == 0; }));
}

}  // namespace
}  // namespace tvan
