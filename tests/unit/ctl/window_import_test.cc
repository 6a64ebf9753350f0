// tvanctl window import against the operators' desk: what it enters, what it says when that fails in the middle, and
// that the same file again enters only what is missing.
#include <fstream>

#include "config/windows_file.h"
#include "gateway/admin/night_desk.h"
#include "tests/unit/admin/desk_world.h"
#include "tests/unit/core/temp_folder.h"
#include "tests/unit/ctl/ctl_run.h"
#include "tvan/admin/v1/admin.grpc.pb.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace api = admin::v1;

grpc::Status Answer(const Status& status) {
  return status.ok() ? grpc::Status() : grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, status.message());
}

// The desk behind gRPC. One window may fail to be entered, or be entered without its answer.

class Admin : public api::AdminService::Service {
 public:
  explicit Admin(Desk& desk) : desk_(desk) {}
  enum class Fault { kNone, kRefused, kAnswerLost, kNobodyThere, kOvertaken };
  void Fail(const std::string& id, Fault fault) { id_ = id, fault_ = fault; }
  std::vector<std::string> asked;

  grpc::Status PutWindow(grpc::ServerContext*, const api::PutWindowRequest* request,
                         api::PutWindowResponse* response) override {
    asked.push_back(request->window().id());
    const Fault fault = request->window().id() == id_ ? fault_ : Fault::kNone;
    if (fault == Fault::kRefused) return {grpc::StatusCode::ABORTED, "another operator was faster"};
    if (fault == Fault::kNobodyThere) return {grpc::StatusCode::UNAVAILABLE, "connection refused"};
    if (fault == Fault::kOvertaken) {
      api::PutWindowRequest other = *request;
      other.mutable_window()->set_reason("as another operator has it");
      TVAN_CHECK(desk_.Put(other, "Minh", *response).ok());
    }
    const grpc::Status put = Answer(desk_.Put(*request, "Lan", *response));
    return fault == Fault::kAnswerLost ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection reset") : put;
  }
  grpc::Status ListWindows(grpc::ServerContext*, const api::ListWindowsRequest* request,
                           api::ListWindowsResponse* response) override {
    return Answer(desk_.List(*request, *response));
  }

 private:
  Desk& desk_;
  std::string id_;
  Fault fault_ = Fault::kNone;
};

class Night : public api::NightService::Service {
 public:
  explicit Night(const NightDesk& desk) : desk_(desk) {}
  grpc::Status PreviewWindow(grpc::ServerContext*, const api::PreviewWindowRequest* request,
                             api::PreviewWindowResponse* response) override {
    return Answer(desk_.Preview(*request, *response));
  }

 private:
  const NightDesk& desk_;
};

