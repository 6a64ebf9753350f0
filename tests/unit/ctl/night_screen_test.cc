// The night's screen: what it shows, line by line (golden files), and that it fits.
#include "ops/ctl/night_screen.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "ops/ctl/output.h"
#include "ops/ctl/rota.h"
#include "ops/ctl/screen_text.h"
#include "tests/unit/ctl/nights.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

struct Moment {
  const char* name;
  admin::Night (*make)();
};
constexpr Moment kMoments[] = {{"quiet", QuietNight},     {"draining", DrainingNight},
                               {"closed", ClosedNight},   {"verifying_red", VerifyingRedNight},
                               {"ramping", RampingNight}, {"unknown", UnknownNight}};

std::string Path(const Moment& moment, bool vi) {
  return std::string(std::getenv("TVAN_SOURCE_DIR")) + "/tests/unit/ctl/golden/night_" + moment.name +
         (vi ? ".vi.txt" : ".en.txt");
}

std::string Golden(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class NightScreen : public testing::TestWithParam<Moment> {};

// TVAN_WRITE_GOLDEN=1 writes them anew: look at each before it is kept.
TEST_P(NightScreen, IsAsItsGoldenFileInBothLanguages) {
  for (const bool vi : {false, true}) {
    const std::string screen = RenderNight(GetParam().make(), {.vi = vi});
    if (std::getenv("TVAN_WRITE_GOLDEN") != nullptr) std::ofstream(Path(GetParam(), vi), std::ios::binary) << screen;
    EXPECT_EQ(screen, Golden(Path(GetParam(), vi)));
  }
}

std::vector<std::string> LinesOf(const std::string& screen) {
  std::vector<std::string> lines;
  std::stringstream in(screen);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST_P(NightScreen, FitsIntoAHundredColumnsAndFortyLines) {
  for (const bool vi : {false, true}) {
    const auto lines = LinesOf(RenderNight(GetParam().make(), {.vi = vi}));
    EXPECT_LE(lines.size(), 40U);
    for (const std::string& line : lines) EXPECT_LE(Columns(line), 100U) << line;
  }
}

TEST_P(NightScreen, HasColoursOnlyWhenAskedForAndSaysTheSameWithThem) {
  const std::string plain = RenderNight(GetParam().make(), {});
  EXPECT_EQ(plain.find('\033'), std::string::npos);
  std::string colored = RenderNight(GetParam().make(), {.color = true});
  EXPECT_NE(colored.find("\033[1;7m"), std::string::npos);
  for (size_t at; (at = colored.find("\033[")) != std::string::npos;) colored.erase(at, colored.find('m', at) + 1 - at);
  const auto left = LinesOf(plain), right = LinesOf(colored);
  ASSERT_EQ(left.size(), right.size());
  for (size_t i = 0; i < left.size(); ++i) EXPECT_EQ(left[i], right[i].substr(0, right[i].find_last_not_of(' ') + 1));
}

INSTANTIATE_TEST_SUITE_P(Moments, NightScreen, testing::ValuesIn(kMoments),
                         [](const auto& moment) { return std::string(moment.param.name); });

TEST(NightScreenEdges, KeepsTheHeadAndTheNextStepWhenTheTerminalIsLow) {
  const auto lines = LinesOf(RenderNight(VerifyingRedNight(), {.height = 20}));
  EXPECT_EQ(lines.size(), 20U);
  EXPECT_NE(lines.front().find("T-VAN"), std::string::npos);
  EXPECT_NE(lines[lines.size() - 3].find("NEXT STEP"), std::string::npos);
}

TEST(NightScreenEdges, CutsInsteadOfWrappingWhenTheTerminalIsNarrow) {
  for (const std::string& line : LinesOf(RenderNight(DrainingNight(), {.width = 60}))) EXPECT_LE(Columns(line), 60U);
}

TEST(NightScreenEdges, StaysWithinFortyLinesWhateverIsOpen) {
  admin::Night night = DrainingNight();
  for (int i = 0; i < 5; ++i) night.add_incidents()->set_title("one more");
  night.add_unverified("another");
  night.set_signature_alarm("eight of eight answers are UNVERIFIED");
  const auto lines = LinesOf(RenderNight(night, {}));
  EXPECT_EQ(lines.size(), 40U);
  EXPECT_NE(lines[37].find("NEXT STEP"), std::string::npos);
}

TEST(NightScreenEdges, NeverSaysANumberThatTheGatewayDidNotSay) {
  const std::string screen = RenderNight(UnknownNight(), {});
  for (const char* label : {"three zeros", "to look at", "disk", "ends", "clock", "fault", "not read"})
    EXPECT_NE(screen.find(PadRight(std::string(" ") + label, 15) + "unknown"), std::string::npos) << label << "\n"
                                                                                                  << screen;
}

TEST(NightScreenEdges, MachinesAreToldWhyACertificateCannotBeRead) {
  testing::internal::CaptureStdout();
  PrintJson(ClosedNight());
  EXPECT_NE(testing::internal::GetCapturedStdout().find(
                R"("what":"certificate","name":"line","unreadable":"cannot read /etc/tvan/line: Permission denied")"),
            std::string::npos);
}

TEST(Columns, CountsLettersNotBytesNorTheMarksOnThem) {
  EXPECT_EQ(Columns("Nguyễn Thị Hồng Ánh"), 19U);
  EXPECT_EQ(Columns("Nguye\u0302\u0303n"), 6U);  // the same letter, taken apart
  EXPECT_EQ(Columns("税務"), 4U);
  EXPECT_EQ(PadRight("Ánh", 5) + "|", "Ánh  |");
  EXPECT_EQ(Fit("Nguyễn Thị", 6), "Nguyễ…");
  EXPECT_EQ(Fit("Nguyễn", 6), "Nguyễn");
}

TEST(Clean, LetsNothingThroughThatMovesACursorOrTurnsTheText) {
  EXPECT_EQ(Clean("a\033[2Jb\r\tc\x7f"), "a?[2Jb??c?");
  EXPECT_EQ(Clean("a\nb"), "a b");
  EXPECT_EQ(Clean("a\u202Eb"), "a?b");
  EXPECT_EQ(Clean("a\xc3(b"), "a?(b");
  EXPECT_EQ(Clean("Bảo trì"), "Bảo trì");
}

std::string Shift(const std::string& text) {
  const auto shift = ParseShift(text, *ParseTime("2026-11-22T00:00:00"));
  if (!shift.ok()) return std::string(shift.status().reason().text());
  return shift->name() + " " + FormatLocal(Time{shift->from().seconds() * 1'000'000}) + " " +
         FormatLocal(Time{shift->to().seconds() * 1'000'000}) + " " + shift->mobile();
}

TEST(ParseShift, TakesHoursOfTheNightOrWholeTimesAndRefusesTheRest) {
  EXPECT_EQ(Shift("Lan,22:00,02:00"), "Lan 2026-11-21T22:00:00 2026-11-22T02:00:00 ");
  EXPECT_EQ(Shift("Lan,02:00,05:00,0912 345 678"), "Lan 2026-11-22T02:00:00 2026-11-22T05:00:00 0912 345 678");
  EXPECT_EQ(Shift("Lan,2026-11-22T02:00:00,2026-11-22T05:00:00"), "Lan 2026-11-22T02:00:00 2026-11-22T05:00:00 ");
  for (const char* bad : {"Lan", "Lan,02:00", "Lan,25:00,05:00", "Lan,02:00,05:00,1,2", "Lan,x,05:00"})
    EXPECT_EQ(Shift(bad), "ctl.usage") << bad;
}

}  // namespace
}  // namespace tvan::ctl
