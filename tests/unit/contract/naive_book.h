#pragma once
// The book once more, as simply as can be: every put in one list, every question answered by walking it. Written from
// the words of verdict.h and contracts.h, and shares nothing with the room but those values.

#include <set>
#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"

namespace tvan {

class NaiveBook {
 public:
  explicit NaiveBook(ContractRules rules) : rules_(std::move(rules)) {}

  void Put(const ContractItem& item, Time now) { Enter(KindOf(item), IdOf(item), item, now); }
  void Delete(ContractKind kind, const std::string& id, Time now) { Enter(kind, id, std::nullopt, now); }

  struct Verdict {
    ContractVerdict::Kind kind = ContractVerdict::Kind::kAllow;
    std::multiset<std::string> faults, warnings;
    std::string version;
  };
  Verdict Decide(const ContractQuestion& question) const;
  Verdict DecideRelease(const ContractQuestion& question, Time now) const;
  std::string JudgeCertificate(const std::string& sha256, Time at) const;  // empty: it holds
  std::string HolderOf(const std::string& sha256) const;                   // empty: nobody
  std::set<std::string> ProvidersOf(const TaxCode& mst, Time at) const;
  std::set<std::string> DelegatesOf(const ProviderId& provider, const TaxCode& mst, int type, Time at) const;
  std::set<std::string> SignersOf(const ProviderId& provider, const TaxCode& mst, Time at) const;
  std::set<std::string> Ids(ContractKind kind) const;
  uint64_t VersionOf(ContractKind kind, const std::string& id) const;  // 0: not in the book

 private:
  struct Change {
    ContractKind kind;
    std::string id;
    std::optional<ContractItem> item;
    Time at;
    uint64_t version;
  };
  struct Part {
    std::multiset<std::string> faults;
    std::string version;
  };
  void Enter(ContractKind kind, const std::string& id, std::optional<ContractItem> item, Time now);
  const Change* Last(ContractKind kind, const std::string& id) const;
  ContractStatus StatusAt(ContractKind kind, const std::string& id, Time at) const;
  Part Dated(ContractKind kind, const std::string& id, const std::string& name, Time at) const;
  bool Holds(ContractKind kind, const std::string& id, Time at) const;
  void TaxpayerFaults(const ContractQuestion& question, Verdict& verdict) const;
  std::multiset<std::string> MandateFaults(const ContractQuestion& question) const;
  Verdict WithoutTaxpayer(const ContractQuestion& question, const std::multiset<std::string>& faults) const;
  template <class Record>
  const Record* Find(ContractKind kind, const std::string& id) const {
    const Change* change = Last(kind, id);
    return change == nullptr ? nullptr : &std::get<Record>(*change->item);
  }

  ContractRules rules_;
  std::vector<Change> changes_;
};

}  // namespace tvan
