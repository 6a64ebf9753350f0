// A store of format version 1 under this program: opened, upgraded in one act, and honest about what it cannot know.
#include <future>

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
    RocksStoreOptions options;
    options.path = path;
    const auto database = OpenRocksDatabase(options, RocksAccess::kReadWrite);
    ASSERT_TRUE(database.ok());
    const auto control = (*database)->families[static_cast<size_t>(Family::kControl)];
    ASSERT_TRUE((*database)->db->Put({}, control, keys::kFormat, U64(1)).ok());
    WriteFile(path + "/FORMAT", "tvan-store-format 1\n");
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
  EXPECT_EQ(ReadFile(path + "/FORMAT"), "tvan-store-format 2\n");
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

}  // namespace
}  // namespace tvan
