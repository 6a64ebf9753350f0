#pragma once
// What an invoice or a notice does to an earlier invoice (duties.md 1.17 to 1.19). Plain values. Numbers are stored:
// never reuse one.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/ids.h"

namespace tvan {

enum class RelationKind : uint8_t {
  kReplaces = 1,        // TTHDLQuan/TCHDon 1
  kAdjusts = 2,         // TTHDLQuan/TCHDon 2
  kCancels = 3,         // a 300 or 303 that names it with TCTBao 1
  kNames = 4,           // a 300 or 303 that names it otherwise
  kListsCancelled = 5,  // a 400 or 401 whose row says cancelled (TThai 1)
};

struct InvoiceRelation {
  RelationKind kind = RelationKind::kNames;
  InvoiceKey original;
  std::optional<InvoiceKey> by;  // the invoice that replaces or adjusts; a notice has none
  friend bool operator==(const InvoiceRelation&, const InvoiceRelation&) = default;
};

// What is kept of an accepted message: the rest is only asked about when it comes.
inline bool IsKept(RelationKind kind) {
  return kind == RelationKind::kReplaces || kind == RelationKind::kAdjusts || kind == RelationKind::kCancels;
}

// The authority's code on a cash-register invoice (MCCQT); it is used once (duties.md 1.9).
struct RegisterCode {
  std::string code;  // "M1-26-A1B2C-00000000001"
  InvoiceKey invoice;
  friend bool operator==(const RegisterCode&, const RegisterCode&) = default;
};

// The five characters in the middle of such a code; the authority issues them to a taxpayer with an accepted 103.
struct RegisterRange {
  TaxCode mst;
  std::string range;
};
// Empty: the code has not the form.
inline std::string_view RangeOf(std::string_view code) { return code.size() == 23 ? code.substr(6, 5) : ""; }

}  // namespace tvan
