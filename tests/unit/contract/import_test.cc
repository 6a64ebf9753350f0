// An import is entered whole or not at all, whatever fails, and seen at once.
#include "gateway/core/tagged.h"
#include "tests/unit/contract/import_world.h"

namespace tvan {
namespace {

using ::testing::HasSubstr;

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
      const bool begun = write > kBegins || (write == kBegins && how == How::kWrites);
      EXPECT_EQ(Seen(*book_), begun ? "all" : "nothing");
      EXPECT_EQ(book_->snapshot()->CountMandates(Provider("acme")), 1u);
      EXPECT_EQ(Put(MandateOf("acme", Mst("0301111111"))), 1u) << "and it goes on";
    }
}

TEST_F(Imports, ACrashWhileACrashIsMendedLosesNothing) {
  for (int first = kBegins + 1; first <= kWrites; ++first)
    for (int second = 1; second <= kWrites - kBegins; ++second)
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
  for (int write = kBegins + 1; write <= kWrites; ++write) {
    store_ = MakeMemoryStore({}, *clock_);
    Reload();
    PutBoth();
    FailingStore failing(*store_, How::kRefuses, write);
    auto book = *ContractBook::Load(failing);
    EXPECT_EQ(Entered(*book, Rows()), "contract.import_unfinished");
    EXPECT_EQ(Seen(*book), "all") << "it counts";
    Taxpayer news;
    news.mst = kSeller;
    news.statuses = {{"00", kNow, "V1", kNow}};
    ASSERT_TRUE(book->Learn({news}, {"V1", "505", kNow}).ok());
    EXPECT_EQ(Seen(*book), "all") << write;
    book.reset();
    EXPECT_TRUE(Newest(*store_, kImportKind, kImportId).value()->deleted);
    Reload();
    EXPECT_EQ(Seen(*book_), "all") << write;
    EXPECT_TRUE(book_->snapshot()->FindTaxpayer(kSeller));
  }
}

TEST_F(Imports, WhatFailsBeforeItBeginsLeavesNothingAndMayBeEnteredAgain) {
  for (int write = 1; write <= kBegins; ++write) {
    EXPECT_EQ(FailAt(write, How::kRefuses), "store.busy");
    Reload();
    EXPECT_EQ(Seen(*book_), "nothing") << write;
    EXPECT_EQ(Entered(*book_, Rows()), "701 1 1") << "over the parts that it left";
    Reload();
    EXPECT_EQ(Seen(*book_), "all");
  }
}

// --- a salvaged store

TEST_F(Imports, OneWhosePartsAreMissingIsSetAsideWithAnAlarmAndTheBookStarts) {
  FailAt(kBegins + 2, How::kLoses);
  Restart();
  FailingStore salvaged(*store_, How::kNothing, 0);
  salvaged.Lose(kImportPartKind, "1");
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  auto book = ContractBook::Load(salvaged);
  const std::string log = testing::internal::GetCapturedStderr() + testing::internal::GetCapturedStdout();
  ASSERT_TRUE(book.ok()) << book.status().ToString();
  EXPECT_THAT(log, HasSubstr("level=error event=contract.import_set_aside"));
  EXPECT_THAT(log, HasSubstr("contract.damaged"));
  EXPECT_THAT(log, HasSubstr("part 1"));
  EXPECT_EQ((*book)->snapshot()->CountMandates(Provider("beta")), 254u) << "the act that was stored stays";
  const auto journal = Newest(*store_, kImportKind, kImportId).value();
  EXPECT_TRUE(journal->deleted);
  EXPECT_EQ(journal->author, "gateway");
  EXPECT_THAT(journal->reason, HasSubstr("enter its file again"));
  book_ = *std::move(book);
  EXPECT_EQ(Entered(*book_, Rows()), "446 0 257") << "its file again enters the rest";
  book_.reset();
  Reload();
  EXPECT_EQ(Seen(*book_), "all");
}

