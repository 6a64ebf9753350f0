#include "gateway/calendar/incident.h"

#include <algorithm>
#include <functional>

#include "gateway/calendar/occurrence.h"
#include "gateway/core/plain_text.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

enum Tag : uint32_t { kTitle = 1, kWindow = 2, kFaultClass = 3, kOpenedAt = 4, kClosedAt = 5, kKind = 6, kText = 7 };
constexpr size_t kLongestTitle = 200, kLongestText = 1000;
constexpr uint64_t kMostEntries = 5000;
constexpr int kMostTries = 16;     // others may write to the same log
constexpr int kMostOfADay = 1000;  // incidents
constexpr const char* kFaultClasses[] = {"", "authority", "line", "own", "one_provider"};

struct Version {
  Incident incident;
  IncidentEntry entry;
};

Status Invalid(const std::string& why) { return Status::Permanent("calendar.invalid"_reason, why); }

Status Check(const Version& version) {
  if (!IsPlainText(version.incident.title, kLongestTitle)) return Invalid("title: 1 to 200 bytes on one line");
  if (!IsPlainText(version.entry.text, kLongestText, Lines::kMany))
    return Invalid("text: 1 to 1000 bytes without control characters");
  if (version.entry.kind < EntryKind::kNote || version.entry.kind > EntryKind::kAlarm)
    return Invalid("kind: note, decision, handover, contact or alarm");
  const auto* end = std::end(kFaultClasses);
  if (std::find(std::begin(kFaultClasses), end, version.incident.fault_class) == end)
    return Invalid("fault_class: authority, line, own or one_provider");
  return {};
}

std::string Encode(const Version& version) {
  const Incident& incident = version.incident;
  TaggedWriter out;
  out.Bytes(kTitle, incident.title).Bytes(kWindow, incident.window).Bytes(kFaultClass, incident.fault_class);
  out.Signed(kOpenedAt, incident.opened_at.us);
  if (incident.closed_at) out.Signed(kClosedAt, incident.closed_at->us);
  return out.Unsigned(kKind, static_cast<uint64_t>(version.entry.kind)).Bytes(kText, version.entry.text).Take();
}

void Take(const TaggedField& field, Version& version) {
  switch (field.tag) {
    case kTitle:
      version.incident.title = field.String();
      break;
    case kWindow:
      version.incident.window = field.String();
      break;
    case kFaultClass:
      version.incident.fault_class = field.String();
      break;
    case kOpenedAt:
      version.incident.opened_at.us = field.Signed();
      break;
    case kClosedAt:
      version.incident.closed_at = Time{field.Signed()};
      break;
    case kKind:
      version.entry.kind = static_cast<EntryKind>(field.Unsigned());
      break;
    case kText:
      version.entry.text = field.String();
      break;
    default:
      break;
  }
}

Result<Version> Decode(const OperatorRecord& record) {
  Version version;
  version.incident.id = record.id;
  version.incident.entries = record.version;
  version.entry.at = record.changed_at;
  version.entry.author = record.author;
  const Status read = ReadTagged(record.body, [&version](const TaggedField& field) { Take(field, version); });
  const Status good = read.ok() ? Check(version) : read;
  if (good.ok()) return version;
  return Status::Permanent("calendar.damaged"_reason, "incident '" + record.id + "': " + good.message());
}

Result<Incident> Write(Store& store, Version version, uint64_t expected_version) {
  OperatorRecord record{.kind = kIncidentKind, .id = version.incident.id};
  record.changed_at = version.entry.at;
  record.author = version.entry.author;
  record.body = Encode(version);
  const auto stored = store.PutRecord(std::move(record), expected_version);
  if (!stored) return stored.status();
  version.incident.entries = stored->version;
  return version.incident;
}

bool IsConflict(const Status& status) { return status.reason() == "store.conflict"_reason; }

Status NoIncident(const std::string& id) {
  return Status::Permanent("calendar.no_incident"_reason, "there is no incident " + id);
}

