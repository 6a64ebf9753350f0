// The answers to declarations and requests: 102, 103, 104, 205; accepted, refused, and what is neither.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/answer_maker.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kReasons = "<DSLDKCNhan><LDo><MLoi>9992</MLoi><MTa>Đã có tờ khai</MTa></LDo></DSLDKCNhan>";

ParsedAnswer Stage(const std::string& kind, const std::string& more = "") {
  return Parse(Answer(
      102, Notice("<So>TB-12</So><NTBao>2026-11-20</NTBao><DDanh>Hà Nội</DDanh><THop>" + kind + "</THop>" + more)));
}

TEST(Answer102, OneAndThreeReceiveTheDeclaration) {
  for (const std::string kind : {"1", "3"}) {
    const auto answer = Stage(kind);
    EXPECT_EQ(answer.verdict, AnswerVerdict::kReceived) << "a 103 or 104 follows";
    EXPECT_EQ(answer.notice_kind, kind);
    EXPECT_TRUE(answer.depth_known);
    EXPECT_THAT(answer.deviations, IsEmpty());
  }
}

TEST(Answer102, TwoAndFourRefuseItWithTheirReasons) {
  for (const std::string kind : {"2", "4"}) {
    const auto answer = Stage(kind, kReasons);
    EXPECT_EQ(answer.verdict, AnswerVerdict::kRefused);
    ASSERT_EQ(answer.errors.size(), 1u);
    EXPECT_EQ(answer.errors[0].code, "9992");
    EXPECT_EQ(answer.errors[0].text, "Đã có tờ khai");
  }
}

TEST(Answer102, OfAnotherKindIsNotUnderstood) {
  for (const std::string kind : {"5", ""}) {
    EXPECT_EQ(Stage(kind).verdict, AnswerVerdict::kInformation);
    EXPECT_FALSE(Stage(kind).depth_known);
    EXPECT_THAT(Stage(kind).deviations, Contains(HasSubstr("answer.field: Field THop")));
  }
  EXPECT_EQ(Stage("1", kReasons).verdict, AnswerVerdict::kReceived) << "the stage decides";
  EXPECT_THAT(Stage("1", kReasons).deviations, Contains(HasSubstr("reasons and no refusal")));
}

TEST(Answer102, SaysNumberDayAndPlaceOfTheNotice) {
  const auto answer = Stage("1");
  EXPECT_EQ(answer.notice.number, "TB-12");
  EXPECT_EQ(answer.notice.date, "2026-11-20");
  EXPECT_EQ(answer.notice.place, "Hà Nội");
}

ParsedAnswer Registered(const std::string& content) {
  return Parse(Answer(
      103, "<TBao><DLTBao>" + content + "</DLTBao><STBao><So>77</So><NTBao>2026-11-21</NTBao></STBao>" + "</TBao>"));
}

TEST(Answer103, OneAcceptsAndCarriesTheCharactersOfRegisterCodes) {
  const auto answer = Registered("<TTXNCQT>1</TTXNCQT><MCCQT>A1B2C</MCCQT>");
  EXPECT_EQ(answer.verdict, AnswerVerdict::kAccepted);
  EXPECT_EQ(answer.register_range, "A1B2C");
  EXPECT_EQ(answer.mccqt, "") << "it is no code of an invoice";
  EXPECT_EQ(answer.notice.number, "77");
  EXPECT_EQ(answer.notice.date, "2026-11-21");
  EXPECT_THAT(answer.deviations, IsEmpty());
  EXPECT_EQ(Registered("<TTXNCQT>1</TTXNCQT>").verdict, AnswerVerdict::kAccepted) << "not everybody has cash registers";
}

