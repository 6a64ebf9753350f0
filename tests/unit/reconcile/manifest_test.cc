// What a snapshot says of itself stays small, whatever currencies a peer writes, and no bin takes another's room.
#include "gateway/reconcile/manifest.h"

#include <gmock/gmock.h>

namespace tvan {
namespace {

class ManifestTest : public testing::Test {
 protected:
  void Add(Bin bin, const std::string& currency, const std::string& amount = "1") {
    InvoiceFacts invoice;
    invoice.currency = currency;
    invoice.amount = amount;
    manifest.AddInvoice({meta, bin, false, false, {}}, invoice);
  }
  // "AAA", "AAB", …
  static std::string Currency(int n) {
    return {static_cast<char>('A' + n / 676), static_cast<char>('A' + n / 26 % 26), static_cast<char>('A' + n % 26)};
  }
  size_t Sums(Bin bin) const {
    size_t count = 0;
    for (const auto& [key, sum] : manifest.sums) count += key.first == bin ? 1 : 0;
    return count;
  }
  std::string Sum(Bin bin, const std::string& currency) const {
    const auto sum = manifest.sums.find({bin, currency});
    return sum == manifest.sums.end() ? "none" : sum->second.ToString();
  }
  MessageMeta meta;
  Manifest manifest;
};

TEST_F(ManifestTest, SumsSixtyFourCurrenciesOfABinAndCountsTheOthers) {
  for (int n = 0; n < 66; ++n) Add(Bin::kQueued, Currency(n));
  EXPECT_EQ(Sums(Bin::kQueued), 64u);
  EXPECT_EQ(manifest.not_summed, 2u);
  EXPECT_EQ(manifest.rows, 66u);
  Add(Bin::kQueued, Currency(63));
  EXPECT_EQ(Sum(Bin::kQueued, Currency(63)), "2") << "what has a sum is summed on";
  EXPECT_EQ(manifest.not_summed, 2u);
}

TEST_F(ManifestTest, OneBinFullOfCurrenciesLeavesTheOthersTheirRoom) {
  for (int n = 0; n < 66; ++n) Add(Bin::kQueued, Currency(n));
  for (int n = 0; n < 64; ++n) Add(Bin::kRefused, Currency(600 + n));
  EXPECT_EQ(Sums(Bin::kRefused), 64u);
  EXPECT_EQ(manifest.not_summed, 2u);
}

TEST_F(ManifestTest, TheDongAndWhatNamesNoCurrencyAlwaysHaveRoom) {
  for (int n = 0; n < 66; ++n) Add(Bin::kQueued, Currency(n));
  Add(Bin::kQueued, "VND", "1000");
  Add(Bin::kQueued, "", "5");
  EXPECT_EQ(Sum(Bin::kQueued, "VND"), "1000");
  EXPECT_EQ(Sum(Bin::kQueued, "not_said"), "5");
  EXPECT_EQ(manifest.not_summed, 2u);
}

}  // namespace
}  // namespace tvan
