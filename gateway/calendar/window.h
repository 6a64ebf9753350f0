#pragma once
// A window: a stop of the line, planned or not, as versioned data. Plain values and pure functions.
// Days and times of day are those of +07:00. A window that recurs stands for one occurrence a day; each occurrence is a
// window of its own to everybody who asks, named "<id>/<YYYY-MM-DD>" by the day it starts.

#include <optional>
#include <string>
#include <vector>

#include "gateway/core/envelope.h"
#include "gateway/core/ids.h"
#include "gateway/core/time.h"

namespace tvan {

enum class WindowKind {
  kAuthority = 0,  // the authority announced it
  kOwn = 1,        // ours; counts against the budget of a year, wants 30 days' notice (duties F7)
  kOutage = 2,     // a failure that came unannounced; `end` is when it is expected to be over
  kRehearsal = 3,  // played: closes a line of the sandbox only
};
const char* ToString(WindowKind kind);  // "authority" …

struct Contact {  // duties 0.9: all four, or none
  std::string name, title, email, mobile;
  bool empty() const { return name.empty() && title.empty() && email.empty() && mobile.empty(); }
  friend bool operator==(const Contact&, const Contact&) = default;
};

struct Recurrence {
  uint8_t weekdays = 0;            // bit 0 Monday … bit 6 Sunday; 0: it does not recur
  Time until = kForever;           // no occurrence starts at or after it
  std::vector<Time> exceptions{};  // midnights (+07:00) of days that have none; sorted
  bool recurs() const { return weekdays != 0; }
  friend bool operator==(const Recurrence&, const Recurrence&) = default;
};

struct Window {
  std::string id;                     // [a-z0-9-]{1,32}; of an occurrence with "/<day>"
  Time start, end;                    // half-open; of the first occurrence. `end` is the expected return: always there
  LineId line;                        // empty: every line
  std::vector<MessageClass> classes;  // empty: every class
  std::string reason, source;         // source: number of the notice, or who said so
  bool cancelled = false;
  WindowKind kind = WindowKind::kAuthority;
  bool unverified = false;           // heard of and not confirmed by an operator: switches nothing (duties 2.20)
  std::optional<Time> verify_until;  // the check of the connection after the stop is planned until then (0.8)
  std::optional<Time> ended_at;      // it ended early, then; before `end`
  Time first_end{};                  // `end` as it stood when it began; later: extended. 0: as `end`
  Time created_at{};                 // when it was entered. What was over by then is a note, and never closes a line
  Recurrence recurrence{};
  Contact theirs{}, ours{};  // at the authority; ours who coordinates during it (0.9, 0.10)
  std::string support;       // telephone or e-mail for the questions of providers (0.14)
};

// The end that counts.
inline Time EndOf(const Window& w) { return w.ended_at ? *w.ended_at : w.end; }

// planned: entered, not verified. announced: verified, to come. closed: over.
enum class WindowState { kPlanned, kAnnounced, kRunning, kExtended, kEndedEarly, kCancelled, kClosed };
const char* ToString(WindowState state);
// A recurring window: of its occurrence at `now`, else of the next, else of the last.
WindowState StateOf(const Window& window, Time now);

// The windows that stand for `windows` and touch [from, to): themselves, or their occurrences. A cancelled, empty or
// unverified one, and one that was over when it was entered, is left out; a rehearsal too, unless `rehearsals`.
// In order of start, then id.
std::vector<Window> ClosingWindows(const std::vector<Window>& windows, Time from, Time to, bool rehearsals = true);
// The occurrence that runs at `now`, else the next; nullopt: none comes. Of a window that does not recur: itself,
// unless it is over.
std::optional<Window> OccurrenceAt(const Window& window, Time now);

// calendar.invalid: end not after start, bad id, an unknown class or kind, text of more than 500 bytes, verify_until
// before the end, ended_at outside (start, end), a stop of more than 31 days, an occurrence of more than a day, more
// than 400 exceptions, a contact in part or with a field of more than 100 bytes.
Status CheckWindow(const Window& window);  // check_window.h says it in both languages

}  // namespace tvan
