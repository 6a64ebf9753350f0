#pragma once
// The authority's list of T-VANs: who has a contract, and in what state it is at a time. Immutable, thread-safe.

#include <string>
#include <vector>

#include "adapters/simulator/options.h"

namespace tvan::sim {

struct Refusal {
  std::string mloi;  // empty: nothing is wrong
  std::string text;
  bool is_system = false;  // speaks of the service or the agreement: the MTDiep does not count as seen
};

class Contracts {
 public:
  explicit Contracts(std::vector<ContractEntry> entries) : entries_(std::move(entries)) {}
  // 2002 not listed, 2003 outside of its dates, 2004 suspended; an empty list: everybody has one.
  Refusal At(const std::string& mngui, Time t) const;

 private:
  const std::vector<ContractEntry> entries_;
};

}  // namespace tvan::sim