// The clock of these tests stands at 2026-11-21T10:00+07:00.
class WindowImport : public DeskTest {
 protected:
  WindowImport() {
    std::vector<config::v1::WindowEntry> entries;
    for (const char* id : {"a", "b", "c"}) {
      config::v1::WindowEntry& entry = entries.emplace_back();
      entry.set_id(id);
      entry.set_kind("authority");
      const std::string day = std::to_string(21 + entries.size());
      entry.set_start("2026-11-" + day + "T00:00:00+07:00");
      entry.set_end("2026-11-" + day + "T03:45:00+07:00");
      entry.set_reason("upgrade");
    }
    std::ofstream(folder_.File("windows.yaml")) << WriteWindows(entries);
  }
  int Import(bool json = false) {  // NOLINT: as the flag
    admin_.asked.clear();
    return run({"window", "import", folder_.File("windows.yaml"), "--yes"}, json);
  }
  std::vector<std::string> Entered() const {
    std::vector<std::string> ids;
    for (const Window& window : calendar_->Windows()) ids.push_back(window.id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  TempFolder folder_;
  NightDesk night_desk_{NightDesk::Parts{*store_, *calendar_, dispatcher_, LineId::Trusted("main"), *clock_}};
  Admin admin_{*desk_};
  Night night_{night_desk_};
  CtlRun run{AddWindowCommands, {&admin_, &night_}};
};

TEST_F(WindowImport, EntersAllOfTheFileAndTheSameFileAgainChangesNothing) {
  EXPECT_EQ(Import(), kOk) << run.error;
  EXPECT_THAT(Entered(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(run.out, Not(HasSubstr("unchanged")));
  EXPECT_EQ(Import(), kOk) << run.error;
  EXPECT_THAT(admin_.asked, IsEmpty());
  EXPECT_THAT(run.out, HasSubstr("unchanged: a, b, c\n"));
  for (const VersionedWindow& window : calendar_->VersionedWindows()) EXPECT_EQ(window.version, 1u);
}

TEST_F(WindowImport, TheSameFileAgainChangesNothingAlsoWhenItsWindowsAreLongOver) {
  ASSERT_EQ(Import(), kOk) << run.error;
  clock_->AdvanceTo(*ParseTime("2026-12-24T00:00:00"));
  EXPECT_EQ(Import(), kOk) << run.out;
  EXPECT_THAT(run.out, HasSubstr("unchanged: a, b, c\n"));
  EXPECT_THAT(admin_.asked, IsEmpty());
}

TEST_F(WindowImport, ARefusalInTheMiddleNamesWhatIsEnteredAndWhatIsNot) {
  admin_.Fail("b", Admin::Fault::kRefused);
  EXPECT_EQ(Import(), kPartly);
  EXPECT_THAT(Entered(), ElementsAre("a"));
  EXPECT_THAT(admin_.asked, ElementsAre("a", "b")) << "what follows may build on it";
  EXPECT_THAT(run.error, HasSubstr("another operator was faster"));
  EXPECT_THAT(run.error, HasSubstr("\nentered: a\nNOT entered: b, c\n"));
  EXPECT_THAT(run.error, Not(HasSubstr("NOT KNOWN")));
  EXPECT_THAT(run.out, HasSubstr("a ")) << "the table of what was entered";
}

TEST_F(WindowImport, WhatAnotherOperatorChangedSinceItWasLookedAtIsNotWrittenOver) {
  Window known;
  known.id = "b";
  known.start = *ParseTime("2026-11-25T00:00:00");
  known.end = *ParseTime("2026-11-25T03:00:00");
  ASSERT_TRUE(calendar_->Put(known, "Lan", "", clock_->Now()).ok());
  admin_.Fail("b", Admin::Fault::kOvertaken);
  EXPECT_EQ(Import(), kPartly);
  EXPECT_THAT(run.error, HasSubstr("\nentered: a\nNOT entered: b, c\n"));
  for (const Window& window : calendar_->Windows())
    if (window.id == "b") EXPECT_EQ(window.reason, "as another operator has it");
}

TEST_F(WindowImport, TheSameFileAgainEntersWhatIsMissing) {
  admin_.Fail("b", Admin::Fault::kRefused);
  ASSERT_EQ(Import(), kPartly);
  admin_.Fail("", Admin::Fault::kNone);
  EXPECT_EQ(Import(), kOk) << run.error;
  EXPECT_THAT(admin_.asked, ElementsAre("b", "c"));
  EXPECT_THAT(run.out, HasSubstr("unchanged: a\n"));
  EXPECT_THAT(Entered(), ElementsAre("a", "b", "c"));
}

TEST_F(WindowImport, AnAnswerThatIsLostIsNotKnownAndTheSameFileAgainFindsOut) {
  admin_.Fail("b", Admin::Fault::kAnswerLost);
  EXPECT_EQ(Import(), kPartly);
  EXPECT_THAT(run.error, HasSubstr("\nentered: a\nNOT KNOWN whether entered: b\nNOT entered: c\n"));
  admin_.Fail("", Admin::Fault::kNone);
  EXPECT_EQ(Import(), kOk);
  EXPECT_THAT(admin_.asked, ElementsAre("c"));
  EXPECT_THAT(run.out, HasSubstr("unchanged: a, b\n"));
}

TEST_F(WindowImport, WhereNothingWasEnteredTheExitCodeIsThatOfTheFailure) {
  admin_.Fail("a", Admin::Fault::kRefused);
  EXPECT_EQ(Import(), kNegative);
  EXPECT_THAT(run.error, HasSubstr("\nNOT entered: a, b, c\n"));
  EXPECT_THAT(run.out, Not(HasSubstr("version")));
  admin_.Fail("a", Admin::Fault::kNobodyThere);
  EXPECT_EQ(Import(), kPartly) << "a was asked for, and nobody said what became of it";
}

TEST_F(WindowImport, MachinesGetTheWindowsThatWereEnteredAndALineOfWhatWentWrong) {
  admin_.Fail("b", Admin::Fault::kAnswerLost);
  EXPECT_EQ(Import(true), kPartly);
  EXPECT_THAT(run.out, HasSubstr("\"id\":\"a\""));
  EXPECT_THAT(run.out,
              HasSubstr("\n{\"entered\":[\"a\"],\"not_entered\":[\"c\"],\"unchanged\":[],\"unknown\":[\"b\"]}\n"));
  admin_.Fail("", Admin::Fault::kNone);
  EXPECT_EQ(Import(true), kOk);
  EXPECT_THAT(run.out, HasSubstr("\"id\":\"c\""));
  EXPECT_THAT(run.out, Not(HasSubstr("not_entered")));
}

TEST_F(WindowImport, SaysItInVietnameseToo) {
  run.lang = "vi";
  admin_.Fail("b", Admin::Fault::kRefused);
  EXPECT_EQ(Import(), kPartly);
  EXPECT_THAT(run.error, HasSubstr("\nđã nhập: a\nCHƯA nhập: b, c\n"));
}

TEST_F(WindowImport, AFileOfWhichOneIsRefusedEntersNone) {
  Window taken;
  taken.id = "b";
  taken.start = *ParseTime("2026-11-10T00:00:00");
  taken.end = *ParseTime("2026-11-10T03:00:00");
  ASSERT_TRUE(calendar_->Put(taken, "Lan", "", *ParseTime("2026-11-09T00:00:00")).ok());
  EXPECT_EQ(Import(), kNegative);
  EXPECT_THAT(admin_.asked, IsEmpty());
  EXPECT_THAT(run.error, HasSubstr("nothing was changed"));
}

}  // namespace
}  // namespace tvan::ctl
