#include "adapters/simulator/taxpayers.h"

namespace tvan::sim {

Taxpayers::Taxpayers(const Options& options, const Dice& dice)
    : dice_(dice),
      status_(options.taxpayer_status),
      stopped_(options.stopped_mst.begin(), options.stopped_mst.end()),
      all_scripted_(!options.cash_codes.empty()) {
  for (const auto& [mst, five] : options.cash_codes) {
    owners_[five] = mst;
    codes_.emplace(mst, five);
  }
}

bool Taxpayers::IsActive(const std::string& mst) const {
  const auto found = status_.find(mst);
  if (found == status_.end()) return true;
  return found->second == "00" || found->second == "02" || found->second == "04";
}

bool Taxpayers::MayUse(const std::string& mst, std::string_view five) const {
  const auto owner = owners_.find(std::string(five));
  if (owner != owners_.end()) return owner->second == mst;
  return !all_scripted_ && !codes_.contains(mst);
}

std::string Taxpayers::IssueCode(const std::string& mst) {
  const auto found = codes_.find(mst);
  if (found != codes_.end()) return found->second;
  std::string five;
  for (uint64_t n = 0; five.empty() || owners_.contains(five); ++n)
    five = dice_.Hex32("cash-register code", mst, n).substr(0, 5);
  owners_[five] = mst;
  codes_[mst] = five;
  return five;
}

}  // namespace tvan::sim
