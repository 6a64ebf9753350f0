// The authority's answers: read by name in any order, deviations noted, nothing dropped.

#include "gateway/validate/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gateway/core/json.h"
#include "tests/unit/validate/answer_maker.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Answer999, SaysReceivedOrRefused) {
  const auto received = Read(Answer(999, "<TBao><TTTNhan>0</TTTNhan></TBao>", ""));
  EXPECT_EQ(received.parsed.verdict, AnswerVerdict::kReceived);
  EXPECT_EQ(received.parsed.reference, kRequest);
  EXPECT_TRUE(received.parsed.depth_known);
  EXPECT_EQ(received.annotation, "UNSIGNED");
  EXPECT_THAT(received.parsed.deviations, IsEmpty());
  const auto refused = Parse(
      Answer(999, "<TBao><TTTNhan>1</TTTNhan><DSLDo><LDo><MTa>Trùng</MTa><MLoi>1002</MLoi></LDo></DSLDo></TBao>", ""));
  EXPECT_EQ(refused.verdict, AnswerVerdict::kRefused);
  ASSERT_EQ(refused.errors.size(), 1u);
  EXPECT_EQ(refused.errors[0].code, "1002");
  EXPECT_EQ(refused.errors[0].text, "Trùng");
}

TEST(Answer999, WithoutAReferenceTakesTheOriginalsIdAndSaysSo) {
  const std::string bytes = Replaced(Answer(999, "<TBao><MTDiep>orig-1</MTDiep><TTTNhan>0</TTTNhan></TBao>"),
                                     "<MTDTChieu>" + kRequest + "</MTDTChieu>", "<MTDTChieu/>");
  EXPECT_EQ(Parse(bytes).reference, "orig-1");
  EXPECT_THAT(Parse(bytes).deviations, Contains(HasSubstr("TBao/MTDiep")));
}

TEST(Answer999, OfAnUnknownStateIsNoVerdict) {
  const auto answer = Parse(Answer(999, "<TBao><TTTNhan>7</TTTNhan></TBao>"));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kInformation);
  EXPECT_FALSE(answer.depth_known);
  EXPECT_THAT(answer.deviations, Contains(HasSubstr("TTTNhan")));
}

TEST(Answer999, ASuccessTextIsNoError) {
  const auto answer =
      Parse(Answer(999, "<TBao><TTTNhan>0</TTTNhan><DSLDo><LDo><MTa>ok</MTa><MLoi/></LDo></DSLDo></TBao>"));
  EXPECT_THAT(answer.errors, IsEmpty());
  EXPECT_THAT(answer.deviations, Contains(HasSubstr("it is 0 with reasons")));
}

TEST(Answer202, CarriesTheCodeOfItsInvoice) {
  const auto answer = Parse(Coded(kCode));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kAccepted);
  EXPECT_EQ(answer.mccqt, kCode);
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_EQ(KeyOf(answer.items[0]), "0101234567;1;K26TAA;7");
  EXPECT_EQ(answer.items[0].verdict, AnswerVerdict::kAccepted);
  EXPECT_THAT(answer.deviations, IsEmpty());
}

TEST(Answer202, WithoutACodeOrWithAnOddOne) {
  EXPECT_EQ(Parse(Coded("")).verdict, AnswerVerdict::kInformation);
  EXPECT_FALSE(Parse(Coded("")).depth_known);
  EXPECT_EQ(Parse(Coded("123")).verdict, AnswerVerdict::kAccepted);
  EXPECT_THAT(Parse(Coded("123")).deviations, Contains(HasSubstr("34")));
}

TEST(Answer202, IsVerifiedOverInvoiceAndCode) {
  const std::string place = "/TDiep/DLieu/HDon/DSCKS[2]/CQT";
  EXPECT_EQ(Read(Sign(Coded(kCode), "data", place, {"ma"})).annotation, "VERIFIED");
  EXPECT_EQ(Read(Sign(Coded(kCode), "data", place)).annotation, "UNVERIFIED(signature.not_covered)");
  EXPECT_EQ(Read(Coded(kCode)).annotation, "UNVERIFIED(signature.missing)");
  const std::string changed = Replaced(Sign(Coded(kCode), "data", place, {"ma"}), kCode, "11" + kCode.substr(2));
  EXPECT_EQ(Read(changed).annotation, "UNVERIFIED(signature.digest)");
  EXPECT_EQ(Read(changed).parsed.verdict, AnswerVerdict::kAccepted) << "the annotation is no verdict";
}

