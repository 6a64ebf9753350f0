#include "gateway/contract/contract_import.h"

#include "gateway/contract/contract_rules.h"
#include "gateway/core/log.h"
#include "gateway/core/tagged.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

// Of the journal's body (rows stood in it before there were parts), of a part's, and of a row in either (RECORDS.md).
enum : uint32_t { kRow = 1, kPart = 2 };
enum : uint32_t { kKind = 1, kId = 2, kExpected = 3, kBody = 4 };

constexpr size_t kRowHead = 64;  // bytes of a row beside id and body, at most
constexpr size_t kLongestReason = 500;

std::string EncodeRow(const RecordStore::RecordPut& row) {
  TaggedWriter out;
  out.Bytes(kKind, row.record.kind).Bytes(kId, row.record.id);
  return out.Unsigned(kExpected, row.expected_version).Bytes(kBody, row.record.body).Take();
}

Status Damaged(const std::string& what) { return Status::Permanent("contract.damaged"_reason, what); }

bool ReadRow(std::string_view bytes, RecordStore::RecordPut& row) {
  const Status read = ReadTagged(bytes, [&row](const TaggedField& field) {
    if (field.tag == kKind) row.record.kind = field.String();
    if (field.tag == kId) row.record.id = field.String();
    if (field.tag == kExpected) row.expected_version = field.Unsigned();
    if (field.tag == kBody) row.record.body = field.String();
  });
  return read.ok() && !row.record.kind.empty() && !row.record.id.empty();
}

// Adds the rows of a body; answers the versions of the parts that it names.
Result<std::vector<uint64_t>> ReadBody(const std::string& body, ImportJournal& journal) {
  std::vector<uint64_t> parts;
  bool whole = true;
  const Status read = ReadTagged(body, [&](const TaggedField& field) {
    if (field.tag == kPart) parts.push_back(field.Unsigned());
    if (field.tag != kRow) return;
    auto& row = journal.rows.emplace_back();
    row.record = NewRecord("", "", "", journal.by);
    whole = ReadRow(field.bytes, row) && whole;
  });
  if (!read.ok() || !whole) return Damaged("the journal of an import cannot be read");
  return parts;
}

Status ReadPart(const RecordStore& store, size_t number, uint64_t version, ImportJournal& journal) {
  const auto part = store.RecordHistory(kImportPartKind, std::to_string(number), {.limit = 1, .before = version + 1});
  if (!part.ok()) return part.status();
  if (part->empty() || part->front().version != version)
    return Damaged("part " + std::to_string(number) + " of the journal of an import is missing");
  return ReadBody(part->front().body, journal).status();
}

// Later versions may stand on it: others change the book while an import is applied.
Result<bool> IsThere(const RecordStore& store, const RecordStore::RecordPut& row, size_t number) {
  const auto newest = Newest(store, row.record.kind, row.record.id);
  if (!newest.ok()) return newest.status();
  const uint64_t version = *newest ? (*newest)->version : 0;
  if (version == row.expected_version) return false;
  const auto own =
      store.RecordHistory(row.record.kind, row.record.id, {.limit = 1, .before = row.expected_version + 2});
  if (!own.ok()) return own.status();
  if (!own->empty() && own->front().version == row.expected_version + 1 && own->front().body == row.record.body)
    return true;
  return Damaged("an import cannot be finished: its row " + std::to_string(number + 1) + " (" + row.record.kind +
                 ") replaces version " + std::to_string(row.expected_version) + ", and the store has version " +
                 std::to_string(version));
}

Result<ImportRows> Missing(const RecordStore& store, const ImportRows& rows) {
  ImportRows missing;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto there = IsThere(store, rows[i], i);
    if (!there.ok()) return there.status();
    if (!*there) missing.push_back(rows[i]);
  }
  return missing;
}

Status SetAside(RecordStore& store, const Status& why) {
  const auto last = Newest(store, kImportKind, kImportId);
  if (!last.ok()) return last.status();
  Log(LogLevel::kError, "contract.import_set_aside"_reason.text(),
      {{"author", (*last)->author}, {"begun", FormatTime((*last)->changed_at)}, {"status", why.ToString()}});
  const std::string reason = "set aside, enter its file again: " + why.message();
  return EndImport(store, (*last)->version,
                   {"gateway", std::string(CutUtf8(reason, kLongestReason)), (*last)->changed_at});
}

}  // namespace

OperatorRecord NewRecord(const char* kind, std::string id, std::string body, const ContractBook::By& by) {
  OperatorRecord record;
  record.kind = kind;
  record.id = std::move(id);
  record.changed_at = by.now;
  record.author = by.author;
  record.reason = by.reason;
  record.body = std::move(body);
  return record;
}

