#pragma once
// Step 1 of the authority's intake (duties.md 1.2-1.12): seven checks, one result. What is valid is stored, what is
// not is not, so that its numbers may come again. It knows what came in and what it was told, and nothing else.
// Not thread-safe: owned by Authority, under its lock.

#include <set>
#include <string>
#include <vector>

#include "adapters/simulator/contracts.h"
#include "adapters/simulator/filing_book.h"
#include "adapters/simulator/request_check.h"
#include "adapters/simulator/taxpayers.h"
#include "adapters/simulator/verdict.h"

namespace tvan::sim {

// What needs no book: looked for before, by whoever took the message.
struct Examined {
  std::vector<ItemError> missing;  // check 2
  ContentCheck content;            // of a package: signature and count, checks 4 and 6
};

class StepOne {
 public:
  StepOne(const Options& options, const Contracts& contracts, const Dice& dice)
      : refused_khhdon_(options.refused_khhdon.begin(), options.refused_khhdon.end()),
        contracts_(contracts),
        taxpayers_(options, dice) {}

  // `at` is the time of the check, for the contract; `scripted`: errors that the script asks for.
  BusinessResult Judge(const Request& request, const Examined& examined, Time at, std::vector<ItemError> scripted);

 private:
  void CheckWhole(const Request& request, const Examined& examined, Time at, std::vector<ItemError>& errors) const;
  void CheckInvoice(const Request& request, size_t index, std::vector<ItemError>& errors) const;
  void CheckCode(const Request& request, size_t index, std::vector<ItemError>& errors) const;
  void CheckItems(const Request& request, std::vector<ItemError>& errors) const;
  void TakeEffect(const Request& request, BusinessResult& result);

  const std::set<std::string> refused_khhdon_;
  const Contracts& contracts_;
  Taxpayers taxpayers_;
  FilingBook filings_;
};

}  // namespace tvan::sim