TEST(AnswerUnreadable, FindsTheIdInWhatItQuotes) {
  for (const std::string& original : {std::string("&lt;TDiep&gt;&lt;MTDiep&gt;V123&lt;/MTDiep&gt; cut"),
                                      std::string("<![CDATA[<TDiep><MTDiep>V123</MTDiep>]]>"),
                                      std::string("<TDiep><TTChung><MTDiep>V123</MTDiep></TTChung></TDiep>"),
                                      std::string("<![CDATA[&lt;MTDiep&gt;V123&lt;/MTDiep&gt;]]>")}) {
    const auto answer = Parse(Answer(-1, "<MLoi>1000</MLoi><MTa>Sai</MTa><HSGoc>" + original + "</HSGoc>", ""));
    EXPECT_EQ(answer.verdict, AnswerVerdict::kRefused);
    EXPECT_EQ(answer.errors.at(0).code, "1000");
    EXPECT_EQ(answer.original_mtdiep, "V123") << original;
  }
  const auto none = Parse(Answer(-1, "<MLoi>1000</MLoi><HSGoc>rác</HSGoc>", ""));
  EXPECT_EQ(none.original, "rác");
  EXPECT_EQ(none.original_mtdiep, "");
}

TEST(AnswerUnreadable, ReadsAnOriginalInBase64) {
  const std::string original = "<TDiep>\x01<MTDiep>V123</MTDiep>";
  const auto answer = Parse(Answer(-1, "<HSGoc>" + Base64Encode(original) + "</HSGoc>"));
  EXPECT_EQ(answer.original, original);
  EXPECT_EQ(answer.original_mtdiep, "V123");
  EXPECT_EQ(Parse(Answer(-1, "<HSGoc>abcd</HSGoc>")).original, "abcd") << "text that merely looks like it";
}

TEST(AnswerUnreadable, KeepsTheOriginalByteForByte) {
  EXPECT_EQ(Parse(Answer(-1, "<HSGoc> <a b='1'>x</a>\n</HSGoc>")).original, " <a b='1'>x</a>\n");
}

TEST(AnswerOther, OfAnUnknownTypeIsReadByItsHeaderOnly) {
  const auto answer = Read(Answer(110, Notice("<So>7</So>")));
  EXPECT_EQ(answer.parsed.header.mltdiep, 110);
  EXPECT_EQ(answer.parsed.header.mst, "0101234567");
  EXPECT_EQ(answer.parsed.verdict, AnswerVerdict::kInformation);
  EXPECT_FALSE(answer.parsed.depth_known);
  EXPECT_EQ(answer.parsed.notice.number, "7") << "by the names that most forms share";
  EXPECT_EQ(Read(Answer(505, "<x/>")).annotation, "UNSIGNED");
  EXPECT_EQ(Read(Sign(Answer(103, Notice("")), "tb", "/TDiep/DLieu/TBao/DSCKS/CQT")).annotation, "VERIFIED");
  EXPECT_EQ(Read(Answer(103, Notice(""))).annotation, "UNVERIFIED(signature.missing)");
}

TEST(AnswerOther, TextBesideElementsIsADeviationThatNamesItsPlace) {
  const std::string good = Checked("2", "");
  EXPECT_THAT(Parse(good).deviations, IsEmpty());
  const auto mixed = Parse(Replaced(good, "<LTBao>", "một <LTBao>"));
  EXPECT_EQ(mixed.verdict, AnswerVerdict::kAccepted) << "read all the same";
  EXPECT_THAT(mixed.deviations,
              ElementsAre("answer.text: There is text beside the elements of /TDiep/DLieu/TBao/DLTBao."));
  EXPECT_THAT(Parse(Answer(-1, "<MLoi>1</MLoi><HSGoc>a<b/>c</HSGoc>")).deviations, IsEmpty()) << "a quoted original";
}

TEST(AnswerOther, WhiteSpaceAroundAValueIsNotPartOfIt) {
  const auto answer = Parse(Answer(204, Notice("\n<LTBao> 2\n</LTBao>")));
  EXPECT_EQ(answer.verdict, AnswerVerdict::kAccepted);
  EXPECT_EQ(answer.notice_kind, "2");
  EXPECT_THAT(answer.deviations, ElementsAre(HasSubstr("LTBao"))) << "but it is no value of the field tables";
}

TEST(AnswerOther, AValueThatTheFieldTablesDoNotHaveIsADeviation) {
  EXPECT_THAT(Parse(Checked("2", "<NTBao>2026-11-20</NTBao>")).deviations, IsEmpty());
  const auto odd = Parse(Checked("2", "<NTBao>20/11/2026</NTBao>"));
  EXPECT_EQ(odd.verdict, AnswerVerdict::kAccepted);
  EXPECT_EQ(odd.notice.date, "20/11/2026") << "as written";
  EXPECT_THAT(odd.deviations, ElementsAre(HasSubstr("answer.field: Field /TDiep/DLieu/TBao/DLTBao/NTBao")));
}

