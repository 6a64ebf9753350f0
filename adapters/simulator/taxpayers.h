#pragma once
// What the authority knows of taxpayers: state of the tax code, stop of use, cash-register codes issued. From the
// options and from its own 103. Not thread-safe: owned by StepOne.

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "adapters/simulator/dice.h"
#include "adapters/simulator/options.h"

namespace tvan::sim {

class Taxpayers {
 public:
  Taxpayers(const Options& options, const Dice& dice);

  bool IsActive(const std::string& mst) const;  // 00, 02, 04 (duties.md 1.3); not listed: 00
  bool IsStopped(const std::string& mst) const { return stopped_.contains(mst); }
  // Whether the five characters were issued to this taxpayer. Of a taxpayer who got none from here nothing is known:
  // it may have them from before; only a script that names any taxpayer's codes (--cash-codes) names all.
  bool MayUse(const std::string& mst, std::string_view five) const;
  // The five characters for a 103: those that the taxpayer has, else new ones, from now on its own.
  std::string IssueCode(const std::string& mst);

 private:
  const Dice& dice_;
  const std::map<std::string, std::string> status_;
  const std::set<std::string> stopped_;
  const bool all_scripted_;
  std::map<std::string, std::string> owners_;  // five characters → MST
  std::map<std::string, std::string> codes_;   // MST → the five that were issued first
};

}  // namespace tvan::sim