TEST(Answer103, TwoRefusesAndGivesNoCharacters) {
  const auto answer = Registered("<TTXNCQT>2</TTXNCQT><MCCQT>A1B2C</MCCQT>" + kReasons);
  EXPECT_EQ(answer.verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(answer.errors.at(0).code, "9992");
  EXPECT_EQ(answer.register_range, "");
}

TEST(Answer103, OddCharactersAreADeviationAndNotTaken) {
  for (const std::string range : {"a1b2c", "A1B2", "A1B2CD"}) {
    const auto answer = Registered("<TTXNCQT>1</TTXNCQT><MCCQT>" + range + "</MCCQT>");
    EXPECT_EQ(answer.verdict, AnswerVerdict::kAccepted);
    EXPECT_EQ(answer.register_range, "");
    EXPECT_THAT(answer.deviations, Contains(HasSubstr("MCCQT")));
  }
}

TEST(Answer103, GivesNoCharactersWhereItsNoticeIsAboutAnotherTaxpayer) {
  const std::string given = "<TTXNCQT>1</TTXNCQT><MCCQT>A1B2C</MCCQT>";
  EXPECT_EQ(Registered("<MST>0101234567</MST>" + given).register_range, "A1B2C");
  const auto other = Registered("<MST>0201234567</MST>" + given);
  EXPECT_EQ(other.register_range, "");
  EXPECT_THAT(other.deviations, Contains(HasSubstr("Field MST")));
}

TEST(Answer103, WithoutAnOutcomeIsNotUnderstood) {
  EXPECT_EQ(Registered("<TTXNCQT>7</TTXNCQT><MCCQT>A1B2C</MCCQT>").verdict, AnswerVerdict::kInformation);
  EXPECT_EQ(Registered("<TTXNCQT>7</TTXNCQT><MCCQT>A1B2C</MCCQT>").register_range, "");
  EXPECT_FALSE(Registered("").depth_known);
}

std::string Delegate(const std::string& mst, const std::string& more = "") {
  return "<TTUNhiem><MST>" + mst + "</MST><TTChuc>Công ty</TTChuc>" + more + "</TTUNhiem>";
}
ParsedAnswer Delegates(const std::string& list) {
  return Parse(Answer(104, Notice("<LUNhiem>1</LUNhiem><DSTTUNhiem>" + list + "</DSTTUNhiem>")));
}

TEST(Answer104, HasAnOutcomeForEachDelegate) {
  EXPECT_EQ(Delegates(Delegate("0101234567")).verdict, AnswerVerdict::kAccepted);
  EXPECT_EQ(Delegates(Delegate("0101234567", kReasons)).verdict, AnswerVerdict::kRefused);
  const auto answer = Delegates(Delegate("0101234567") + Delegate("0109999999", kReasons));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kPartly);
  ASSERT_EQ(answer.items.size(), 2u);
  EXPECT_EQ(answer.items[0].subject, AnswerSubject::kDelegate);
  EXPECT_EQ(answer.items[0].mst, "0101234567");
  EXPECT_EQ(answer.items[0].verdict, AnswerVerdict::kAccepted);
  EXPECT_EQ(answer.items[1].mst, "0109999999");
  EXPECT_EQ(answer.items[1].verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(answer.items[1].errors.at(0).code, "9992");
  EXPECT_EQ(answer.notice_kind, "1");
}

TEST(Answer104, WithReasonsAloneRefusesAndOfAnotherShapeIsNotUnderstood) {
  EXPECT_EQ(Parse(Answer(104, Notice(kReasons))).verdict, AnswerVerdict::kRefused);
  const auto other = Parse(Answer(104, Notice("<KQua>1</KQua>")));
  EXPECT_EQ(other.verdict, AnswerVerdict::kInformation);
  EXPECT_FALSE(other.depth_known);
}

ParsedAnswer Papers(const std::string& result, const std::string& more = "") {
  return Parse(Answer(205, Notice("<KQKTra>" + result + "</KQKTra>" + more)));
}

TEST(Answer205, IsAVerdictOnlyWhenResultAndReasonsAgree) {
  const std::string bad = "<LHSo><DSLDo><LDo><NDung>Thiếu hợp đồng</NDung><HDXLy>Bổ sung</HDXLy></LDo></DSLDo></LHSo>";
  EXPECT_EQ(Papers("1").verdict, AnswerVerdict::kAccepted);
  const auto refused = Papers("0", bad);
  EXPECT_EQ(refused.verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(refused.errors.at(0).text, "Thiếu hợp đồng");
  EXPECT_EQ(refused.errors.at(0).advice, "Bổ sung");
  for (const auto& answer : {Papers("1", bad), Papers("0"), Papers("")}) {
    EXPECT_EQ(answer.verdict, AnswerVerdict::kInformation);
    EXPECT_FALSE(answer.depth_known);
    EXPECT_THAT(answer.deviations, Contains(HasSubstr("KQKTra")));
  }
}

}  // namespace
}  // namespace tvan
