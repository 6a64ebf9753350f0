#include "gateway/calendar/calendar_snapshot.h"

#include <algorithm>

#include "gateway/calendar/window_record.h"

namespace tvan {
namespace {

// Reads every record of a kind; one that is left out would open the line.
Status ReadKind(const Store& store, const std::string& kind,
                const std::function<Status(const OperatorRecord& record)>& take) {
  const auto records = store.ListRecords(kind);
  if (!records.ok())
    return Status::Permanent("calendar.damaged"_reason,
                             "records of kind " + kind + " cannot be read: " + records.status().ToString());
  for (const OperatorRecord& record : *records) {
    if (record.deleted) continue;
    if (const Status taken = take(record); !taken.ok()) return taken;
  }
  return {};
}

Status ReadWindows(const Store& store, CalendarSnapshot& snapshot) {
  return ReadKind(store, kWindowKind, [&](const OperatorRecord& record) {
    Result<Window> window = DecodeWindow(record);
    if (!window.ok()) return window.status();
    snapshot.bare.push_back(*window);
    snapshot.windows.push_back({std::move(*window), record.version, record.changed_at, record.author, record.reason});
    return Status();
  });
}

Status ReadLines(const Store& store, CalendarSnapshot& snapshot) {
  Status read = ReadKind(store, kPhaseKind, [&](const OperatorRecord& record) {
    Result<PhaseRecord> phases = DecodePhases(record);
    if (phases.ok()) snapshot.phases[record.id] = std::move(*phases);
    return phases.status();
  });
  if (!read.ok()) return read;
  return ReadKind(store, kLineOrderKind, [&](const OperatorRecord& record) {
    Result<LineOrder> order = DecodeOrder(record);
    if (order.ok()) snapshot.orders[record.id] = {std::move(*order), record.version};
    return order.status();
  });
}

Status ReadModes(const Store& store, CalendarSnapshot& snapshot) {
  return ReadKind(store, kIntakeModeKind, [&](const OperatorRecord& record) {
    const Result<IntakeMode> mode = DecodeMode(record);
    const std::optional<MessageClass> cls = ParseMessageClass(record.id);
    if (mode.ok() && cls) snapshot.modes[*cls] = {*mode, record.version};
    return mode.status();
  });
}

// What the record of a class says where the windows leave the line open.
LineState ByRecord(LineState says, const ClassPhase& record) {
  const bool unseen = IsSending(record.phase) && says.open_since > record.since;
  const bool over = record.phase == Phase::kClosed && !record.window.empty();
  if (IsSending(record.phase) && !unseen) {
    if (record.phase == Phase::kRamping) says.phase = Phase::kRamping, says.since = record.since;
    says.open_since = std::max(says.open_since, record.sending_since);
    return says;
  }
  says.phase = unseen || over ? Phase::kVerifying : record.phase;
  says.since = std::max(record.since, unseen || over ? says.open_since : Time{0});
  says.window = record.window;
  says.open_since = kForever;
  return says;
}

}  // namespace

Result<std::shared_ptr<const CalendarSnapshot>> ReadCalendar(const Store& store) {
  auto snapshot = std::make_shared<CalendarSnapshot>();
  Status read = ReadWindows(store, *snapshot);
  if (read.ok()) read = ReadLines(store, *snapshot);
  if (read.ok()) read = ReadModes(store, *snapshot);
  if (!read.ok()) return read;
  return std::shared_ptr<const CalendarSnapshot>(std::move(snapshot));
}

LineState Stricter(const CalendarSnapshot& snapshot, const LineId& line, MessageClass cls, Time now,
                   const PhaseRules& rules) {
  LineState says = StateAt(snapshot.bare, line, cls, now, rules);
  if (says.phase == Phase::kClosed) return says;
  const auto phases = snapshot.phases.find(line.value());
  if (phases == snapshot.phases.end()) return ByRecord(says, {says.phase, Time{0}, says.window, "", Time{0}});
  const auto record = phases->second.classes.find(cls);
  return record == phases->second.classes.end() ? says : ByRecord(std::move(says), record->second);
}

}  // namespace tvan
