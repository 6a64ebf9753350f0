#include "gateway/core/log.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/unit/core/temp_folder.h"

namespace tvan {
namespace {

class LogFile : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(LogToFile(path_).ok()); }
  void TearDown() override {
    ASSERT_TRUE(LogToFile("/dev/stderr").ok());
    SetLogLevel(LogLevel::kInfo);
  }
  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    std::ifstream in(path_);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  TempFolder folder_;
  std::string path_ = folder_.File("log");
};

std::string AfterTime(const std::string& line) { return line.substr(line.find(' ') + 1); }

TEST_F(LogFile, HasOneLinePerRecordWithTimeLevelAndEvent) {
  Log(LogLevel::kWarning, "store.opened", {{"path", "/var/lib"}, {"records", "7"}});
  ASSERT_EQ(Lines().size(), 1u);
  EXPECT_EQ(AfterTime(Lines()[0]), "level=warning event=store.opened path=/var/lib records=7");
  EXPECT_EQ(Lines()[0].substr(0, 5), "time=");
  EXPECT_TRUE(ParseTime(Lines()[0].substr(5, 32)).ok());
}

TEST_F(LogFile, QuotesWhatWouldBreakALineOrPretendToBeAField) {
  Log(LogLevel::kInfo, "e",
      {{"plain", "a-b/c:d"},
       {"equals", "a=b"},
       {"space", "a b"},
       {"empty", ""},
       {"forged", "x\ntime=0 level=error"},
       {"quote", "a\"b"},
       {"esc", "\x1b[31m"},
       {"bad", "\xFF"},
       {"vi", "lỗi"}});
  ASSERT_EQ(Lines().size(), 1u);
  EXPECT_EQ(
      AfterTime(Lines()[0]),
      "level=info event=e plain=a-b/c:d equals=\"a=b\" space=\"a b\" empty=\"\" forged=\"x\\ntime=0 level=error\" "
      "quote=\"a\\\"b\" esc=\"\\u001b[31m\" bad=\"\xEF\xBF\xBD\" vi=\"lỗi\"");
}

TEST_F(LogFile, LeavesOutWhatIsBelowTheLevel) {
  SetLogLevel(LogLevel::kWarning);
  Log(LogLevel::kInfo, "quiet", {});
  Log(LogLevel::kError, "loud", {});
  SetLogLevel(LogLevel::kDebug);
  Log(LogLevel::kDebug, "detail", {});
  ASSERT_EQ(Lines().size(), 2u);
  EXPECT_EQ(AfterTime(Lines()[0]), "level=error event=loud");
  EXPECT_EQ(AfterTime(Lines()[1]), "level=debug event=detail");
}

TEST_F(LogFile, TellsTheFateOfAMessageWithTheDelaysSplit) {
  HandOver h;
  h.kind = "attempt";
  h.gateway_id = MessageId::Trusted("V01");
  h.provider = ProviderId::Trusted("sun");
  h.message_class = "coded";
  h.message_type = 200;
  h.attempt = 2;
  h.line = "main";
  h.outcome = "in_doubt";
  h.reason = "soap.timeout";
  h.queued = Span(1'500'000);
  h.sending = Span(20);
  LogHandOver(h);
  h.reason.clear();
  LogHandOver(h);
  ASSERT_EQ(Lines().size(), 2u);
  const std::string head =
      "level=info event=hand_over kind=attempt id=V01 provider=sun class=coded type=200 attempt=2 "
      "line=main outcome=in_doubt ";
  const std::string delays = "delays=1.500000/0.000020/0.000000/0.000000";
  EXPECT_EQ(AfterTime(Lines()[0]), head + "reason=soap.timeout " + delays);
  EXPECT_EQ(AfterTime(Lines()[1]), head + delays);
}

TEST_F(LogFile, KeepsLinesWholeWhenManyThreadsWrite) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] {
      for (int n = 0; n < 50; ++n) Log(LogLevel::kInfo, "e", {{"text", "some words"}});
    });
  for (std::thread& t : threads) t.join();
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 200u);
  for (const std::string& line : lines) EXPECT_EQ(AfterTime(line), "level=info event=e text=\"some words\"");
}

TEST(LogToAFile, ThatCannotBeOpenedSaysSo) {
  TempFolder folder;
  EXPECT_EQ(LogToFile(folder.File("")).reason().text(), "log.open");
  EXPECT_TRUE(LogToFile("/dev/stderr").ok());
}

}  // namespace
}  // namespace tvan
