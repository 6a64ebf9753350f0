#pragma once
// What operators do that changes no record, as a record: so it stands in the audit chain like every change. One version
// is one act (gateway/admin/RECORDS.md). Bounded; no payload, no person but the operator. Blocking; thread-safe.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/core/time.h"
#include "store/store.h"

namespace tvan {

inline constexpr char kOperatorActKind[] = "operator_act";

struct OperatorAct {
  std::string what;    // "resolve_message", "backup_store", "export_buffer", "export_contracts", "take_snapshot",
                       // "refused_call"
  std::string about;   // what it was done to: a message, a folder, a provider, a line, a certificate
  std::string detail;  // in words
  std::string author, reason;
  Time at;
};

// Durable when it answers OK. Before an act that hands anything out, which is not done when this fails: what was shown
// is known even after a crash. store.*
Status RecordAct(RecordStore& store, const OperatorAct& act);
// The same of what leaves a trace of its own, or must go on in a store that takes no writes: a failure is logged.
void NoteAct(RecordStore& store, const OperatorAct& act);
// "field: value" of a record's body; record.damaged
Result<std::vector<std::string>> ActLines(std::string_view body);

}  // namespace tvan
