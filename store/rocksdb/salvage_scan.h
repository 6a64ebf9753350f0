#pragma once
// Reads one column family of a damaged database to its end: what cannot be read is stepped over, and nothing else.
// Private to this folder.

#include <functional>
#include <string>
#include <string_view>

#include "store/kv.h"
#include "store/rocksdb/rocks_backend.h"

namespace tvan {

// A stretch that could not be read; `after` is the last key in front of it (empty: the family's beginning), `why` what
// RocksDB said.
using OnHole = std::function<void(const std::string& after, const std::string& why)>;
// Visits keys in order; a value was checked by its checksums. The visitor's false stops.
void ScanAround(const RocksDatabase& database, Family family, const KvView::Visit& visit, const OnHole& on_hole);

}  // namespace tvan
