#pragma once
// An import of 703 rows into a book that has two records.

#include "gateway/contract/contract_import.h"
#include "tests/unit/contract/book_world.h"
#include "tests/unit/contract/failing_store.h"

namespace tvan {

inline constexpr size_t kMandates = 700;        // three acts of the store, two parts of the journal
inline constexpr int kBegins = 3, kWrites = 7;  // the parts, what makes them valid, the acts, the end

using How = FailingStore::How;

inline std::vector<ContractItem> Rows() {
  std::vector<ContractItem> rows;
  std::vector<std::string> signers(30, std::string(64, '0'));
  for (size_t i = 0; i < signers.size(); ++i) signers[i].replace(0, 2, std::to_string(10 + i));
  for (size_t i = 0; i < kMandates; ++i) {
    rows.push_back(MandateOf("beta", Mst("02" + std::to_string(10'000'000 + i))));
    std::get<Mandate>(rows.back()).signer_certificates = signers;
  }
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
    EXPECT_EQ(Seen(*book), write <= kBegins ? "nothing" : "all");
    book_.reset();
    return entered;
  }

  std::vector<ContractBook::RowFault> faults_;
};

}  // namespace tvan
