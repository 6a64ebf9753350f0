#pragma once
// Takes one sealed snapshot (DESIGN section 7, duties 2.12, 2.13, 2.22): every message in one of four bins, as of the
// stop, into a CSV with a sealed manifest. Memory is that of a page and of one message, whatever the backlog. Blocking,
// for as long as the reading takes; reads the store, and changes nothing there.
//
// What is consistent, and what is not: each message is read once, after the stop. Messages accepted after the stop are
// left out. One whose state is younger than the stop (it was on its way then, or the snapshot came late) has its
// present state and the note "moved". Open ones of long ago are found by their states (old_open.h).

#include <functional>
#include <string>
#include <vector>

#include "adapters/xml_document.h"
#include "gateway/core/clock.h"
#include "gateway/core/digest.h"
#include "gateway/seal/seal.h"
#include "store/store.h"

namespace tvan {

struct SnapshotParts {
  const Store& store;
  const Sealer& sealer;
  const XmlParser& parser;
  const Digester& digester;
  Clock& clock;
  std::function<Result<std::vector<ProviderId>>()> providers;  // all that ever had a contract
};

struct SnapshotOrder {
  std::string folder, line, window;
  Time stop_at;
  bool by_hand = false;
  uint64_t leave_free = 256 << 20;                                   // bytes of the disk
  size_t most_old = 100'000;                                         // open messages of long ago, see OldOpen
  std::function<void(uint64_t messages, uint64_t rows)> progress{};  // after each page
  std::function<bool()> stopped{};                                   // true: give it up
};

// What became final is told of since the snapshot before, at most of the last day, of messages accepted in the week
// before.
inline constexpr Span kAnsweredWithin = std::chrono::hours(24), kAcceptedWithin = std::chrono::hours(24 * 7);
// Made so much after the stop, a snapshot says that it is late.
inline constexpr Span kLateAfter = std::chrono::minutes(1);

// The name of the snapshot. Errors: reconcile.unwritable, reconcile.stopped (transient), and those of the store.
Result<std::string> TakeSnapshot(const SnapshotParts& parts, const SnapshotOrder& order);

}  // namespace tvan
