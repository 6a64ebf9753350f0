#pragma once
// The hand-over file of one provider's buffer: what another T-VAN needs to take the messages over that never left here
// (duties 2.4, section 7). JSON lines in sealed segments; HANDOVER.md writes them down. Reads the store, and changes
// nothing there: the messages stay ours until their provider withdraws them. Blocking; one thread a call.

#include <functional>
#include <string>

#include "gateway/core/clock.h"
#include "gateway/core/digest.h"
#include "gateway/seal/seal.h"
#include "store/store.h"

namespace tvan {

struct HandoverParts {
  const Store& store;
  const Sealer& sealer;
  const Digester& digester;
  const Clock& clock;
};

// Whole lines, in order.
struct HandoverPiece {
  std::string lines;
  uint64_t messages = 0;  // handed over so far, in this call
  uint64_t through = 0;   // of a seal: the acceptance up to which the file is whole
  bool sealed = false, complete = false;
};

struct HandoverOrder {
  ProviderId provider;
  uint64_t after = 0;                              // go on behind the seal of this acceptance
  std::function<bool(const HandoverPiece&)> take;  // false: give it up
  std::function<bool()> stopped{};                 // likewise, true
};

// A segment ends with its seal after so many messages or bytes: no more is lost when a call is cut short.
inline constexpr uint64_t kSegmentMessages = 500, kSegmentBytes = 16 << 20;

// Queued and held messages that were never attempted, and cannot have been in a life of the store that was lost.
// Errors: reconcile.stopped (transient), and those of the store.
Status ExportBuffer(const HandoverParts& parts, const HandoverOrder& order);

}  // namespace tvan
