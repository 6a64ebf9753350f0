#pragma once
// The contracts asked again at release, by cause (DESIGN section 3.3): a provider contract that ended after acceptance
// does not stop what was accepted; a taxpayer's mandate that did not hold at acceptance holds the message. Pure.

#include <optional>
#include <string>

#include "gateway/contract/contract_book.h"

namespace tvan {

inline constexpr Reason kHeldByMandate = "dispatch.held_mandate"_reason;

// Why the message must be held, as text for the operator; nullopt: it may go.
std::optional<std::string> WhyHeld(const ContractSnapshot& book, const MessageMeta& meta);

}  // namespace tvan