Result<std::optional<Incident>> Newest(const Store& store, const std::string& id) {
  const auto history = store.RecordHistory(kIncidentKind, id, {.limit = 1});
  if (!history) return history.status();
  if (history->empty()) return std::optional<Incident>();
  const auto version = Decode(history->back());
  if (!version) return version.status();
  return std::optional(version->incident);
}

// One more entry behind whatever stands there by now; `change` is what it changes of the incident.
Result<Incident> Append(Store& store, const std::string& id, LogOf of, const IncidentEntry& entry,
                        const std::function<void(Incident&)>& change) {
  Result<Incident> written = NoIncident(id);
  for (int i = 0; i < kMostTries; ++i) {
    const auto before = Newest(store, id);
    if (!before) return before.status();
    if (!*before && of == LogOf::kIncident) return NoIncident(id);
    Version next{before->value_or(Incident{id, "log of stop " + id, id, "", entry.at, std::nullopt, 0}), entry};
    if (next.incident.closed_at)
      return Status::Permanent("calendar.incident_closed"_reason, id + " is closed: open another");
    if (next.incident.entries >= kMostEntries)
      return Status::Permanent("calendar.incident_full"_reason, id + " has 5000 entries: close it, open another");
    change(next.incident);
    if (Status good = Check(next); !good.ok()) return good;
    written = Write(store, next, next.incident.entries);
    if (written.ok() || !IsConflict(written.status())) return written;
  }
  return written;
}

void SetFault(Incident& incident, const std::string& fault_class) {
  if (!fault_class.empty()) incident.fault_class = fault_class;
}

}  // namespace

Result<Incident> OpenIncident(Store& store, const Incident& said, const IncidentEntry& first) {
  Version version{said, first};
  version.incident.opened_at = first.at;
  version.incident.closed_at.reset();
  if (Status good = Check(version); !good.ok()) return good;
  for (int n = 1; n <= kMostOfADay; ++n) {
    version.incident.id = "INC-" + DayText(first.at) + "-" + std::to_string(n);
    auto written = Write(store, version, 0);
    if (written.ok() || !IsConflict(written.status())) return written;
  }
  return Status::Permanent("calendar.incident_full"_reason,
                           "there were a thousand incidents today: add to one of them");
}

Result<Incident> AddToIncident(Store& store, const std::string& id, LogOf of, const IncidentEntry& entry,
                               const std::string& fault_class) {
  return Append(store, id, of, entry, [&](Incident& incident) { SetFault(incident, fault_class); });
}

Result<Incident> CloseIncident(Store& store, const std::string& id, const IncidentEntry& last,
                               const std::string& fault_class) {
  return Append(store, id, LogOf::kIncident, last, [&](Incident& incident) {
    SetFault(incident, fault_class);
    incident.closed_at = last.at;
  });
}

Result<std::vector<Incident>> ListIncidents(const Store& store) {
  const auto records = store.ListRecords(kIncidentKind);
  if (!records) return records.status();
  std::vector<Incident> incidents;
  for (const OperatorRecord& record : *records) {
    auto version = Decode(record);
    if (!version) return version.status();
    incidents.push_back(std::move(version->incident));
  }
  std::stable_sort(incidents.begin(), incidents.end(),
                   [](const Incident& a, const Incident& b) { return a.opened_at > b.opened_at; });
  return incidents;
}

Result<IncidentLog> ReadIncident(const Store& store, const std::string& id) {
  const auto history = store.RecordHistory(kIncidentKind, id);
  if (!history) return history.status();
  if (history->empty()) return NoIncident(id);
  IncidentLog log;
  for (const OperatorRecord& record : *history) {
    auto version = Decode(record);
    if (!version) return version.status();
    log.entries.push_back(std::move(version->entry));
    log.incident = std::move(version->incident);
  }
  return log;
}

}  // namespace tvan
