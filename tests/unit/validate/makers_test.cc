// What the makers of tests make is lawful: without any finding, in every version that has the type.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::IsEmpty;

SigningWorld& W() { return SigningWorld::Get(); }

TEST(Makers, MakeLawfulMessages) {
  for (const char* pban : {"2.0.0", "2.0.1", "2.1.0"})
    for (MessageSpec spec : {Spec200(), Spec201(), Spec203(3), Spec206(2), Spec300(2), Spec303(2), Spec400(3),
                             SpecOfTaxpayer(100), SpecOfTaxpayer(101), SpecOfTaxpayer(106)}) {
      const bool of_cash_registers = spec.type == 206 || spec.type == 303;
      if (of_cash_registers && std::string(pban) == "2.0.0") continue;
      spec.pban = pban;
      for (InvoiceSpec& invoice : spec.invoices) invoice.lines = 3;
      const auto outcome = W().RunSigned(spec);
      for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kInfo})
        EXPECT_THAT(outcome.rules(severity), IsEmpty()) << spec.type << " of " << pban;
      EXPECT_FALSE(outcome.checked.sent_bytes.empty()) << spec.type;
    }
}

TEST(Makers, MakeALawfulBareInvoice) {
  for (const int type : {200, 203}) {
    const auto outcome = W().Run({MakeBareHDon(InvoiceSpec(), W().seller.get(), W().now), type, "r"}, W().context());
    EXPECT_THAT(outcome.errors(), IsEmpty());
    EXPECT_THAT(outcome.warnings(), IsEmpty());
  }
}

}  // namespace
}  // namespace tvan
