#pragma once
// The store that a salvage fills: plain writes in large batches, reads of what was written, one flush at the end.
// Nothing in it counts before FORMAT is there. Private to this folder.

#include <memory>
#include <optional>
#include <string>

#include "store/kv.h"
#include "store/rocksdb/rocks_backend.h"

namespace tvan {

class SalvageTarget {
 public:
  explicit SalvageTarget(std::shared_ptr<RocksDatabase> database) : database_(std::move(database)) {}

  void Put(Family family, std::string_view key, std::string_view value);
  void Delete(Family family, std::string_view key);
  // Of everything put so far.
  std::optional<std::string> Get(Family family, const std::string& key);
  bool Has(Family family, const std::string& key) { return Get(family, key).has_value(); }
  void Scan(Family family, const std::string& prefix, const KvView::Visit& visit);
  Status Finish();  // everything is on disk; the first error, if there was one

 private:
  void Flush();
  rocksdb::ColumnFamilyHandle* Of(Family family) const { return database_->families[static_cast<size_t>(family)]; }
  std::shared_ptr<RocksDatabase> database_;
  rocksdb::WriteBatch batch_;
  rocksdb::Status status_;
};

}  // namespace tvan
