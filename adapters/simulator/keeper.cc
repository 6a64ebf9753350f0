#include "adapters/simulator/keeper.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "gateway/core/log.h"

namespace tvan::sim {
namespace {

constexpr int64_t kMostOfOneId = 1000;

// An id comes from outside: one that is no plain name must not choose a file.
std::string NameOf(const std::string& mtdiep, const std::string& sha256) {
  const bool plain = !mtdiep.empty() && mtdiep.size() <= 64 && std::all_of(mtdiep.begin(), mtdiep.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  });
  return plain ? mtdiep : "unnamed-" + sha256;
}

std::optional<std::string> ReadFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

Result<std::unique_ptr<Keeper>> Keeper::Open(const Options& options, Transcript& transcript) {
  std::unique_ptr<Keeper> keeper(new Keeper(options, transcript));
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  std::filesystem::remove(options.folder + "/new", error);  // half a file of an earlier run
  std::filesystem::directory_iterator entries(options.folder, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const uint64_t size = entries->file_size(error);
    if (error) break;
    ++keeper->files_;
    keeper->bytes_ += size;
  }
  if (error) return Status::Permanent("sim.keep"_reason, "--keep: " + options.folder + ": " + error.message());
  return keeper;
}

void Keeper::Keep(const std::string& mtdiep, const std::string& sha256, int64_t turn, const std::string& bytes) {
  const std::string why = TryKeep(NameOf(mtdiep, sha256), turn, bytes);
  if (why.empty()) return;
  ++missed_;
  Log(LogLevel::kError, "sim.not_kept", {{"mtdiep", mtdiep}, {"why", why}});
  transcript_.Write(Event("not_kept").Text("mtdiep", mtdiep).Text("message_sha256", sha256).Text("reason", why));
}

// Empty: it is there. Else why not.
std::string Keeper::TryKeep(const std::string& name, int64_t turn, const std::string& bytes) {
  std::string file = options_.folder + "/" + name + ".xml";
  for (int64_t n = 1; n <= kMostOfOneId; ++n) {
    const auto there = ReadFile(file);
    if (there && *there == bytes) return {};
    if (!there && (n == 1 || n > turn)) return Write(file, bytes);
    file = options_.folder + "/" + name + "." + std::to_string(n) + ".xml";
  }
  return "too many different bytes under one MTDiep";
}

std::string Keeper::Write(const std::string& file, const std::string& bytes) {
  if (files_ >= options_.max_files) return "full: " + std::to_string(files_) + " files";
  if (bytes_ + bytes.size() > options_.max_bytes) return "full: " + std::to_string(bytes_) + " bytes";
  const std::string fresh = options_.folder + "/new";
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    out << bytes;
    out.close();
    if (!out) return "cannot write " + fresh + ": " + std::strerror(errno);
  }
  if (std::rename(fresh.c_str(), file.c_str()) != 0) return "cannot write " + file + ": " + std::strerror(errno);
  ++files_;
  bytes_ += bytes.size();
  return {};
}

}  // namespace tvan::sim
