// What comes without a request: 105, 107, 108, 302, 505 to 507; and -2, which answers what nobody here asks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/answer_maker.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string FieldOf(const AnswerItem& item, const std::string& tag) {
  for (const AnswerField& field : item.fields)
    if (field.tag == tag) return field.value;
  return "";
}

TEST(Answer105, SaysWhyAndByWhenToChange) {
  const auto answer = Parse(Answer(105, Notice("<THop>2</THop><NYCCDoi>2026-12-04</NYCCDoi>")));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kInformation);
  EXPECT_TRUE(answer.depth_known);
  EXPECT_EQ(answer.notice_kind, "2");
  EXPECT_EQ(answer.deadline.date, "2026-12-04");
  EXPECT_FALSE(Parse(Answer(105, Notice("<THop>9</THop>"))).depth_known);
  EXPECT_THAT(Parse(Answer(105, Notice("<THop>9</THop>"))).deviations, Contains(HasSubstr("THop")));
}

TEST(Answer107And108, AreReadByTheNamesThatMostNoticesShare) {
  for (const int type : {107, 108}) {
    const std::string bytes = Answer(type, Notice("<So>5</So><NTBao>2026-11-20</NTBao><MST>0102030405</MST>"), "");
    const auto answer = Parse(bytes);
    EXPECT_EQ(answer.verdict, AnswerVerdict::kInformation);
    EXPECT_FALSE(answer.depth_known) << "their fields are not known";
    EXPECT_EQ(answer.notice.number, "5");
    EXPECT_EQ(answer.notice.date, "2026-11-20");
    EXPECT_EQ(answer.header.mst, "0102030405") << "whom it is for, where the header does not say";
  }
}

TEST(Answer107And108, TheIdInItsNoticeIsItsOwnAndNoReference) {
  for (const int type : {107, 108, 302}) {
    const auto answer = Parse(Replaced(Answer(type, "<TBao><MTDiep>TCT-1</MTDiep><DLTBao/></TBao>"),
                                       "<MTDTChieu>" + kRequest + "</MTDTChieu>", "<MTDTChieu/>"));
    EXPECT_EQ(answer.reference, "");
  }
}

std::string Review(const std::string& list) {
  return Answer(302, "<TBao><DLTBao><THan>5</THan><Lan>2</Lan><DSHDon>" + list +
                         "</DSHDon></DLTBao><STBao><So>RS-9</So><NTBao>2026-11-20</NTBao></STBao></TBao>");
}

