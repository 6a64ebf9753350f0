// What a person reads of an answer in the table of `tvanctl feedback`.
#include "ops/ctl/feedback_text.h"

#include <gtest/gtest.h>

namespace tvan::ctl {
namespace {

v1::AnswerItem& Item(v1::ParsedAnswer& parsed, v1::AnswerSubject subject, v1::AnswerVerdict verdict) {
  v1::AnswerItem& item = *parsed.add_items();
  item.set_subject(subject);
  item.set_verdict(verdict);
  return item;
}

TEST(AnswerCodes, NameWhatIsRefusedAndNotWhatIsGood) {
  v1::ParsedAnswer parsed;
  parsed.add_errors()->set_code("9");
  Item(parsed, v1::ANSWER_SUBJECT_INVOICE, v1::ANSWER_VERDICT_ACCEPTED).mutable_invoice()->set_shdon("4");
  v1::AnswerItem& bad = Item(parsed, v1::ANSWER_SUBJECT_INVOICE, v1::ANSWER_VERDICT_REFUSED);
  bad.mutable_invoice()->set_shdon("5");
  bad.add_errors()->set_code("40051");
  bad.add_errors()->set_code("40052");
  v1::AnswerItem& delegate = Item(parsed, v1::ANSWER_SUBJECT_DELEGATE, v1::ANSWER_VERDICT_REFUSED);
  delegate.set_mst("0109999999");
  delegate.add_errors()->set_code("9992");
  EXPECT_EQ(AnswerCodes(parsed), "9 5:40051,40052 0109999999:9992");
}

TEST(AnswerCodes, NameWhatHasNoVerdictByWhatItSays) {
  v1::ParsedAnswer parsed;
  Item(parsed, v1::ANSWER_SUBJECT_INVOICE, v1::ANSWER_VERDICT_INFORMATION).mutable_invoice()->set_shdon("7");
  v1::AnswerItem& status = Item(parsed, v1::ANSWER_SUBJECT_TAX_CODE, v1::ANSWER_VERDICT_INFORMATION);
  status.set_mst("0102030405");
  status.add_fields()->set_tag("TThai");
  status.mutable_fields(0)->set_value("03");
  EXPECT_EQ(AnswerCodes(parsed), "7 0102030405 TThai=03");
}

TEST(AnswerWords, SayCaseNumberDayAndByWhenToAct) {
  v1::ParsedAnswer parsed;
  EXPECT_EQ(AnswerWords(parsed), "");
  parsed.set_notice_kind("2");
  parsed.mutable_notice()->set_number("TB-1");
  parsed.mutable_notice()->set_date("2026-11-20");
  parsed.mutable_deadline()->set_days(5);
  EXPECT_EQ(AnswerWords(parsed), "case 2; TB-1 of 2026-11-20; due in 5 days");
  parsed.clear_notice();
  parsed.mutable_deadline()->set_days(0);
  parsed.mutable_deadline()->set_date("2026-12-01");
  parsed.set_register_range("A1B2C");
  parsed.add_deviations("answer.text: x");
  EXPECT_EQ(AnswerWords(parsed), "case 2; due 2026-12-01; register codes A1B2C; 1 deviations");
}

}  // namespace
}  // namespace tvan::ctl