TEST_F(Imports, SomethingElseInItsPlaceSetsItAside) {
  FailAt(kBegins + 2, How::kLoses);
  Restart();
  const std::string id = IdOf(Rows()[kMandates - 1]);
  ASSERT_TRUE(store_->PutRecord(NewRecord("mandate", "acme/0101234567", "", {"x", "x", kNow}), 1).ok())
      << "no row of this import: it is unchanged";
  OperatorRecord other = NewRecord("mandate", id, "", {"x", "x", kNow});
  other.deleted = true;
  ASSERT_TRUE(store_->PutRecord(other, 0).ok());
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  const Status settled = SettleImport(*store_);
  const std::string log = testing::internal::GetCapturedStderr() + testing::internal::GetCapturedStdout();
  EXPECT_TRUE(settled.ok());
  EXPECT_THAT(log, HasSubstr("row 702 (mandate)"));
  EXPECT_THAT(log, testing::Not(HasSubstr(id))) << "no tax code in a log";
  EXPECT_TRUE(Newest(*store_, kImportKind, kImportId).value()->deleted);
}

TEST_F(Imports, AStoreThatCannotBeReadSetsNothingAside) {
  FailAt(kBegins + 2, How::kLoses);
  Restart();
  store_->SetReads(MemoryStore::Reads::kFail);
  EXPECT_FALSE(ContractBook::Load(*store_).ok());
  store_->SetReads(MemoryStore::Reads::kGood);
  Reload();
  EXPECT_EQ(Seen(*book_), "all");
}

TEST_F(Imports, AnOlderPartIsNotTheOneThatIsMissing) {
  EXPECT_EQ(Entered(*book_, {MandateOf("acme", Mst("0301111111"))}), "1 0 0");
  FailingStore failing(*store_, How::kRefuses, kBegins + 1);
  book_ = *ContractBook::Load(failing);
  EXPECT_EQ(Entered(*book_, Rows()), "contract.import_unfinished");
  book_.reset();
  FailingStore salvaged(*store_, How::kNothing, 0);
  salvaged.Lose(kImportPartKind, "0", 2);
  EXPECT_TRUE(SettleImport(salvaged).ok());
  EXPECT_EQ(Newest(*store_, kImportKind, kImportId).value()->author, "gateway");
  Reload();
  EXPECT_EQ(Seen(*book_), "nothing");
}

TEST_F(Imports, ARecordWhoseVersionsWereLostSetsItAside) {
  FailAt(kBegins + 2, How::kLoses);
  Restart();
  FailingStore salvaged(*store_, How::kNothing, 0);
  salvaged.Lose("provider_contract", "acme");
  EXPECT_TRUE(SettleImport(salvaged).ok());
  EXPECT_EQ(Newest(*store_, kImportKind, kImportId).value()->author, "gateway");
}

TEST_F(Imports, AStoreThatRefusesAWriteSetsNothingAside) {
  FailAt(kBegins + 2, How::kLoses);
  Restart();
  FailingStore busy(*store_, How::kRefuses, 1);
  EXPECT_EQ(SettleImport(busy).reason().text(), "store.busy");
  Reload();
  EXPECT_EQ(Seen(*book_), "all");
}

// The form of a journal before there were parts.
TEST_F(Imports, AJournalThatHoldsItsRowsItselfIsFinishedToo) {
  const std::string id = "acme/0301111111",
                    body = Encode(Stored<Mandate>{
                        MandateOf("acme", Mst("0301111111")), {{ContractStatus::kActive, kNow}}, 0, kNow});
  const std::string row = TaggedWriter().Bytes(1, "mandate").Bytes(2, id).Unsigned(3, 0).Bytes(4, body).Take();
  ASSERT_TRUE(
      store_->PutRecord(NewRecord(kImportKind, kImportId, TaggedWriter().Bytes(1, row).Take(), {"x", "x", kNow}), 0)
          .ok());
  Reload();
  EXPECT_TRUE(book_->snapshot()->FindMandate(Provider("acme"), Mst("0301111111")));
  EXPECT_TRUE(Newest(*store_, kImportKind, kImportId).value()->deleted);
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

}  // namespace
}  // namespace tvan
