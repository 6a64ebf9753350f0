#pragma once
// One message as rows of a snapshot: in which of the four bins it stands (duties 2.12), and what is written of it.
// Pure.

#include <optional>
#include <string>
#include <vector>

#include "gateway/reconcile/columns.h"
#include "gateway/reconcile/invoice_facts.h"
#include "store/records.h"

namespace tvan {

enum class Bin : uint8_t {
  kAnswered,     // final, accepted at least in part
  kSentUnknown,  // an attempt was made and there is no final answer: being sent, in doubt, taken, with a 999
  kQueued,       // never sent, or surely not sent: queued, held
  kRefused,      // final, refused by the authority
};
const char* ToString(Bin bin);
// nullopt: in none (withdrawn by its provider).
std::optional<Bin> BinOf(const MessageMeta& meta);

struct SnapshotRow {
  const MessageMeta& meta;
  Bin bin;
  bool moved = false;       // its state is younger than the stop
  bool unreadable = false;  // the payload could not be read: no facts of invoices
  std::string detail;       // of a refusal: what the authority said
};
using Cells = std::array<std::string, kColumns>;
// `number` from 1; of a message about no invoice: 0 and empty facts.
Cells CellsOf(const SnapshotRow& row, size_t number, const InvoiceFacts& invoice);

}  // namespace tvan
