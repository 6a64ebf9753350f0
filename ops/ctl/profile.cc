#include "ops/ctl/profile.h"

#include <filesystem>
#include <map>
#include <sstream>

#include "ops/ctl/files.h"

namespace tvan::ctl {
namespace {

namespace fs = std::filesystem;

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r\"");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\"") - begin + 1);
}

std::map<std::string, std::string*> Fields(Profile& profile) {
  return {{"role", &profile.role},
          {"endpoint", &profile.endpoint},
          {"ca", &profile.ca},
          {"certificate", &profile.certificate},
          {"key", &profile.key},
          {"tax_code", &profile.tax_code},
          {"tvan_mst", &profile.tvan_mst}};
}

// Empty: there is none.
std::string FindFile(const std::string& name) {
  const fs::path path(name);
  const fs::path inside = path.parent_path() / "profiles" / (path.filename().string() + ".yaml");
  std::error_code ignored;
  for (const fs::path& candidate : {path, fs::path(name + ".yaml"), inside})
    if (fs::is_regular_file(candidate, ignored)) return candidate.string();
  return "";
}

}  // namespace

Result<Profile> ParseProfile(const std::string& text, const std::string& file) {
  Profile profile;
  profile.file = file;
  const auto fields = Fields(profile);
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    line = Trimmed(line);
    if (line.empty() || line[0] == '#') continue;
    const size_t colon = line.find(':');
    const auto field = fields.find(line.substr(0, colon));
    if (colon == std::string::npos || field == fields.end())
      return Status::Permanent("ctl.profile"_reason, file + ":" + std::to_string(number) + ": not a line of a profile");
    *field->second = Trimmed(line.substr(colon + 1));
  }
  const fs::path folder = fs::path(file).parent_path();
  for (std::string* path : {&profile.ca, &profile.certificate, &profile.key})
    if (!path->empty() && fs::path(*path).is_relative()) *path = (folder / *path).lexically_normal().string();
  return profile;
}

Result<Profile> LoadProfile(const std::string& name) {
  const std::string file = FindFile(name);
  if (file.empty())
    return Status::Permanent("ctl.profile"_reason,
                             "there is no profile " + name + " (a file, or DIR/NAME for DIR/profiles/NAME.yaml)");
  const auto text = ReadFile(file);
  if (!text.ok()) return text.status();
  return ParseProfile(*text, file);
}

std::string FormatProfile(const Profile& profile) {
  Profile copy = profile;
  std::string out = "# A connection profile of tvanctl: tvanctl --profile DIR/NAME …\n";
  for (const auto& [name, value] : Fields(copy))
    if (!value->empty()) out += name + ": \"" + *value + "\"\n";
  return out;
}

}  // namespace tvan::ctl
