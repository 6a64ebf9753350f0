// An import is entered whole or not at all, whatever fails, and seen at once.
#include <atomic>
#include <thread>

#include "gateway/contract/contract_import.h"
#include "tests/unit/contract/book_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr size_t kMandates = 700;  // three acts of the store
constexpr int kWrites = 5;         // the journal, its acts, its end

// A store that fails at one of its writes.
class FailingStore final : public RecordStore {
 public:
  enum class How { kNothing, kRefuses, kLoses, kWrites };
  FailingStore(MemoryStore& store, How how, int at) : store_(store), how_(how), left_(at) {}
  int writes() const { return writes_; }

  Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected) override {
    if (Status status = Fail(); !status.ok()) return status;
    return store_.PutRecord(std::move(record), expected);
  }
  Result<std::vector<uint64_t>> PutRecords(std::vector<RecordPut> puts) override {
    if (Status status = Fail(); !status.ok()) return status;
    return store_.PutRecords(std::move(puts));
  }
  Result<std::vector<OperatorRecord>> ListRecords(const std::string& kind) const override {
    return store_.ListRecords(kind);
  }
  Result<std::vector<OperatorRecord>> RecordHistory(const std::string& kind, const std::string& id,
                                                    const HistoryPage& page) const override {
    return store_.RecordHistory(kind, id, page);
  }
  Result<std::vector<OperatorRecord>> ScanRecords(const std::string& kind, const std::string& after,
                                                  uint32_t limit) const override {
    return store_.ScanRecords(kind, after, limit);
  }
  Result<AuditHead> AuditEnd() const override { return store_.AuditEnd(); }
  Result<AuditPage> ReadAudit(uint64_t before, uint32_t limit) const override {
    return store_.ReadAudit(before, limit);
  }
  Result<std::vector<AuditEntry>> AuditFrom(uint64_t from, uint32_t limit) const override {
    return store_.AuditFrom(from, limit);
  }
  Result<AuditTrail> TrailOf(const AuditEntry& entry) const override { return store_.TrailOf(entry); }

 private:
  Status Fail() {
    ++writes_;
    if (--left_ != 0) return {};
    if (how_ == How::kRefuses) return Status::Transient("store.busy"_reason, "asked for");
    if (how_ == How::kLoses) store_.FailNextFlush(MemoryStore::FailedFlush::kLost);
    if (how_ == How::kWrites) store_.FailNextFlush(MemoryStore::FailedFlush::kWritten);
    return {};
  }
  MemoryStore& store_;
  const How how_;
  int left_;
  int writes_ = 0;
};
using How = FailingStore::How;

std::vector<ContractItem> Rows() {
  std::vector<ContractItem> rows;
  for (size_t i = 0; i < kMandates; ++i) rows.push_back(MandateOf("beta", Mst("02" + std::to_string(10'000'000 + i))));
  rows.push_back(Contract("beta", 'b'));
  ProviderContract longer = Contract("acme", 'a');
  longer.dates.to = kForever;
  rows.push_back(longer);
  rows.push_back(MandateOf("acme"));
  return rows;
}

class Imports : public BookWorld {
 protected:
  Imports() { PutBoth(); }
  static std::string Seen(const ContractBook& book) {
    const auto snapshot = book.snapshot();
    const uint64_t mandates = snapshot->CountMandates(Provider("beta"));
    const bool contract = snapshot->Find(Provider("beta")) != nullptr;
    const bool longer = snapshot->Find(Provider("acme"))->dates.to == kForever;
    if (mandates == 0 && !contract && !longer) return "nothing";
    return mandates == kMandates && contract && longer ? "all" : "a part";
  }
  std::string Entered(ContractBook& book, const std::vector<ContractItem>& rows, bool dry_run = false) {
    const auto entered = book.Import(rows, {"Lan", "the list of June", kNow}, dry_run);
    if (!entered.ok()) return std::string(entered.status().reason().text());
    faults_ = entered->faults;
    return std::to_string(entered->created) + " " + std::to_string(entered->updated) + " " +
           std::to_string(entered->unchanged);
  }
  void Restart() {
    store_->Crash();
    store_ = store_->Reopen();
  }
  // The store as an import left it that failed at a write.
  std::string FailAt(int write, How how) {
    book_.reset();
    store_ = MakeMemoryStore({}, *clock_);
    Reload();
    PutBoth();
    FailingStore failing(*store_, how, write);
    auto book = *ContractBook::Load(failing);
    const std::string entered = Entered(*book, Rows());
    EXPECT_EQ(Seen(*book), "nothing") << "of an import that did not end well";
    book_.reset();
    return entered;
  }

