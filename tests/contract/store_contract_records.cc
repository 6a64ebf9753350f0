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
