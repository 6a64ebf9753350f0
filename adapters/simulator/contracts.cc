#include "adapters/simulator/contracts.h"

namespace tvan::sim {

Refusal Contracts::At(const std::string& mngui, Time t) const {
  if (entries_.empty()) return {};
  Refusal refusal{"2002", "Tổ chức truyền nhận chưa có hợp đồng", true};
  for (const ContractEntry& c : entries_) {
    if (c.mngui != mngui) continue;
    const bool dated = c.from <= t && t < c.to;
    if (dated && !c.suspended) return {};
    refusal = dated ? Refusal{"2004", "Tổ chức truyền nhận đang bị tạm ngừng", true}
                    : Refusal{"2003", "Hợp đồng của tổ chức truyền nhận đã hết hiệu lực", true};
  }
  return refusal;
}

}  // namespace tvan::sim
