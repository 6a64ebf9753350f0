#include "store/rocksdb/salvage_target.h"

#include "store/rocksdb/rocks_status.h"

namespace tvan {
namespace {

constexpr size_t kBatchBytes = 4 << 20;

rocksdb::Slice Slice(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void SalvageTarget::Flush() {
  if (batch_.Count() == 0) return;
  const auto status = database_->db->Write({}, &batch_);
  if (status_.ok()) status_ = status;
  batch_.Clear();
}

void SalvageTarget::Put(Family family, std::string_view key, std::string_view value) {
  const auto status = batch_.Put(Of(family), Slice(key), Slice(value));
  if (status_.ok()) status_ = status;
  if (batch_.GetDataSize() > kBatchBytes) Flush();
}

void SalvageTarget::Delete(Family family, std::string_view key) {
  const auto status = batch_.Delete(Of(family), Slice(key));
  if (status_.ok()) status_ = status;
}

std::optional<std::string> SalvageTarget::Get(Family family, const std::string& key) {
  Flush();
  std::string value;
  const auto status = database_->db->Get({}, Of(family), key, &value);
  if (status.ok()) return value;
  if (!status.IsNotFound() && status_.ok()) status_ = status;
  return std::nullopt;
}

void SalvageTarget::Scan(Family family, const std::string& prefix, const KvView::Visit& visit) {
  Flush();
  std::unique_ptr<rocksdb::Iterator> it(database_->db->NewIterator({}, Of(family)));
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next())
    if (!visit({it->key().data(), it->key().size()}, {it->value().data(), it->value().size()})) return;
  if (!it->status().ok() && status_.ok()) status_ = it->status();
}

Status SalvageTarget::Finish() {
  Flush();
  rocksdb::FlushOptions wait;
  const std::vector<rocksdb::ColumnFamilyHandle*> all(database_->families.begin(), database_->families.end());
  if (status_.ok()) status_ = database_->db->Flush(wait, all);
  return status_.ok() ? Status() : FromRocks(status_, "writing the salvaged store");
}

}  // namespace tvan