  std::vector<ContractBook::RowFault> faults_;
};

TEST_F(Imports, AreEnteredWholeWithTheirAuthorAndSayWhatTheyDid) {
  EXPECT_EQ(Entered(*book_, Rows(), true), "701 1 1") << "a dry run";
  EXPECT_EQ(Seen(*book_), "nothing");
  FailingStore counting(*store_, How::kNothing, 0);
  book_ = *ContractBook::Load(counting);
  EXPECT_EQ(Entered(*book_, Rows()), "701 1 1");
  EXPECT_EQ(counting.writes(), kWrites);
  EXPECT_EQ(Seen(*book_), "all");
  book_.reset();
  Reload();
  EXPECT_EQ(Seen(*book_), "all");
  const auto history = book_->History(ContractKind::kProviderContract, "acme", 0, 10).value();
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].author, "Lan");
  EXPECT_EQ(history[0].reason, "the list of June");
  EXPECT_EQ(Entered(*book_, Rows()), "0 0 703") << "the same file again changes nothing";
  EXPECT_TRUE(Newest(*store_, kImportKind, kImportId).value()->deleted) << "its journal is ended";
  EXPECT_EQ(book_->snapshot()->Get(ContractKind::kProviderContract, "acme")->version, 2u);
}

TEST_F(Imports, AFaultInOneRowKeepsAllOut) {
  auto rows = Rows();
  rows[3] = MandateOf("gamma");
  std::get<Mandate>(rows[5]).dates.to = Day("2020-01-01");
  rows[7] = rows[6];
  EXPECT_EQ(Entered(*book_, rows), "0 0 0");
  ASSERT_EQ(faults_.size(), 3u);
  EXPECT_EQ(faults_[0].index, 3u);
  EXPECT_EQ(faults_[1].index, 5u);
  EXPECT_EQ(faults_[2].index, 7u);
  EXPECT_THAT(faults_[2].status.message(), HasSubstr("named twice"));
  EXPECT_EQ(Seen(*book_), "nothing");
  Reload();
  EXPECT_EQ(Seen(*book_), "nothing");
  EXPECT_EQ(Entered(*book_, Rows()), "701 1 1") << "its accepted twin";
}

TEST_F(Imports, WhatWasDeletedComesBackUnderItsNextVersion) {
  ASSERT_EQ(Deleted(ContractKind::kMandate, "acme/0101234567"), "deleted");
  EXPECT_EQ(Entered(*book_, Rows()), "702 1 0");
  EXPECT_EQ(book_->snapshot()->Get(ContractKind::kMandate, "acme/0101234567")->version, 3u);
  Reload();
  EXPECT_EQ(book_->snapshot()->Get(ContractKind::kMandate, "acme/0101234567")->version, 3u);
}

TEST_F(Imports, ACrashAtAnyStepLeavesAllOrNothing) {
  for (int write = 1; write <= kWrites; ++write)
    for (const How how : {How::kLoses, How::kWrites}) {
      SCOPED_TRACE("write " + std::to_string(write) + (how == How::kLoses ? " lost" : " written"));
      FailAt(write, how);
      Restart();
      Reload();
      EXPECT_EQ(Seen(*book_), write == 1 && how == How::kLoses ? "nothing" : "all");
      EXPECT_EQ(book_->snapshot()->CountMandates(Provider("acme")), 1u);
      EXPECT_EQ(Put(MandateOf("acme", Mst("0301111111"))), 1u) << "and it goes on";
    }
}

