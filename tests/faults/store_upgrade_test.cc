// Stores of older format versions under this program: opened, upgraded in one act, and honest about what they cannot
// know.
#include <future>

#include "store/audit_verifier.h"
#include "store/codec.h"
#include "store/keys.h"
#include "store/rocksdb/rocks_backend.h"
#include "tests/faults/store_faults.h"

namespace tvan {
namespace {

using Kind = RelationKind;
using testing::ElementsAre;
using testing::IsEmpty;

InvoiceKey Invoice(int n) { return FaultMessage(n, 10).claims.front(); }

NewMessage Related(int n, Kind kind, int original) {
  NewMessage message = FaultMessage(n, 100);
  if (kind == Kind::kListsCancelled) message.claims.clear();
  message.relations = {{kind, Invoice(original), message.claims.empty() ? std::nullopt : std::optional(Invoice(n))}};
  return message;
}

NewMessage Coded(int n, const std::string& range) {
  NewMessage message = FaultMessage(n, 100);
  message.mltdiep = 206;
  message.codes = {{"M1-26-" + range + "-0000000000" + std::to_string(n), Invoice(n)}};
  return message;
}

class StoreUpgrade : public StoreFaults {
 protected:
  bool Accept(Store& store, const NewMessage& message) {
    std::promise<bool> done;
    store.Accept(message, [&](Result<AcceptAnswer> answer) {
      done.set_value(answer.ok() && answer->outcome == AcceptAnswer::Outcome::kAccepted);
    });
    return done.get_future().get();
  }
  // A 103 that gives this range.
  static void Receive103(Store& store, const std::string& range) {
    IncomingAnswer answer;
    answer.answer_id = "103" + range;
    answer.bytes = std::make_shared<const std::string>("<TDiep/>");
    answer.register_range = RegisterRange{FaultMessage(1, 10).mst, range};
    ASSERT_TRUE(store.ReceiveAnswers(store.TakeOwnership(), LineId::Trusted("main"), {answer}, range).ok());
  }
  // Messages 1 and 2 without relations are what version 1 wrote, byte for byte (Golden); the rest is its number.
  void FillAsVersionOne(const std::string& path) {
    {
      auto store = Open(path, true);
      ASSERT_TRUE(store.ok());
      for (int n : {1, 2}) ASSERT_TRUE(Accept(**store, FaultMessage(n, 100)));
      ASSERT_TRUE((*store)->Close().ok());
    }
    BecomeVersion(path, 1);
  }
  // Two records, put by a program that knew no chain, and no counts of days.
  void FillAsVersionTwo(const std::string& path) {
    {
      auto store = Open(path, true);
      ASSERT_TRUE(store.ok());
      ASSERT_TRUE(Accept(**store, FaultMessage(3, 100)));
      ASSERT_TRUE((*store)->Close().ok());
    }
    BecomeVersion(path, 2, [](rocksdb::DB& db, const auto& families) {
      const auto record = families[static_cast<size_t>(Family::kRecord)];
      for (const char* id : {"old", "touched"}) {
        const std::string bytes = Encode(OperatorRecord{"window", id, 1, {7}, "op", "why", "before"});
        ASSERT_TRUE(db.Put({}, record, keys::Newest("window", id), bytes).ok());
        ASSERT_TRUE(db.Put({}, record, keys::Version("window", id, 1), bytes).ok());
      }
      const auto control = families[static_cast<size_t>(Family::kControl)];
      ASSERT_TRUE(db.Delete({}, control, keys::DayCountOf(ProviderId::Trusted("p0"), 0)).ok());
    });
  }
  static uint64_t VersionInside(const std::string& path) {
    RocksStoreOptions options;
    options.path = path;
    const auto database = OpenRocksDatabase(options, RocksAccess::kReadOnly);
    std::string bytes;
    const auto control = (*database)->families[static_cast<size_t>(Family::kControl)];
    EXPECT_TRUE((*database)->db->Get({}, control, keys::kFormat, &bytes).ok());
    return ReadU64(bytes).value_or(0);
  }
  using Families = std::array<rocksdb::ColumnFamilyHandle*, kFamilies>;
  static void BecomeVersion(const std::string& path, uint64_t version,
                            const std::function<void(rocksdb::DB&, const Families&)>& change = {}) {
    RocksStoreOptions options;
    options.path = path;
    const auto database = OpenRocksDatabase(options, RocksAccess::kReadWrite);
    ASSERT_TRUE(database.ok());
    const auto control = (*database)->families[static_cast<size_t>(Family::kControl)];
    ASSERT_TRUE((*database)->db->Put({}, control, keys::kFormat, U64(version)).ok());
    if (change) change(*(*database)->db, (*database)->families);
    WriteFile(path + "/FORMAT", "tvan-store-format " + std::to_string(version) + "\n");
  }
  static std::vector<std::string> Asked(Store& store, const NewMessage& message) {
    std::vector<std::string> rules;
    const auto asked = store.AskHistory(message);
    EXPECT_TRUE(asked.ok()) << asked.status().ToString();
    if (!asked.ok()) return {"error"};
    for (const HistoryFinding& finding : *asked) rules.emplace_back(finding.rule.text());
    return rules;
  }
  static void ExpectOldIsUnknownAndNewIsNot(Store& store) {
    EXPECT_THAT(Asked(store, Related(5, Kind::kReplaces, 1)), ElementsAre("history.unknown"));
    EXPECT_THAT(Asked(store, Related(5, Kind::kListsCancelled, 1)), ElementsAre("history.unknown"));
    EXPECT_THAT(Asked(store, Related(5, Kind::kReplaces, 3)), IsEmpty());
    EXPECT_THAT(Asked(store, Related(5, Kind::kListsCancelled, 3)), ElementsAre("summary.cancelled_without_notice"));
    EXPECT_THAT(Asked(store, Related(5, Kind::kReplaces, 2)), ElementsAre("guard.replaced_twice"))
        << "what is done to an old one from now on is held";
  }
};

TEST_F(StoreUpgrade, ALaterStoreSaysUnknownOfWhatVersionOneTook) {
  const std::string path = root_ + "/store";
  FillAsVersionOne(path);
  auto store = Open(path);
  ASSERT_TRUE(store.ok()) << store.status().ToString();
  EXPECT_EQ(ReadFile(path + "/FORMAT"), "tvan-store-format 3\n");
  ASSERT_TRUE(Accept(**store, FaultMessage(3, 100)));
  ASSERT_TRUE(Accept(**store, Related(4, Kind::kReplaces, 2)));
  ExpectOldIsUnknownAndNewIsNot(**store);
  ASSERT_TRUE((*store)->Close().ok());
  store = Open(path);
  ASSERT_TRUE(store.ok());
  ExpectOldIsUnknownAndNewIsNot(**store);
}

// 103s that came to version 1 left no range.
TEST_F(StoreUpgrade, ALaterStoreRefusesNoCodeForARangeThatVersionOneMayHaveSeen) {
  const std::string path = root_ + "/store";
  FillAsVersionOne(path);
  auto store = Open(path);
  ASSERT_TRUE(store.ok()) << store.status().ToString();
  EXPECT_THAT(Asked(**store, Coded(5, "A1B2C")), ElementsAre("history.unknown"));
  Receive103(**store, "ZZZZZ");
  EXPECT_THAT(Asked(**store, Coded(5, "ZZZZZ")), IsEmpty());
  EXPECT_THAT(Asked(**store, Coded(5, "A1B2C")), ElementsAre("history.unknown"));
  EXPECT_TRUE(Accept(**store, Coded(5, "A1B2C")));
  EXPECT_THAT(Asked(**store, Coded(6, "A1B2C")), ElementsAre("history.unknown"));
  NewMessage again = Coded(6, "A1B2C");
  again.codes[0].code = Coded(5, "A1B2C").codes[0].code;
  EXPECT_THAT(Asked(**store, again), ElementsAre("invoice.code_taken", "history.unknown"));
}

TEST_F(StoreUpgrade, AStoreThatIsNewKnowsAllOfItsOwn) {
  auto store = Open(root_ + "/store", true);
  ASSERT_TRUE(Accept(**store, FaultMessage(1, 100)));
  EXPECT_THAT(Asked(**store, Related(5, Kind::kReplaces, 1)), IsEmpty());
  Receive103(**store, "ZZZZZ");
  EXPECT_THAT(Asked(**store, Coded(5, "A1B2C")), ElementsAre("invoice.code_range"));
}

TEST_F(StoreUpgrade, AKillBeforeTheFormatFileIsWrittenIsUpgradedOnce) {
  const std::string path = root_ + "/store";
  FillAsVersionOne(path);
  ASSERT_TRUE(Open(path).ok());
  auto store = Open(path);
  ASSERT_TRUE(Accept(**store, FaultMessage(3, 100)));
  ASSERT_TRUE((*store)->Close().ok());
  WriteFile(path + "/FORMAT", "tvan-store-format 1\n");  // the act was written, the file not
  store = Open(path);
  EXPECT_THAT(Asked(**store, Related(5, Kind::kReplaces, 3)), IsEmpty());
}

TEST_F(StoreUpgrade, TheChainOfAVersionTwoBeginsWithTheFirstPut) {
  const std::string path = root_ + "/store";
  ASSERT_NO_FATAL_FAILURE(FillAsVersionTwo(path));
  auto store = Open(path);
  ASSERT_TRUE(store.ok()) << store.status().ToString();
  EXPECT_EQ(ReadFile(path + "/FORMAT"), "tvan-store-format 3\n");
  EXPECT_EQ(*(*store)->AuditEnd(), AuditHead());
  EXPECT_TRUE((*store)->AuditFrom(1, 9)->empty());
  ASSERT_TRUE((*store)->PutRecord({"window", "touched", 0, {8}, "op", "why", "after"}, 1).ok());
  const auto entries = (*store)->AuditFrom(1, 9).value();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].version, 2u);
  EXPECT_EQ(entries[0].before, AuditDigest("before"));
  AuditVerifier verifier(*(*store)->AuditEnd());
  verifier.Add(entries[0]);
  verifier.Compare(entries[0], *(*store)->TrailOf(entries[0]));
  verifier.Finish();
  EXPECT_EQ(verifier.broken(), 0u) << "the version before it has no entry, and that is no break";
  EXPECT_EQ((*store)->ListRecords("window")->front().audit, 0u);
  ASSERT_TRUE((*store)->Close().ok());
  EXPECT_EQ(VersionInside(path), 3u);
}

TEST_F(StoreUpgrade, AVersionTwoCountsTheDayFromItsUpgradeOn) {
  const std::string path = root_ + "/store";
  ASSERT_NO_FATAL_FAILURE(FillAsVersionTwo(path));
  auto store = Open(path);
  ASSERT_TRUE(store.ok()) << store.status().ToString();
  EXPECT_EQ((*store)->AcceptedOn(ProviderId::Trusted("p0"), 0)->messages, 0u);
  ASSERT_TRUE(Accept(**store, FaultMessage(6, 100)));
  EXPECT_EQ((*store)->AcceptedOn(ProviderId::Trusted("p0"), 0)->messages, 1u);
}

TEST_F(StoreUpgrade, AVersionTwoHasNoGapInItsHistoryWhereAVersionOneHas) {
  const std::string path = root_ + "/store";
  ASSERT_NO_FATAL_FAILURE(FillAsVersionTwo(path));
  auto store = Open(path);
  ASSERT_TRUE(store.ok()) << store.status().ToString();
  EXPECT_THAT(Asked(**store, Related(5, Kind::kReplaces, 3)), IsEmpty());
}

}  // namespace
}  // namespace tvan
