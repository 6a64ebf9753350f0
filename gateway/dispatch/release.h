#pragma once
// What is asked when a message leaves, from its queue or as the first attempt that a restored store knows of: whether
// it must wait for an earlier one, and the contracts again, by cause (DESIGN section 3.3): a provider contract that
// ended after acceptance does not stop what was accepted; a taxpayer's mandate that did not hold at acceptance holds
// the message.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/dispatch/parts.h"
#include "store/store.h"

namespace tvan {

// By cause, which says whose it is to mend: the taxpayer's mandate or a decision about the taxpayer (the operator, with
// the provider), or our own agreement with the authority (who manages the T-VAN).
inline constexpr Reason kHeldByMandate = "dispatch.held_mandate"_reason;
inline constexpr Reason kHeldByAgreement = "dispatch.held_agreement"_reason;
bool IsHeldByContract(const std::string& reason);

struct ReleaseVerdict {
  std::optional<Reason> held;  // none: it may go
  std::string why;             // held: the rules, the versions that decided, the owner
  std::string versions;        // that decided, where they are not those of its acceptance
};
ReleaseVerdict JudgeRelease(const ContractSnapshot& book, const MessageMeta& meta, Time now);
const char* OwnerOfHold(std::string_view reason);  // "operator" or "management"
// To be written when it is held, or is held for another cause now.
StageChange HoldOf(const DispatchParts& parts, const MessageMeta& meta, const ReleaseVerdict& verdict, Time now);

// When waiting by dependency ends at the latest. Behind a registration a message may not become late for an answer that
// does not come; an invoice that it names must be there first, late or not.
struct WaitEnds {
  Time behind_registration, behind_invoice;
};
WaitEnds EndsOfWait(const MessageMeta& meta, Span max_parent_wait, const Deadlines& deadlines);

// The earlier open messages of its taxpayer that it is behind: registrations, and those that file an invoice which it
// names. `unknown`: not all could be read, which counts as one that is open.
struct Parents {
  std::vector<MessageMeta> registrations, invoices;
  bool unknown_registration = false, unknown_invoice = false;
};
Parents OpenParents(const Store& store, const MessageMeta& meta, bool acknowledged_ends_wait);

enum class ParentWait { kNo, kYes, kOverdue };  // overdue: it waited for its parent as long as it may
ParentWait WaitFor(const Parents& parents, Time now, const WaitEnds& ends);
ParentWait WaitForParent(const Store& store, const MessageMeta& meta, Time now, const WaitEnds& ends,
                         bool acknowledged_ends_wait);

// Whether the message leaves now, and what is to be written of that.
struct Released {
  bool held = false;
  std::optional<StageChange> change;
  std::string contract;  // see AttemptIntent
};
Released AtRelease(const DispatchParts& parts, const ContractSnapshot& book, const MessageMeta& meta,
                   bool parent_overdue, Time now);

// True: somebody resolved it after it was held for this reason; a decision with a name stands against the book.
bool IsReleasedByOperator(const Store& store, const MessageId& id, std::string_view reason);

}  // namespace tvan
