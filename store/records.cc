#include "store/records.h"

namespace tvan {

const char* ToString(Stage stage) {
  switch (stage) {
    case Stage::kQueued:
      return "queued";
    case Stage::kHeld:
      return "held";
    case Stage::kSending:
      return "sending";
    case Stage::kInDoubt:
      return "in_doubt";
    case Stage::kSent:
      return "sent";
    case Stage::kAcknowledged:
      return "acknowledged";
    case Stage::kWorkItem:
      return "work_item";
    case Stage::kAnswered:
      return "answered";
    case Stage::kPartly:
      return "partly_accepted";
    case Stage::kRefused:
      return "refused";
    case Stage::kWithdrawn:
      return "withdrawn";
  }
  return "unknown";
}

const char* ToString(EventKind kind) {
  switch (kind) {
    case EventKind::kAccepted:
      return "accepted";
    case EventKind::kHeld:
      return "held";
    case EventKind::kReleased:
      return "released";
    case EventKind::kAttempt:
      return "attempt";
    case EventKind::kSent:
      return "sent";
    case EventKind::kNotSent:
      return "not_sent";
    case EventKind::kInDoubt:
      return "in_doubt";
    case EventKind::kSearched:
      return "searched";
    case EventKind::kAcknowledged:
      return "acknowledged";
    case EventKind::kAnswer:
      return "answer";
    case EventKind::kAnswerRepeated:
      return "answer_repeated";
    case EventKind::kWorkItem:
      return "work_item";
    case EventKind::kSilent:
      return "silent";
    case EventKind::kWithdrawn:
      return "withdrawn";
    case EventKind::kResolved:
      return "resolved";
  }
  return "unknown";
}

}  // namespace tvan
