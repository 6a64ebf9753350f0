#pragma once
// An import that is all or nothing, whatever crashes: a journal in parts, each a durable record, holds every row; a
// last record makes it valid, and from then on all rows count. They follow in acts that the store can take, and what a
// crash broke off is finished from the journal (RECORDS.md). Internal to the room.

#include <string>
#include <vector>

#include "gateway/contract/contract_entry.h"
#include "store/record_store.h"

namespace tvan {

inline constexpr const char* kImportKind = "contract_import";
inline constexpr const char* kImportId = "import";
inline constexpr const char* kImportPartKind = "contract_import_part";  // id: its number, from 0
inline constexpr size_t kMostImportBytes = 64u << 20, kMostPartBytes = 1u << 20;

using ImportRows = std::vector<RecordStore::RecordPut>;

struct ImportJournal {
  ContractBook::By by;
  ImportRows rows;
  uint64_t version = 0;  // of the journal's record
};

ImportRows RowsOf(const std::vector<Entry>& entries, const ContractBook::By& by);
// Where to cut rows so that none of what comes of it has more rows, or more than 1 MiB: each one's first, and the end.
std::vector<size_t> CutsOf(const ImportRows& rows, size_t most_rows);

// Each durable when it answers. Nothing is begun by it. Answers the parts' versions. contract.invalid: too many bytes.
Result<std::vector<uint64_t>> WriteParts(RecordStore& store, const ImportRows& rows, const ContractBook::By& by);
// Makes the parts the journal. Answers the version of its record.
Result<uint64_t> BeginImport(RecordStore& store, const std::vector<uint64_t>& parts, const ContractBook::By& by);
// Of a journal whose rows are all there.
Status EndImport(RecordStore& store, uint64_t journal, const ContractBook::By& by);

// The one that was begun and not ended. contract.damaged: it is not there in whole; and the store's errors.
Result<std::optional<ImportJournal>> OpenImport(const RecordStore& store);
// Stores the rows that are not there yet, and ends it. contract.damaged: something else stands where a row belongs.
Status FinishImport(RecordStore& store, const ImportJournal& journal);
// Finishes the one that is open, if any. What is damaged, as a salvage may leave it, is set aside with an alarm
// (contract.import_set_aside): the rows that are there stay. The store's errors.
Status SettleImport(RecordStore& store);

// The newest version of a record, a deleted one too; nullopt: there never was one.
Result<std::optional<OperatorRecord>> Newest(const RecordStore& store, const std::string& kind, const std::string& id);
OperatorRecord NewRecord(const char* kind, std::string id, std::string body, const ContractBook::By& by);

}  // namespace tvan
