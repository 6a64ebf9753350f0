// While an import is looked at and stored others read and change the book.
#include <thread>

#include "gateway/contract/fair_mutex.h"
#include "gateway/contract/import_run.h"
#include "tests/unit/contract/import_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(Imports, ARowWhoseRecordChangedWhileItWasLookedAtIsNamedAndNothingIsEntered) {
  FailingStore store(*store_, How::kNothing, 0);
  book_ = *ContractBook::Load(store);
  store.BeforeWrite([this](int write) {
    ProviderContract named = Contract("acme", 'a');
    named.name = "renewed";
    if (write == 1) Put(named);  // behind the look, before the act
  });
  EXPECT_EQ(Entered(*book_, Rows()), "0 0 0");
  ASSERT_EQ(faults_.size(), 1u);
  EXPECT_EQ(faults_[0].index, kMandates + 1);
  EXPECT_EQ(faults_[0].status.reason().text(), "store.conflict");
  EXPECT_THAT(faults_[0].status.message(), HasSubstr("provider_contract/acme"));
  EXPECT_EQ(Seen(*book_), "nothing");
  EXPECT_EQ(book_->snapshot()->Find(Provider("acme"))->name, "renewed");
  Reload();
  EXPECT_EQ(Seen(*book_), "nothing");
  EXPECT_EQ(Entered(*book_, Rows()), "701 1 1") << "entered again, from what stands there now";
}

TEST_F(Imports, WhatNoRowNamesMayChangeMeanwhile) {
  Put(MandateOf("acme", Mst("0301111111")));
  FailingStore store(*store_, How::kNothing, 0);
  book_ = *ContractBook::Load(store);
  store.BeforeWrite([this](int write) {
    if (write != 1) return;
    Put(MandateOf("acme", Mst("0302222222")));
    Put(Contract("other", 'c'));
    EXPECT_EQ(Deleted(ContractKind::kMandate, "acme/0301111111"), "deleted");
  });
  EXPECT_EQ(Entered(*book_, Rows()), "701 1 1");
  for (const char* when : {"now", "after a restart"}) {
    SCOPED_TRACE(when);
    EXPECT_EQ(Seen(*book_), "all");
    EXPECT_TRUE(book_->snapshot()->FindMandate(Provider("acme"), Mst("0302222222")));
    EXPECT_FALSE(book_->snapshot()->FindMandate(Provider("acme"), Mst("0301111111")));
    EXPECT_NE(book_->snapshot()->FindByCertificate(std::string(64, 'c')), nullptr);
    Reload();
  }
}

TEST_F(Imports, WhatCannotStandBesideAChangeMeanwhileIsNamed) {
  using Change = std::function<void()>;
  const auto faults_with = [this](const std::vector<ContractItem>& rows, const Change& change) {
    FailingStore store(*store_, How::kNothing, 0);
    book_ = *ContractBook::Load(store);
    store.BeforeWrite([&](int write) {
      if (write == 1) change();
    });
    EXPECT_EQ(Entered(*book_, rows), "0 0 0");
    Reload();
    std::string said;
    for (const auto& fault : faults_) said += std::to_string(fault.index) + " " + fault.status.ToString() + "; ";
    return said;
  };
  const std::vector<ContractItem> rows = {MandateOf("acme", Mst("0301111111")), MandateOf("gamma", Mst("0301111111")),
                                          Contract("beta", 'b')};
  Put(Contract("gamma", 'd'));
  EXPECT_THAT(faults_with(rows, [this] { Put(Contract("thief", 'b')); }), StartsWith("2 store.conflict"));
  EXPECT_EQ(Deleted(ContractKind::kProviderContract, "thief"), "deleted");
  EXPECT_THAT(faults_with(rows,
                          [this] {
                            ProviderContract own = Contract("gamma", 'd');
                            own.direct_sender = true;
                            Put(own);
                          }),
              StartsWith("1 store.conflict"));
  Put(Contract("gamma", 'd'));
  EXPECT_THAT(faults_with(rows, [this] { Deleted(ContractKind::kProviderContract, "gamma"); }),
              StartsWith("1 store.conflict"));
  Put(Contract("gamma", 'd'));
  Put(Contract("zeta", 'f'));
  EXPECT_THAT(faults_with(rows,
                          [this] {
                            Put(Contract("zeta", 'e'));
                            Put(Contract("eta", 'f'));
                          }),
              StartsWith("0 store.conflict"))
      << "a certificate that goes from one to the other is beyond what is compared";
  EXPECT_EQ(Entered(*book_, rows), "3 0 0") << "the accepted twin";
}

TEST_F(Imports, RowsMadeFromAnotherVersionAreNamed) {
  ProviderContract acme = Contract("acme", 'a');
  acme.name = "renewed";
  const std::vector<ContractItem> rows = {acme, Contract("beta", 'b')};
  const auto with = [&](std::vector<uint64_t> made_from, bool dry_run = false) {
    const auto entered = book_->Import(rows, {"Lan", "x", kNow}, dry_run, made_from);
    EXPECT_TRUE(entered.ok()) << entered.status().ToString();
    std::string said = std::to_string(entered->created + entered->updated);
    for (const auto& fault : entered->faults)
      said += " " + std::to_string(fault.index) + " " + std::string(fault.status.reason().text());
    return said;
  };
  EXPECT_EQ(with({0, 0}), "0 0 store.conflict");
  EXPECT_EQ(with({2, 7}, true), "0 0 store.conflict 1 store.conflict") << "a dry run says so too";
  EXPECT_EQ(with({1, 0}), "2");
  EXPECT_EQ(with({1, 0}), "0 0 store.conflict 1 store.conflict") << "not twice";
  EXPECT_FALSE(book_->Import(rows, {"Lan", "x", kNow}, false, {1}).ok()) << "of each row";
}