TEST(AnswerOther, WithoutTablesIsReadAllTheSame) {
  const auto reader = AnswerReader::Make(*W().parser, *W().verifier);
  const auto answer = reader->Read(Checked("2", "<NTBao>20/11/2026</NTBao>"), W().now).parsed;
  EXPECT_EQ(answer.verdict, AnswerVerdict::kAccepted);
  EXPECT_THAT(answer.deviations, IsEmpty());
}

TEST(AnswerOther, ACountThatFitsNothingIsADeviation) {
  const std::string two =
      "<LHDKMa><DSHDon><HDon>" + Named("5", "") + "</HDon><HDon>" + Named("6", "") + "</HDon></DSHDon></LHDKMa>";
  EXPECT_THAT(Parse(Checked("3", two)).deviations, IsEmpty()) << "SLuong counts the notice";
  const auto counted = [&two](const std::string& count) {
    return Parse(Replaced(Checked("3", two), "<SLuong>1", "<SLuong>" + count)).deviations;
  };
  EXPECT_THAT(counted("2"), IsEmpty()) << "or what it names";
  EXPECT_THAT(counted("3"), ElementsAre(HasSubstr("answer.count: The count of SLuong in the answer is 3")));
}

TEST(AnswerOther, OddHeadersAreDeviationsNeverErrors) {
  const auto odd = Parse("<TDiep><TTChung><MLTDiep>x</MLTDiep><PBan>1.0.0</PBan></TTChung></TDiep>");
  EXPECT_EQ(odd.header.mltdiep, 0);
  EXPECT_EQ(odd.verdict, AnswerVerdict::kInformation);
  EXPECT_THAT(odd.deviations, Contains(HasSubstr("PBan")));
  EXPECT_THAT(odd.deviations, Contains(HasSubstr("DLieu")));
  EXPECT_TRUE(Read("<a/>").readable);
  for (const char* bytes : {"", "<TDiep>", "502 Bad Gateway", "<!DOCTYPE a><a/>"}) {
    EXPECT_FALSE(Read(bytes).readable) << bytes;
    EXPECT_THAT(Read(bytes).annotation, HasSubstr("UNVERIFIED(xml."));
  }
}

TEST(AnswerPlan, WrapsTheBytesForTheProvider) {
  for (const std::string& mark : {std::string(), std::string("\xEF\xBB\xBF")}) {
    const std::string bytes = mark + Answer(999, "<TBao><TTTNhan>0</TTTNhan></TBao>", "");
    const auto answer = Parse(bytes);
    EXPECT_EQ(RenderWrapped(answer.plan, bytes, {"V0309478306", "0109999999", "our-id", "their-id"}),
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TDiep><TTChung><PBan>2.1.0</PBan><MNGui>V0309478306</MNGui>"
              "<MNNhan>0109999999</MNNhan><MLTDiep>999</MLTDiep><MTDiep>our-id</MTDiep><MTDTChieu>their-id</MTDTChieu>"
              "<SLuong>1</SLuong></TTChung><DLieu><TBao><TTTNhan>0</TTTNhan></TBao></DLieu></TDiep>");
  }
}

TEST(AnswerPlan, ASignedAnswerVerifiesAfterItIsWrapped) {
  const std::string bytes = Sign(Coded(kCode), "data", "/TDiep/DLieu/HDon/DSCKS[2]/CQT", {"ma"});
  const std::string wrapped = RenderWrapped(Parse(bytes).plan, bytes, {"V0309478306", "0109999999", kId, "their-id"});
  EXPECT_EQ(Read(wrapped).annotation, "VERIFIED");
}

TEST(Samples, OldAnswersAreReadWithDeviations) {
  const char* given = std::getenv("TVAN_SHARED");
  const char* source = std::getenv("TVAN_SOURCE_DIR");
  const std::filesystem::path folder =
      (given ? std::filesystem::path(given) : std::filesystem::path(source ? source : ".") / ".." / "shared") /
      "vectors" / "invoices";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "NOT RUN: no " << folder << " (set TVAN_SHARED)";
  const auto sample = [&](const char* name) {
    std::ifstream in(folder / name, std::ios::binary);
    return Read({std::istreambuf_iterator<char>(in), {}});
  };
  const auto good = sample("999-ok-mock-pban1.xml");
  EXPECT_EQ(good.parsed.verdict, AnswerVerdict::kReceived);
  EXPECT_EQ(good.parsed.reference, kRequest);
  EXPECT_THAT(good.parsed.deviations, Contains(HasSubstr("1.0.0")));
  EXPECT_THAT(good.parsed.deviations, Contains(HasSubstr("TCT_MTDiep_999")));
  const auto bad = sample("999-error-mock-pban1.xml");
  EXPECT_EQ(bad.parsed.verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(bad.parsed.errors.at(0).code, "TCT-001");
  EXPECT_THAT(bad.parsed.deviations, Contains(HasSubstr("TCT-001")));
}

}  // namespace
}  // namespace tvan
