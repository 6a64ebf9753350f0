#pragma once
// What a word of `tvanctl window` makes of a window. One day of a window that repeats ("daily/2026-11-22") is changed
// by an exception for that day and a window of its own for what shall be then ("daily-20261122"). Pure.

#include <optional>
#include <string>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/core/time.h"
#include "tvan/admin/v1/admin.pb.h"

namespace tvan::ctl {

using Windows = std::vector<admin::v1::Window>;  // in the order in which they are to be entered

struct WindowName {
  std::string id, day;  // day: empty, or "YYYY-MM-DD"
};
WindowName NameOf(const std::string& text);

struct NewEnd {
  std::optional<Span> by;     // later than the end that is entered
  std::optional<Time> until;  // or this
};
// All of them: ctl.usage, it has no such day, or a day must be named.
Result<Windows> Extended(const admin::v1::Window& window, const std::string& day, const NewEnd& end);
// `at` must lie in it; of one day at the gateway's time or later, since what is over when it is entered is a note.
Result<Windows> EndedAt(const admin::v1::Window& window, const std::string& day, Time at);
Result<Windows> Cancelled(const admin::v1::Window& window, const std::string& day, const std::string& reason);
// Days without a stop, or with theirs again.
enum class Days { kWithout, kAgain };
Result<Windows> Except(const admin::v1::Window& window, const std::vector<std::string>& days, Days what);

}  // namespace tvan::ctl
