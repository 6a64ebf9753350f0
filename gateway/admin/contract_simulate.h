#pragma once
// What changes of the contract book would do, without doing them: whose verdict becomes worse, and which buffered
// messages would be held. Bounded work; a snapshot stands still meanwhile. Blocking. Internal to admin.

#include <vector>

#include "gateway/contract/contract_book.h"
#include "store/store.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

class ContractSimulation {
 public:
  static constexpr uint64_t kMostMandates = 1'000'000, kMostMessages = 200'000;  // looked at
  static constexpr int kMostItems = 1000, kMostNamed = 1000;

  // `before`: as it is. `after`: with `items` entered.
  ContractSimulation(const ContractSnapshot& before, const ContractSnapshot& after,
                     const std::vector<ContractItem>& items, Time now, Time at);
  void LookAtVerdicts(admin::v1::SimulateContractsResponse& response) const;
  Status LookAtBuffer(const Store& store, admin::v1::SimulateContractsResponse& response) const;

 private:
  struct Types {
    std::vector<int> all, one_a_class;  // that the provider may send now
  };
  Types TypesOf(const ProviderContract& contract) const;
  // Answers whether somebody's verdict is worse, and says so.
  bool CompareProvider(const ProviderContract& contract, admin::v1::SimulateContractsResponse& response) const;
  void CompareMandate(const Mandate& mandate, const Types& types, admin::v1::SimulateContractsResponse& response) const;
  void CompareMandatesOf(const ProviderContract& contract, admin::v1::SimulateContractsResponse& response) const;
  bool IsTouched(const Mandate& mandate) const;
  void LookAt(const MessageMeta& meta, admin::v1::SimulateContractsResponse& response) const;

  const ContractSnapshot &before_, &after_;
  std::vector<std::string> touched_;  // ids of contracts and mandates among the items, sorted
  const Time now_, at_;
};

}  // namespace tvan
