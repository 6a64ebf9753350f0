#pragma once
// The transcript: one JSON object a line, appended and flushed at once (TRANSCRIPT.md). Thread-safe.

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/json.h"

namespace tvan::sim {

// One event under construction; keys in the order they are added.
class Event {
 public:
  explicit Event(std::string kind) : kind_(std::move(kind)) {}
  Event& Text(std::string_view key, std::string_view value);
  Event& Number(std::string_view key, int64_t value);
  Event& At(std::string_view key, Time value);  // 0 is ""
  Event& List(std::string_view key, const std::vector<std::string>& values);
  const std::string& kind() const { return kind_; }
  const std::string& fields() const { return fields_; }

 private:
  std::string kind_;
  std::string fields_;  // ,"key":value…
};

class Transcript {
 public:
  // Empty path: standard output. sim.transcript
  static Result<std::unique_ptr<Transcript>> Open(const std::string& path, const Clock& clock);
  ~Transcript();
  Transcript(const Transcript&) = delete;
  Transcript& operator=(const Transcript&) = delete;
  // A transcript that cannot be written ends the program: a run without evidence is worth nothing.
  void Write(const Event& event);

 private:
  Transcript(std::FILE* file, const Clock& clock) : file_(file), clock_(clock) {}
  std::FILE* file_;
  const Clock& clock_;
  std::mutex mutex_;
  int64_t sequence_ = 0;
};

}  // namespace tvan::sim
