#pragma once
// A store that began as a copy of an older one (restored from a backup, or salvaged): what it knows of that, kept for
// ever under the control key `.recovery`, and the backup that such a copy is made from. Plain values.

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "gateway/core/digest.h"
#include "gateway/core/time.h"

namespace tvan {

// Everything that the older store did after `as_of` is unknown here: messages that stood open then may have been sent,
// messages that came after it are lost until their providers submit them again.
struct Recovery {
  enum class Reason : uint8_t { kRestore = 1, kSalvage = 2 };
  struct Ancestor {
    std::string incarnation;
    Time as_of;  // acts before it are in this store
  };
  Reason reason = Reason::kRestore;
  std::vector<Ancestor> ancestors;  // newest first, at least one, at most kMostAncestors
  uint64_t sequence = 0;            // of the last act that was copied
  uint64_t acceptance = 0;          // messages up to here were copied: they may have been sent since
  Time made_at, ended_at;           // ended_at 0: dispatch has not finished recovering

  static constexpr size_t kMostAncestors = 64;
  bool active() const { return ended_at.us == 0; }
  Time as_of() const { return ancestors.empty() ? Time{} : ancestors.front().as_of; }
  // From this time on a provider that knew `incarnation` submits again what we do not know; clocks may differ a little.
  // An incarnation that is not among the ancestors, or none: as the oldest. To submit too much is harmless.
  Time SubmitAgainFrom(const std::string& incarnation) const {
    if (ancestors.empty()) return {};
    const auto known = std::find_if(ancestors.begin(), ancestors.end(),
                                    [&](const Ancestor& a) { return a.incarnation == incarnation; });
    return (known == ancestors.end() ? ancestors.back() : *known).as_of - kSubmitMargin;
  }
  // Until then a submission that is new here may be one that the older store had taken, and sent, after the copy.
  Time UncertainUntil() const { return made_at + kUncertain; }
  static constexpr Span kSubmitMargin = std::chrono::minutes(5);
  static constexpr Span kUncertain = std::chrono::hours(7 * 24);
};
inline const char* ToString(Recovery::Reason reason) {
  return reason == Recovery::Reason::kSalvage ? "salvage" : "restore";
}

// A copy of a live store into a new folder. Any thread, one at a time.
struct BackupRequest {
  std::string folder;  // made; must not exist
  Time now;
  const Digester& digester;
  std::function<void(uint64_t done, uint64_t all)> progress;  // bytes; may be empty
  std::function<bool()> stopped{};  // asked between pieces; true gives the backup up (store.closed)
};
struct BackupFacts {
  std::string incarnation;
  uint64_t sequence = 0, acceptance = 0;
  Time taken_at;
  uint64_t files = 0, bytes = 0;
};

}  // namespace tvan
