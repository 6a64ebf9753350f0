// While a mass import is under way other operators go on changing the book.
#include "tests/unit/admin/contract_world.h"
#include "tests/unit/contract/failing_store.h"

namespace tvan {
namespace {

class BesideAnImport : public ContractDeskTest {
 protected:
  BesideAnImport() : ContractDeskTest() {
    EXPECT_TRUE(Create(ContractOf("acme")).ok());
    EXPECT_TRUE(Create(MandateOf("acme", "0101234567")).ok());
  }
  void Changing(const ContractChanges::Options& options) {
    book_ = *ContractBook::Load(records_);
    changing_ = std::make_unique<ContractChanges>(records_, *book_, *clock_, options);
  }
  std::vector<ContractItem> Rows() const {
    Mandate named = std::get<Mandate>(book_->snapshot()->Get(ContractKind::kMandate, "acme/0101234567")->item);
    named.message_types = {203};
    Mandate other = named;
    other.mst = TaxCode::Trusted("0101234568");
    return {named, other};
  }
  Status PutAnother(const char* mst) {
    Mandate another = std::get<Mandate>(Rows()[1]);
    another.mst = TaxCode::Trusted(mst);
    return changing_->Put(another, std::nullopt, kMinh, "meanwhile").status();
  }

  FailingStore records_{*store_, FailingStore::How::kNothing, 0};
  std::unique_ptr<ContractBook> book_;
  std::unique_ptr<ContractChanges> changing_;
};

TEST_F(BesideAnImport, AnotherOperatorChangesTheBook) {
  Changing({});
  Status put = Status::Permanent("admin.bad_request"_reason, "not asked");
  records_.BeforeWrite([&, asked = false](int) mutable {
    if (!std::exchange(asked, true)) put = PutAnother("0101234569");
  });
  const auto imported = changing_->Import(Rows(), kLan, "file", false);
  ASSERT_TRUE(imported.ok());
  EXPECT_TRUE(imported->entered.faults.empty());
  EXPECT_TRUE(put.ok()) << put.ToString();
  EXPECT_EQ(book_->snapshot()->sizes().mandates, 3u);
}

TEST_F(BesideAnImport, AnotherOperatorWhoChangesARowOfItIsRightAndTheImportIsNot) {
  Changing({});
  records_.BeforeWrite([&, asked = false](int) mutable {
    if (!std::exchange(asked, true)) EXPECT_TRUE(PutAnother("0101234568").ok());
  });
  const auto imported = changing_->Import(Rows(), kLan, "file", false);
  ASSERT_TRUE(imported.ok());
  ASSERT_EQ(imported->entered.faults.size(), 1u);
  EXPECT_EQ(imported->entered.faults[0].index, 1u);
  EXPECT_EQ(imported->entered.faults[0].status.reason(), "store.conflict"_reason);
  EXPECT_EQ(book_->snapshot()->Get(ContractKind::kMandate, "acme/0101234567")->version, 1u) << "nothing of it is in";
}

TEST_F(BesideAnImport, OneThatIsApprovedLetsOthersPassToo) {
  Changing({.two_to_import = true});
  const auto proposed = changing_->Import(Rows(), kLan, "file", false);
  ASSERT_TRUE(proposed.ok());
  Status put = Status::Permanent("admin.bad_request"_reason, "not asked");
  records_.BeforeWrite([&, asked = false](int) mutable {
    if (!std::exchange(asked, true)) put = PutAnother("0101234569");
  });
  const auto approved = changing_->Approve(proposed->proposal, kMinh, "seen");
  ASSERT_TRUE(approved.ok()) << approved.status().ToString();
  EXPECT_EQ(approved->state(), admin::v1::Proposal::APPROVED);
  EXPECT_TRUE(put.ok()) << put.ToString();
  EXPECT_EQ(book_->snapshot()->sizes().mandates, 3u);
}

// --- between the look at what stands there and the act

// A book that somebody else changes right before a change of ours.
class ChangedBefore final : public ContractBook {
 public:
  explicit ChangedBefore(ContractBook& book) : book_(book) {}
  std::function<void()> change;

  std::shared_ptr<const ContractSnapshot> snapshot() const override { return book_.snapshot(); }
  Result<uint64_t> Put(const ContractItem& item, const By& by, std::optional<uint64_t> expected) override {
    std::exchange(change, [] {})();
    return book_.Put(item, by, expected);
  }
  Status Delete(ContractKind kind, const std::string& id, const By& by, std::optional<uint64_t> expected) override {
    return book_.Delete(kind, id, by, expected);
  }
  Result<Entered> Import(const std::vector<ContractItem>& items, const By& by, bool dry_run,
                         const std::vector<uint64_t>& made_from) override {
    std::exchange(change, [] {})();
    return book_.Import(items, by, dry_run, made_from);
  }
  Status Learn(const std::vector<Taxpayer>& news, const By& by) override { return book_.Learn(news, by); }
  Status Follow(ContractKind kind, const std::vector<std::string>& ids) override { return book_.Follow(kind, ids); }
  Result<std::vector<Version>> History(ContractKind kind, const std::string& id, uint64_t before,
                                       uint32_t limit) const override {
    return book_.History(kind, id, before, limit);
  }

 private:
  ContractBook& book_;
};

class BetweenLookAndAct : public BesideAnImport {
 protected:
  BetweenLookAndAct() {
    Changing({});
    between_ = std::make_unique<ChangedBefore>(*book_);
    between_->change = [this] {
      Mandate other = std::get<Mandate>(Rows()[0]);
      other.message_types = {300};
      EXPECT_TRUE(book_->Put(other, {"Minh", "meanwhile", clock_->Now()}).ok());
    };
    changing_ = std::make_unique<ContractChanges>(records_, *between_, *clock_, ContractChanges::Options());
  }
  std::vector<int> Types() const {
    return std::get<Mandate>(book_->snapshot()->Get(ContractKind::kMandate, "acme/0101234567")->item).message_types;
  }
  std::unique_ptr<ChangedBefore> between_;
};

TEST_F(BetweenLookAndAct, NothingIsWrittenOverWhatSomebodyElseJustWrote) {
  EXPECT_EQ(changing_->Put(Rows()[0], std::nullopt, kLan, "asked").status().reason(), "store.conflict"_reason);
  EXPECT_EQ(Types(), std::vector<int>{300});
  EXPECT_TRUE(changing_->Put(Rows()[0], std::nullopt, kLan, "asked").ok()) << "looked at again";
  EXPECT_EQ(Types(), std::vector<int>{203});
}

TEST_F(BetweenLookAndAct, ARowIsComparedWithWhatWasLookedAt) {
  const auto imported = changing_->Import(Rows(), kLan, "file", false);
  ASSERT_TRUE(imported.ok());
  ASSERT_EQ(imported->entered.faults.size(), 1u);
  EXPECT_EQ(imported->entered.faults[0].index, 0u);
  EXPECT_EQ(Types(), std::vector<int>{300});
  EXPECT_TRUE(changing_->Import(Rows(), kLan, "file", false)->entered.faults.empty());
}

}  // namespace
}  // namespace tvan
