#include "gateway/admin/night_records.h"

#include <algorithm>

#include "gateway/admin/audit.h"
#include "gateway/calendar/marks.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/queries.h"

namespace tvan {
namespace {

constexpr Span kOneDay = std::chrono::hours(24);
constexpr int kMostHistory = 100;

Status NotFound(const std::string& what) { return Status::Permanent("admin.not_found"_reason, what); }

// Of a window that recurs the day that runs or comes next, else its first.
Window PresentOf(const Window& window, Time now) { return OccurrenceAt(window, now).value_or(window); }

// It says how and not when: now.
ContactSheet SheetOf(const admin::v1::ContactSheet& in, const std::string& id, Time now) {
  ContactSheet sheet;
  sheet.window = id;
  sheet.contact = {in.contact().name(), in.contact().title(), in.contact().email(), in.contact().mobile()};
  if (in.has_sent_at() || !in.sent_how().empty()) sheet.sent_at = in.has_sent_at() ? FromProto(in.sent_at()) : now;
  sheet.sent_how = in.sent_how();
  return sheet;
}

OnCall RotaOf(const admin::v1::OnCall& in, const std::string& id) {
  OnCall rota{id, {}, 0};
  for (const admin::v1::Shift& shift : in.shifts())
    rota.shifts.push_back({shift.name(), shift.mobile(), FromProto(shift.from()), FromProto(shift.to())});
  return rota;
}

void Fill(const OnCall& rota, const Window& occurrence, admin::v1::OnCall& out) {
  out.set_window(rota.window);
  out.set_version(rota.version);
  for (const Shift& shift : rota.shifts) ToProto(shift, *out.add_shifts());
  const auto [from, to] = HoursOf(occurrence);
  for (const TimeGap& gap : GapsIn(rota.shifts, from, to)) ToProto(gap, *out.add_gaps());
}

IncidentEntry EntryOf(Time now, const std::string& author, admin::v1::EntryKind kind, const std::string& text) {
  const bool said = kind != admin::v1::ENTRY_KIND_UNSPECIFIED;
  return {now, author, said ? static_cast<EntryKind>(kind) : EntryKind::kNote, text};
}

std::string LineOf(const OperatorRecord& record, const ContactSheet& sheet) {
  std::string line =
      std::to_string(record.version) + "  " + FormatLocal(record.changed_at) + "+07:00  " + record.author;
  if (!sheet.sent_at) return line + "  not sent";
  return line + "  sent " + FormatLocal(*sheet.sent_at) + "+07:00: " + sheet.sent_how + " (" + sheet.sent_by + ")";
}

Status FillHistory(const Store& store, const std::string& id, admin::v1::GetContactSheetResponse& response) {
  const auto history = store.RecordHistory(kContactSheetKind, id, {.limit = kMostHistory});
  if (!history) return history.status();
  for (const OperatorRecord& record : *history) {
    const auto sheet = DecodeContactSheet(record);
    if (!sheet) return sheet.status();
    response.add_history(LineOf(record, *sheet));
  }
  return {};
}

}  // namespace

void ToProto(const ContactSheet& sheet, const Window& occurrence, Time now, Span before, admin::v1::ContactSheet& out) {
  out.set_window(sheet.window);
  if (!sheet.contact.empty()) {
    auto& contact = *out.mutable_contact();
    contact.set_name(sheet.contact.name);
    contact.set_title(sheet.contact.title);
    contact.set_email(sheet.contact.email);
    contact.set_mobile(sheet.contact.mobile);
  }
  if (sheet.sent_at) ToProto(*sheet.sent_at, *out.mutable_sent_at());
  out.set_sent_how(sheet.sent_how);
  out.set_sent_by(sheet.sent_by);
  ToProto(ContactDue(occurrence, before), *out.mutable_due());
  out.set_state(static_cast<admin::v1::ContactState>(StateOf(occurrence, sheet, now, before)));
  out.set_version(sheet.version);
}

void ToProto(const Shift& shift, admin::v1::Shift& out) {
  out.set_name(shift.name);
  out.set_mobile(shift.mobile);
  ToProto(shift.from, *out.mutable_from());
  ToProto(shift.to, *out.mutable_to());
}

void ToProto(const TimeGap& gap, admin::v1::Gap& out) {
  ToProto(gap.first, *out.mutable_from());
  ToProto(gap.second, *out.mutable_to());
}

void ToProto(const Incident& incident, admin::v1::Incident& out) {
  out.set_id(incident.id);
  out.set_title(incident.title);
  out.set_window(incident.window);
  out.set_fault_class(incident.fault_class);
  ToProto(incident.opened_at, *out.mutable_opened_at());
  if (incident.closed_at) ToProto(*incident.closed_at, *out.mutable_closed_at());
  out.set_entries_total(incident.entries);
}

Result<NightRecords::Stop> NightRecords::StopOf(const std::string& id) const {
  const Time now = parts_.clock.Now();
  std::vector<Window> windows = parts_.calendar.Windows();
  for (Window& w : windows) w.unverified = false;
  if (id.empty()) {
    auto night = NightOf(windows, parts_.line, now);
    if (!night) return NotFound("no stop goes on, and none comes within 35 days: name one");
    return Stop{night->id, *night};
  }
  const size_t slash = id.find('/');
  for (const Window& w : windows) {
    if (w.id != id.substr(0, slash)) continue;
    if (slash == std::string::npos) return Stop{id, PresentOf(w, now)};
    const auto day = ParseDate(id.substr(slash + 1));
    if (!day) break;
    for (const Window& occurrence : ClosingWindows({w}, *day, *day + kOneDay))
      if (occurrence.id == id) return Stop{id, occurrence};
  }
  return NotFound("there is no stop " + id + "; `tvanctl window list` names them");
}

Status NightRecords::Put(const admin::v1::PutContactSheetRequest& request, const std::string& author,
                         admin::v1::PutContactSheetResponse& response) {
  const auto stop = StopOf(request.sheet().window());
  if (!stop) return stop.status();
  const Time now = parts_.clock.Now();
  const auto stored = PutContactSheet(parts_.store, SheetOf(request.sheet(), stop->id, now), author, now,
                                      Expected(request.sheet().version()));
  if (!stored) return stored.status();
  Audit("contact_sheet", stop->id, stored->version, author, stored->sent_at ? "sent" : "");
  ToProto(*stored, stop->occurrence, now, parts_.contact_before, *response.mutable_sheet());
  return {};
}

Status NightRecords::Get(const admin::v1::GetContactSheetRequest& request,
                         admin::v1::GetContactSheetResponse& response) const {
  const auto stop = StopOf(request.window());
  if (!stop) return stop.status();
  Window asked = stop->occurrence;
  asked.id = stop->id;
  const auto sheet = FindContactSheet(parts_.store, asked);
  if (!sheet) return sheet.status();
  ToProto(*sheet, stop->occurrence, parts_.clock.Now(), parts_.contact_before, *response.mutable_sheet());
  ToProto(stop->occurrence.start, *response.mutable_start());
  const Words letter = ContactLetter(stop->occurrence, sheet->contact, parts_.sender);
  response.mutable_letter()->set_vi(letter.vi);
  response.mutable_letter()->set_en(letter.en);
  return FillHistory(parts_.store, sheet->window, response);
}

Status NightRecords::Put(const admin::v1::PutOnCallRequest& request, const std::string& author,
                         admin::v1::PutOnCallResponse& response) {
  const auto stop = StopOf(request.on_call().window());
  if (!stop) return stop.status();
  const auto stored = PutOnCall(parts_.store, RotaOf(request.on_call(), stop->occurrence.id), author,
                                parts_.clock.Now(), Expected(request.on_call().version()));
  if (!stored) return stored.status();
  Audit("on_call", stored->window, stored->version, author, "");
  Fill(*stored, stop->occurrence, *response.mutable_on_call());
  return {};
}

Status NightRecords::List(const admin::v1::ListOnCallRequest& request, admin::v1::ListOnCallResponse& response) const {
  const auto stop = StopOf(request.window());
  if (!stop) return stop.status();
  const auto rota = FindOnCall(parts_.store, stop->occurrence.id);
  if (!rota) return rota.status();
  Fill(*rota, stop->occurrence, *response.mutable_on_call());
  return {};
}

Status NightRecords::Open(const admin::v1::OpenIncidentRequest& request, const std::string& author,
                          admin::v1::OpenIncidentResponse& response) {
  Incident said;
  said.title = request.title();
  said.fault_class = request.fault_class();
  if (!request.window().empty()) {
    const auto stop = StopOf(request.window());
    if (!stop) return stop.status();
    said.window = stop->occurrence.id;
  }
  const std::string& text = request.text().empty() ? request.title() : request.text();
  const auto opened = OpenIncident(parts_.store, said, EntryOf(parts_.clock.Now(), author, request.kind(), text));
  if (!opened) return opened.status();
  Audit("incident_opened", opened->id, opened->entries, author, "");
  ToProto(*opened, *response.mutable_incident());
  return {};
}

Status NightRecords::Add(const admin::v1::AddToIncidentRequest& request, const std::string& author,
                         admin::v1::AddToIncidentResponse& response) {
  std::string id = request.id();
  const LogOf of = id.rfind("INC-", 0) == 0 ? LogOf::kIncident : LogOf::kStop;
  if (of == LogOf::kStop) {
    const auto stop = StopOf(id);
    if (!stop) return stop.status();
    id = stop->occurrence.id;
  }
  const IncidentEntry entry = EntryOf(parts_.clock.Now(), author, request.kind(), request.text());
  const auto added = AddToIncident(parts_.store, id, of, entry, request.fault_class());
  if (!added) return added.status();
  Audit("incident_entry", id, added->entries, author, "");
  ToProto(*added, *response.mutable_incident());
  return {};
}

Status NightRecords::Close(const admin::v1::CloseIncidentRequest& request, const std::string& author,
                           admin::v1::CloseIncidentResponse& response) {
  const IncidentEntry last = EntryOf(parts_.clock.Now(), author, admin::v1::ENTRY_KIND_DECISION, request.text());
  const auto closed = CloseIncident(parts_.store, request.id(), last, request.fault_class());
  if (!closed) return closed.status();
  Audit("incident_closed", closed->id, closed->entries, author, "");
  ToProto(*closed, *response.mutable_incident());
  return {};
}

Status NightRecords::List(const admin::v1::ListIncidentsRequest& request,
                          admin::v1::ListIncidentsResponse& response) const {
  if (!request.id().empty()) {
    const auto log = ReadIncident(parts_.store, request.id());
    if (!log) return log.status();
    auto& out = *response.add_incidents();
    ToProto(log->incident, out);
    for (const IncidentEntry& entry : log->entries) {
      auto& said = *out.add_entries();
      ToProto(entry.at, *said.mutable_at());
      said.set_author(entry.author);
      said.set_kind(static_cast<admin::v1::EntryKind>(entry.kind));
      said.set_text(entry.text);
    }
    return {};
  }
  const auto limit = PageSize(request.limit(), 100);
  if (!limit) return Status::Permanent("admin.bad_request"_reason, "limit: 1..1000");
  const auto incidents = ListIncidents(parts_.store);
  if (!incidents) return incidents.status();
  for (const Incident& incident : *incidents) {
    if (request.open_only() && incident.closed_at) continue;
    if (static_cast<uint32_t>(response.incidents_size()) == *limit) break;
    ToProto(incident, *response.add_incidents());
  }
  return {};
}

}  // namespace tvan
