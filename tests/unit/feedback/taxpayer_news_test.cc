// What answers say of taxpayers, as facts.
#include "gateway/feedback/taxpayer_news.h"

#include <gmock/gmock.h>

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Time kKnown = *ParseTime("2026-11-21T10:00:00+07:00");

ParsedAnswer Row(int type, std::vector<AnswerField> fields, const std::string& mst = "0101234567") {
  ParsedAnswer answer;
  answer.header.mltdiep = type;
  answer.depth_known = true;
  answer.items.push_back({.subject = AnswerSubject::kTaxCode, .mst = mst, .fields = std::move(fields)});
  return answer;
}

std::vector<Taxpayer> News(const ParsedAnswer& answer, const MessageMeta& request = {}) {
  return NewsOf(answer, request, "TCT1", kKnown, {});
}

Taxpayer One(const ParsedAnswer& answer, const MessageMeta& request = {}) {
  const auto news = News(answer, request);
  EXPECT_EQ(news.size(), 1U);
  return news.empty() ? Taxpayer() : news.front();
}

TEST(TaxpayerNews, A505IsAStatusSinceItsDate) {
  const Taxpayer news = One(Row(505, {{"TThai", "03"}, {"NCNhat", "2026-11-20T01:00:00"}}));
  EXPECT_EQ(news.mst.value(), "0101234567");
  ASSERT_EQ(news.statuses.size(), 1U);
  EXPECT_EQ(news.statuses[0].code, "03");
  EXPECT_EQ(news.statuses[0].since, *ParseTime("2026-11-20T01:00:00+07:00"));
  EXPECT_EQ(news.statuses[0].source, "TCT1");
  EXPECT_EQ(news.statuses[0].known_at, kKnown);
}

TEST(TaxpayerNews, ADateThatCannotBeReadCountsFromWhenWeKnew) {
  EXPECT_EQ(One(Row(505, {{"TThai", "03"}, {"NCNhat", "yesterday"}})).statuses[0].since, kKnown);
}

TEST(TaxpayerNews, AStatusOfAnotherFormIsNone) {
  for (const char* odd : {"3", "003", "x1", ""})
    EXPECT_THAT(News(Row(505, {{"TThai", odd}, {"MCQT", "1"}})), IsEmpty());
}

TEST(TaxpayerNews, A506StopsOrLetsGoOn) {
  const auto decision = [](const char* kind) {
    return One(Row(506, {{"LTBao", kind}, {"STBao", "QD-1"}, {"NHLTu", "2026-11-22T00:00:00"}})).decisions;
  };
  for (const char* stop : {"1", "3"}) {
    ASSERT_EQ(decision(stop).size(), 1U) << stop;
    EXPECT_TRUE(decision(stop)[0].stop);
    EXPECT_EQ(decision(stop)[0].from, *ParseDate("2026-11-22"));
    EXPECT_EQ(decision(stop)[0].number, "QD-1");
  }
  for (const char* go_on : {"2", "4"}) EXPECT_FALSE(decision(go_on)[0].stop) << go_on;
  EXPECT_THAT(News(Row(506, {{"LTBao", "5"}})), IsEmpty());
}

TEST(TaxpayerNews, A506SaysWhatKindOfStopItIsOf) {
  const auto kind = [](const char* said) { return One(Row(506, {{"LTBao", said}})).decisions.at(0).kind; };
  for (const char* use : {"1", "2"}) EXPECT_EQ(kind(use), StopKind::kUse) << use;
  for (const char* enforcement : {"3", "4"}) EXPECT_EQ(kind(enforcement), StopKind::kEnforcement) << enforcement;
  EXPECT_THAT(News(Row(506, {{"LTBao", "12"}})), IsEmpty());
  EXPECT_THAT(News(Row(506, {{"STBao", "QD-1"}})), IsEmpty());
}

TEST(TaxpayerNews, AContinueNamesTheNoticeThatItAnswers) {
  const auto answers = [](const char* said) {
    return One(Row(506, {{"LTBao", said}, {"STBao", "QD-2"}, {"STBLQuan", "QD-1"}})).decisions.at(0).answers;
  };
  EXPECT_EQ(answers("2"), "QD-1");
  EXPECT_EQ(answers("4"), "QD-1");
  EXPECT_EQ(answers("1"), "") << "a stop lifts nothing";
}

