#pragma once
// A contract book on a store in memory, and records to put into it. Values are invented.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"
#include "tests/support/memory_store.h"

namespace tvan {

inline Time Day(const char* text) { return *ParseDate(text); }
inline ProviderId Provider(const std::string& id) { return ProviderId::Trusted(id); }
inline TaxCode Mst(const std::string& code) { return TaxCode::Trusted(code); }
inline const Time kNow = *ParseTime("2026-11-20T10:00:00+07:00");
inline constexpr Span kSecond = std::chrono::seconds(1);
inline const TaxCode kSeller = Mst("0101234567");

inline ProviderContract Contract(const std::string& id, char certificate) {
  ProviderContract contract;
  contract.provider = Provider(id);
  contract.name = id;
  contract.dates = {Day("2026-01-01"), Day("2027-01-01")};
  contract.tax_codes = {Mst("0109999999")};
  contract.certificates = {std::string(64, certificate)};
  return contract;
}

inline Mandate MandateOf(const std::string& id, const TaxCode& mst = kSeller) {
  Mandate mandate;
  mandate.provider = Provider(id);
  mandate.mst = mst;
  mandate.dates = {Day("2026-02-01"), Day("2026-12-01")};
  return mandate;
}

inline std::vector<std::string> RulesOf(const std::vector<Fault>& faults) {
  std::vector<std::string> rules;
  for (const Fault& fault : faults) {
    rules.emplace_back(fault.rule.text());
    EXPECT_FALSE(fault.values.empty()) << "whose it is";
  }
  return rules;
}

class BookWorld : public ::testing::Test {
 protected:
  BookWorld() : clock_(MakeSystemClock()), store_(MakeMemoryStore({}, *clock_)) { Reload(); }
  void Reload() {
    auto book = ContractBook::Load(*store_, rules_);
    ASSERT_TRUE(book.ok()) << book.status().ToString();
    book_ = std::move(*book);
  }
  uint64_t Put(const ContractItem& item, Time now = Day("2026-01-01")) {
    const auto put = book_->Put(item, {"operator", "test", now});
    EXPECT_TRUE(put.ok()) << put.status().ToString();
    return put.ok() ? *put : 0;
  }
  std::string Refused(const ContractItem& item, std::optional<uint64_t> expected = std::nullopt) {
    const auto put = book_->Put(item, {"operator", "test", kNow}, expected);
    return put.ok() ? "accepted" : std::string(put.status().reason().text());
  }
  std::string Deleted(ContractKind kind, const std::string& id, std::optional<uint64_t> expected = std::nullopt) {
    const Status status = book_->Delete(kind, id, {"operator", "test", kNow}, expected);
    return status.ok() ? "deleted" : std::string(status.reason().text());
  }
  ContractVerdict Verdict(Time at, int type = 203, const TaxCode& mst = kSeller, const std::string& kinds = "") {
    return book_->snapshot()->Decide({Provider("acme"), mst, type, kinds, at});
  }
  std::vector<std::string> Decide(Time at, int type = 203, const TaxCode& mst = kSeller) {
    const ContractVerdict verdict = Verdict(at, type, mst);
    EXPECT_EQ(verdict.allowed(), verdict.faults.empty());
    return RulesOf(verdict.faults);
  }
  void PutBoth() {
    Put(Contract("acme", 'a'));
    Put(MandateOf("acme"));
  }

  ContractRules rules_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<MemoryStore> store_;
  std::unique_ptr<ContractBook> book_;
};

}  // namespace tvan
