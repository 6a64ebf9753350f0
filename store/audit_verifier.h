#pragma once
// Computes the audit chain again from its beginning and compares records with what was written of them. It is fed by
// who reads: entries in their order (RecordStore::AuditFrom) and, if wanted, the trail of each (TrailOf). Bounded: the
// first breaks are kept, the others counted. Pure; one thread.

#include <string>
#include <vector>

#include "store/record_store.h"

namespace tvan {

class AuditVerifier {
 public:
  enum class Fault : uint8_t {
    kMissing,          // the entry is not there or cannot be read, or others stand in its place
    kChanged,          // the entry is not what was hashed, or does not follow from the one before it
    kEnd,              // not the hash that the store says this place has, or the chain does not reach it
    kNoted,            // likewise, for a place that was noted elsewhere
    kRecordMissing,    // a version of the record that the entry names is not there
    kRecordChanged,    // the record is not what the entry says of it
    kRecordUnwritten,  // the record's newest version is one of which the chain says nothing
  };
  struct Break {
    Fault fault = Fault::kChanged;
    uint64_t sequence = 0;
    std::string kind, id;  // of the record, as the entry says; empty: no entry is there
  };
  static constexpr size_t kMostBreaks = 20;

  // `end`: what the store says (AuditEnd), asked before the first entry is read. `noted`: an end that was noted
  // elsewhere; 0: none was.
  explicit AuditVerifier(AuditHead end, AuditHead noted = {}) : end_(end), noted_(noted) {}

  void Add(const AuditEntry& entry);
  void Compare(const AuditEntry& entry, const AuditTrail& trail);
  void Finish();  // after the last entry

  const std::vector<Break>& breaks() const { return breaks_; }  // the first kMostBreaks
  uint64_t broken() const { return broken_; }                   // all
  uint64_t entries() const { return entries_; }
  const AuditHead& head() const { return last_; }  // the last entry: to be noted elsewhere
  Time began_at() const { return began_at_; }      // of the first entry: what is older has none

 private:
  void Say(Fault fault, uint64_t sequence, const AuditEntry* entry);

  const AuditHead end_, noted_;
  AuditHead last_;
  std::vector<Break> breaks_;
  uint64_t broken_ = 0, entries_ = 0;
  Time began_at_;
};

const char* ToString(AuditVerifier::Fault fault);  // "missing", "changed", …

}  // namespace tvan
