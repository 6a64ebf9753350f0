#include "config/profiles_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace tvan {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kMostBytes = 4 * 1024 * 1024;  // of one file

Status Refused(const std::string& what) { return Status::Permanent("config.profiles_dir"_reason, what); }

Status ReadText(const fs::path& path, std::string& text) {
  std::error_code error;
  const uintmax_t size = fs::file_size(path, error);
  if (error) return Refused("cannot read " + path.string() + ": " + error.message());
  if (size > kMostBytes) return Refused(path.string() + " has more than 4 MiB");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  if (!file) return Refused("cannot read " + path.string());
  text = all.str();
  return {};
}

}  // namespace

Result<std::vector<ProfileFiles>> ReadProfilesFolder(const std::string& folder) {
  std::vector<ProfileFiles> profiles;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path path = entry->path();
    if (std::error_code none; !fs::exists(path / "profile.tsv", none)) continue;
    ProfileFiles files;
    files.id = path.filename().string();
    if (Status read = ReadText(path / "profile.tsv", files.profile_tsv); !read) return read;
    if (Status read = ReadText(path / "fields.tsv", files.fields_tsv); !read) return read;
    profiles.push_back(std::move(files));
  }
  if (error) return Refused("cannot read the folder " + folder + ": " + error.message());
  if (profiles.empty()) return Refused(folder + " holds no folder with a profile.tsv");
  std::sort(profiles.begin(), profiles.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return profiles;
}

}  // namespace tvan
