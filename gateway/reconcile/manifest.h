#pragma once
// What a snapshot says of itself, sealed beside the CSV. Written down in SNAPSHOT.md. Pure; one thread.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/core/position.h"
#include "gateway/reconcile/snapshot_row.h"
#include "gateway/validate/decimal.h"
#include "store/operations.h"

namespace tvan {

struct Manifest {
  std::string line, window;
  Time stop_at, made_at, ended_at;
  bool late = false, by_hand = false;
  StorePosition as_of;                                   // when the reading began
  uint64_t sequence_end = 0;                             // and ended: acts between them may have moved messages
  Time answered_from;                                    // final messages since then
  uint64_t looked_from = 0;                              // of these, of acceptances behind this; 0: all
  std::vector<std::pair<Stage, uint64_t>> store_counts;  // of the whole store when the reading began
  std::string file;                                      // the CSV
  uint64_t bytes = 0, rows = 0, messages = 0, moved = 0, payloads_unreadable = 0, messages_unreadable = 0;
  std::vector<uint64_t> unreadable_after;
  Sha256 digest;

  struct Count {
    uint64_t messages = 0, rows = 0;
  };
  std::map<std::pair<Bin, MessageClass>, Count> counts;
  std::map<std::pair<Bin, std::string>, Decimal> sums;  // by currency
  uint64_t not_summed = 0;                              // amounts that are no number, or are of no known currency

  void AddMessage(const SnapshotRow& row);
  void AddInvoice(const SnapshotRow& row, const InvoiceFacts& invoice);
};
std::string ManifestJson(const Manifest& manifest);  // stable

}  // namespace tvan
