// The audit chain: its bytes, and that the verifier finds whatever is changed, left out, put in or written anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "gateway/core/clock.h"
#include "store/audit_verifier.h"
#include "store/codec.h"
#include "store/codec_audit.h"
#include "store/keys.h"
#include "tests/support/memory_store.h"
#include "tests/unit/store/golden.h"
#include "tests/unit/store/hex.h"

namespace tvan {
namespace {

using Fault = AuditVerifier::Fault;
using testing::ElementsAre;
using testing::IsEmpty;

OperatorRecord Put(const std::string& id, uint64_t version, const std::string& body) {
  return {"window", id, version, {1700000000000006 + static_cast<int64_t>(version)}, "op", "why", body};
}

AuditEntry EntryFor(const OperatorRecord& record, const OperatorRecord* before) {
  AuditEntry entry;
  entry.at = record.changed_at;
  entry.author = record.author;
  entry.reason = record.reason;
  entry.kind = record.kind;
  entry.id = record.id;
  entry.version = record.version;
  entry.deleted = record.deleted;
  if (before != nullptr) entry.before = AuditDigest(before->body);
  entry.after = AuditDigest(record.body);
  return entry;
}

// A chain with the records that it is about, as a store keeps both.
struct Book {
  std::vector<AuditEntry> entries;
  std::map<std::pair<std::string, uint64_t>, OperatorRecord> versions;
  std::map<std::string, OperatorRecord> newest;

