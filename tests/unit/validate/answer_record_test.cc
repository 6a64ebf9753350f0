// The stored form of a parsed answer: comes back as it was written, and what earlier versions wrote is still read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/core/tagged.h"
#include "tests/unit/validate/answer_maker.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;

TEST(AnswerRecord, ComesBackAsItWasWritten) {
  ParsedAnswer answer =
      Parse(Checked("3", "<LHDKMa><DSHDon><HDon>" + Named("5", Reason("1", "Sai")) + "</HDon></DSHDon></LHDKMa>"));
  answer.errors.push_back({"9", "khác", "x", "ghi chú"});
  answer.original_mtdiep = "V1";
  answer.mccqt = kCode;
  answer.deviations = {"a", "b"};
  answer.notice = {"TB-1", "2026-11-20", "Hà Nội"};
  answer.deadline = {"2026-12-01", 5, 2};
  answer.register_range = "A1B2C";
  answer.items.push_back({.subject = AnswerSubject::kTaxCode, .mst = "0102030405", .fields = {{"TThai", "00"}}});
  const auto read = DecodeParsedAnswer(EncodeParsedAnswer(answer));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(EncodeParsedAnswer(*read), EncodeParsedAnswer(answer));
  EXPECT_EQ(read->verdict, AnswerVerdict::kPartly);
  EXPECT_EQ(read->items.at(0).invoice, answer.items.at(0).invoice);
  EXPECT_EQ(read->items[0].verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(read->items[0].errors.at(0).advice, "Sửa");
  EXPECT_EQ(read->items.at(1).subject, AnswerSubject::kTaxCode);
  EXPECT_EQ(read->items[1].verdict, AnswerVerdict::kInformation);
  EXPECT_EQ(read->items[1].mst, "0102030405");
  EXPECT_EQ(read->items[1].fields.at(0).tag + "=" + read->items[1].fields[0].value, "TThai=00");
  EXPECT_EQ(read->errors.at(0).text, "khác");
  EXPECT_EQ(read->errors[0].note, "ghi chú");
  EXPECT_EQ(read->header.mnnhan, "V0309478306");
  EXPECT_EQ(read->header.mltdiep, 204);
  EXPECT_EQ(read->plan, answer.plan);
  EXPECT_EQ(read->reference, kRequest);
  EXPECT_EQ(read->notice_kind, "3");
  EXPECT_EQ(read->notice.number + read->notice.date + read->notice.place, "TB-12026-11-20Hà Nội");
  EXPECT_EQ(read->deadline.date, "2026-12-01");
  EXPECT_EQ(read->deadline.days * 10 + read->deadline.round, 52);
  EXPECT_EQ(read->register_range, "A1B2C");
  EXPECT_EQ(read->original_mtdiep, "V1");
  EXPECT_EQ(read->mccqt, kCode);
  EXPECT_THAT(read->deviations, ElementsAre("a", "b"));
  EXPECT_TRUE(read->depth_known);
}

// As version 0.2 wrote it: items with an invoice and 0 or 1, nothing of notices.
std::string RecordOf02() {
  const auto item = [](const std::string& number, uint64_t accepted) {
    TaggedWriter key, item;
    key.Bytes(1, "0101234567").Bytes(2, "1").Bytes(3, "K26TAA").Bytes(4, number);
    item.Bytes(1, key.bytes()).Unsigned(2, accepted).Bytes(3, "");
    item.Bytes(4, TaggedWriter().Bytes(1, "40051").Bytes(2, "Sai").Bytes(3, "Sửa").bytes());
    return item.Take();
  };
  TaggedWriter header, record;
  header.Bytes(1, "2.1.0").Bytes(2, "TCT").Bytes(3, "V0309478306").Signed(4, 301).Bytes(5, kId).Bytes(6, kRequest);
  record.Unsigned(1, 2).Bytes(11, header.bytes()).Bytes(2, kRequest).Bytes(3, "").Bytes(4, "");
  record.Bytes(5, item("5", 1)).Bytes(5, item("6", 0)).Bytes(7, "").Bytes(8, "MNGui is \"X\", not TCT");
  return record.Unsigned(9, 1).Bytes(10, Parse(Checked("2", "")).plan.Encode()).Take();
}

TEST(AnswerRecord, OfAnEarlierVersionIsStillRead) {
  const auto read = DecodeParsedAnswer(RecordOf02());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->verdict, AnswerVerdict::kPartly);
  ASSERT_EQ(read->items.size(), 2u);
  EXPECT_EQ(read->items[0].verdict, AnswerVerdict::kAccepted);
  EXPECT_EQ(read->items[1].verdict, AnswerVerdict::kRefused);
  EXPECT_EQ(read->items[1].subject, AnswerSubject::kInvoice);
  EXPECT_EQ(KeyOf(read->items[1]), "0101234567;1;K26TAA;6");
  EXPECT_EQ(read->items[1].errors.at(0).code, "40051");
  EXPECT_THAT(read->deviations, ElementsAre("MNGui is \"X\", not TCT"));
  EXPECT_TRUE(read->depth_known);
}

TEST(AnswerRecord, CutOrWithAnUnknownSubjectIsDamaged) {
  const std::string record = EncodeParsedAnswer(Parse(Checked("2", "")));
  EXPECT_EQ(DecodeParsedAnswer(record.substr(0, record.size() - 1)).status().reason().text(), "record.damaged");
  const std::string odd = TaggedWriter().Bytes(5, TaggedWriter().Unsigned(5, 9).bytes()).Take();
  EXPECT_FALSE(DecodeParsedAnswer(record + odd).ok());
  const std::string good = TaggedWriter().Bytes(5, TaggedWriter().Unsigned(5, 2).bytes()).Take();
  EXPECT_TRUE(DecodeParsedAnswer(record + good).ok());
}

}  // namespace
}  // namespace tvan
