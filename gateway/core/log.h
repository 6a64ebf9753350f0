#pragma once
// Logging: structured one-line records to stderr, and the one hand-over line per attempt and per answer (Postfix's
// habit: one line tells the fate, with the delays split). spdlog stays behind log.cc. Thread-safe.
// Payloads, secrets and personal data never come here: fields are ids, digests, reasons, numbers.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/core/ids.h"
#include "gateway/core/time.h"

namespace tvan {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
using LogField = std::pair<std::string_view, std::string>;

// "time=… level=info event=store.opened path=… records=…": values are quoted when needed; control characters escaped.
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);
void SetLogLevel(LogLevel level);
// Appends to `path` instead of stderr. log.open
Status LogToFile(const std::string& path);

// One per attempt's end and one per answer's delivery.
struct HandOver {
  std::string_view kind;  // "attempt" | "answer"
  MessageId gateway_id;   // our MTDiep
  ProviderId provider;
  std::string_view message_class;
  int message_type = 0;  // MLTDiep
  uint32_t attempt = 0;
  std::string line;
  std::string_view outcome;  // sent | not_sent | in_doubt | answered | parked …
  std::string reason;        // empty, or room.what
  Span queued{};             // accepted → attempt recorded
  Span sending{};            // attempt recorded → line's answer
  Span answering{};          // sent → authority's answer received
  Span delivering{};         // answer received → in the mailbox
};
void LogHandOver(const HandOver& line);

}  // namespace tvan
