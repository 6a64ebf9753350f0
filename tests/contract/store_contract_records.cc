// Operators' records, reopening, listeners.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

#include "store/keys.h"
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

OperatorRecord Window(const std::string& id, const std::string& body) {
  OperatorRecord record;
  record.kind = "window";
  record.id = id;
  record.changed_at = At(10);
  record.author = "op";
  record.reason = "why";
  record.body = body;
  return record;
}

TEST_P(StoreContract, RecordsKeepEveryVersion) {
  ASSERT_EQ(store().PutRecord(Window("w1", "one"), 0)->version, 1u);
  ASSERT_EQ(store().PutRecord(Window("w1", "two"), 1)->version, 2u);
  OperatorRecord gone = Window("w2", "three");
  gone.deleted = true;
  ASSERT_TRUE(store().PutRecord(gone, 0).ok());
  KillAndReopen();
  const auto newest = store().ListRecords("window").value();
  ASSERT_EQ(newest.size(), 2u);
  EXPECT_EQ(newest[0].body, "two");
  EXPECT_EQ(newest[0].version, 2u);
  EXPECT_EQ(newest[0].changed_at, At(10));
  EXPECT_EQ(newest[0].author, "op");
  EXPECT_EQ(newest[0].reason, "why");
  EXPECT_TRUE(newest[1].deleted);
  const auto history = store().RecordHistory("window", "w1").value();
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].body, "one");
  EXPECT_TRUE(store().ListRecords("wind")->empty());
  EXPECT_TRUE(store().RecordHistory("window", "w")->empty());
}

std::vector<uint64_t> VersionsOf(const Store& store, const std::string& id, const HistoryPage& page) {
  std::vector<uint64_t> versions;
  const auto history = store.RecordHistory("window", id, page).value();
  for (const OperatorRecord& record : history) versions.push_back(record.version);
  return versions;
}

TEST_P(StoreContract, AHistoryIsReadFromItsNewestVersionOn) {
  using testing::ElementsAre;
  using testing::IsEmpty;
  for (uint64_t version = 0; version < 300; ++version)  // beyond one byte of the version
    ASSERT_TRUE(store().PutRecord(Window("w1", "body"), version).ok());
  ASSERT_TRUE(store().PutRecord(Window("w0", "its neighbour"), 0).ok());
  ASSERT_TRUE(store().PutRecord(Window("w2", "its neighbour"), 0).ok());
  EXPECT_THAT(VersionsOf(store(), "w1", {.limit = 1}), ElementsAre(300));
  EXPECT_THAT(VersionsOf(store(), "w1", {.limit = 3}), ElementsAre(298, 299, 300));
  EXPECT_THAT(VersionsOf(store(), "w1", {.limit = 2, .before = 298}), ElementsAre(296, 297));
  EXPECT_THAT(VersionsOf(store(), "w1", {.limit = 3, .before = 3}), ElementsAre(1, 2));
  EXPECT_THAT(VersionsOf(store(), "w1", {.limit = 3, .before = 1}), IsEmpty());
  EXPECT_THAT(VersionsOf(store(), "w1", {.before = 4}), ElementsAre(1, 2, 3));
  EXPECT_THAT(VersionsOf(store(), "w1", {.limit = 1, .before = 999}), IsEmpty());  // none there, and none behind it
  EXPECT_EQ(VersionsOf(store(), "w1", {}).size(), 300u);
  EXPECT_EQ(VersionsOf(store(), "w1", {.limit = 1000}).size(), 300u);
  EXPECT_THAT(VersionsOf(store(), "w9", {.limit = 3}), IsEmpty());
}

TEST_P(StoreContract, NothingBeyondAPageOfAHistoryIsRead) {
  for (uint64_t version = 0; version < 4; ++version) ASSERT_TRUE(store().PutRecord(Window("w1", "x"), version).ok());
  Damage(Family::kRecord, keys::Version("window", "w1", 2));
  EXPECT_THAT(VersionsOf(store(), "w1", {.limit = 2}), testing::ElementsAre(3, 4));
  EXPECT_THAT(VersionsOf(store(), "w1", {.limit = 1, .before = 2}), testing::ElementsAre(1));
  EXPECT_EQ(store().RecordHistory("window", "w1", {.limit = 3}).status().reason(), "store.damaged"_reason);
  EXPECT_EQ(store().RecordHistory("window", "w1").status().reason(), "store.damaged"_reason);
  Damage(Family::kRecord, keys::Newest("window", "w1"));
  EXPECT_EQ(store().RecordHistory("window", "w1", {.limit = 2}).status().reason(), "store.damaged"_reason)
      << "which is the newest?";
  EXPECT_THAT(VersionsOf(store(), "w1", {.limit = 2, .before = 5}), testing::ElementsAre(3, 4));
}

