#pragma once
// What backup, restore and salvage share. Private to this folder.

#include <string>

#include "store/new_life.h"

namespace tvan {

// Reads a database (folder/db) without changing it.
Result<BackupFacts> FactsOfCopy(const std::string& folder);
// Makes a store of a filled folder that is marked as unfinished: new incarnation, recovery record, FORMAT; the mark
// goes.
Status BecomeStore(const std::string& folder, const NewLife& life);

}  // namespace tvan
