#pragma once
// What the history in the store says about a new message: contradictions with what was accepted before, and what could
// not be asked because it is not held here (duties.md 1.9, 1.16 to 1.19). Plain values; the texts are intake's.

#include <optional>
#include <string>

#include "gateway/core/ids.h"
#include "gateway/core/relation.h"
#include "gateway/core/time.h"

namespace tvan {

// The accepted message that a contradiction is with. Whether a sender may be told of it is not the store's matter.
struct Holder {
  MessageId gateway_id;
  ProviderId provider;
  TaxCode mst;
  Time accepted_at;
};

// Where the newest registration (100, 101) of a taxpayer stands among the claims: an invoice has a number.
inline InvoiceKey RegistrationOf(const TaxCode& mst) { return {mst, "", "", ""}; }

struct HistoryFinding {
  Reason rule;
  bool refuses = true;                // false: it only tells (history.unknown, *_refused)
  std::optional<RelationKind> asked;  // of a relation
  InvoiceKey invoice;                 // the one that is claimed, named as original, or has the code
  std::string code;                   // of a cash-register code
  std::optional<Holder> with;         // none: with no message
};

}  // namespace tvan