TEST_P(StoreContract, ARecordChangedMeanwhileIsAConflict) {
  ASSERT_TRUE(store().PutRecord(Window("w1", "one"), 0).ok());
  EXPECT_EQ(store().PutRecord(Window("w1", "two"), 0).status().reason(), "store.conflict"_reason);
  EXPECT_EQ(store().PutRecord(Window("w1", "two"), 2).status().reason(), "store.conflict"_reason);
  EXPECT_EQ(store().PutRecord(Window("w9", "two"), 1).status().reason(), "store.conflict"_reason);
  EXPECT_EQ(store().ListRecords("window")->size(), 1u);
  EXPECT_TRUE(store().PutRecord(Window("w1", "two"), 1).ok());
}

TEST_P(StoreContract, RecordsAreListedWholeOrNotAtAll) {
  ASSERT_TRUE(store().PutRecord(Window("w1", "one"), 0).ok());
  ASSERT_TRUE(store().PutRecord(Window("w2", "two"), 0).ok());
  OperatorRecord mandate = Window("m1", "three");
  mandate.kind = "mandate";
  ASSERT_TRUE(store().PutRecord(mandate, 0).ok());
  Damage(Family::kRecord, keys::Newest("window", "w2"));
  EXPECT_EQ(store().ListRecords("window").status().reason(), "store.damaged"_reason);
  EXPECT_EQ(store().ListRecords("mandate")->size(), 1u);
}

TEST_P(StoreContract, ReopeningKeepsEverythingAndOwnershipStartsAnew) {
  for (int n = 1; n <= 20; ++n) Accept(n);
  for (int n = 1; n <= 10; ++n) Send(Id(n));
  for (int n = 1; n <= 5; ++n) Receive(n, Effect(Id(n), n % 2 == 0 ? Stage::kAnswered : Stage::kRefused));
  const StorePosition before = store().position();
  const Fence old = fence_;
  Reopen();
  EXPECT_EQ(store().position().incarnation, before.incarnation);
  EXPECT_GE(store().position().sequence, before.sequence);
  EXPECT_GT(fence_.counter, old.counter);
  EXPECT_EQ(store().Settle(old, {}).reason(), "store.fenced"_reason);
  ExpectCountersEqualARecount();
  EXPECT_EQ(*store().LoadPayload(Id(20)).value(), *Message(20).payload);
  EXPECT_EQ(Accept(7).outcome, AcceptAnswer::Outcome::kAlreadyAccepted);
  EXPECT_EQ(Accept(21).acceptance, 21u);
  KillAndReopen();
  ExpectCountersEqualARecount();
  EXPECT_EQ(Accept(21).outcome, AcceptAnswer::Outcome::kAlreadyAccepted);
}

TEST_P(StoreContract, ListenersHearOfQueuesAndMailboxesWhenTheyAreReadable) {
  std::mutex mutex;
  std::condition_variable heard;
  int queues = 0;
  std::set<std::string> mailboxes;
  home_.reset();
  Make({});
  store().SetListener({.on_queue =
                           [&] {
                             const bool readable = !store().Queues().value().empty();
                             std::lock_guard lock(mutex);
                             queues += readable;
                             heard.notify_all();
                           },
                       .on_mailbox =
                           [&](const ProviderId& provider) {
                             const bool readable = store().MailboxEnd(provider, "main").value() > 0;
                             std::lock_guard lock(mutex);
                             if (readable) mailboxes.insert(provider.value());
                             heard.notify_all();
                           }});
  Accept(1);
  Receive(1, Effect(Id(1), Stage::kAnswered));
  std::unique_lock lock(mutex);
  heard.wait(lock, [&] { return queues == 1 && mailboxes.count("alpha") == 1; });
  lock.unlock();
  home_.reset();  // before what the listeners use
}

}  // namespace
}  // namespace tvan
