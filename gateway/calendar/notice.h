#pragma once
// A notice: one change of a stop, or of the catch-up after one, said once to all providers, with texts that they can
// pass on. Plain values and pure functions; RECORDS.md has the stored fields.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "gateway/calendar/window.h"
#include "gateway/calendar/words.h"
#include "gateway/core/json.h"
#include "store/store.h"

namespace tvan {

// Numbers are stored.
enum class NoticeKind {
  kAnnounced = 1,
  kChanged = 2,
  kExtended = 3,
  kEndedEarly = 4,
  kCancelled = 5,
  kCatchUpBegun = 6,
  kCatchUpMoved = 7,
  kCatchUpOver = 8
};
const char* ToString(NoticeKind kind);  // "window_announced" …
inline bool IsOfCatchUp(NoticeKind kind) { return kind >= NoticeKind::kCatchUpBegun; }

struct NoticeTexts {
  Words title, for_provider, for_users;  // what is said; what a provider does; what its customers may be told
};

struct CatchUp {  // as it is told
  Time began_at{};
  std::optional<Time> empty_at{};  // forecast of its end; none: it is over, or not before the next stop
  bool not_before_stop = false;
};

struct Notice {
  uint64_t number = 0;  // dense from 1
  NoticeKind kind = NoticeKind::kAnnounced;
  Time made_at;
  uint64_t version = 0;  // of the window
  Window window;         // as it is now said; a recurring one as it was entered
  CatchUp catch_up;      // of kCatchUp… only, which have no window
  NoticeTexts texts;
  std::string jws;  // seals NoticeJson
};
using NoticePtr = std::shared_ptr<const Notice>;

// What must be told of a window, when `told` is what was told last (nullptr: nothing was). A window that switches
// nothing (unverified, cancelled, a rehearsal unless `rehearsals`, over before it was told of) is not told of; one that
// was told of and switches nothing any more is cancelled. What providers do not see changes nothing.
enum class Rehearsals { kTell, kKeepQuiet };
std::optional<NoticeKind> WhatToTell(const Window* told, const Window& window, Rehearsals rehearsals, Time now);

NoticeTexts TextsOf(NoticeKind kind, const Window& window);
NoticeTexts TextsOf(NoticeKind kind, const CatchUp& catch_up, Time made_at);
WindowState StateSaid(NoticeKind kind, const Window& window, Time at);

// The window of a notice as providers see it: of one that recurs the occurrence that runs or comes next at `at`.
Window WindowSaid(const Window& window, Time at);

// What a notice's jws seals: keys sorted, stable, without cursor, jws and acknowledgement.
std::string NoticeJson(const Notice& notice);
inline constexpr std::string_view kNoticeType = "tvan-notice+jws";
// One window as JSON, its keys sorted. `id` and times are those of `window`.
void WriteWindow(const Window& window, WindowState state, uint64_t version, JsonWriter& json);
void WriteWords(const Words& words, JsonWriter& json);  // {"en":…,"vi":…}

inline const char kNoticeKind[] = "notice";  // id: the number, twelve digits
std::string NoticeId(uint64_t number);
std::string EncodeNotice(const Notice& notice);
Result<Notice> DecodeNotice(const OperatorRecord& record);  // calendar.damaged

}  // namespace tvan
