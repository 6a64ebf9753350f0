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

}  // namespace
}  // namespace tvan
