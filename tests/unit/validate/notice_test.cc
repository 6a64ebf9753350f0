// The error notice of a 300: each rule accepted and refused, one change apart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

SigningWorld& W() { return SigningWorld::Get(); }

// Signed, then changed: the structure is judged before any signature.
SigningWorld::Outcome Changed(MessageSpec spec, const std::string& what, const std::string& by) {
  spec.signing_time = W().now;
  return W().Run(Replaced(MakeTDiep(spec, W().seller.get()), what, by));
}
std::vector<std::string> Keys(const std::vector<InvoiceKey>& keys) {
  std::vector<std::string> text;
  for (const InvoiceKey& key : keys) text.push_back(key.ToString());
  return text;
}

TEST(Notice, ANoticeNamesInvoicesAndClaimsNone) {
  const auto outcome = W().RunSigned(Spec300(2, 7));
  EXPECT_THAT(outcome.errors(), IsEmpty());
  EXPECT_THAT(outcome.warnings(), IsEmpty());
  EXPECT_THAT(outcome.checked.claims, IsEmpty());
  EXPECT_THAT(Keys(outcome.checked.refers), ElementsAre("0101234567;1;K26TAA;7", "0101234567;1;K26TAA;8"));
  EXPECT_EQ(outcome.checked.item_count, 1);
}

TEST(Notice, ANoticesCountIsOneOrThatOfItsInvoices) {
  MessageSpec spec = Spec300(3);
  spec.sluong = "3";
  EXPECT_THAT(W().RunSigned(spec).errors(), IsEmpty());
  EXPECT_THAT(W().RunSigned(spec).warnings(), ElementsAre("count.sluong_uncertain"));
  spec.sluong = "2";
  EXPECT_THAT(W().RunSigned(spec).errors(), ElementsAre("count.sluong_mismatch"));
}

TEST(Notice, ANoticeIsOfTheHeadersTaxpayerAndWhole) {
  const MessageSpec good = Spec300(1);
  EXPECT_THAT(Changed(good, "</TNNT><MST>0101234567<", "</TNNT><MST>0102222222<").errors(),
              ElementsAre("header.mst_mismatch"));
  EXPECT_THAT(Changed(good, "<SHDon>1</SHDon>", "").errors(), ElementsAre("field.missing"));
  EXPECT_THAT(Changed(good, "<SHDon>1<", "<SHDon>x<").errors(), ElementsAre("notice.invoice_malformed"));
  EXPECT_THAT(Changed(good, "</TBao>", "</TBao><TBao/>").errors(), Contains("count.one_item_only"));
  EXPECT_THAT(Changed(good, "<TNNT>", "<TNNT>x").errors(), ElementsAre("signature.digest"));
  MessageSpec empty = Spec300(1);
  empty.invoices.clear();
  EXPECT_THAT(W().RunSigned(empty).errors(), ElementsAre("field.missing")) << "DSHDon/HDon";
  EXPECT_THAT(W().RunSigned(Spec300(501)).errors(), ElementsAre("notice.invoice_count"));
}

}  // namespace
}  // namespace tvan
