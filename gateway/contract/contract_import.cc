#include "gateway/contract/contract_import.h"

#include <algorithm>

#include "gateway/contract/contract_rules.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

// Of the journal's body, and of a row in it (RECORDS.md).
enum : uint32_t { kRow = 1 };
enum : uint32_t { kKind = 1, kId = 2, kExpected = 3, kBody = 4 };

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

Result<ImportJournal> ReadJournal(const OperatorRecord& record) {
  ImportJournal journal{{record.author, record.reason, record.changed_at}, {}, record.version};
  bool whole = true;
  const Status read = ReadTagged(record.body, [&](const TaggedField& field) {
    if (field.tag != kRow) return;
    auto& row = journal.rows.emplace_back();
    row.record = NewRecord("", "", "", journal.by);
    whole = ReadRow(field.bytes, row) && whole;
  });
  if (!read.ok() || !whole) return Damaged("the journal of an import cannot be read");
  return journal;
}

// The rows that are still to be stored.
Result<std::vector<RecordStore::RecordPut>> Missing(const RecordStore& store, const ImportJournal& journal) {
  std::vector<RecordStore::RecordPut> missing;
  for (const auto& row : journal.rows) {
    const auto newest = Newest(store, row.record.kind, row.record.id);
    if (!newest.ok()) return newest.status();
    const uint64_t version = *newest ? (*newest)->version : 0;
    if (version == row.expected_version)
      missing.push_back(row);
    else if (version != row.expected_version + 1 || (*newest)->body != row.record.body)
      return Damaged("an import cannot be finished: " + row.record.kind + "/" + row.record.id + " is at version " +
                     std::to_string(version));
  }
  return missing;
}

Status StoreRows(RecordStore& store, const std::vector<RecordStore::RecordPut>& rows) {
  for (size_t begin = 0; begin < rows.size(); begin += RecordStore::kMostRecordsInAct) {
    const size_t end = std::min(rows.size(), begin + RecordStore::kMostRecordsInAct);
    const auto at = rows.begin();
    const auto stored = store.PutRecords({at + static_cast<ptrdiff_t>(begin), at + static_cast<ptrdiff_t>(end)});
    if (!stored.ok()) return stored.status();
  }
  return {};
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

Result<ImportJournal> BeginImport(RecordStore& store, const std::vector<Entry>& entries, const ContractBook::By& by) {
  const auto last = Newest(store, kImportKind, kImportId);
  if (!last.ok()) return last.status();
  ImportJournal journal{by, {}, 0};
  TaggedWriter body;
  for (const Entry& entry : entries) {
    journal.rows.push_back({NewRecord(RecordKindOf(entry.kind), entry.id, entry.body, by), entry.replaces});
    body.Bytes(kRow, EncodeRow(journal.rows.back()));
    if (body.bytes().size() > kMostImportBytes) return Invalid("an import of more than 64 MiB");
  }
  const auto written =
      store.PutRecord(NewRecord(kImportKind, kImportId, body.Take(), by), *last ? (*last)->version : 0);
  if (!written.ok()) return written.status();
  journal.version = written->version;
  return journal;
}

Result<std::optional<ImportJournal>> OpenImport(const RecordStore& store) {
  const auto last = Newest(store, kImportKind, kImportId);
  if (!last.ok()) return last.status();
  if (!*last || (*last)->deleted) return std::optional<ImportJournal>();
  auto journal = ReadJournal(**last);
  if (!journal.ok()) return journal.status();
  return std::optional(*std::move(journal));
}

Status FinishImport(RecordStore& store, const ImportJournal& journal, Rows rows) {
  Status status;
  if (rows == Rows::kNew) {
    status = StoreRows(store, journal.rows);
  } else {
    const auto missing = Missing(store, journal);
    status = missing.ok() ? StoreRows(store, *missing) : missing.status();
  }
  if (!status.ok()) return status;
  OperatorRecord end = NewRecord(kImportKind, kImportId, "", journal.by);
  end.deleted = true;
  return store.PutRecord(std::move(end), journal.version).status();
}

}  // namespace tvan
