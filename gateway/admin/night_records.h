#pragma once
// What operators write down around a stop: the contact sheet, who is on call, incidents and the log of a stop. What
// NightService does of it, free of gRPC. Blocking; thread-safe. Borrows its parts. Every change is durable, has an
// author and a line in the log, which names no person.

#include <set>
#include <string>

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/contact_sheet.h"
#include "gateway/calendar/incident.h"
#include "gateway/calendar/on_call.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "store/store.h"
#include "tvan/admin/v1/night.pb.h"

namespace tvan {

class NightRecords {
 public:
  struct Parts {
    Store& store;
    Calendar& calendar;
    LineId line;
    const Clock& clock;
    std::string sender;                    // who we are, in letters: name and tax code
    Span contact_before = kContactBefore;  // when the sheet is due
  };
  explicit NightRecords(Parts parts) : parts_(std::move(parts)) {}

  // Errors: admin.bad_request, admin.not_found (no such stop), calendar.invalid, calendar.no_incident,
  // calendar.incident_closed, calendar.incident_full, store.*
  Status Put(const admin::v1::PutContactSheetRequest& request, const std::string& author,
             admin::v1::PutContactSheetResponse& response);
  Status Get(const admin::v1::GetContactSheetRequest& request, admin::v1::GetContactSheetResponse& response) const;
  Status Put(const admin::v1::PutOnCallRequest& request, const std::string& author,
             admin::v1::PutOnCallResponse& response);
  Status List(const admin::v1::ListOnCallRequest& request, admin::v1::ListOnCallResponse& response) const;
  Status Open(const admin::v1::OpenIncidentRequest& request, const std::string& author,
              admin::v1::OpenIncidentResponse& response);
  Status Add(const admin::v1::AddToIncidentRequest& request, const std::string& author,
             admin::v1::AddToIncidentResponse& response);
  Status Close(const admin::v1::CloseIncidentRequest& request, const std::string& author,
               admin::v1::CloseIncidentResponse& response);
  Status List(const admin::v1::ListIncidentsRequest& request, admin::v1::ListIncidentsResponse& response) const;

  struct Stop {
    std::string id;     // as records name it: the occurrence, or a window that recurs for all its days
    Window occurrence;  // that goes on, or the next, or the last
  };
  // Empty: the stop that goes on or comes. Windows that are not confirmed count: their night is prepared all the same.
  Result<Stop> StopOf(const std::string& id) const;

 private:
  const Parts parts_;
};

// Says once of each stop that its contact sheet is overdue, and counts them: admin.contact_overdue in the log, gauge
// tvan_contact_overdue. Not thread-safe; call Look every minute. A start forgets what it said.
class ContactWatch {
 public:
  ContactWatch(NightRecords::Parts parts, Metrics& metrics);
  void Look();

 private:
  const NightRecords::Parts parts_;
  Gauge& overdue_;
  std::set<std::string> said_;
};

void ToProto(const ContactSheet& sheet, const Window& occurrence, Time now, Span before, admin::v1::ContactSheet& out);
void ToProto(const Shift& shift, admin::v1::Shift& out);
void ToProto(const TimeGap& gap, admin::v1::Gap& out);
void ToProto(const Incident& incident, admin::v1::Incident& out);  // without entries

}  // namespace tvan
