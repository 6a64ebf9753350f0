#pragma once
// The stages of a message and the kinds of its events; numbers are stored, none is ever reused.

#include <cstdint>

namespace tvan {

// Where a message stands: the fold of its event log, kept beside it. The number is stored: never reuse one.
enum class Stage : uint8_t {
  kQueued = 1,        // accepted, or back at the head of its queue
  kHeld = 2,          // taken out of its queue with a reason, an owner and a deadline
  kSending = 3,       // an attempt is recorded and not settled; after a restart this means in doubt
  kInDoubt = 4,       // the attempt's outcome is unknown: search, then resend byte-identical
  kSent = 5,          // the line said OK; neither 999 nor answer yet
  kAcknowledged = 6,  // 999 with TTTNhan=0
  kWorkItem = 7,      // a person must look; answers still fold in
  kAnswered = 8,      // final
  kPartly = 9,        // final: partly accepted
  kRefused = 10,      // final: refused by the authority
  kWithdrawn = 11,    // final: by its provider, before any attempt
};
inline bool IsFinal(Stage s) { return s >= Stage::kAnswered; }
inline bool IsOpen(Stage s) { return !IsFinal(s); }
const char* ToString(Stage stage);  // "queued", "in_doubt", …

// What happened to a message.
enum class EventKind : uint8_t {
  kAccepted = 1,
  kHeld = 2,
  kReleased = 3,
  kAttempt = 4,
  kSent = 5,
  kNotSent = 6,
  kInDoubt = 7,
  kSearched = 8,
  kAcknowledged = 9,
  kAnswer = 10,
  kAnswerRepeated = 11,
  kWorkItem = 12,
  kSilent = 13,
  kWithdrawn = 14,
  kResolved = 15,
};
const char* ToString(EventKind kind);

}  // namespace tvan
