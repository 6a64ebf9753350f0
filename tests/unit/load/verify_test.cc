#include "ops/load/verify.h"

#include <gtest/gtest.h>

#include "adapters/signature.h"

namespace tvan::load {
namespace {

const CorpusMessage& Sent() {
  static const std::string bytes = "<TDiep/>";
  static const CorpusMessage sent{bytes, "0100000011ABC", MakeDigester()->Sha256Of(bytes)};
  return sent;
}

v1::SubmitMessageResponse Right() {
  v1::SubmitMessageResponse answer;
  answer.mutable_receipt()->set_provider_mtdiep(std::string(Sent().mtdiep));
  answer.mutable_receipt()->set_sha256(Sent().sha256.Hex());
  answer.mutable_receipt()->set_gateway_mtdiep("V0109999999ABC");
  answer.mutable_receipt()->set_jws("a.b.c");
  answer.mutable_receipt()->set_durability("FLUSHED_LOCAL");
  answer.set_ack999("<TDiep/>");
  return answer;
}

TEST(Verify, TakesTheReceiptOfTheMessage) { EXPECT_EQ(WrongReceipt(Sent(), Right()), ""); }

TEST(Verify, RefusesEachPartThatIsNot) {
  auto wrong = Right();
  wrong.mutable_receipt()->set_provider_mtdiep("0100000011ABD");
  EXPECT_EQ(WrongReceipt(Sent(), wrong), "the receipt names another MTDiep");
  wrong = Right();
  wrong.mutable_receipt()->mutable_sha256()->back() ^= 1;
  EXPECT_EQ(WrongReceipt(Sent(), wrong), "the receipt names another digest");
  wrong = Right();
  wrong.mutable_receipt()->clear_gateway_mtdiep();
  EXPECT_EQ(WrongReceipt(Sent(), wrong), "the receipt names no MTDiep of the gateway");
  wrong = Right();
  wrong.mutable_receipt()->clear_jws();
  EXPECT_EQ(WrongReceipt(Sent(), wrong), "the receipt is not sealed");
  wrong = Right();
  wrong.mutable_receipt()->set_durability("MEMORY_ONLY");
  EXPECT_EQ(WrongReceipt(Sent(), wrong), "the receipt promises no flush: MEMORY_ONLY");
  wrong = Right();
  wrong.clear_ack999();
  EXPECT_EQ(WrongReceipt(Sent(), wrong), "there is no 999 beside the receipt");
}

}  // namespace
}  // namespace tvan::load
