#pragma once
// An import that is all or nothing, whatever crashes: a journal record holds every row and is durable first; the rows
// follow in acts that the store can take, and what a crash broke off is finished from the journal (RECORDS.md).
// Internal to the room.

#include <string>
#include <vector>

#include "gateway/contract/contract_entry.h"
#include "store/record_store.h"

namespace tvan {

inline constexpr const char* kImportKind = "contract_import";
inline constexpr const char* kImportId = "import";
inline constexpr size_t kMostImportBytes = 64u << 20;

struct ImportJournal {
  ContractBook::By by;
  std::vector<RecordStore::RecordPut> rows;
  uint64_t version = 0;  // of the journal's record
};

// contract.invalid: the rows have too many bytes.
Result<ImportJournal> BeginImport(RecordStore& store, const std::vector<Entry>& entries, const ContractBook::By& by);
// The one that was begun and not finished. contract.damaged, and the store's errors.
Result<std::optional<ImportJournal>> OpenImport(const RecordStore& store);
// Stores the rows that are not there yet, and ends the journal. `again`: some of them may be there.
// contract.damaged: something else stands where a row belongs.
enum class Rows { kNew, kPerhapsThere };
Status FinishImport(RecordStore& store, const ImportJournal& journal, Rows rows);

// The newest version of a record, a deleted one too; nullopt: there never was one.
Result<std::optional<OperatorRecord>> Newest(const RecordStore& store, const std::string& kind, const std::string& id);
OperatorRecord NewRecord(const char* kind, std::string id, std::string body, const ContractBook::By& by);

}  // namespace tvan