TEST(Answer302, NamesTheInvoicesToReviewAndTheDaysToAnswer) {
  const auto answer =
      Parse(Review("<HDon>" + Named("5", "<LDo>Sai thuế suất</LDo>") + "</HDon><HDon>" + Named("6", "") + "</HDon>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kInformation);
  EXPECT_TRUE(answer.depth_known);
  EXPECT_EQ(answer.deadline.days, 5);
  EXPECT_EQ(answer.deadline.round, 2);
  EXPECT_EQ(answer.notice.number, "RS-9") << "the 300 that answers quotes it";
  ASSERT_EQ(answer.items.size(), 2u);
  EXPECT_EQ(KeyOf(answer.items[0]), "0101234567;1;K26TAA;5");
  EXPECT_EQ(answer.items[0].verdict, AnswerVerdict::kInformation);
  EXPECT_EQ(answer.items[0].errors.at(0).text, "Sai thuế suất");
  EXPECT_THAT(answer.items[1].errors, IsEmpty());
}

TEST(Answer302, WithoutInvoicesOrWithOddDaysIsReadAsFarAsItGoes) {
  const auto none = Parse(Review(""));
  EXPECT_FALSE(none.depth_known);
  EXPECT_EQ(none.deadline.days, 5);
  const auto odd = Parse(Replaced(Review("<HDon>" + Named("5", "") + "</HDon>"), "<THan>5", "<THan>năm"));
  EXPECT_TRUE(odd.depth_known);
  EXPECT_EQ(odd.deadline.days, 0);
  EXPECT_THAT(odd.deviations, Contains(HasSubstr("THan")));
}

TEST(Answer505, IsAListOfStatusesOfTaxCodes) {
  const auto answer =
      Parse(Answer(505, "<MST>0102030405</MST><TThai>03</TThai><NCNhat>2026-11-20T01:00:00</NCNhat>", ""));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kInformation);
  EXPECT_TRUE(answer.depth_known);
  EXPECT_EQ(answer.header.mst, "0102030405");
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_EQ(answer.items[0].subject, AnswerSubject::kTaxCode);
  EXPECT_EQ(answer.items[0].mst, "0102030405");
  EXPECT_EQ(FieldOf(answer.items[0], "TThai"), "03");
  EXPECT_EQ(FieldOf(answer.items[0], "NCNhat"), "2026-11-20T01:00:00");
  EXPECT_THAT(answer.deviations, IsEmpty());
}

TEST(Answer505, WithRowsHasOneItemEach) {
  const auto rows = Parse(Answer(505,
                                 "<Dong><MST>0102030405</MST><TThai>03</TThai></Dong>"
                                 "<Dong><MST>0102030406</MST><TThai>00</TThai></Dong>"));
  EXPECT_TRUE(rows.depth_known);
  ASSERT_EQ(rows.items.size(), 2u);
  EXPECT_EQ(rows.items[1].mst, "0102030406");
  EXPECT_THAT(rows.deviations, Contains(HasSubstr("answer.count")));
  const auto flat = Parse(Answer(505, "<MST>0102030405</MST><TThai>03</TThai><MST>0102030406</MST><TThai>00</TThai>"));
  EXPECT_FALSE(flat.depth_known) << "which status belongs to which tax code is a guess";
  EXPECT_FALSE(Parse(Answer(505, "<x/>")).depth_known);
}

TEST(Answer505, EveryTaxCodeThatItNamesIsAnItem) {
  const auto named = [](const std::string& body) {
    std::string text;
    for (const AnswerItem& item : Parse(Answer(505, body)).items) text += item.mst + " ";
    return text;
  };
  EXPECT_EQ(named("<MST>0102030405</MST><MST>0102030406</MST><TThai>00</TThai>"), "0102030405 0102030406 ");
  EXPECT_EQ(named("<Dong><MST>0102030405</MST><MST>0102030406</MST></Dong>"), "0102030405 0102030406 ");
}

TEST(Answer506, SaysWhatIsDecidedAndFromWhen) {
  const auto answer = Parse(Answer(506,
                                   "<MST>0102030405</MST><LTBao>1</LTBao><STBao>QD-1</STBao>"
                                   "<NTBao>2026-11-20T00:00:00</NTBao><NHLTu>2026-11-21T00:00:00</NHLTu>"));
  EXPECT_EQ(answer.notice_kind, "1");
  EXPECT_EQ(answer.notice.number, "QD-1");
  EXPECT_EQ(answer.notice.date, "2026-11-20T00:00:00");
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_EQ(FieldOf(answer.items[0], "NHLTu"), "2026-11-21T00:00:00");
  EXPECT_EQ(FieldOf(answer.items[0], "LTBao"), "1");
}

TEST(Answer507, SaysWhatIsRegistered) {
  const auto answer = Parse(Answer(507, "<MST>0102030405</MST><CMa>1</CMa><HDGTGT>1</HDGTGT><HDBHang>0</HDBHang>"));
  EXPECT_TRUE(answer.depth_known);
  EXPECT_EQ(FieldOf(answer.items.at(0), "CMa"), "1");
  EXPECT_EQ(FieldOf(answer.items[0], "HDBHang"), "0");
}

TEST(AnswerMinusTwo, IsInformationWithItsReason) {
  const auto answer = Parse(Answer(-2, "<TBao><MTDiep>V1</MTDiep><MLoi>33</MLoi><MTa>Sai dữ liệu ký</MTa></TBao>", ""));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kInformation);
  EXPECT_TRUE(answer.depth_known);
  EXPECT_EQ(answer.errors.at(0).code, "33");
  EXPECT_EQ(answer.errors.at(0).text, "Sai dữ liệu ký");
  EXPECT_EQ(answer.reference, kRequest);
  const std::string none = Replaced(Answer(-2, "<TBao><MTDiep>V1</MTDiep></TBao>", ""),
                                    "<MTDTChieu>" + kRequest + "</MTDTChieu>", "<MTDTChieu/>");
  EXPECT_EQ(Parse(none).reference, "V1");
  EXPECT_FALSE(Parse(Answer(-2, "<TBao/>", "")).depth_known);
}

}  // namespace
}  // namespace tvan