Result<std::optional<OperatorRecord>> Newest(const RecordStore& store, const std::string& kind, const std::string& id) {
  auto history = store.RecordHistory(kind, id, {.limit = 1});
  if (!history.ok()) return history.status();
  if (history->empty()) return std::optional<OperatorRecord>();
  return std::optional(std::move(history->back()));
}

ImportRows RowsOf(const std::vector<Entry>& entries, const ContractBook::By& by) {
  ImportRows rows;
  for (const Entry& entry : entries)
    rows.push_back({NewRecord(RecordKindOf(entry.kind), entry.id, entry.body, by), entry.replaces});
  return rows;
}

std::vector<size_t> CutsOf(const ImportRows& rows, size_t most_rows) {
  std::vector<size_t> cuts = {0};
  size_t bytes = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t size = rows[i].record.id.size() + rows[i].record.body.size() + kRowHead;
    if (i > cuts.back() && (i - cuts.back() == most_rows || bytes + size > kMostPartBytes)) {
      cuts.push_back(i);
      bytes = 0;
    }
    bytes += size;
  }
  cuts.push_back(rows.size());
  return cuts;
}

Result<std::vector<uint64_t>> WriteParts(RecordStore& store, const ImportRows& rows, const ContractBook::By& by) {
  size_t bytes = 0;
  for (const auto& row : rows) bytes += row.record.id.size() + row.record.body.size() + kRowHead;
  if (bytes > kMostImportBytes) return Invalid("an import of more than 64 MiB");
  std::vector<uint64_t> versions;
  const auto cuts = CutsOf(rows, rows.size());
  for (size_t part = 0; part + 1 < cuts.size(); ++part) {
    TaggedWriter body;
    for (size_t i = cuts[part]; i < cuts[part + 1]; ++i) body.Bytes(kRow, EncodeRow(rows[i]));
    const std::string id = std::to_string(part);
    const auto last = Newest(store, kImportPartKind, id);
    if (!last.ok()) return last.status();
    const auto put = store.PutRecord(NewRecord(kImportPartKind, id, body.Take(), by), *last ? (*last)->version : 0);
    if (!put.ok()) return put.status();
    versions.push_back(put->version);
  }
  return versions;
}

Result<uint64_t> BeginImport(RecordStore& store, const std::vector<uint64_t>& parts, const ContractBook::By& by) {
  const auto last = Newest(store, kImportKind, kImportId);
  if (!last.ok()) return last.status();
  if (*last && !(*last)->deleted)
    return Status::Permanent("store.conflict"_reason, "another gateway is in the middle of an import");
  TaggedWriter body;
  for (const uint64_t version : parts) body.Unsigned(kPart, version);
  const auto put = store.PutRecord(NewRecord(kImportKind, kImportId, body.Take(), by), *last ? (*last)->version : 0);
  if (!put.ok()) return put.status();
  return put->version;
}

Status EndImport(RecordStore& store, uint64_t journal, const ContractBook::By& by) {
  OperatorRecord end = NewRecord(kImportKind, kImportId, "", by);
  end.deleted = true;
  return store.PutRecord(std::move(end), journal).status();
}

Result<std::optional<ImportJournal>> OpenImport(const RecordStore& store) {
  const auto last = Newest(store, kImportKind, kImportId);
  if (!last.ok()) return last.status();
  if (!*last || (*last)->deleted) return std::optional<ImportJournal>();
  const OperatorRecord& record = **last;
  ImportJournal journal{{record.author, record.reason, record.changed_at}, {}, record.version};
  const auto parts = ReadBody(record.body, journal);
  if (!parts.ok()) return parts.status();
  for (size_t i = 0; i < parts->size(); ++i)
    if (Status status = ReadPart(store, i, (*parts)[i], journal); !status.ok()) return status;
  return std::optional(std::move(journal));
}

Status FinishImport(RecordStore& store, const ImportJournal& journal) {
  const auto missing = Missing(store, journal.rows);
  if (!missing.ok()) return missing.status();
  const auto cuts = CutsOf(*missing, RecordStore::kMostRecordsInAct);
  for (size_t act = 0; !missing->empty() && act + 1 < cuts.size(); ++act) {
    const auto at = missing->begin();
    const auto stored =
        store.PutRecords({at + static_cast<ptrdiff_t>(cuts[act]), at + static_cast<ptrdiff_t>(cuts[act + 1])});
    if (!stored.ok()) return stored.status();
  }
  return EndImport(store, journal.version, journal.by);
}

Status SettleImport(RecordStore& store) {
  const auto journal = OpenImport(store);
  if (journal.ok() && !*journal) return {};
  const Status status = journal.ok() ? FinishImport(store, **journal) : journal.status();
  return status.reason() == "contract.damaged"_reason ? SetAside(store, status) : status;
}

}  // namespace tvan
