#pragma once
// What happened: a log that only grows, of an incident or of a stop (hand-overs). An operator's record of kind
// "incident", id = "INC-<day>-<n>", or the id of an occurrence. One entry is one version of the record: the store keeps
// every version for ever, so nobody can change or drop what was said.

#include <optional>
#include <string>
#include <vector>

#include "gateway/core/time.h"
#include "store/store.h"

namespace tvan {

inline const char kIncidentKind[] = "incident";

// Numbers are stored.
enum class EntryKind { kNote = 1, kDecision = 2, kHandover = 3, kContact = 4, kAlarm = 5 };

struct IncidentEntry {
  Time at;
  std::string author;
  EntryKind kind = EntryKind::kNote;
  std::string text;  // 1 to 1000 bytes
};

struct Incident {
  std::string id, title;
  std::string window;       // occurrence that it belongs to; empty: none
  std::string fault_class;  // authority, line, own, one_provider; empty: not known
  Time opened_at;
  std::optional<Time> closed_at;
  uint64_t entries = 0;
};

// calendar.invalid: no text or more than 1000 bytes, no title or more than 200, an unknown kind or class of fault.
// calendar.no_incident: there is none of this id. calendar.incident_closed. calendar.incident_full: 5000 entries.
// Each is durable when it answers, and safe beside others that write to the same log.
Result<Incident> OpenIncident(Store& store, const Incident& said, const IncidentEntry& first);  // id and dates are set
// `stop`: the id is an occurrence of a known window, whose log begins with its first entry.
enum class LogOf { kIncident, kStop };
Result<Incident> AddToIncident(Store& store, const std::string& id, LogOf of, const IncidentEntry& entry,
                               const std::string& fault_class = "");
Result<Incident> CloseIncident(Store& store, const std::string& id, const IncidentEntry& last,
                               const std::string& fault_class = "");

Result<std::vector<Incident>> ListIncidents(const Store& store);  // newest first. calendar.damaged, store.io
struct IncidentLog {
  Incident incident;
  std::vector<IncidentEntry> entries;  // oldest first
};
Result<IncidentLog> ReadIncident(const Store& store, const std::string& id);  // calendar.no_incident

}  // namespace tvan
