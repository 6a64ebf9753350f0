#pragma once
// A change of the book before it is durable: what would be stored, and the index as it would be. Internal to the room.

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/contract/contract_index.h"

namespace tvan {

struct Entry {
  ContractKind kind = ContractKind::kAgreement;
  std::string id;
  StoredItem stored;      // its version is the one that it will have
  std::string body;       // of its record
  uint64_t replaces = 0;  // the version in the book; 0: it is new there
  bool unchanged = false;
};
std::string KeyOf(ContractKind kind, const std::string& id);  // "mandate/acme/0101234567"
// Errors: those of UsableItem.
Result<Entry> EntryOf(const ContractIndex& book, const ContractItem& item, Time now);

// The last version of an id that is not in the book; 0: there never was one.
using LastVersion = std::function<Result<uint64_t>(ContractKind kind, const std::string& id)>;

struct Draft {
  std::shared_ptr<ContractIndex> index;  // with all entries
  std::vector<Entry> entries;            // those that change something, in the order in which they are to be stored
  std::unordered_map<std::string, size_t> rows;  // which item names a record, by key
  uint64_t created = 0, updated = 0, unchanged = 0;
  std::vector<ContractSnapshot::ItemFault> faults;  // by index; any: the rest says nothing
};
// Contracts first, else in order: what comes later may build on what came before. `last_version`, if any, is asked for
// each new id; without it they begin at version 1. `made_from`, if not empty: of each item the version in the book that
// it was made from, 0: none; store.conflict.
Draft DraftOf(const ContractIndex& book, const std::vector<ContractItem>& items, Time now,
              const LastVersion& last_version, const std::vector<uint64_t>& made_from = {});

}  // namespace tvan
