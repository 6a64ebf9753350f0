// Salvage, the audit chain and the counts of days: what can be read is kept, the chain goes on behind the last place
// that is known, and what is missing before it is named and stays missing.
#include <filesystem>
#include <future>

#include "adapters/signature.h"
#include "store/audit_verifier.h"
#include "store/codec.h"
#include "store/codec_audit.h"
#include "store/keys.h"
#include "store/rocksdb/maintenance.h"
#include "store/rocksdb/rocks_backend.h"
#include "tests/faults/store_faults.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Fault = AuditVerifier::Fault;

class SalvagedAudit : public StoreFaults {
 protected:
  static OperatorRecord Record(const std::string& id) { return {"window", id, 0, {7}, "op", "why", "body of " + id}; }
  bool Accept(Store& store, int n, int days_later = 0) {
    NewMessage message = FaultMessage(n, 100);
    message.accepted_at.us += days_later * int64_t{86'400'000'000};
    message.digest = digester_->Sha256Of(*message.payload);
    std::promise<bool> done;
    store.Accept(message, [&](Result<AcceptAnswer> answer) {
      done.set_value(answer.ok() && answer->outcome == AcceptAnswer::Outcome::kAccepted);
    });
    return done.get_future().get();
  }
  // Five records and messages 0, 3 and 6 of one provider.
  void Fill() {
    auto store = Open(root_ + "/store", true);
    ASSERT_TRUE(store.ok());
    for (const char* id : {"a", "b", "c", "d", "e"}) ASSERT_TRUE((*store)->PutRecord(Record(id), 0).ok());
    for (int n : {0, 3, 6}) ASSERT_TRUE(Accept(**store, n));
    ASSERT_TRUE((*store)->Close().ok());
  }
  void Lose(Family family, const std::string& key) { Change(family, key, std::nullopt); }
  void Change(Family family, const std::string& key, const std::optional<std::string>& value) {
    RocksStoreOptions options;
    options.path = root_ + "/store";
    const auto database = OpenRocksDatabase(options, RocksAccess::kReadWrite);
    ASSERT_TRUE(database.ok()) << database.status().ToString();
    const auto handle = (*database)->families[static_cast<size_t>(family)];
    rocksdb::DB& db = *(*database)->db;
    ASSERT_TRUE((value ? db.Put({}, handle, key, *value) : db.Delete({}, handle, key)).ok());
  }
  // The losses, and the new store.
  std::unique_ptr<Store> Salvage() {
    losses_.clear();
    const auto report =
        SalvageStore({root_ + "/store", root_ + "/saved", std::string(32, 'f'), clock_->Now(), *digester_, {}},
                     [&](const SalvageLoss& loss) { losses_.push_back(loss.what + " " + loss.detail); });
    EXPECT_TRUE(report.ok()) << report.status().ToString();
    auto store = Open(root_ + "/saved");
    EXPECT_TRUE(store.ok()) << store.status().ToString();
    return store.ok() ? *std::move(store) : nullptr;
  }
  static std::vector<std::pair<Fault, uint64_t>> Breaks(const Store& store) {
    AuditVerifier verifier(*store.AuditEnd());
    const auto entries = store.AuditFrom(1, 100).value();
    for (const AuditEntry& entry : entries) {
      verifier.Add(entry);
      verifier.Compare(entry, *store.TrailOf(entry));
    }
    verifier.Finish();
    std::vector<std::pair<Fault, uint64_t>> found;
    for (const AuditVerifier::Break& one : verifier.breaks()) found.emplace_back(one.fault, one.sequence);
    return found;
  }

  std::unique_ptr<Digester> digester_ = MakeDigester();
  std::vector<std::string> losses_;
};

TEST_F(SalvagedAudit, AWholeChainIsKeptWholeAndGoesOn) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  const auto store = Salvage();
  ASSERT_NE(store, nullptr);
  EXPECT_THAT(losses_, IsEmpty());
  ASSERT_EQ(store->PutRecord(Record("f"), 0)->audit, 6u);
  EXPECT_THAT(Breaks(*store), IsEmpty());
}

