#include "store/rocksdb/backup_manifest.h"

#include <algorithm>
#include <charconv>

namespace tvan {
namespace {

constexpr std::string_view kHead = "tvan-store-backup ";
constexpr uint64_t kVersion = 1;

Status Damaged(const std::string& what) {
  return Status::Permanent("store.backup_damaged"_reason, "the backup is damaged: " + what);
}

std::string_view TakeWord(std::string_view& line) {
  const size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

bool IntoNumber(std::string_view text, uint64_t& out) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && !text.empty();
}

// A file right below db/, whatever the manifest says: nothing is ever written elsewhere.
bool IsOurs(std::string_view name) {
  if (name.substr(0, 3) != "db/" || name.size() < 4 || name.size() > 100 || name[3] == '.') return false;
  return std::all_of(name.begin() + 3, name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_'; });
}

bool IntoFile(std::string_view rest, BackupManifest& manifest) {
  BackupManifest::File file;
  const auto digest = ParseSha256Hex(std::string(TakeWord(rest)));
  if (!digest.ok() || !IntoNumber(TakeWord(rest), file.size) || !IsOurs(rest)) return false;
  file.sha256 = *digest;
  file.name = std::string(rest);
  manifest.facts.bytes += file.size;
  ++manifest.facts.files;
  manifest.files.push_back(std::move(file));
  return true;
}

bool IntoFacts(std::string_view word, std::string_view rest, BackupManifest& manifest) {
  BackupFacts& facts = manifest.facts;
  uint64_t us = 0;
  if (word == "incarnation") return facts.incarnation = std::string(rest), rest.size() == 32;
  if (word == "act") return IntoNumber(rest, facts.sequence);
  if (word == "acceptance") return IntoNumber(rest, facts.acceptance);
  if (word == "taken_at") return true;  // for people; taken_at_us counts
  if (word == "taken_at_us") {
    const bool good = IntoNumber(rest, us);
    facts.taken_at.us = static_cast<int64_t>(us);
    return good;
  }
  return word == "file" && IntoFile(rest, manifest);
}

}  // namespace

std::string Render(const BackupManifest& manifest, const Digester& digester) {
  const BackupFacts& facts = manifest.facts;
  std::string text = std::string(kHead) + std::to_string(kVersion) + "\n";
  text += "incarnation " + facts.incarnation + "\n";
  text += "act " + std::to_string(facts.sequence) + "\n";
  text += "acceptance " + std::to_string(facts.acceptance) + "\n";
  text += "taken_at " + FormatTime(facts.taken_at) + "\n";
  text += "taken_at_us " + std::to_string(facts.taken_at.us) + "\n";
  for (const BackupManifest::File& file : manifest.files)
    text += "file " + file.sha256.Hex() + " " + std::to_string(file.size) + " " + file.name + "\n";
  return text + "sha256 " + digester.Sha256Of(text).Hex() + "\n";
}

Result<BackupManifest> ParseBackupManifest(std::string_view text, const Digester& digester) {
  const size_t seal = text.rfind("sha256 ");
  if (text.substr(0, kHead.size()) != kHead || seal == std::string_view::npos) return Damaged("BACKUP is not whole");
  const std::string_view body = text.substr(0, seal);
  uint64_t version = 0;
  const std::string_view first = body.substr(0, body.find('\n'));
  if (!IntoNumber(first.substr(kHead.size()), version)) return Damaged("BACKUP has no version");
  if (version > kVersion)
    return Status::Permanent("store.newer_format"_reason,
                             "the backup has format " + std::to_string(version) + ". Use the newer program");
  if (text.substr(seal) != "sha256 " + digester.Sha256Of(body).Hex() + "\n") return Damaged("BACKUP was changed");
  BackupManifest manifest;
  std::string_view left = body.substr(std::min(first.size() + 1, body.size()));
  while (!left.empty()) {
    std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(line.size() + 1, left.size()));
    const std::string whole(line);
    const std::string_view word = TakeWord(line);
    if (!IntoFacts(word, line, manifest)) return Damaged("BACKUP has the line '" + whole.substr(0, 200) + "'");
  }
  if (manifest.facts.incarnation.empty() || manifest.files.empty()) return Damaged("BACKUP is not whole");
  return manifest;
}

}  // namespace tvan
