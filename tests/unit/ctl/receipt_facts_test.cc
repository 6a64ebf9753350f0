#include "ops/ctl/receipt_facts.h"

#include <gtest/gtest.h>

#include "adapters/signature.h"
#include "gateway/seal/seal.h"

namespace tvan::ctl {
namespace {

std::string FactsOf(const std::string& document, const std::string& client_reference) {
  ReceiptFacts facts;
  facts.provider = ProviderId::Trusted("acme");
  facts.client_reference = client_reference;
  facts.digest = MakeDigester()->Sha256Of(document);
  return ReceiptJson(facts);
}

TEST(Receipt, SpeaksOfItsDocumentAndOfNoOther) {
  EXPECT_TRUE(SpeaksOf(FactsOf("<HDon/>", "r-1"), "<HDon/>"));
  EXPECT_FALSE(SpeaksOf(FactsOf("<HDon/>", "r-1"), "<HDon />"));
  EXPECT_FALSE(SpeaksOf("{}", "<HDon/>"));
  EXPECT_FALSE(SpeaksOf("no json", "<HDon/>"));
}

TEST(Receipt, AReferenceThatIsADigestForgesNothing) {
  const std::string forged = MakeDigester()->Sha256Of("<HDon>other</HDon>").Hex();
  const std::string facts = FactsOf("<HDon/>", forged);
  ASSERT_NE(facts.find(forged), std::string::npos);
  EXPECT_FALSE(SpeaksOf(facts, "<HDon>other</HDon>"));
  EXPECT_TRUE(SpeaksOf(facts, "<HDon/>"));
}

TEST(Receipt, AByteOrderMarkIsNoPartOfTheDocument) {
  EXPECT_TRUE(SpeaksOf(FactsOf("<HDon/>", "r-1"), "\xef\xbb\xbf<HDon/>"));
  EXPECT_FALSE(SpeaksOf(FactsOf("<HDon/>", "r-1"), "\xef\xbb\xbf\xef\xbb\xbf<HDon/>")) << "one";
}

}  // namespace
}  // namespace tvan::ctl