TEST_F(SalvagedAudit, EntriesThatAreGoneAreNamedAndTheChainGoesOnBehindThem) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  for (uint64_t place : {2, 3}) Lose(Family::kRecord, keys::Audit(place));
  Change(Family::kRecord, keys::Audit(5), "no entry");
  const auto store = Salvage();
  ASSERT_NE(store, nullptr);
  EXPECT_THAT(losses_, ElementsAre("audit_entries 2 to 3", "audit_entries 5 to 5"));
  ASSERT_EQ(store->PutRecord(Record("f"), 0)->audit, 6u) << "no place is given twice";
  EXPECT_THAT(Breaks(*store), ElementsAre(std::pair(Fault::kMissing, 2), std::pair(Fault::kMissing, 5)));
}

TEST_F(SalvagedAudit, AnEndThatIsGoneOrOlderIsThatOfTheNewestEntry) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  for (const auto& end :
       {std::optional<std::string>(), std::optional(Encode(AuditHead{2, {}})), std::optional<std::string>("no end")}) {
    Change(Family::kControl, keys::kAuditEnd, end);
    {
      const auto store = Salvage();
      ASSERT_NE(store, nullptr);
      EXPECT_THAT(losses_, IsEmpty());
      ASSERT_EQ(store->PutRecord(Record("f"), 0)->audit, 6u);
      EXPECT_THAT(Breaks(*store), IsEmpty());
    }
    std::filesystem::remove_all(root_ + "/saved");
  }
}

TEST_F(SalvagedAudit, AChainOfWhichNothingIsLeftBeginsAnewAndItsRecordsStay) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  for (uint64_t place = 1; place <= 5; ++place) Lose(Family::kRecord, keys::Audit(place));
  Change(Family::kControl, keys::kAuditEnd, "no end");
  const auto store = Salvage();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->ListRecords("window")->size(), 5u);
  ASSERT_EQ(store->PutRecord(Record("f"), 0)->audit, 1u);
  EXPECT_THAT(Breaks(*store), IsEmpty());
}

TEST_F(SalvagedAudit, TheCountsOfDaysAreMadeAgainFromMessagesAndTheLargerOneStays) {
  const ProviderId provider = ProviderId::Trusted("p0");
  const std::string key = keys::DayCountOf(provider, 0);
  const auto bytes = FaultMessage(0, 100).payload->size() + FaultMessage(3, 100).payload->size() +
                     FaultMessage(6, 100).payload->size();
  ASSERT_NO_FATAL_FAILURE(Fill());
  for (const auto& [value, messages] : std::vector<std::pair<std::optional<std::string>, uint64_t>>{
           {std::nullopt, 3}, {"no count", 3}, {Encode(DayCount{0, 2, 7}), 3}, {Encode(DayCount{0, 9, 77}), 9}}) {
    Change(Family::kControl, key, value);
    {
      const auto store = Salvage();
      ASSERT_NE(store, nullptr);
      EXPECT_EQ(store->AcceptedOn(provider, 0)->messages, messages);
      EXPECT_EQ(store->AcceptedOn(provider, 0)->bytes, messages == 9 ? 77 : bytes);
      EXPECT_TRUE(Accept(*store, 9));
    }
    std::filesystem::remove_all(root_ + "/saved");
  }
  Change(Family::kControl, key, Encode(DayCount{40, 1, 5}));  // a later day took the place
  const auto store = Salvage();
  EXPECT_EQ(store->AcceptedOn(provider, 40)->messages, 1u);
  EXPECT_EQ(store->AcceptedOn(provider, 0)->messages, 0u);
}

// Two days have one place, and messages are met in the order of their ids.
TEST_F(SalvagedAudit, OfTwoDaysInOnePlaceTheLaterOneIsCounted) {
  {
    auto store = Open(root_ + "/store", true);
    ASSERT_TRUE(store.ok());
    for (const auto& [n, day] : {std::pair(0, 0), std::pair(3, 40), std::pair(6, 40), std::pair(9, 0)})
      ASSERT_TRUE(Accept(**store, n, day));
    ASSERT_TRUE((*store)->Close().ok());
  }
  const ProviderId provider = ProviderId::Trusted("p0");
  Change(Family::kControl, keys::DayCountOf(provider, 0), "no count");
  Change(Family::kControl, keys::DayCountOf(provider, 7), "no count, and no messages");
  const auto store = Salvage();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->AcceptedOn(provider, 40)->messages, 2u);
  EXPECT_EQ(store->AcceptedOn(provider, 0)->messages, 0u);
  EXPECT_TRUE(Accept(*store, 12, 7));
  EXPECT_EQ(store->AcceptedOn(provider, 7)->messages, 1u);
}

}  // namespace
}  // namespace tvan
