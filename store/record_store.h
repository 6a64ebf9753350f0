#pragma once
// Operators' records: contracts, windows, the line's phases, switches. The part of the Store's port that keeps them,
// and its values. Every version is kept for ever, and every put has its entry in the audit chain, made in the same act.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/answers.h"
#include "store/audit.h"

namespace tvan {

// Which versions of a record: the newest `limit` of those before `before`. None said: all of them.
struct HistoryPage {
  uint32_t limit = UINT32_MAX;  // at least 1
  uint64_t before = 0;          // a version; 0: from the newest on
};

// What is kept of the record that an entry names; none: there is no such version.
struct AuditTrail {
  std::optional<OperatorRecord> before, after;  // the versions around the put
  std::optional<OperatorRecord> newest;
  std::optional<AuditEntry> newest_entry;  // of the newest version, if that is a later one
};

class RecordStore {
 public:
  static constexpr size_t kMostRecordsInAct = 256;
  struct RecordPut {
    OperatorRecord record;
    uint64_t expected_version = 0;  // as below
  };
  virtual ~RecordStore() = default;
  // `expected_version` is the version being replaced, 0 for a new one; store.conflict.
  virtual Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected_version) = 0;
  // All in one durable act, or none: store.conflict names the first that stands in the way; store.argument: more than
  // kMostRecordsInAct. One id may come again, with the version of the put before it. Answers the versions.
  virtual Result<std::vector<uint64_t>> PutRecords(std::vector<RecordPut> puts) = 0;
  // The newest version of each id; versions of one, oldest first: all that were asked for, or an error. Nothing beyond
  // a page is read. Only a salvaged store may lack versions, and then a page is shorter.
  virtual Result<std::vector<OperatorRecord>> ListRecords(const std::string& kind) const = 0;
  virtual Result<std::vector<OperatorRecord>> RecordHistory(const std::string& kind, const std::string& id,
                                                            const HistoryPage& page = {}) const = 0;
  // A page of ListRecords: newest versions, deleted ones too, after `after_id` (empty: from the beginning) in the order
  // of the store, shorter ids first. Empty: no more.
  virtual Result<std::vector<OperatorRecord>> ScanRecords(const std::string& kind, const std::string& after_id,
                                                          uint32_t limit) const = 0;

  virtual Result<AuditHead> AuditEnd() const = 0;
  // Newest first, before a place; 0: from the newest on.
  virtual Result<AuditPage> ReadAudit(uint64_t before_sequence, uint32_t limit) const = 0;
  // Oldest first, for AuditVerifier. Empty: no more. Ends in front of an entry that cannot be read, which is an error
  // when it is the first.
  virtual Result<std::vector<AuditEntry>> AuditFrom(uint64_t sequence, uint32_t limit) const = 0;
  virtual Result<AuditTrail> TrailOf(const AuditEntry& entry) const = 0;
};

}  // namespace tvan