// NHLDen: the last day, or the last second, of what is decided.
TEST(TaxpayerNews, AStopHoldsThroughTheLastDayThatItNames) {
  const auto end = [](const char* until) {
    return One(Row(506, {{"LTBao", "1"}, {"NHLTu", "2026-11-22"}, {"NHLDen", until}})).decisions.at(0).to;
  };
  EXPECT_EQ(end("2026-12-01"), *ParseDate("2026-12-02"));
  EXPECT_EQ(end("2026-12-01T00:00:00"), *ParseDate("2026-12-02")) << "a date, in the form of a time";
  EXPECT_EQ(end("2026-12-01T23:59:59"), *ParseDate("2026-12-02"));
  EXPECT_EQ(end("2026-12-01T12:00:00"), *ParseTime("2026-12-01T12:00:01"));
  EXPECT_EQ(end("2026-11-22"), *ParseDate("2026-11-23")) << "one day";
  EXPECT_EQ(One(Row(506, {{"LTBao", "1"}, {"NHLDen", "2026-12-01"}})).decisions.size(), 1U) << "it is not two";
  EXPECT_EQ(end("2026-11-21"), kForever) << "an end before the beginning ends nothing";
  EXPECT_EQ(end(""), kForever);
  EXPECT_EQ(end("soon"), kForever);
}

TEST(TaxpayerNews, WhoMayContinueUntilADayIsStoppedAgainAfterIt) {
  const auto said = [](const char* related) {
    return One(Row(506, {{"LTBao", "2"},
                         {"STBao", "QD-2"},
                         {"STBLQuan", related},
                         {"NHLTu", "2026-11-22"},
                         {"NHLDen", "2026-12-01"}}))
        .decisions;
  };
  const auto decisions = said("QD-1");
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_FALSE(decisions[0].stop);
  EXPECT_EQ(decisions[0].to, kForever);
  EXPECT_TRUE(decisions[1].stop);
  EXPECT_EQ(decisions[1].from, *ParseDate("2026-12-02"));
  EXPECT_EQ(decisions[1].number, "QD-1") << "the same stop";
  EXPECT_EQ(decisions[1].answers, "");
  EXPECT_EQ(decisions[1].kind, StopKind::kUse);
  EXPECT_EQ(said("")[1].number, "QD-2");
}

TEST(TaxpayerNews, A506WithoutItsBeginningBeginsWithTheNoticeElseWhenWeKnew) {
  EXPECT_EQ(One(Row(506, {{"LTBao", "1"}, {"NTBao", "2026-11-20"}})).decisions[0].from, *ParseDate("2026-11-20"));
  EXPECT_EQ(One(Row(506, {{"LTBao", "1"}})).decisions[0].from, kKnown);
}

TEST(TaxpayerNews, NumbersAreCleanedAndCutSoThatNoStopIsLostForThem) {
  const auto number = [](const std::string& said) {
    return One(Row(506, {{"LTBao", "2"}, {"STBao", said}, {"STBLQuan", said}})).decisions[0];
  };
  EXPECT_EQ(number("Q\x01"
                   "D\x7F-1\n")
                .number,
            "QD-1");
  EXPECT_EQ(number("Q\x01"
                   "D\x7F-1\n")
                .answers,
            "QD-1");
  EXPECT_EQ(number(std::string(101, 'x')).number, std::string(100, 'x'));
  EXPECT_EQ(number(std::string(99, 'x') + "Đ").number, std::string(99, 'x')) << "between characters";
  ParsedAnswer notice;
  notice.header.mltdiep = 108;
  notice.header.mst = "0101234567";
  notice.notice.number = "TB\n7";
  const auto news = NewsOf(notice, {}, "TCT\n1", kKnown, {});
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news[0].decisions[0].number, "TB7");
  EXPECT_EQ(news[0].decisions[0].source, "TCT1");
}

TEST(TaxpayerNews, A108CountsFromTheDateOfItsNotice) {
  ParsedAnswer notice;
  notice.header.mltdiep = 108;
  notice.header.mst = "0101234567";
  notice.notice.date = "2026-11-19";
  EXPECT_EQ(One(notice).decisions[0].from, *ParseDate("2026-11-19"));
  EXPECT_EQ(One(notice).decisions[0].kind, StopKind::kUnsaid);
}

TEST(TaxpayerNews, A507NamesKindsAsInvoicesNumberThem) {
  const auto kind = [](const char* tag) { return One(Row(507, {{tag, "1"}})).registrations.at(0).kinds; };
  EXPECT_EQ(kind("HDGTGT") + kind("HDBHang") + kind("HDBTSCong") + kind("HDBHDTQGia") + kind("HDKhac") + kind("CTu"),
            "123456");
}

