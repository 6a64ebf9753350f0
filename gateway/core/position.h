#pragma once
// A place in the store's order of durable acts: receipts, cursors and "not seen as of" name it.

#include <cstdint>
#include <string>

namespace tvan {

struct StorePosition {
  std::string incarnation;  // 32 hex digits; changes on restore, import, failover
  uint64_t sequence = 0;    // grows with every durable batch
  std::string ToString() const { return incarnation + ":" + std::to_string(sequence); }
};

// What the store proved at start and a receipt names (DESIGN section 8).
enum class Durability { kMemoryOnly, kFlushedLocal, kFlushedReplicated };
inline const char* ToString(Durability d) {
  return d == Durability::kFlushedLocal        ? "FLUSHED_LOCAL"
         : d == Durability::kFlushedReplicated ? "FLUSHED_REPLICATED"
                                               : "MEMORY_ONLY";
}

}  // namespace tvan
