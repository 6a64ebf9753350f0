// The check result 204 and the answer 301 to an error notice, with all their branches.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/answer_maker.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Answer204, OneRefusesTheCode) {
  const auto answer = Parse(Checked("1", "<LCMa>" + Named("5", Reason("40051", "Sai")) + "</LCMa>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(answer.notice_kind, "1");
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_FALSE(answer.items[0].accepted);
  ASSERT_EQ(answer.items[0].errors.size(), 1u);
  EXPECT_EQ(answer.items[0].errors[0].code, "40051");
  EXPECT_EQ(answer.items[0].errors[0].advice, "Sửa");
}

TEST(Answer204, TwoIsAllGood) {
  EXPECT_EQ(Parse(Checked("2", "")).verdict, AnswerVerdict::kAccepted);
  EXPECT_THAT(Parse(Checked("2", "")).items, IsEmpty());
}

TEST(Answer204, ThreeListsTheBadOnesOnly) {
  const auto answer = Parse(Checked("3", "<LHDKMa><DSHDon><HDon>" + Named("5", Reason("1", "Sai")) + "</HDon><HDon>" +
                                             Named("6", Reason("2", "Trùng")) + "</HDon></DSHDon></LHDKMa>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kPartly);
  ASSERT_EQ(answer.items.size(), 2u);
  EXPECT_EQ(KeyOf(answer.items[1]), "0101234567;1;K26TAA;6");
  EXPECT_FALSE(answer.items[1].accepted);
  EXPECT_THAT(Parse(Checked("3", "")).deviations, Contains(HasSubstr("LTBao 3")));
}

TEST(Answer204, FourAndFiveAreSummaryTables) {
  const auto four =
      Parse(Checked("4",
                    "<LBTHKXDau><DSBTHop><BTHop><DSLDTTChung><LDo><MLoi>9</MLoi></LDo></DSLDTTChung>"
                    "<DSLHDon><HDon>" +
                        Named("5", Reason("1", "Sai")) + "</HDon></DSLHDon></BTHop></DSBTHop></LBTHKXDau>"));
  EXPECT_EQ(four.verdict, AnswerVerdict::kRefused);
  ASSERT_EQ(four.errors.size(), 1u);
  ASSERT_EQ(four.items.size(), 1u);
  const auto five = Parse(Checked("5", "<LBTHXDau><DSBTHop><BTHop><DSLMHang><MHang>" + Reason("8", "Xăng") +
                                           "</MHang></DSLMHang></BTHop></DSBTHop></LBTHXDau>"));
  EXPECT_EQ(five.verdict, AnswerVerdict::kRefused);
  ASSERT_EQ(five.errors.size(), 1u);
  EXPECT_EQ(five.errors[0].text, "Xăng");
}

TEST(Answer204, SevenNamesItsInvoicesInsideTheText) {
  const auto answer =
      Parse(Checked("7",
                    "<LHDMTTien><DSLDo><LDo><MLoi>1</MLoi><MTLoi>1;K26MAA;0005;Sai mã; sai tiền</MTLoi></LDo>"
                    "<LDo><MLoi>2</MLoi><MTLoi>1;K26MAA;5;Trùng</MTLoi></LDo>"
                    "<LDo><MLoi>3</MLoi><MTLoi>Gói hỏng</MTLoi></LDo></DSLDo></LHDMTTien>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kRefused);
  ASSERT_EQ(answer.items.size(), 1u) << "two reasons of one invoice";
  EXPECT_EQ(KeyOf(answer.items[0]), "0101234567;1;K26MAA;5");
  ASSERT_EQ(answer.items[0].errors.size(), 2u);
  EXPECT_EQ(answer.items[0].errors[0].text, "Sai mã; sai tiền");
  ASSERT_EQ(answer.errors.size(), 1u);
  EXPECT_EQ(answer.errors[0].text, "Gói hỏng");
  EXPECT_THAT(answer.deviations, Contains(HasSubstr("names no invoice")));
}

TEST(Answer204, NineRefusesTheWholeAndAnUnknownKindNothing) {
  const auto nine = Parse(Checked("9", "<KHLKhac>" + Reason("1", "Hỏng") + "</KHLKhac>"));
  EXPECT_EQ(nine.verdict, AnswerVerdict::kRefused);
  ASSERT_EQ(nine.errors.size(), 1u);
  EXPECT_EQ(Parse(Checked("8", "")).verdict, AnswerVerdict::kInformation);
  EXPECT_FALSE(Parse(Checked("8", "")).depth_known);
  EXPECT_FALSE(Parse(Answer(204, "<TBao/>")).depth_known);
}

TEST(Answer204, IsVerifiedOverItsData) {
  const std::string place = "/TDiep/DLieu/TBao/DSCKS/CQT";
  EXPECT_EQ(Read(Sign(Checked("2", ""), "tb", place)).annotation, "VERIFIED");
  EXPECT_EQ(Read(Sign(Checked("2", ""), "tb", place, {}, W().untrusted.get())).annotation,
            "UNVERIFIED(signature.untrusted)");
  EXPECT_EQ(Read(Checked("2", "")).annotation, "UNVERIFIED(signature.missing)");
}

TEST(Answer204, TakesItsReferenceFromMGDDTu) {
  const std::string without =
      Replaced(Checked("2", ""), "<MTDTChieu>" + kRequest + "</MTDTChieu>", "<MTDTChieu></MTDTChieu>");
  EXPECT_EQ(Parse(without).reference, kRequest);
  const std::string other = Replaced(Checked("2", ""), "<MGDDTu>" + kRequest, "<MGDDTu>another");
  EXPECT_EQ(Parse(other).reference, kRequest);
  EXPECT_THAT(Parse(other).deviations, Contains(HasSubstr("another")));
}

TEST(Answer204, WithoutATaxCodeLeavesItOpen) {
  const auto answer = Parse(Replaced(Checked("1", "<LCMa>" + Named("5", "") + "</LCMa>"), "<MST>0101234567</MST>", ""));
  ASSERT_TRUE(answer.items.at(0).invoice);
  EXPECT_TRUE(answer.items[0].invoice->mst.empty());
  EXPECT_EQ(answer.items[0].invoice->shdon, "5");
}

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
  EXPECT_TRUE(partly.items[0].accepted);
  EXPECT_FALSE(partly.items[1].accepted);
  EXPECT_EQ(partly.items[1].errors.at(0).text, "Sai");
  EXPECT_THAT(Parse(Corrected("1x")).deviations, Contains(HasSubstr("TTTNCCQT")));
}

TEST(Answer301, FindsItsInvoicesBesideTheDataToo) {
  const std::string beside =
      "<TBao><DLTBao/><DSHDon><HDon>" + Named("1", "<TTTNCCQT>1</TTTNCCQT>") + "</HDon></DSHDon></TBao>";
  EXPECT_EQ(Parse(Answer(301, beside)).items.size(), 1u);
}

TEST(AnswerSignature, NeedNotCoverASigningTimeThatItDoesNotHave) {
  class Recording final : public SignatureVerifier {
   public:
    SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands, Time) const override {
      seen = demands;
      return {std::vector<SignatureReport>(demands.size()), {}};
    }
    mutable std::vector<SignatureDemand> seen;
  } recording;
  const auto reader = AnswerReader::Make(*W().parser, recording);
  const std::string with = Sign(Checked("2", ""), "tb", "/TDiep/DLieu/TBao/DSCKS/CQT");
  EXPECT_THAT(reader->Read(with, W().now).parsed.deviations, IsEmpty());
  EXPECT_TRUE(recording.seen.at(0).must_cover_signing_time);
  std::string without = with;
  for (size_t at; (at = without.find("SigningTime")) != std::string::npos;) without.replace(at, 11, "Khac");
  EXPECT_THAT(reader->Read(without, W().now).parsed.deviations, Contains(HasSubstr("SigningTime")));
  EXPECT_FALSE(recording.seen.at(0).must_cover_signing_time);
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
