#include "gateway/core/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "gateway/core/json.h"

namespace tvan {
namespace {

// The process's one log. It is never destroyed: threads may log until the very end.
struct LogState {
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sinks = std::make_shared<spdlog::sinks::dist_sink_mt>();
  spdlog::logger logger{"tvan", sinks};

  LogState() {
    sinks->add_sink(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger.set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    logger.flush_on(spdlog::level::trace);
  }
};

LogState& TheLog() {
  static auto* const log = new LogState;
  return *log;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view Name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

bool NeedsQuotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value)
    if (c <= 0x20 || c >= 0x7F || c == '"' || c == '=' || c == '\\') return true;
  return false;
}

void AppendField(std::string& line, std::string_view key, std::string_view value) {
  line.append(1, ' ').append(key).append(1, '=');
  if (NeedsQuotes(value))
    line.append(1, '"').append(JsonEscape(value)).append(1, '"');
  else
    line.append(value);
}

// Wall time of the host, also under a clock page: a log is read beside those of other programs.
std::string LineStart(LogLevel level, std::string_view event) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string line = "time=" + FormatTime(Time{std::chrono::duration_cast<Span>(now).count()});
  line.reserve(256);
  AppendField(line, "level", Name(level));
  AppendField(line, "event", event);
  return line;
}

void Emit(LogLevel level, const std::string& line) {
  TheLog().logger.log(ToSpdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

std::string Seconds(Span span) {
  char out[32];
  const auto us = static_cast<long long>(span.count());
  std::snprintf(out, sizeof out, "%s%lld.%06lld", us < 0 ? "-" : "", (us < 0 ? -us : us) / 1'000'000,
                (us < 0 ? -us : us) % 1'000'000);
  return out;
}

}  // namespace

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!TheLog().logger.should_log(ToSpdlog(level))) return;
  std::string line = LineStart(level, event);
  for (const auto& [key, value] : fields) AppendField(line, key, value);
  Emit(level, line);
}

void SetLogLevel(LogLevel level) { TheLog().logger.set_level(ToSpdlog(level)); }

Status LogToFile(const std::string& path) {
  try {
    auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path, /*truncate=*/false);
    file->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    TheLog().sinks->set_sinks({std::move(file)});
  } catch (const spdlog::spdlog_ex& failed) {
    return Status::Permanent("log.open"_reason, failed.what());
  }
  return {};
}

void LogHandOver(const HandOver& h) {
  if (!TheLog().logger.should_log(spdlog::level::info)) return;
  std::string line = LineStart(LogLevel::kInfo, "hand_over");
  AppendField(line, "kind", h.kind);
  AppendField(line, "id", h.gateway_id.value());
  AppendField(line, "provider", h.provider.value());
  AppendField(line, "class", h.message_class);
  AppendField(line, "type", std::to_string(h.message_type));
  AppendField(line, "attempt", std::to_string(h.attempt));
  AppendField(line, "line", h.line);
  AppendField(line, "outcome", h.outcome);
  if (!h.reason.empty()) AppendField(line, "reason", h.reason);
  AppendField(line, "delays",
              Seconds(h.queued) + "/" + Seconds(h.sending) + "/" + Seconds(h.answering) + "/" + Seconds(h.delivering));
  Emit(LogLevel::kInfo, line);
}

}  // namespace tvan
