#include "adapters/simulator/transcript.h"

#include <cerrno>
#include <cstring>

namespace tvan::sim {

Event& Event::Text(std::string_view key, std::string_view value) {
  fields_.append(",\"").append(key).append("\":\"").append(JsonEscape(value)).append("\"");
  return *this;
}

Event& Event::Number(std::string_view key, int64_t value) {
  fields_.append(",\"").append(key).append("\":").append(std::to_string(value));
  return *this;
}

Event& Event::At(std::string_view key, Time value) { return Text(key, value.us == 0 ? "" : FormatTime(value)); }

Event& Event::List(std::string_view key, const std::vector<std::string>& values) {
  fields_.append(",\"").append(key).append("\":[");
  for (size_t i = 0; i < values.size(); ++i)
    fields_.append(i == 0 ? "\"" : ",\"").append(JsonEscape(values[i])).append("\"");
  fields_.append("]");
  return *this;
}

Result<std::unique_ptr<Transcript>> Transcript::Open(const std::string& path, const Clock& clock) {
  std::FILE* file = path.empty() ? stdout : std::fopen(path.c_str(), "ae");
  if (file == nullptr)
    return Status::Permanent("sim.transcript"_reason, "cannot write " + path + ": " + std::strerror(errno));
  return std::unique_ptr<Transcript>(new Transcript(file, clock));
}

Transcript::~Transcript() {
  if (file_ != stdout) (void)std::fclose(file_);
}

void Transcript::Write(const Event& event) {
  std::lock_guard lock(mutex_);
  std::string line = "{\"seq\":" + std::to_string(++sequence_) + ",\"time\":\"" + FormatTime(clock_.Now()) +
                     "\",\"kind\":\"" + event.kind() + "\"" + event.fields() + "}\n";
  TVAN_CHECK(std::fwrite(line.data(), 1, line.size(), file_) == line.size() && std::fflush(file_) == 0);
}

}  // namespace tvan::sim