  void Add(OperatorRecord record) {
    const auto before = versions.find({record.id, record.version - 1});
    AuditEntry entry = EntryFor(record, before == versions.end() ? nullptr : &before->second);
    entry.sequence = record.audit = entries.size() + 1;
    entry.hash = AuditHash(head().hash, entry);
    entries.push_back(std::move(entry));
    versions[{record.id, record.version}] = record;
    newest[record.id] = std::move(record);
  }
  AuditHead head() const {
    return entries.empty() ? AuditHead{} : AuditHead{entries.back().sequence, entries.back().hash};
  }
  void WriteAnewFrom(size_t index) {
    for (size_t i = index; i < entries.size(); ++i)
      entries[i].hash = AuditHash(i == 0 ? Sha256() : entries[i - 1].hash, entries[i]);
  }
  AuditTrail TrailOf(const AuditEntry& entry) const {
    AuditTrail trail;
    const auto find = [&](uint64_t version) -> std::optional<OperatorRecord> {
      const auto found = versions.find({entry.id, version});
      return found == versions.end() ? std::nullopt : std::optional(found->second);
    };
    trail.before = find(entry.version - 1);
    trail.after = find(entry.version);
    if (const auto found = newest.find(entry.id); found != newest.end()) trail.newest = found->second;
    if (trail.newest && trail.newest->version > entry.version)
      for (const AuditEntry& other : entries)
        if (other.sequence == trail.newest->audit) trail.newest_entry = other;
    return trail;
  }
};

Book SixPuts() {
  Book book;
  book.Add(Put("w1", 1, "one"));
  book.Add(Put("w2", 1, ""));
  book.Add(Put("w1", 2, "two"));
  OperatorRecord gone = Put("w1", 3, "two");
  gone.deleted = true;
  gone.reason.clear();
  book.Add(gone);
  book.Add(Put("w2", 2, std::string(300, 'x')));
  book.Add(Put("w3", 1, "three"));
  return book;
}

AuditVerifier Verify(const Book& book, AuditHead end, AuditHead noted = {}) {
  AuditVerifier verifier(end, noted);
  for (const AuditEntry& entry : book.entries) {
    verifier.Add(entry);
    verifier.Compare(entry, book.TrailOf(entry));
  }
  verifier.Finish();
  return verifier;
}

using Found = std::vector<std::pair<Fault, uint64_t>>;
Found In(const AuditVerifier& verifier) {
  Found found;
  for (const AuditVerifier::Break& one : verifier.breaks()) found.emplace_back(one.fault, one.sequence);
  return found;
}
Found In(const Book& book, AuditHead noted = {}) { return In(Verify(book, book.head(), noted)); }

TEST(AuditChain, IsWrittenAsItIsWrittenDown) {
  AuditEntry first = EntryFor(Put("w1", 1, "one"), nullptr);
  first.sequence = 1;
  first.hash = AuditHash({}, first);
  EXPECT_EQ(Hex(Encode(first)), kGoldenFirstEntry);
  const OperatorRecord before = Put("w1", 1, "one");
  OperatorRecord gone = Put("w1", 2, "");
  gone.deleted = true;
  gone.reason.clear();
  AuditEntry second = EntryFor(gone, &before);
  second.sequence = 2;
  second.hash = AuditHash(first.hash, second);
  EXPECT_EQ(Hex(Encode(second)), kGoldenSecondEntry);
  EXPECT_EQ(*DecodeAuditEntry(FromHex(kGoldenSecondEntry)), second);
  EXPECT_EQ(Hex(Encode(AuditHead{2, second.hash})), "0000000000000002" + std::string(kGoldenSecondEntry, 64));
  EXPECT_EQ(Hex(keys::Audit(258)), "610000000000000102");
  EXPECT_EQ(Hex(Encode(OperatorRecord{"window", "w1", 2, {1700000000000007}, "op", "why", "body", true, 3})),
            std::string(kGoldenRecord) + "090103");
  EXPECT_EQ(DecodeRecord(FromHex(std::string(kGoldenRecord) + "090103"))->audit, 3u);
}

TEST(AuditChain, WhatIsNoEntryOrNotWrittenSoIsDamage) {
  const std::string good = FromHex(kGoldenFirstEntry);
  ASSERT_TRUE(DecodeAuditEntry(good).ok());
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(DecodeAuditEntry(good.substr(0, size)).status().reason(), "store.damaged"_reason) << size;
  EXPECT_FALSE(DecodeAuditEntry(good + FromHex("0b0101")).ok()) << "a tag that nobody knows";
  EXPECT_FALSE(DecodeAuditEntry(good + FromHex("070101")).ok()) << "a tag twice";
  EXPECT_FALSE(DecodeAuditHead(std::string(39, '\0')).ok());
  EXPECT_TRUE(DecodeAuditHead(std::string(40, '\0')).ok());
}

TEST(AuditVerifierTest, FindsNothingInAWholeChain) {
  const Book book = SixPuts();
  const AuditVerifier verifier = Verify(book, book.head(), {3, book.entries[2].hash});
  EXPECT_THAT(In(verifier), IsEmpty());
  EXPECT_EQ(verifier.broken(), 0u);
  EXPECT_EQ(verifier.entries(), 6u);
  EXPECT_EQ(verifier.head(), book.head());
  EXPECT_EQ(verifier.began_at(), book.entries[0].at);
  EXPECT_THAT(In(Book()), IsEmpty());
}

TEST(AuditVerifierTest, TellsAChangeAtItsPlaceAndWhatFollowsOnce) {
  Book book = SixPuts();
  book.entries[2].author = "another";
  EXPECT_THAT(In(book), ElementsAre(std::pair(Fault::kChanged, 3), std::pair(Fault::kRecordChanged, 3)));
  book.entries[2].hash = AuditHash(book.entries[1].hash, book.entries[2]);
  EXPECT_THAT(In(book), ElementsAre(std::pair(Fault::kRecordChanged, 3), std::pair(Fault::kChanged, 4)));
}

TEST(AuditVerifierTest, FindsAnEntryLeftOutPutInOrMoved) {
  Book left_out = SixPuts();
  left_out.entries.erase(left_out.entries.begin() + 4);
  EXPECT_THAT(In(left_out), testing::Contains(std::pair(Fault::kMissing, 5)));
  Book put_in = SixPuts();
  put_in.entries.insert(put_in.entries.begin() + 4, put_in.entries[3]);
  EXPECT_THAT(In(put_in), testing::Contains(std::pair(Fault::kMissing, 5)));
  Book moved = SixPuts();
  std::swap(moved.entries[0], moved.entries[1]);
  EXPECT_THAT(In(moved), testing::Contains(std::pair(Fault::kMissing, 1)));
}

TEST(AuditVerifierTest, FindsAChainThatWasCut) {
  Book book = SixPuts();
  const AuditHead end = book.head();
  book.entries.pop_back();
  EXPECT_THAT(In(Verify(book, end)), ElementsAre(std::pair(Fault::kEnd, 6)));
  EXPECT_THAT(In(Verify(book, book.head(), end)), ElementsAre(std::pair(Fault::kNoted, 6)));
  AuditHead other = book.head();
  other.hash.bytes[0] ^= 1;
  EXPECT_THAT(In(Verify(book, other)), ElementsAre(std::pair(Fault::kEnd, 5)));
  EXPECT_THAT(In(Verify(book, {4, book.entries[3].hash})), IsEmpty()) << "entries that came since";
}

TEST(AuditVerifierTest, FindsAChainWrittenAnewByWhatWasNotedElsewhereOnly) {
  Book book = SixPuts();
  const AuditHead noted = book.head();
  for (OperatorRecord* record : {&book.versions[{"w2", 1}]}) record->author = "another";
  book.entries[1].author = "another";
  book.WriteAnewFrom(1);
  EXPECT_THAT(In(book), IsEmpty());
  EXPECT_THAT(In(book, noted), ElementsAre(std::pair(Fault::kNoted, 6)));
}

TEST(AuditVerifierTest, FindsVersionsThatAreGoneOrThatNobodyWrote) {
  Book gone = SixPuts();
  gone.versions.erase({"w1", 2});
  EXPECT_THAT(In(gone), ElementsAre(std::pair(Fault::kRecordMissing, 3), std::pair(Fault::kRecordMissing, 4)));
  Book no_newest = SixPuts();
  no_newest.newest.erase("w3");
  EXPECT_THAT(In(no_newest), ElementsAre(std::pair(Fault::kRecordMissing, 6)));
  Book unwritten = SixPuts();
  OperatorRecord more = Put("w3", 2, "nobody put this");
  unwritten.newest["w3"] = unwritten.versions[{"w3", 2}] = more;
  EXPECT_THAT(In(unwritten), ElementsAre(std::pair(Fault::kRecordUnwritten, 6)));
  more.audit = 5;  // another record's
  unwritten.newest["w3"] = more;
  EXPECT_THAT(In(unwritten), ElementsAre(std::pair(Fault::kRecordUnwritten, 6)));
  Book taken_back = SixPuts();
  taken_back.newest["w2"] = taken_back.versions[{"w2", 1}];
  EXPECT_THAT(In(taken_back), ElementsAre(std::pair(Fault::kRecordChanged, 5)));
}

// Of a version that is older than the chain only the entry of the next one speaks.
TEST(AuditVerifierTest, FindsAVersionOlderThanTheChainThatWasChangedSince) {
  Book book;
  OperatorRecord& old = book.versions[{"w1", 1}] = Put("w1", 1, "one");
  book.Add(Put("w1", 2, "two"));
  EXPECT_THAT(In(book), IsEmpty());
  old.body = "another";
  EXPECT_THAT(In(book), ElementsAre(std::pair(Fault::kRecordChanged, 1)));
  old = Put("w1", 7, "one");
  EXPECT_THAT(In(book), ElementsAre(std::pair(Fault::kRecordChanged, 1)));
}

TEST(AuditVerifierTest, KeepsTheFirstBreaksAndCountsTheOthers) {
  Book book;
  for (int n = 0; n < 50; ++n) book.Add(Put("w" + std::to_string(n), 1, "body"));
  for (AuditEntry& entry : book.entries) entry.hash.bytes[7] ^= 1;
  const AuditVerifier verifier = Verify(book, book.head());
  EXPECT_EQ(verifier.breaks().size(), AuditVerifier::kMostBreaks);
  EXPECT_EQ(verifier.broken(), 50u);
  EXPECT_EQ(verifier.breaks()[19].sequence, 20u);
  EXPECT_EQ(verifier.breaks()[19].id, "w19");
}

// Every byte, each with a few other values: `is_found` hears of the bytes with one of them changed.
void FlipEach(const std::string& bytes, const std::function<void(const std::string&, size_t)>& is_found) {
  std::mt19937 random(7);
  for (size_t at = 0; at < bytes.size(); ++at)
    for (const int flip : {1, 2, 0x80, static_cast<int>(random() % 255) + 1}) {
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ flip);
      is_found(flipped, at);
    }
}

TEST(AuditProperty, AnyByteFlippedInAnEntryIsFound) {
  const Book whole = SixPuts();
  for (size_t i = 0; i < whole.entries.size(); ++i)
    FlipEach(Encode(whole.entries[i]), [&](const std::string& flipped, size_t at) {
      const auto entry = DecodeAuditEntry(flipped);
      if (!entry.ok()) return;  // who reads it is told
      AuditVerifier chain_alone(whole.head());
      for (const AuditEntry& other : whole.entries) chain_alone.Add(other.sequence == i + 1 ? *entry : other);
      chain_alone.Finish();
      EXPECT_GT(chain_alone.broken(), 0u) << "entry " << i + 1 << ", byte " << at;
    });
}

// The same of a version in the history, and of the copy that is in use.
TEST(AuditProperty, AnyByteFlippedInARecordIsFound) {
  const Book whole = SixPuts();
  for (const auto& [place, record] : whole.versions)
    FlipEach(Encode(record), [&, &place = place](const std::string& flipped, size_t at) {
      const auto read = DecodeRecord(flipped);
      Book history = whole, in_use = whole;
      history.versions.erase(place);
      if (read.ok()) history.versions[place] = *read;
      EXPECT_FALSE(In(history).empty()) << place.first << " version " << place.second << ", byte " << at;
      OperatorRecord& newest = in_use.newest[place.first];
      if (!read.ok() || newest.version != place.second) return;
      newest = *read;
      EXPECT_FALSE(In(in_use).empty()) << place.first << " in use, byte " << at;
    });
}

class AuditedStore : public testing::Test {
 protected:
  AuditedStore() {
    MemoryStoreOptions options;
    options.manual_flush = true;
    store_ = MakeMemoryStore(options, *clock_);
  }
  void Enqueue(const std::string& id) {
    ASSERT_TRUE(store_
                    ->Enqueue(
                        [id](Ledger& ledger) {
                          (void)ledger.PutRecords({{Put(id, 0, "body"), 0}});
                        },
                        [](const Status&) {})
                    .ok());
  }
  std::vector<std::string> InChain() {
    std::vector<std::string> ids;
    const auto entries = store_->AuditFrom(1, 100).value();
    for (const AuditEntry& entry : entries) ids.push_back(entry.id);
    EXPECT_EQ(store_->AuditEnd()->sequence, ids.size());
    return ids;
  }
  std::vector<std::string> InBook() {
    std::vector<std::string> ids;
    const auto records = store_->ListRecords("window").value();
    for (const OperatorRecord& record : records) ids.push_back(record.id);
    return ids;
  }

  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<MemoryStore> store_;
};

TEST_F(AuditedStore, PutsOfOneActFollowEachOtherAndARefusedOneLeavesNoPlace) {
  for (const char* id : {"a", "b", "a", "c"}) Enqueue(id);  // the second "a" is a conflict
  store_->Flush();
  EXPECT_THAT(InChain(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(InBook(), ElementsAre("a", "b", "c"));
}

TEST_F(AuditedStore, ACrashTakesARecordAndItsEntryOrNeither) {
  Enqueue("flushed");
  store_->Flush();
  Enqueue("dropped");
  store_->Crash();
  store_ = store_->Reopen();
  EXPECT_THAT(InChain(), ElementsAre("flushed"));
  EXPECT_THAT(InBook(), ElementsAre("flushed"));
  Enqueue("later");
  store_->Flush();
  EXPECT_THAT(InChain(), ElementsAre("flushed", "later"));
}

TEST_F(AuditedStore, AnActInDoubtHasARecordAndItsEntryOrNeither) {
  for (const auto how : {MemoryStore::FailedFlush::kLost, MemoryStore::FailedFlush::kWritten}) {
    store_->FailNextFlush(how);
    EXPECT_TRUE(store_->PutRecord(Put("w", 0, "body"), 0).status().is_in_doubt());
    store_ = store_->Reopen();
    EXPECT_EQ(InChain(), InBook());
    EXPECT_EQ(InBook().size(), how == MemoryStore::FailedFlush::kWritten ? 1u : 0u);
  }
}

}  // namespace
}  // namespace tvan
