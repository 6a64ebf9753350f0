// One look at the history reads each record once, however many invoices of it are asked about, and asks no more than
// its bound.
#include "store/history_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "store/keys.h"

namespace tvan {
namespace {

using testing::IsEmpty;
using Kind = RelationKind;

InvoiceKey Invoice(int n) { return {TaxCode::Trusted("0101234567"), "1", "C26TAA", std::to_string(n)}; }

class OneLook : public testing::Test {
 protected:
  // Message `id` files invoices from..to.
  void Holds(const std::string& id, int from, int to) {
    StoredMessage stored;
    MessageMeta& meta = stored.meta;
    meta.key = {ProviderId::Trusted("alpha"), SubmitIdKind::kMTDiep, id};
    meta.gateway_id = MessageId::Trusted(id);
    meta.cls = MessageClass::kCashRegister;
    meta.mst = TaxCode::Trusted("0101234567");
    meta.acceptance = 1;
    for (int n = from; n <= to; ++n) {
      meta.claims.push_back(Invoice(n));
      records_[{Family::kClaim, keys::Claim(Invoice(n))}] = Encode(std::vector<ClaimEntry>{{meta.gateway_id, false}});
    }
    records_[{Family::kMeta, id}] = Encode(stored);
  }
  static NewMessage Names(Kind kind, int from, int to) {
    NewMessage message;
    message.gateway_id = MessageId::Trusted("V9");
    message.mst = TaxCode::Trusted("0101234567");
    for (int n = from; n <= to; ++n) message.relations.push_back({kind, Invoice(n), std::nullopt});
    return message;
  }
  HistoryFacts FactsOf(const NewMessage& message) {
    HistoryReader reader(
        [this](Family family, const std::string& key) {
          ++reads_[family];
          const auto found = records_.find({family, key});
          return found == records_.end() ? std::nullopt : std::optional(found->second);
        },
        [](const Status& status) { ADD_FAILURE() << status.ToString(); }, Time{});
    return reader.FactsOf(message);
  }

  std::map<std::pair<Family, std::string>, std::string> records_;
  std::map<Family, int> reads_;
};

TEST_F(OneLook, ReadsAMessageOnceThoughAllItsInvoicesAreNamed) {
  Holds("V1", 1, 500);
  const HistoryFacts facts = FactsOf(Names(Kind::kCancels, 1, 500));
  EXPECT_EQ(facts.originals.size(), 500u);
  for (const auto& [invoice, original] : facts.originals) EXPECT_TRUE(original.held && original.whole);
  EXPECT_EQ(reads_[Family::kMeta], 1);
}

TEST_F(OneLook, ReadsAMessageOnceThoughAllItsInvoicesAreFiledAgain) {
  Holds("V1", 1, 500);
  NewMessage again = Names(Kind::kNames, 1, 0);
  for (int n = 1; n <= 500; ++n) again.claims.push_back(Invoice(n));
  EXPECT_EQ(FactsOf(again).claimed.size(), 500u);
  EXPECT_EQ(reads_[Family::kMeta], 1);
}

TEST_F(OneLook, AsksUpToItsBoundAndTellsOnceOfTheRest) {
  Holds("V1", 1, 3000);
  const NewMessage table = Names(Kind::kListsCancelled, 1, 3000);
  const auto found = JudgeHistory(table, FactsOf(table));
  EXPECT_LE(reads_[Family::kClaim], 2001);
  ASSERT_EQ(found.size(), 1001u);
  EXPECT_EQ(found[999].rule, "summary.cancelled_without_notice"_reason);
  EXPECT_EQ(found[1000].rule, "history.unknown"_reason);
  EXPECT_EQ(found[1000].invoice, Invoice(1001));
}

TEST_F(OneLook, TellsNothingOfTheRestWhereAllWasAsked) {
  Holds("V1", 1, 1000);
  const NewMessage notice = Names(Kind::kCancels, 1, 1000);
  EXPECT_THAT(JudgeHistory(notice, FactsOf(notice)), IsEmpty());
}

}  // namespace
}  // namespace tvan