TEST_F(Imports, ACrashWhileACrashIsMendedLosesNothing) {
  for (int first = 2; first <= kWrites; ++first)
    for (int second = 1; second <= kWrites; ++second)
      for (const How how : {How::kLoses, How::kWrites}) {
        FailAt(first, How::kLoses);
        Restart();
        {
          FailingStore failing(*store_, how, second);
          static_cast<void>(ContractBook::Load(failing));
        }
        Restart();
        Reload();
        EXPECT_EQ(Seen(*book_), "all") << first << ", then " << second;
      }
}

TEST_F(Imports, WhatAStoreDidNotTakeIsFinishedBeforeTheNextChange) {
  for (int write = 2; write <= kWrites; ++write) {
    store_ = MakeMemoryStore({}, *clock_);
    Reload();
    PutBoth();
    FailingStore failing(*store_, How::kRefuses, write);
    auto book = *ContractBook::Load(failing);
    EXPECT_EQ(Entered(*book, Rows()), "contract.import_unfinished");
    EXPECT_EQ(Seen(*book), "nothing");
    Taxpayer news;
    news.mst = kSeller;
    ASSERT_TRUE(book->Learn(news, {"V1", "505", kNow}).ok());
    EXPECT_EQ(Seen(*book), "all") << write;
  }
  EXPECT_EQ(FailAt(1, How::kRefuses), "store.busy") << "the journal itself: nothing was begun";
  Reload();
  EXPECT_EQ(Seen(*book_), "nothing");
}

TEST_F(Imports, SomethingElseInItsPlaceStopsTheBook) {
  FailAt(3, How::kLoses);
  Restart();
  OperatorRecord other = NewRecord("mandate", "acme/0101234567", "", {"x", "x", kNow});
  ASSERT_TRUE(store_->PutRecord(other, 1).ok()) << "no row of this import: it is unchanged";
  ASSERT_TRUE(store_->PutRecord(NewRecord("mandate", IdOf(Rows()[kMandates - 1]), "?", {"x", "x", kNow}), 0).ok());
  const auto book = ContractBook::Load(*store_);
  ASSERT_FALSE(book.ok());
  EXPECT_EQ(book.status().reason().text(), "contract.damaged");
  EXPECT_THAT(book.status().message(), HasSubstr(IdOf(Rows()[kMandates - 1])));
}

TEST_F(Imports, AreBounded) {
  std::vector<ContractItem> rows(ContractBook::kMostInOneImport + 1, Contract("beta", 'b'));
  EXPECT_EQ(Entered(*book_, rows), "contract.invalid");
  Taxpayer large;
  large.statuses.assign(64, {"00", kNow, std::string(100, 'x'), kNow});
  large.decisions.assign(64, {true, kNow, std::string(100, 'x'), std::string(100, 'x'), kNow});
  rows.clear();
  for (int i = 0; i < 3'500; ++i) {
    large.mst = Mst("01" + std::to_string(10'000'000 + i));
    rows.push_back(large);
  }
  EXPECT_EQ(Entered(*book_, rows), "contract.invalid") << "64 MiB";
  rows.resize(100);
  EXPECT_EQ(Entered(*book_, rows), "100 0 0");
  EXPECT_EQ(Entered(*book_, {}), "0 0 0");
}

TEST_F(Imports, AReaderSeesNothingOrAll) {
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) EXPECT_NE(Seen(*book_), "a part");
  });
  EXPECT_EQ(Entered(*book_, Rows()), "701 1 1");
  for (int i = 0; i < 200; ++i) Put(MandateOf("acme", Mst("03" + std::to_string(10'000'000 + i))));
  done = true;
  reader.join();
  EXPECT_EQ(Seen(*book_), "all");
}

}  // namespace
}  // namespace tvan