TEST(TaxpayerNews, A507SaysWhichInvoicesAreRegistered) {
  const auto coded = One(Row(507, {{"CMa", "1"}, {"HDGTGT", "1"}, {"HDBHang", "0"}, {"CTu", "1"}})).registrations;
  ASSERT_EQ(coded.size(), 1U);
  EXPECT_TRUE(coded[0].accepted);
  EXPECT_EQ(coded[0].kinds, "16");
  EXPECT_THAT(coded[0].classes, ElementsAre(MessageClass::kCoded, MessageClass::kCashRegister));
  EXPECT_THAT(One(Row(507, {{"CMa", "0"}})).registrations[0].classes, ElementsAre(MessageClass::kUncoded));
  EXPECT_THAT(News(Row(507, {{"MCQTQLy", "10101"}})), IsEmpty());
}

TEST(TaxpayerNews, RowsAreEachTheirOwnTaxpayers) {
  ParsedAnswer answer = Row(505, {{"TThai", "03"}});
  answer.items.push_back({.subject = AnswerSubject::kTaxCode, .mst = "0101234568", .fields = {{"TThai", "00"}}});
  ASSERT_EQ(News(answer).size(), 2U);
  EXPECT_EQ(News(answer)[1].mst.value(), "0101234568");
  EXPECT_EQ(News(answer)[1].statuses[0].code, "00");
}

TEST(TaxpayerNews, WhereSeveralTaxCodesStandBesideOneStatusNobodyIsMeant) {
  ParsedAnswer answer = Row(505, {{"TThai", "03"}});
  answer.items.push_back({.subject = AnswerSubject::kTaxCode, .mst = "0101234568"});
  EXPECT_THAT(News(answer), IsEmpty());
  ParsedAnswer unclear = Row(505, {{"TThai", "03"}});
  unclear.depth_known = false;
  EXPECT_THAT(News(unclear), IsEmpty());
}

TEST(TaxpayerNews, WhoIsNoTaxpayerIsNobody) { EXPECT_THAT(News(Row(505, {{"TThai", "03"}}, "not a code")), IsEmpty()); }

class A103 : public testing::Test {
 protected:
  A103() {
    answer.header.mltdiep = 103;
    answer.header.mst = "0101234567";
    answer.verdict = AnswerVerdict::kAccepted;
    answer.notice.date = "2026-11-19";
    answer.register_range = "A1B2C";
    request.mltdiep = 100;
    request.mst = TaxCode::Trusted("0101234567");
  }
  ParsedAnswer answer;
  MessageMeta request;
};

TEST_F(A103, ToTheTaxpayersOwnRegistrationIsOne) {
  const auto registrations = One(answer, request).registrations;
  ASSERT_EQ(registrations.size(), 1U);
  EXPECT_TRUE(registrations[0].accepted);
  EXPECT_EQ(registrations[0].from, *ParseDate("2026-11-19"));
  EXPECT_EQ(registrations[0].register_range, "A1B2C");
  EXPECT_THAT(registrations[0].classes, IsEmpty()) << "it does not say which";
  answer.verdict = AnswerVerdict::kRefused;
  EXPECT_FALSE(One(answer, request).registrations[0].accepted);
}

TEST_F(A103, ToAnythingElseIsNone) {
  EXPECT_THAT(News(answer), IsEmpty()) << "nobody asked";
  request.mltdiep = 101;
  EXPECT_THAT(News(answer, request), IsEmpty());
  request.mltdiep = 100;
  request.mst = TaxCode::Trusted("0101234568");
  EXPECT_THAT(News(answer, request), IsEmpty()) << "another taxpayer's";
  request.mst = TaxCode::Trusted("0101234567");
  answer.verdict = AnswerVerdict::kInformation;
  EXPECT_THAT(News(answer, request), IsEmpty());
}

TEST(TaxpayerNews, TheNumbersOfNoticesThatStopAndLetGoOnAreConfigured) {
  ParsedAnswer answer;
  answer.header.mst = "0101234567";
  answer.notice = {"TB-7", "2026-11-20", ""};
  const auto decision = [&](int type, const NewsTypes& types) {
    answer.header.mltdiep = type;
    const auto news = NewsOf(answer, {}, "TCT1", kKnown, types);
    return news.empty() ? std::string("none") : news[0].decisions[0].stop ? "stop" : "go on";
  };
  EXPECT_EQ(decision(108, {}), "stop");
  EXPECT_EQ(decision(114, {}), "go on");
  EXPECT_EQ(decision(112, {}), "none");
  EXPECT_EQ(decision(114, {.stop = {108}, .go_on = {112}}), "none");
  EXPECT_EQ(decision(112, {.stop = {108}, .go_on = {112}}), "go on");
  EXPECT_EQ(One(answer = (answer.header.mltdiep = 108, answer)).decisions[0].number, "TB-7");
}

}  // namespace
}  // namespace tvan
