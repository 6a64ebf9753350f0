// Records put together, pages of records, and the audit chain that every put goes on with.
#include "store/audit_verifier.h"
#include "store/keys.h"
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Fault = AuditVerifier::Fault;

OperatorRecord Record(const std::string& kind, const std::string& id, const std::string& body) {
  OperatorRecord record;
  record.kind = kind;
  record.id = id;
  record.changed_at = At(10);
  record.author = "op";
  record.reason = "why";
  record.body = body;
  return record;
}

RecordStore::RecordPut NewMandate(const std::string& id, uint64_t expected_version = 0) {
  return {Record("mandate", id, "body of " + id), expected_version};
}

std::vector<std::string> Ids(const std::vector<OperatorRecord>& records) {
  std::vector<std::string> ids;
  for (const OperatorRecord& record : records) ids.push_back(record.id);
  return ids;
}

std::vector<uint64_t> Places(const std::vector<AuditEntry>& entries) {
  std::vector<uint64_t> places;
  for (const AuditEntry& entry : entries) places.push_back(entry.sequence);
  return places;
}

// Everything that the store has, as a verifier sees it.
AuditVerifier Verified(const Store& store, AuditHead noted = {}) {
  AuditVerifier verifier(store.AuditEnd().value(), noted);
  while (true) {
    const auto page = store.AuditFrom(verifier.head().sequence + 1, 2).value();
    if (page.empty()) break;
    for (const AuditEntry& entry : page) {
      verifier.Add(entry);
      verifier.Compare(entry, store.TrailOf(entry).value());
    }
  }
  verifier.Finish();
  return verifier;
}

std::vector<Fault> FaultsOf(const AuditVerifier& verifier) {
  std::vector<Fault> faults;
  for (const AuditVerifier::Break& found : verifier.breaks()) faults.push_back(found.fault);
  return faults;
}

TEST_P(StoreContract, RecordsPutTogetherAreOneAct) {
  const uint64_t before = store().position().sequence;
  EXPECT_THAT(store().PutRecords({NewMandate("a"), NewMandate("b"), NewMandate("a", 1)}).value(), ElementsAre(1, 1, 2));
  EXPECT_EQ(store().position().sequence, before + 1);
  KillAndReopen();
  EXPECT_EQ(store().ListRecords("mandate")->size(), 2u);
  EXPECT_EQ(store().RecordHistory("mandate", "a")->size(), 2u);
  EXPECT_EQ(store().AuditEnd()->sequence, 3u);
  EXPECT_TRUE(store().PutRecords({})->empty());
}

TEST_P(StoreContract, OfRecordsPutTogetherAllAreThereOrNone) {
  ASSERT_TRUE(store().PutRecords({NewMandate("b")}).ok());
  const auto refused = store().PutRecords({NewMandate("a"), NewMandate("b"), NewMandate("c")});
  EXPECT_EQ(refused.status().reason(), "store.conflict"_reason);
  EXPECT_THAT(refused.status().message(), testing::HasSubstr("mandate b is at version 1, not 0"));
  EXPECT_EQ(store().PutRecords({NewMandate("a"), NewMandate("a")}).status().reason(), "store.conflict"_reason);
  EXPECT_THAT(Ids(*store().ListRecords("mandate")), ElementsAre("b"));
  EXPECT_EQ(store().AuditEnd()->sequence, 1u) << "and what is refused is in no chain";
  EXPECT_TRUE(store().PutRecords({NewMandate("a"), NewMandate("b", 1)}).ok());
}

TEST_P(StoreContract, AnActHoldsSoManyRecordsAndNotOneMore) {
  std::vector<RecordStore::RecordPut> puts;
  for (size_t i = 0; i < Store::kMostRecordsInAct; ++i) puts.push_back(NewMandate(std::to_string(i)));
  auto more = puts;
  more.push_back(NewMandate("more"));
  EXPECT_EQ(store().PutRecords(more).status().reason(), "store.argument"_reason);
  EXPECT_TRUE(store().ListRecords("mandate")->empty());
  EXPECT_EQ(store().PutRecords(puts)->size(), 256u);
  EXPECT_THAT(FaultsOf(Verified(store())), IsEmpty());
}

