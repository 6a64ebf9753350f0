// An answer as its provider gets it: nothing of what was understood is lost on the way to the wire.
#include "gateway/feedback/feedback_service_items.h"

#include <gtest/gtest.h>

#include "gateway/validate/answer.h"

namespace tvan {
namespace {

v1::ParsedAnswer OnTheWire(const ParsedAnswer& parsed) {
  IncomingAnswer answer;
  answer.mltdiep = 103;
  answer.parsed = EncodeParsedAnswer(parsed);
  v1::FeedbackItem item;
  EXPECT_TRUE(FillFeedbackItem({}, answer, item).ok());
  return item.parsed();
}

TEST(FeedbackItem, SaysWhatItsNoticeSays) {
  ParsedAnswer parsed;
  parsed.verdict = AnswerVerdict::kAccepted;
  parsed.notice_kind = "1";
  parsed.notice = {"TB-1", "2026-11-20", "Hà Nội"};
  parsed.deadline = {"2026-12-01", 5, 2};
  parsed.register_range = "A1B2C";
  parsed.errors = {{"1", "text", "advice", "note"}};
  parsed.deviations = {"answer.text: x"};
  const v1::ParsedAnswer wire = OnTheWire(parsed);
  EXPECT_EQ(wire.message_type(), 103);
  EXPECT_EQ(wire.verdict(), v1::ANSWER_VERDICT_ACCEPTED);
  EXPECT_EQ(wire.notice_kind(), "1");
  EXPECT_EQ(wire.notice().number() + "," + wire.notice().date() + "," + wire.notice().place(),
            "TB-1,2026-11-20,Hà Nội");
  EXPECT_EQ(wire.deadline().date(), "2026-12-01");
  EXPECT_EQ(wire.deadline().days() * 10 + wire.deadline().round(), 52);
  EXPECT_EQ(wire.register_range(), "A1B2C");
  EXPECT_EQ(wire.errors(0).note(), "note");
  EXPECT_EQ(wire.deviations(0), "answer.text: x");
}

TEST(FeedbackItem, SaysOfEachItemWhatItIsAndWhatBecameOfIt) {
  ParsedAnswer parsed;
  const InvoiceKey key{TaxCode::Trusted("0101234567"), "1", "K26TAA", "5"};
  parsed.items = {{.verdict = AnswerVerdict::kAccepted, .invoice = key},
                  {.verdict = AnswerVerdict::kRefused, .invoice = key},
                  {.subject = AnswerSubject::kDelegate, .verdict = AnswerVerdict::kRefused, .mst = "0109999999"},
                  {.subject = AnswerSubject::kTable},
                  {.subject = AnswerSubject::kGoods},
                  {.subject = AnswerSubject::kTaxCode, .fields = {{"TThai", "03"}}}};
  const v1::ParsedAnswer wire = OnTheWire(parsed);
  ASSERT_EQ(wire.items_size(), 6);
  EXPECT_EQ(wire.items(0).subject(), v1::ANSWER_SUBJECT_INVOICE);
  EXPECT_EQ(wire.items(0).invoice().shdon(), "5");
  EXPECT_TRUE(wire.items(0).accepted());
  EXPECT_FALSE(wire.items(1).accepted());
  EXPECT_EQ(wire.items(1).verdict(), v1::ANSWER_VERDICT_REFUSED);
  EXPECT_EQ(wire.items(2).subject(), v1::ANSWER_SUBJECT_DELEGATE);
  EXPECT_EQ(wire.items(2).mst(), "0109999999");
  EXPECT_EQ(wire.items(3).subject(), v1::ANSWER_SUBJECT_TABLE);
  EXPECT_EQ(wire.items(4).subject(), v1::ANSWER_SUBJECT_GOODS);
  EXPECT_EQ(wire.items(5).subject(), v1::ANSWER_SUBJECT_TAX_CODE);
  EXPECT_EQ(wire.items(5).verdict(), v1::ANSWER_VERDICT_INFORMATION) << "nothing is decided, and nothing refused";
  EXPECT_EQ(wire.items(5).fields(0).tag() + "=" + wire.items(5).fields(0).value(), "TThai=03");
}

}  // namespace
}  // namespace tvan
