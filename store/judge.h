#pragma once
// The rules that need history, pure: given what a message says about earlier invoices, and what is held of those, what
// contradicts. A guard refuses only on what is held here; what is not held is said as history.unknown, which refuses
// nothing. Asked twice by the same function: before the receipt by intake, and by the committer against its own batch.

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "store/records.h"

namespace tvan {

// An accepted message that replaces, adjusts or cancels an invoice, and was neither refused nor withdrawn, as a whole
// or for this invoice.
struct FollowerFact {
  RelationKind kind = RelationKind::kReplaces;
  Holder by;
};

// What is held of an invoice that a message names.
struct OriginalFact {
  bool held = false;                   // filed here, in flight or kept by the authority
  bool refused = false;                // filed here and refused by the authority; not filed here again
  bool whole = false;                  // all that was done to it through us is here: nothing old, lost or purged
  std::optional<RelationKind> itself;  // it replaces or adjusts another one
  std::optional<Holder> filed_by;      // held or refused
  std::vector<FollowerFact> followers;
};

// None of these is the message's own.
struct HistoryFacts {
  std::map<InvoiceKey, OriginalFact> originals;  // of its relations
  std::map<InvoiceKey, Holder> claimed;          // its invoices that another message holds
  std::map<std::string, Holder> codes;           // its codes that another message holds
  std::vector<std::string> ranges;               // issued to its taxpayer, as far as an accepted 103 is held
  bool ranges_whole = false;                     // some are held, and none can be missing
};

// Of more relations than these the rest is not asked, and that is told: one message must not hold up all others.
inline constexpr size_t kMostAsked = 1000;
inline std::span<const InvoiceRelation> AskedOf(const NewMessage& message) {
  return std::span(message.relations).first(std::min(message.relations.size(), kMostAsked));
}

// Contradictions first. Items of the message are judged one after another, so that two of them may contradict too.
std::vector<HistoryFinding> JudgeHistory(const NewMessage& message, HistoryFacts facts);

}  // namespace tvan
