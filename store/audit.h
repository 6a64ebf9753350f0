#pragma once
// The audit chain: one entry for every operators' record that is put, made by the ledger in the same durable act, each
// hashed with the hash of the one before it. Format, and how to verify it by hand: store/AUDIT.md. Plain values and
// pure functions.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/ids.h"
#include "gateway/core/time.h"

namespace tvan {

struct AuditEntry {
  uint64_t sequence = 0;  // from 1, dense; only a salvaged store may lack some
  Time at;
  std::string author, reason, kind, id;  // as in the record
  uint64_t version = 0;                  // of the record that was put; before it: one less, 0: there was none
  bool deleted = false;
  Sha256 before, after;  // AuditDigest of the bodies; before of version 1: all zero
  Sha256 hash;
  friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

// The newest entry: 0 and all zero as long as there is none. Noted elsewhere, it proves the chain up to there.
struct AuditHead {
  uint64_t sequence = 0;
  Sha256 hash;
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

struct AuditPage {
  std::vector<AuditEntry> entries;  // newest first
  uint64_t next_before = 0;         // of the next page
  bool more = false;                // there are older places: a page may hold fewer entries than asked for, also none
};

Sha256 AuditDigest(std::string_view body);  // SHA-256
// Of the hash of the entry before it and of what the entry says, its own hash left out.
Sha256 AuditHash(const Sha256& hash_before, const AuditEntry& entry);

}  // namespace tvan
