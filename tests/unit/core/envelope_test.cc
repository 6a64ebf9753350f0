#include "gateway/core/envelope.h"

#include <gtest/gtest.h>

namespace tvan {
namespace {

TEST(MessageClasses, BelongToTheUpwardTypes) {
  const std::pair<int, MessageClass> types[] = {
      {200, MessageClass::kCoded},        {201, MessageClass::kCoded},        {203, MessageClass::kUncoded},
      {206, MessageClass::kCashRegister}, {300, MessageClass::kErrorNotice},  {303, MessageClass::kErrorNotice},
      {100, MessageClass::kRegistration}, {101, MessageClass::kRegistration}, {106, MessageClass::kRegistration},
      {400, MessageClass::kSummary},      {999, MessageClass::kTechnical},    {207, MessageClass::kCoded},
      {216, MessageClass::kCashRegister}, {304, MessageClass::kErrorNotice},  {401, MessageClass::kSummary}};
  for (const auto& [type, cls] : types) EXPECT_EQ(ClassOfType(type), cls) << type;
}

TEST(MessageClasses, AreNotThereForDownwardAndUnknownTypes) {
  for (const int type : {202, 204, 301, 102, -1, -2, 0, 2000, 109}) EXPECT_FALSE(ClassOfType(type).has_value()) << type;
}

TEST(MessageClasses, AreNamedAndReadBack) {
  for (int n = 1; n <= 7; ++n) {
    const auto cls = static_cast<MessageClass>(n);
    EXPECT_EQ(ParseMessageClass(ToString(cls)), cls);
  }
  EXPECT_EQ(ToString(MessageClass::kCashRegister), "cash_register");
  EXPECT_FALSE(ParseMessageClass("Coded").has_value());
  EXPECT_FALSE(ParseMessageClass("").has_value());
}

}  // namespace
}  // namespace tvan
