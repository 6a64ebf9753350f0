#pragma once
// The contact sheet of a stop (duties 0.9): four fields that go to the authority's IT department before 17:00 of the
// day before the stop. An operator's record of kind "contact_sheet", id = the occurrence, or a window for all its days.

#include <optional>
#include <string>

#include "gateway/calendar/window.h"
#include "gateway/calendar/words.h"
#include "store/store.h"

namespace tvan {

inline const char kContactSheetKind[] = "contact_sheet";

// The rule, in one place: so long before the midnight (+07:00) at which the start's day begins. 17:00 the day before.
inline constexpr Span kContactBefore = std::chrono::hours(7);

struct ContactSheet {
  std::string window;
  Contact contact;              // empty: nobody is named
  std::optional<Time> sent_at;  // when it went to the authority, as somebody recorded
  std::string sent_how;         // at most 200 bytes
  std::string sent_by;          // who recorded it
  uint64_t version = 0;         // 0: none is stored
};

enum class ContactState { kNotNeeded = 1, kMissing, kReady, kSent, kOverdue };

Time ContactDue(const Window& occurrence, Span before = kContactBefore);
// Only a stop that the authority announced needs one. Overdue: due has come and it was not sent, or by nobody's record.
ContactState StateOf(const Window& occurrence, const ContactSheet& sheet, Time now, Span before = kContactBefore);

// calendar.invalid: not all four fields; one of more than 100 bytes, or with control characters; an e-mail without one
// @ between two parts; a mobile that is not 9 to 15 digits, with + before and space, dot or dash between; sent to
// nobody known, in the future, or without a word on how.
Status CheckContactSheet(const ContactSheet& sheet, Time now);

// The occurrence's own; else that of its window; else what the window says of our contact. store.io, calendar.damaged
Result<ContactSheet> FindContactSheet(const Store& store, const Window& occurrence);
// Durable. A sheet whose contact is another than the one before is not sent, unless it says anew that it is; sent_by is
// kept while nothing else is said. Answers it as stored. calendar.invalid, store.conflict
Result<ContactSheet> PutContactSheet(Store& store, ContactSheet sheet, const std::string& author, Time now,
                                     std::optional<uint64_t> expected_version = std::nullopt);
Result<ContactSheet> DecodeContactSheet(const OperatorRecord& record);  // calendar.damaged

// The letter, ready to mail: the subject is its first line. `sender`: who we are. Empty while nobody is named.
Words ContactLetter(const Window& occurrence, const Contact& contact, const std::string& sender);

}  // namespace tvan
