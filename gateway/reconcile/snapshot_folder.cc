#include "gateway/reconcile/snapshot_folder.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tvan {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostEntries = 100'000, kMostSealed = 1 << 20;
constexpr size_t kTimeSize = sizeof("YYYYMMDD-HHMMSS") - 1;

// Ids are [a-z0-9-]; nothing else may name a file.
std::string Part(const std::string& id) {
  std::string part = id;
  for (char& c : part) {
    if (c == '/') c = '.';
    if (std::islower(static_cast<unsigned char>(c)) == 0 && std::isdigit(static_cast<unsigned char>(c)) == 0 &&
        c != '.')
      c = '-';
  }
  return part;
}

std::string TimePart(Time at) {
  std::string part;
  for (const char c : FormatLocal(at)) {
    if (c == 'T') part += '-';
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) part += c;
  }
  return part;
}

bool EndsWith(const std::string& text, std::string_view ending) {
  return text.size() >= ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

Result<std::string> ReadSmall(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostSealed, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (file.bad() || text.empty() || text.size() == kMostSealed)
    return Status::Permanent("reconcile.unreadable"_reason, path + " cannot be read, or is no file of a snapshot");
  return text;
}

// The names in the folder that end so, whatever they are.
std::vector<std::string> EndingIn(const std::string& folder, std::string_view ending) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (size_t seen = 0; !error && at != fs::directory_iterator() && seen < kMostEntries; at.increment(error), ++seen) {
    const std::string name = at->path().filename();
    if (EndsWith(name, ending)) names.push_back(name.substr(0, name.size() - ending.size()));
  }
  return names;
}

}  // namespace

std::string SnapshotName(const std::string& line, const std::string& window, Time stop_at) {
  return Part(line) + "_" + Part(window) + "_" + TimePart(stop_at);
}

std::optional<Time> TimeInName(const std::string& name) {
  if (name.size() <= kTimeSize || name[name.size() - kTimeSize - 1] != '_') return std::nullopt;
  const std::string t = name.substr(name.size() - kTimeSize);
  if (std::count(name.begin(), name.end(), '_') != 2 || t[8] != '-') return std::nullopt;
  const auto time = ParseLocal(t.substr(0, 4) + "-" + t.substr(4, 2) + "-" + t.substr(6, 2) + "T" + t.substr(9, 2) +
                               ":" + t.substr(11, 2) + ":" + t.substr(13, 2));
  return time.ok() ? std::optional<Time>(*time) : std::nullopt;
}

bool SnapshotFolder::Has(const std::string& name) const {
  std::error_code error;
  return fs::is_regular_file(File(name, ".jws"), error);
}

std::vector<std::string> SnapshotFolder::Names() const {
  std::vector<std::string> names = EndingIn(path_, ".jws");
  std::erase_if(names, [](const std::string& name) { return !TimeInName(name); });
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return std::pair(*TimeInName(a), a) > std::pair(*TimeInName(b), b);
  });
  return names;
}

std::optional<Time> SnapshotFolder::Before(const std::string& line, Time stop_at) const {
  for (const std::string& name : Names())
    if (name.compare(0, Part(line).size() + 1, Part(line) + "_") == 0 && *TimeInName(name) < stop_at)
      return TimeInName(name);
  return std::nullopt;
}

void SnapshotFolder::RemoveUnfinished() const {
  for (const char* ending : {".csv.new", ".json.new", ".jws.new"}) {
    for (const std::string& name : EndingIn(path_, ending)) {
      std::error_code error;
      if (TimeInName(name)) fs::remove(File(name, ending), error);
    }
  }
}

Result<SnapshotFolder::Sealed> SnapshotFolder::Read(const std::string& name) const {
  auto manifest = ReadSmall(File(name, ".json")), jws = ReadSmall(File(name, ".jws"));
  if (!manifest.ok()) return manifest.status();
  if (!jws.ok()) return jws.status();
  std::error_code error;
  const auto bytes = fs::file_size(File(name, ".csv"), error);
  return Sealed{*std::move(manifest), *std::move(jws), error ? 0 : bytes};
}

}  // namespace tvan
