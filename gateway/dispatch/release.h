#pragma once
// The contracts asked again at release, by cause (DESIGN section 3.3): a provider contract that ended after acceptance
// does not stop what was accepted; a taxpayer's mandate that did not hold at acceptance holds the message.

#include <optional>
#include <string>

#include "gateway/contract/contract_book.h"
#include "store/store.h"

namespace tvan {

inline constexpr Reason kHeldByMandate = "dispatch.held_mandate"_reason;

// Why the message must be held, as text for the operator; nullopt: it may go.
std::optional<std::string> WhyHeld(const ContractSnapshot& book, const MessageMeta& meta);

// True: somebody resolved it after it was held for that; a decision with a name stands against the book.
bool IsReleasedByOperator(const Store& store, const MessageId& id);

}  // namespace tvan