TEST_P(StoreContract, RecordsAreReadInPages) {
  std::vector<RecordStore::RecordPut> puts;
  for (const char* id : {"b", "a", "aa", "c", "ab"}) puts.push_back(NewMandate(id));
  puts[1].record.deleted = true;
  puts.push_back({Record("mandates", "a", "another kind"), 0});
  ASSERT_TRUE(store().PutRecords(puts).ok());
  ASSERT_TRUE(store().PutRecords({NewMandate("b", 1)}).ok());
  EXPECT_THAT(Ids(*store().ScanRecords("mandate", "", 2)), ElementsAre("a", "b"));
  EXPECT_THAT(Ids(*store().ScanRecords("mandate", "b", 2)), ElementsAre("c", "aa"));
  EXPECT_THAT(Ids(*store().ScanRecords("mandate", "aa", 2)), ElementsAre("ab"));
  EXPECT_THAT(Ids(*store().ScanRecords("mandate", "ab", 2)), IsEmpty());
  EXPECT_THAT(Ids(*store().ScanRecords("mandate", "bb", 9)), IsEmpty()) << "an id that is not there is a place too";
  EXPECT_THAT(Ids(*store().ScanRecords("mandate", "", 0)), IsEmpty());
  EXPECT_THAT(Ids(*store().ScanRecords("mandate", "", 9)), ElementsAre("a", "b", "c", "aa", "ab"));
  const auto first = store().ScanRecords("mandate", "", 2).value();
  EXPECT_TRUE(first[0].deleted);
  EXPECT_EQ(first[1].version, 2u);
}

TEST_P(StoreContract, NothingBeyondAPageOfRecordsIsRead) {
  ASSERT_TRUE(store().PutRecords({NewMandate("a"), NewMandate("b"), NewMandate("c")}).ok());
  Damage(Family::kRecord, keys::Newest("mandate", "b"));
  EXPECT_THAT(Ids(*store().ScanRecords("mandate", "", 1)), ElementsAre("a"));
  EXPECT_THAT(Ids(*store().ScanRecords("mandate", "b", 9)), ElementsAre("c"));
  EXPECT_EQ(store().ScanRecords("mandate", "", 2).status().reason(), "store.damaged"_reason);
}

TEST_P(StoreContract, EveryPutHasItsEntryInTheChain) {
  EXPECT_EQ(*store().AuditEnd(), AuditHead());
  ASSERT_EQ(store().PutRecord(Record("phase", "main", "one"), 0)->audit, 1u);
  OperatorRecord gone = Record("phase", "main", "two");
  gone.deleted = true;
  gone.author = "gateway";
  gone.reason.clear();
  ASSERT_EQ(store().PutRecord(gone, 1)->audit, 2u);
  ASSERT_TRUE(store().PutRecords({NewMandate("a")}).ok());
  KillAndReopen();
  const auto entries = store().AuditFrom(1, 9).value();
  ASSERT_THAT(Places(entries), ElementsAre(1, 2, 3));
  EXPECT_EQ(entries[0].author, "op");
  EXPECT_EQ(entries[0].before, Sha256());
  EXPECT_EQ(entries[1].at, At(10));
  EXPECT_EQ(entries[1].author, "gateway");
  EXPECT_EQ(entries[1].reason, "");
  EXPECT_EQ(entries[1].kind, "phase");
  EXPECT_EQ(entries[1].id, "main");
  EXPECT_EQ(entries[1].version, 2u);
  EXPECT_TRUE(entries[1].deleted);
  EXPECT_EQ(entries[1].before, AuditDigest("one"));
  EXPECT_EQ(entries[1].after, AuditDigest("two"));
  EXPECT_EQ(*store().AuditEnd(), (AuditHead{3, entries[2].hash}));
  const AuditTrail trail = store().TrailOf(entries[0]).value();
  EXPECT_FALSE(trail.before);
  EXPECT_EQ(trail.after->body, "one");
  EXPECT_EQ(trail.newest->body, "two");
  EXPECT_EQ(*trail.newest_entry, entries[1]);
  EXPECT_EQ(store().TrailOf(entries[1])->before->body, "one");
  EXPECT_FALSE(store().TrailOf(entries[1])->newest_entry) << "there is no later one";
  EXPECT_THAT(FaultsOf(Verified(store(), {2, entries[1].hash})), IsEmpty());
}

TEST_P(StoreContract, APutThatIsRefusedIsInNoChain) {
  ASSERT_TRUE(store().PutRecord(Record("window", "w1", "one"), 0).ok());
  ASSERT_FALSE(store().PutRecord(Record("window", "w1", "two"), 0).ok());
  EXPECT_EQ(store().AuditEnd()->sequence, 1u);
}