TEST_F(Imports, OthersChangeItsRecordsWhileTheyAreBeingStored) {
  FailingStore store(*store_, How::kNothing, 0);
  book_ = *ContractBook::Load(store);
  const std::string last = IdOf(Rows()[kMandates - 1]), gone = IdOf(Rows()[kMandates - 2]);
  std::thread other;
  store.BeforeWrite([&](int write) {
    if (write != kBegins) return;
    other = std::thread([&] {  // waits for its turn behind this act
      while (Seen(*book_) != "all") std::this_thread::yield();
      Mandate changed = std::get<Mandate>(Rows()[kMandates - 1]);
      changed.status = ContractStatus::kSuspended;
      EXPECT_EQ(Put(changed), 2u);
      EXPECT_EQ(Deleted(ContractKind::kMandate, gone), "deleted");
      EXPECT_EQ(Deleted(ContractKind::kProviderContract, "beta"), "contract.in_use");
    });
  });
  EXPECT_EQ(Entered(*book_, Rows()), "701 1 1");
  other.join();
  for (const char* when : {"now", "after a restart"}) {
    SCOPED_TRACE(when);
    EXPECT_EQ(book_->snapshot()->CountMandates(Provider("beta")), kMandates - 1);
    const auto changed = book_->snapshot()->Get(ContractKind::kMandate, last);
    ASSERT_TRUE(changed);
    EXPECT_EQ(std::get<Mandate>(changed->item).status, ContractStatus::kSuspended);
    EXPECT_EQ(book_->History(ContractKind::kMandate, last, 0, 10)->size(), 2u);
    Reload();
  }
}

class Runs : public Imports {
 protected:
  // An import of `Rows` that counts, without a book.
  std::unique_ptr<ImportRun> Begun(RecordStore& store) {
    const auto index = std::make_shared<ContractIndex>();
    Draft draft = DraftOf(*index, Fresh(), kNow, [](ContractKind, const std::string&) { return uint64_t{0}; });
    auto run = std::make_unique<ImportRun>(store, draft.entries, ContractBook::By{"Lan", "x", kNow});
    EXPECT_TRUE(run->WriteParts().ok());
    EXPECT_TRUE(run->Begin().ok());
    return run;
  }
  static std::vector<ContractItem> Fresh() {
    auto rows = Rows();
    rows.resize(kMandates + 1);
    return rows;
  }
  static size_t CountStored(const RecordStore& store) { return store.ListRecords("mandate")->size(); }
};

TEST_F(Runs, ARowThatIsAskedForGoesFirstWithItsActAndEachActGoesOnce) {
  const auto store = MakeMemoryStore({}, *clock_);
  const auto run = Begun(*store);
  EXPECT_EQ(CountStored(*store), 0u);
  const std::string last = "mandate/" + IdOf(Rows()[kMandates - 1]);
  ASSERT_TRUE(run->StoreRow("mandate/beta/none").ok());
  EXPECT_EQ(CountStored(*store), 0u) << "no row of it";
  ASSERT_TRUE(run->StoreRow(last).ok());
  EXPECT_EQ(CountStored(*store), (kMandates + 1) % 256);
  ASSERT_TRUE(run->StoreRow(last).ok());
  int acts = 0;
  for (; !run->over(); ++acts) ASSERT_TRUE(run->StoreNext().ok());
  EXPECT_EQ(acts, 3) << "the other two, and the end";
  EXPECT_EQ(CountStored(*store), kMandates);
  EXPECT_TRUE(Newest(*store, kImportKind, kImportId).value()->deleted);
}

TEST_F(Runs, ACrashFindsTheRowsThatOthersBuiltUponAlready) {
  store_ = MakeMemoryStore({}, *clock_);
  const auto run = Begun(*store_);
  const std::string id = IdOf(Rows()[kMandates - 1]);
  ASSERT_TRUE(run->StoreRow("mandate/" + id).ok());
  OperatorRecord later = *Newest(*store_, "mandate", id).value();
  later.author = "Minh";
  later.deleted = true;
  ASSERT_TRUE(store_->PutRecord(later, 1).ok());
  Restart();
  Reload();
  EXPECT_EQ(book_->snapshot()->CountMandates(Provider("beta")), kMandates - 1);
  EXPECT_EQ(Newest(*store_, "mandate", id).value()->author, "Minh") << "and stays";
}

TEST(FairMutex, LetsInWhoWaitsInTheOrderInWhichTheyCame) {
  FairMutex mutex;
  std::vector<std::string> order;
  const auto wait_for = [&mutex](uint64_t taken) {
    while (mutex.taken() < taken) std::this_thread::yield();
  };
  mutex.lock();
  std::thread second([&] {
    const std::lock_guard lock(mutex);
    order.push_back("second");
  });
  wait_for(2);
  std::thread third([&] {
    const std::lock_guard lock(mutex);
    order.push_back("third");
  });
  wait_for(3);
  mutex.unlock();
  mutex.lock();
  order.push_back("who let go");
  mutex.unlock();
  second.join();
  third.join();
  EXPECT_THAT(order, ElementsAre("second", "third", "who let go"));
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
