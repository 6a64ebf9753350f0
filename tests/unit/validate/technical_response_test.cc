#include "gateway/validate/technical_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/validate/finding_list.h"
#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TechnicalResponse Response() {
  TechnicalResponse r;
  r.pban = "2.1.0";
  r.mngui = "V0309478306";
  r.mnnhan = "0109999999";
  r.mtdiep = "V030947830612345678123441238123123456789ABC";
  r.mtdtchieu = "my-id";
  r.original_mngui = "0109999999";
  r.received_at = *ParseTime("2026-11-20T03:00:00Z");
  return r;
}

TEST(TechnicalResponse, OfAnAcceptedMessage) {
  EXPECT_EQ(
      Render999(Response()),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TDiep><TTChung><PBan>2.1.0</PBan><MNGui>V0309478306</MNGui>"
      "<MNNhan>0109999999</MNNhan><MLTDiep>999</MLTDiep><MTDiep>V030947830612345678123441238123123456789ABC</MTDiep>"
      "<MTDTChieu>my-id</MTDTChieu></TTChung><DLieu><TBao><MTDiep>my-id</MTDiep><MNGui>0109999999</MNGui>"
      "<NNhan>2026-11-20T10:00:00</NNhan><TTTNhan>0</TTTNhan></TBao></DLieu></TDiep>");
}

TEST(TechnicalResponse, OfARefusalListsTheErrorsOnly) {
  TechnicalResponse r = Response();
  r.accepted = false;
  r.findings = {{"header.unknown_element"_reason, Severity::kWarning, "", "cảnh báo", "warning", ""},
                {"history.unknown"_reason, Severity::kInfo, "", "thông tin", "info", ""},
                {"count.sluong_mismatch"_reason, Severity::kError, "", "SLuong <sai>", "wrong", "2010"},
                {"envelope.client_reference"_reason, Severity::kError, "", std::string(1000, 'x'), "wrong", ""}};
  const std::string text = Render999(r);
  EXPECT_THAT(text, HasSubstr("<TTTNhan>1</TTTNhan><DSLDo><LDo><MLoi>2010</MLoi><MTa>SLuong &lt;sai&gt;</MTa></LDo>"
                              "<LDo><MLoi>9999</MLoi><MTa>" +
                              std::string(255, 'x') + "</MTa></LDo></DSLDo>"));
  EXPECT_THAT(text, Not(HasSubstr("cảnh báo")));
  EXPECT_THAT(text, Not(HasSubstr("thông tin")));
}

TEST(TechnicalResponse, OfAnUnreadableMessage) {
  TechnicalResponse r = Response();
  r.pban = r.mtdtchieu = r.original_mngui = "";
  const std::string text = Render999(r);
  EXPECT_THAT(text, HasSubstr("<PBan>2.1.0</PBan>"));
  EXPECT_THAT(text, HasSubstr("<MTDTChieu/></TTChung><DLieu><TBao><NNhan>"));
}

TEST(TechnicalResponse, IsReadBackByTheAnswerReader) {
  const auto answer = SigningWorld::Get().reader->Read(Render999(Response()), Response().received_at);
  EXPECT_EQ(answer.parsed.verdict, AnswerVerdict::kReceived);
  EXPECT_EQ(answer.parsed.reference, "my-id");
}

TEST(Findings, QuoteAtMostEightyCharactersOfWhatTheSenderWrote) {
  EXPECT_EQ(Quote("a"), "\"a\"");
  EXPECT_EQ(Quote(std::string(80, 'a')), "\"" + std::string(80, 'a') + "\"");
  EXPECT_EQ(Quote(std::string(81, 'a')), "\"" + std::string(80, 'a') + "…\"");
  std::string long_text, shown;
  for (int i = 0; i < 100; ++i) long_text += "ữ";
  for (int i = 0; i < 80; ++i) shown += "ữ";
  EXPECT_EQ(Quote(long_text), "\"" + shown + "…\"");
  EXPECT_EQ(Quote("a\nb\x80"), "\"a?b?\"");
}

}  // namespace
}  // namespace tvan
