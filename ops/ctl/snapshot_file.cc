#include "ops/ctl/snapshot_file.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "adapters/signature.h"
#include "gateway/reconcile/csv.h"
#include "gateway/seal/seal.h"
#include "ops/ctl/files.h"

namespace tvan::ctl {
namespace {

using Json = nlohmann::json;

constexpr size_t kPiece = 1 << 20;

Status NotValid(const std::string& what) { return Status::Permanent("ctl.snapshot"_reason, what); }
Status CannotRead(const std::string& path) { return Status::Permanent("ctl.file"_reason, "cannot read " + path); }

struct FileFacts {
  std::string sha256;
  uint64_t bytes = 0;
};

Result<FileFacts> FactsOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(path);
  const auto digest = MakeDigester()->BeginSha256();
  std::string piece(kPiece, '\0');
  FileFacts facts;
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    const auto size = static_cast<size_t>(file.gcount());
    digest->Add(std::string_view(piece).substr(0, size));
    facts.bytes += size;
  }
  if (file.bad()) return CannotRead(path);
  facts.sha256 = digest->Finish().Hex();
  return facts;
}

// The CSV that this manifest speaks of.
Status CheckCsv(const Json& manifest, const std::string& csv) {
  const Json& says = manifest.at("csv");
  const auto facts = FactsOf(csv);
  if (!facts.ok()) return facts.status();
  if (says.value("bytes", uint64_t{0}) != facts->bytes || says.value("sha256", "") != facts->sha256)
    return NotValid(csv + " was changed since it was sealed");
  uint64_t rows = 0;
  const Status read = ReadSnapshot(csv, [&rows](const SnapshotCells&) { return ++rows, true; });
  if (!read.ok()) return read;
  return says.value("rows", uint64_t{0}) == rows ? Status() : NotValid(csv + " has another number of rows than sealed");
}

std::string Trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

std::string SnapshotBase(const std::string& file) {
  for (const std::string ending : {".csv", ".json", ".jws"})
    if (file.size() > ending.size() && file.compare(file.size() - ending.size(), ending.size(), ending) == 0)
      return file.substr(0, file.size() - ending.size());
  return file;
}

Status ReadSnapshot(const std::string& csv, const std::function<bool(const SnapshotCells&)>& take) {
  std::ifstream file(csv, std::ios::binary);
  if (!file) return CannotRead(csv);
  CsvReader reader(file);
  SnapshotCells cells;
  auto more = reader.Next(cells);
  if (!more.ok()) return more.status();
  if (!*more || !std::equal(cells.begin(), cells.end(), kColumnNames.begin(), kColumnNames.end()))
    return NotValid(csv + ": the columns are not those of a snapshot");
  while (true) {
    more = reader.Next(cells);
    if (!more.ok()) return more.status();
    if (!*more) return {};
    if (cells.size() != kColumns) return NotValid(csv + ": a record has another number of cells");
    if (!take(cells)) return {};
  }
}

Result<std::string> VerifySnapshot(const std::string& base, const std::string& key_set) {
  const auto jws = ReadFile(base + ".jws");
  if (!jws.ok()) return jws.status();
  auto text = Unseal(Trimmed(*jws), kSnapshotType, key_set);
  if (!text.ok()) return text.status();
  const Json manifest = Json::parse(*text, nullptr, false);
  if (!manifest.is_object() || !manifest.contains("csv") || !manifest["csv"].is_object() ||
      manifest.value("version", 0) != kSnapshotVersion)
    return NotValid("the seal is of no snapshot that this program knows");
  if (const auto beside = ReadFile(base + ".json"); beside.ok() && Trimmed(*beside) != *text)
    return NotValid(base + ".json says something else than the seal");
  if (Status status = CheckCsv(manifest, base + ".csv"); !status.ok()) return status;
  return text;
}

Fate FateOf(const SnapshotCells& was, const v1::Message* now) {
  if (now == nullptr) return Fate::kGone;
  const bool more = now->attempts() > std::strtoul(At(was, Column::kAttempts).c_str(), nullptr, 10);
  const bool unknown = At(was, Column::kBin) == "sent_unknown";
  switch (now->state()) {
    case v1::MESSAGE_STATE_ANSWERED:
    case v1::MESSAGE_STATE_PARTLY_ACCEPTED:
      return Fate::kAnswered;
    case v1::MESSAGE_STATE_REFUSED:
      return Fate::kRefused;
    case v1::MESSAGE_STATE_WITHDRAWN:
      return Fate::kWithdrawn;
    case v1::MESSAGE_STATE_WORK_ITEM:
      return Fate::kWorkItem;
    case v1::MESSAGE_STATE_HELD:
      return Fate::kHeld;
    case v1::MESSAGE_STATE_QUEUED:
      return Fate::kQueued;
    default:
      return !more ? Fate::kUnknown : unknown ? Fate::kResent : Fate::kSent;
  }
}

const char* ToString(Fate fate) {
  switch (fate) {
    case Fate::kAnswered:
      return "answered";
    case Fate::kRefused:
      return "refused";
    case Fate::kWithdrawn:
      return "withdrawn";
    case Fate::kResent:
      return "resent, no final answer yet";
    case Fate::kSent:
      return "sent since, no final answer yet";
    case Fate::kUnknown:
      return "still unknown";
    case Fate::kQueued:
      return "waits to be sent";
    case Fate::kHeld:
      return "held";
    case Fate::kWorkItem:
      return "a person must look";
    case Fate::kGone:
      break;
  }
  return "not in this store";
}

}  // namespace tvan::ctl
