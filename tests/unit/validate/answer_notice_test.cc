// The check result 204, and 213 of its shape, with all branches.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/answer_maker.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Answer204, OneRefusesTheCode) {
  const auto answer = Parse(Checked("1", "<LCMa>" + Named("5", Reason("40051", "Sai")) + "</LCMa>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(answer.notice_kind, "1");
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_EQ(answer.items[0].verdict, AnswerVerdict::kRefused);
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
  EXPECT_EQ(answer.items[1].verdict, AnswerVerdict::kRefused);
  EXPECT_THAT(Parse(Checked("3", "")).deviations, Contains(HasSubstr("it is 3 and nothing is named")));
}

std::string Table(const std::string& number, const std::string& content) {
  return "<BTHop><LKDLieu>T</LKDLieu><KDLieu>12/2026</KDLieu><SBTHDLieu>" + number + "</SBTHDLieu>" + content +
         "</BTHop>";
}
std::string Fields(const AnswerItem& item) {
  std::string out;
  for (const AnswerField& field : item.fields) out += (out.empty() ? "" : " ") + field.tag + "=" + field.value;
  return out;
}

TEST(Answer204, FourNamesTablesAndTheirInvoices) {
  const auto answer = Parse(
      Checked("4", "<LBTHKXDau><DSBTHop>" +
                       Table("1",
                             "<DSLDTTChung><LDTTChung><MLoi>9</MLoi><MTLoi>Sai kỳ</MTLoi></LDTTChung></DSLDTTChung>"
                             "<DSLHDon><HDon>" +
                                 Named("5", Reason("1", "Sai")) + "</HDon></DSLHDon>") +
                       Table("2", "<DSLDTTChung><LDo><MLoi>8</MLoi></LDo></DSLDTTChung>") + "</DSBTHop></LBTHKXDau>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kRefused);
  ASSERT_EQ(answer.items.size(), 3u);
  EXPECT_EQ(answer.items[0].subject, AnswerSubject::kTable);
  EXPECT_EQ(Fields(answer.items[0]), "LKDLieu=T KDLieu=12/2026 SBTHDLieu=1");
  EXPECT_EQ(answer.items[0].errors.at(0).text, "Sai kỳ") << "LDTTChung, as one source has it";
  EXPECT_EQ(answer.items[1].subject, AnswerSubject::kInvoice);
  EXPECT_EQ(KeyOf(answer.items[1]), "0101234567;1;K26TAA;5");
  EXPECT_EQ(answer.items[2].errors.at(0).code, "8") << "LDo, as the others have it";
  EXPECT_THAT(answer.deviations, ElementsAre(HasSubstr("DSLDTTChung/LDo")));
}

TEST(Answer204, FiveNamesGoodsOfAPetrolTable) {
  const auto answer = Parse(
      Checked("5", "<LBTHXDau><DSBTHop>" +
                       Table("1", "<DSLMHang><MHang><MHHoa>E5</MHHoa>" + Reason("8", "Xăng") + "</MHang></DSLMHang>") +
                       "</DSBTHop></LBTHXDau>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kRefused);
  ASSERT_EQ(answer.items.size(), 2u);
  EXPECT_EQ(answer.items[1].subject, AnswerSubject::kGoods);
  EXPECT_EQ(Fields(answer.items[1]), "MHHoa=E5");
  EXPECT_EQ(answer.items[1].errors.at(0).text, "Xăng");
}

TEST(Answer204, ThreeWithoutAListIsNotUnderstood) {
  const auto answer = Parse(Checked("3", "<LHDKMa><DSHDon/></LHDKMa>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kInformation) << "what is not listed would be good, all of it";
  EXPECT_FALSE(answer.depth_known);
}

TEST(Answer204, AnInvoiceThatCannotBeNamedKeepsWhatStandsThere) {
  const std::string odd = "<KHMSHDon>1</KHMSHDon><KHHDon>K26TAA</KHHDon><SHDon>A1</SHDon>";
  const auto answer = Parse(Checked("3", "<LHDKMa><DSHDon><HDon>" + odd + "</HDon></DSHDon></LHDKMa>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kPartly);
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_FALSE(answer.items[0].invoice);
  EXPECT_EQ(Fields(answer.items[0]), "KHMSHDon=1 KHHDon=K26TAA SHDon=A1");
  EXPECT_THAT(answer.deviations, Contains(HasSubstr("answer.field: ")));
}

TEST(Answer204, ABranchOfAnotherKindIsADeviationAndAVerdictOnlyIfBothAgree) {
  const std::string whole = "<KHLKhac>" + Reason("1", "Hỏng") + "</KHLKhac>";
  const std::string list = "<LHDKMa><DSHDon><HDon>" + Named("5", "") + "</HDon></DSHDon></LHDKMa>";
  const auto agree = Parse(Checked("7", "<LHDMTTien>" + Reason("1", "1;K26MAA;5;Sai") + "</LHDMTTien>" + whole));
  EXPECT_EQ(agree.verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(agree.errors.size(), 1u);
  EXPECT_EQ(agree.items.size(), 1u);
  EXPECT_THAT(agree.deviations,
              ElementsAre("answer.two_branches: LTBao 7 does not fit the branch KHLKhac of the answer."));
  for (const std::string& contradicts : {Checked("2", list), Checked("2", whole), Checked("3", list + whole)}) {
    EXPECT_EQ(Parse(contradicts).verdict, AnswerVerdict::kInformation) << contradicts;
    EXPECT_FALSE(Parse(contradicts).depth_known);
    EXPECT_THAT(Parse(contradicts).deviations, Contains(HasSubstr("answer.two_branches")));
  }
  const auto empty = Parse(Checked("2", "<LCMa/><LHDKMa><DSHDon> </DSHDon></LHDKMa><KHLKhac/>"));
  EXPECT_EQ(empty.verdict, AnswerVerdict::kAccepted) << "empty elements of branches that are not used";
  EXPECT_THAT(empty.deviations, IsEmpty());
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
  EXPECT_THAT(answer.deviations, Contains(HasSubstr("answer.ltbao7_unsplit: ")));
}

TEST(Answer204, NineRefusesTheWholeAndAnUnknownKindNothing) {
  const auto nine = Parse(Checked("9", "<KHLKhac>" + Reason("1", "Hỏng") + "</KHLKhac>"));
  EXPECT_EQ(nine.verdict, AnswerVerdict::kRefused);
  ASSERT_EQ(nine.errors.size(), 1u);
  EXPECT_EQ(Parse(Checked("8", "")).verdict, AnswerVerdict::kInformation);
  EXPECT_FALSE(Parse(Checked("8", "")).depth_known);
  EXPECT_THAT(Parse(Checked("8", "")).deviations,
              Contains("answer.ltbao: LTBao is \"8\", whose meaning is not known."));
  EXPECT_FALSE(Parse(Answer(204, "<TBao/>")).depth_known);
  EXPECT_FALSE(Parse(Answer(204, "")).depth_known);
}

TEST(Answer213, IsReadAsA204IfItHasThatShape) {
  const auto good = Parse(Answer(213, Notice("<LTBao>2</LTBao>")));
  EXPECT_EQ(good.verdict, AnswerVerdict::kAccepted);
  const auto other = Parse(Answer(213, Notice("<KQua>1</KQua>")));
  EXPECT_EQ(other.verdict, AnswerVerdict::kInformation);
  EXPECT_FALSE(other.depth_known);
}

TEST(Answer204, WithTwoNoticesIsPartlyWhenTheRefusedOneNamesItsInvoices) {
  const std::string good = Notice("<LTBao>2</LTBao>");
  const auto partly = Parse(Answer(204, good + Notice("<LTBao>1</LTBao><LCMa>" + Named("5", "") + "</LCMa>")));
  EXPECT_EQ(partly.verdict, AnswerVerdict::kPartly);
  EXPECT_EQ(partly.items.size(), 1u);
  EXPECT_TRUE(partly.depth_known);
  EXPECT_THAT(partly.deviations,
              ElementsAre("answer.count: The count of TBao in the answer is 2 where 1 is expected."));
  const auto whole = Parse(Answer(204, good + Notice("<LTBao>9</LTBao><KHLKhac>" + Reason("1", "x") + "</KHLKhac>")));
  EXPECT_EQ(whole.verdict, AnswerVerdict::kInformation) << "of what does each of them speak?";
  EXPECT_FALSE(whole.depth_known);
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

TEST(AnswerSignature, NeedNotCoverASigningTimeThatItDoesNotHave) {
  class Recording final : public SignatureVerifier {
   public:
    SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands,
                          const VerifyContext&) const override {
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

}  // namespace
}  // namespace tvan
