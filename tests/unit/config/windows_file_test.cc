#include "config/windows_file.h"

#include <gmock/gmock.h>

namespace tvan {
namespace {

using testing::HasSubstr;

constexpr char kNight[] = R"(windows:
  - id: upgrade-1
    start: 2026-11-22T00:00:00
    end: 2026-11-22T03:45:00+07:00
    verify_until: 2026-11-22T05:00:00
    weekday: Chủ Nhật
    classes: [coded, uncoded]
    reason: "nâng cấp: hạ tầng \"1\""
    source: 1234/TCT-CNTT
    ours: {name: Trần Thị Lan, title: trưởng ca, email: lan@example.vn, mobile: "0900000001"}
    support: 1900 0000
  - id: daily
    kind: own
    start: 2026-12-01T00:00:00
    end: 2026-12-01T03:45:00
    repeat: [mon, sun]
    until: 2027-01-01
    except: [2026-12-24, 2026-12-31]
    unverified: true
    cancelled: true
)";

std::string ProblemsOf(const std::string& yaml) { return ParseWindows(yaml, "night.yaml").report.Text(); }

TEST(WindowsFile, IsReadWithAllItsFields) {
  const WindowsFile file = ParseWindows(kNight, "night.yaml");
  EXPECT_EQ(file.report.Text(), "");
  ASSERT_EQ(file.windows.size(), 2U);
  EXPECT_EQ(file.windows[0].kind(), "authority");
  EXPECT_EQ(file.windows[0].reason(), "nâng cấp: hạ tầng \"1\"");
  EXPECT_EQ(file.windows[0].classes(1), "uncoded");
  EXPECT_EQ(file.windows[0].ours().mobile(), "0900000001");
  EXPECT_FALSE(file.windows[0].has_theirs());
  EXPECT_EQ(file.windows[1].kind(), "own");
  EXPECT_EQ(file.windows[1].except(1), "2026-12-31");
  EXPECT_TRUE(file.windows[1].unverified());
}

TEST(WindowsFile, IsWrittenAsItIsReadAgain) {
  const WindowsFile file = ParseWindows(kNight, "night.yaml");
  const std::string written = WriteWindows(file.windows);
  const WindowsFile again = ParseWindows(written, "again.yaml");
  EXPECT_EQ(again.report.Text(), "");
  ASSERT_EQ(again.windows.size(), 2U) << written;
  for (size_t i = 0; i < 2; ++i)
    EXPECT_EQ(again.windows[i].SerializeAsString(), file.windows[i].SerializeAsString()) << written;
  EXPECT_EQ(WriteWindows(again.windows), written);
  EXPECT_EQ(ParseWindows(WriteWindows({}), "none.yaml").report.Text(), "");
}

TEST(WindowsFile, NamesAllThatIsWrongWithLineAndColumn) {
  EXPECT_EQ(ProblemsOf(R"(windows:
  - id: Upgrade 1
    start: tonight
    ends: 2026-11-22T03:45:00
    kind: theirs
  - id: daily
    start: 2026-12-01T00:00:00
    end: 2026-12-01T03:45:00
    repeat: [monday]
    except: [2026-02-30]
)"),
            "night.yaml:2:5: windows[0].end: is required: Expected return: first instant after it.\n"
            "night.yaml:2:9: windows[0].id: not [a-z0-9-]{1,32}\n"
            "night.yaml:3:12: windows[0].start: no time: YYYY-MM-DDThh:mm:ss, or the same with an offset\n"
            "night.yaml:4:5: windows[0].ends: unknown key\n"
            "night.yaml:5:11: windows[0].kind: \"theirs\" is not one of authority|own|outage|rehearsal\n"
            "night.yaml:9:14: windows[1].repeat[0]: \"monday\" is not one of daily|mon|tue|wed|thu|fri|sat|sun\n"
            "night.yaml:10:14: windows[1].except[0]: no day: YYYY-MM-DD\n");
}

TEST(WindowsFile, NamesEachWindowOnce) {
  const std::string one = "  - {id: a, start: 2026-12-01T00:00:00, end: 2026-12-01T03:45:00}\n";
  const std::string other = "  - {id: b, start: 2026-12-01T00:00:00, end: 2026-12-01T03:45:00}\n";
  EXPECT_EQ(ProblemsOf("windows:\n" + one + other), "");
  EXPECT_EQ(ProblemsOf("windows:\n" + one + one), "night.yaml:3:10: windows[1].id: \"a\" is windows[0] too\n");
}

TEST(WindowsFile, HoldsAListOfWindowsAndNothingElse) {
  EXPECT_THAT(ProblemsOf(""), HasSubstr("the key windows is wanted"));
  EXPECT_THAT(ProblemsOf("- id: a\n"), HasSubstr("the key windows is wanted"));
  EXPECT_THAT(ProblemsOf("windows: {id: a}\n"), HasSubstr("night.yaml:1:10: windows: a list is wanted"));
  EXPECT_THAT(ProblemsOf("window: []\nwindows: []\n"), HasSubstr("night.yaml:1:1: unknown key"));
  EXPECT_THAT(ProblemsOf("windows: [\n"), HasSubstr("not YAML"));
  EXPECT_EQ(ProblemsOf("windows: []\n"), "");
}

TEST(WindowsFile, HasFiveHundredWindowsAtMost) {
  std::string yaml = "windows:\n";
  for (size_t i = 0; i < kMostWindowsOfAFile; ++i)
    yaml += "  - {id: a-" + std::to_string(i) + ", start: 2026-12-01T00:00:00, end: 2026-12-01T03:45:00}\n";
  EXPECT_EQ(ProblemsOf(yaml), "");
  EXPECT_THAT(ProblemsOf(yaml + "  - {id: b, start: 2026-12-01T00:00:00, end: 2026-12-01T03:45:00}\n"),
              HasSubstr("at most 500 windows"));
}

}  // namespace
}  // namespace tvan