TEST_P(StoreContract, TheChainIsReadBackwardsInPages) {
  EXPECT_THAT(Places(store().ReadAudit(0, 9)->entries), IsEmpty());
  EXPECT_FALSE(store().ReadAudit(0, 9)->more);
  for (int n = 0; n < 5; ++n) ASSERT_TRUE(store().PutRecords({NewMandate(std::to_string(n))}).ok());
  const AuditPage newest = store().ReadAudit(0, 2).value();
  EXPECT_THAT(Places(newest.entries), ElementsAre(5, 4));
  EXPECT_TRUE(newest.more);
  const AuditPage next = store().ReadAudit(newest.next_before, 2).value();
  EXPECT_THAT(Places(next.entries), ElementsAre(3, 2));
  const AuditPage last = store().ReadAudit(next.next_before, 2).value();
  EXPECT_THAT(Places(last.entries), ElementsAre(1));
  EXPECT_FALSE(last.more);
  EXPECT_THAT(Places(store().ReadAudit(99, 1)->entries), ElementsAre(5)) << "there is none so far on";
  EXPECT_THAT(Places(store().ReadAudit(1, 2)->entries), IsEmpty());
  EXPECT_THAT(Places(*store().AuditFrom(4, 9)), ElementsAre(4, 5));
  EXPECT_THAT(Places(*store().AuditFrom(2, 2)), ElementsAre(2, 3));
  EXPECT_THAT(Places(*store().AuditFrom(6, 2)), IsEmpty());
}

TEST_P(StoreContract, AnEntryThatCannotBeReadIsAnErrorAtItsPlace) {
  for (int n = 0; n < 4; ++n) ASSERT_TRUE(store().PutRecords({NewMandate(std::to_string(n))}).ok());
  Damage(Family::kRecord, keys::Audit(3));
  EXPECT_THAT(Places(*store().AuditFrom(1, 9)), ElementsAre(1, 2));
  EXPECT_EQ(store().AuditFrom(3, 9).status().reason(), "store.damaged"_reason);
  EXPECT_THAT(Places(*store().AuditFrom(4, 9)), ElementsAre(4));
  EXPECT_THAT(Places(store().ReadAudit(0, 1)->entries), ElementsAre(4));
  EXPECT_EQ(store().ReadAudit(0, 2).status().reason(), "store.damaged"_reason);
  EXPECT_TRUE(store().PutRecords({NewMandate("5")}).ok()) << "the chain goes on behind it";
}

TEST_P(StoreContract, AChainWhoseEndCannotBeReadTakesNoPutForItsBeginning) {
  ASSERT_TRUE(store().PutRecords({NewMandate("a")}).ok());
  Damage(Family::kControl, keys::kAuditEnd);
  EXPECT_EQ(store().PutRecords({NewMandate("b")}).status().reason(), "store.damaged"_reason);
  EXPECT_EQ(store().AuditEnd().status().reason(), "store.damaged"_reason);
  EXPECT_TRUE(store().ListRecords("mandate")->size() == 1);
}

TEST_P(StoreContract, ARecordThatCannotBeReadAnyMoreIsFoundByItsEntry) {
  ASSERT_TRUE(store().PutRecords({NewMandate("a"), NewMandate("b")}).ok());
  Damage(Family::kRecord, keys::Version("mandate", "a", 1));
  const auto entries = store().AuditFrom(1, 9).value();
  EXPECT_EQ(store().TrailOf(entries[0]).status().reason(), "store.damaged"_reason);
  EXPECT_TRUE(store().TrailOf(entries[1]).ok());
}

TEST_P(StoreContract, TheChainOfARestoredStoreGoesOnFromTheCopy) {
  ASSERT_TRUE(store().PutRecords({NewMandate("a"), NewMandate("b")}).ok());
  const AuditHead in_copy = *store().AuditEnd();
  home_->BackUp();
  ASSERT_TRUE(store().PutRecords({NewMandate("lost")}).ok());
  const AuditHead noted = *store().AuditEnd();
  home_->Restore(std::string(32, 'b'));
  EXPECT_THAT(FaultsOf(Verified(store(), noted)), ElementsAre(Fault::kNoted)) << "an act was lost, and that shows";
  ASSERT_TRUE(store().PutRecords({NewMandate("later")}).ok());
  EXPECT_EQ(store().AuditEnd()->sequence, 3u);
  EXPECT_THAT(FaultsOf(Verified(store(), in_copy)), IsEmpty());
  EXPECT_THAT(FaultsOf(Verified(store(), noted)), ElementsAre(Fault::kNoted)) << "its place was given again";
}

}  // namespace
}  // namespace tvan
