#pragma once
// What is asked when a message leaves, from its queue or as the first attempt that a restored store knows of: whether
// it must wait for an earlier one, and the contracts again, by cause (DESIGN section 3.3): a provider contract that
// ended after acceptance does not stop what was accepted; a taxpayer's mandate that did not hold at acceptance holds
// the message.

#include <optional>
#include <string>

#include "gateway/contract/contract_book.h"
#include "gateway/dispatch/parts.h"
#include "store/store.h"

namespace tvan {

inline constexpr Reason kHeldByMandate = "dispatch.held_mandate"_reason;

// Why the message must be held, as text for the operator; nullopt: it may go.
std::optional<std::string> WhyHeld(const ContractSnapshot& book, const MessageMeta& meta);

// When waiting by dependency ends at the latest. Behind a registration a message may not become late for an answer that
// does not come; an invoice that it names must be there first, late or not.
struct WaitEnds {
  Time behind_registration, behind_invoice;
};
WaitEnds EndsOfWait(const MessageMeta& meta, Span max_parent_wait, const Deadlines& deadlines);

// Behind an earlier open message of its taxpayer: one that files an invoice which this one names, or a registration.
enum class ParentWait { kNo, kYes, kOverdue };  // overdue: it waited for its parent as long as it may
ParentWait WaitForParent(const Store& store, const MessageMeta& meta, Time now, const WaitEnds& ends,
                         bool acknowledged_ends_wait);

// What is to be written when the message leaves now; nullopt: nothing. With a stage: it is held and does not leave.
std::optional<StageChange> AtRelease(const DispatchParts& parts, const ContractSnapshot& book, const MessageMeta& meta,
                                     bool parent_overdue, Time now);

// True: somebody resolved it after it was held for that; a decision with a name stands against the book.
bool IsReleasedByOperator(const Store& store, const MessageId& id);

}  // namespace tvan
