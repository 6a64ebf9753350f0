// The answer 301 to an error notice: an outcome for each invoice, accepted, refused or partly.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/answer_maker.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string Corrected(const std::string& states) {
  std::string list;
  int number = 0;
  for (const char state : states)
    list += "<HDon>" +
            Named(std::to_string(++number),
                  std::string("<TTTNCCQT>") + state +
                      "</TTTNCCQT><DSLDKTNhan><LDo><MLoi>1</MLoi><MTa>Sai</MTa></LDo></DSLDKTNhan>") +
            "</HDon>";
  return Answer(301, Notice("<DSHDon>" + list + "</DSHDon>"));
}

TEST(Answer301, IsAcceptedRefusedOrPartly) {
  EXPECT_EQ(Parse(Corrected("11")).verdict, AnswerVerdict::kAccepted);
  EXPECT_EQ(Parse(Corrected("22")).verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(Parse(Corrected("12")).verdict, AnswerVerdict::kPartly);
  const auto partly = Parse(Corrected("12"));
  ASSERT_EQ(partly.items.size(), 2u);
  EXPECT_EQ(partly.items[0].verdict, AnswerVerdict::kAccepted);
  EXPECT_EQ(partly.items[1].verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(partly.items[1].errors.at(0).text, "Sai");
  EXPECT_THAT(Parse(Corrected("1x")).deviations, Contains(HasSubstr("TTTNCCQT")));
  EXPECT_EQ(Parse(Corrected("1x")).verdict, AnswerVerdict::kPartly);
  EXPECT_EQ(Parse(Corrected("1x")).items.at(1).verdict, AnswerVerdict::kInformation) << "nothing is decided about it";
  EXPECT_EQ(Parse(Corrected("xx")).verdict, AnswerVerdict::kInformation);
  EXPECT_FALSE(Parse(Corrected("xx")).depth_known);
}

TEST(Answer301, FindsItsInvoicesBesideTheDataToo) {
  const std::string beside =
      "<TBao><DLTBao/><DSHDon><HDon>" + Named("1", "<TTTNCCQT>1</TTTNCCQT>") + "</HDon></DSHDon></TBao>";
  EXPECT_EQ(Parse(Answer(301, beside)).items.size(), 1u);
}

TEST(Answer301, OfTheWholeNotice) {
  const auto answer =
      Parse(Answer(301, Notice("<DSLDKCNhan><LDo><MLoi>5</MLoi><MTLoi>Sai mẫu</MTLoi></LDo></DSLDKCNhan>")));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(answer.errors.at(0).text, "Sai mẫu");
  EXPECT_EQ(Parse(Answer(301, Notice(""))).verdict, AnswerVerdict::kInformation);
}

}  // namespace
}  // namespace tvan
