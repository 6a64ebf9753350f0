#include "store/rocksdb/rocks_backend.h"

#include "gateway/core/failpoint.h"
#include "store/keys.h"
#include "store/rocksdb/rocks_status.h"
#include "store/write_set.h"

namespace tvan {
namespace {

// The first key after all that begin with `prefix`; empty: none.
std::string AfterPrefix(std::string prefix) {
  while (!prefix.empty() && static_cast<uint8_t>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<uint8_t>(prefix.back()) + 1);
  return prefix;
}

enum class Sight { kLatest, kSnapshot };

class RocksView : public KvView {
 public:
  RocksView(std::shared_ptr<RocksDatabase> database, Sight sight) : database_(std::move(database)) {
    if (sight == Sight::kSnapshot) read_.snapshot = database_->db->GetSnapshot();
  }
  ~RocksView() override {
    if (read_.snapshot != nullptr) database_->db->ReleaseSnapshot(read_.snapshot);
  }
  RocksView(const RocksView&) = delete;
  RocksView& operator=(const RocksView&) = delete;

  Result<std::optional<std::string>> Get(Family family, std::string_view key) const override {
    std::string value;
    const rocksdb::Status status =
        database_->db->Get(read_, Handle(family), rocksdb::Slice(key.data(), key.size()), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return FromRocks(status, std::string("reading ") + kFamilyNames[static_cast<size_t>(family)]);
    return std::optional<std::string>(std::move(value));
  }

  Status Scan(Family family, const std::string& prefix, const std::string& from, const Visit& visit) const override {
    const std::string end = AfterPrefix(prefix);
    const rocksdb::Slice bound(end);
    rocksdb::ReadOptions read = read_;
    if (!end.empty()) read.iterate_upper_bound = &bound;
    std::unique_ptr<rocksdb::Iterator> it(database_->db->NewIterator(read, Handle(family)));
    for (it->Seek(std::max(prefix, from)); it->Valid(); it->Next())
      if (!visit({it->key().data(), it->key().size()}, {it->value().data(), it->value().size()})) break;
    if (it->status().ok()) return {};
    return FromRocks(it->status(), std::string("reading ") + kFamilyNames[static_cast<size_t>(family)]);
  }

 private:
  rocksdb::ColumnFamilyHandle* Handle(Family family) const { return database_->families[static_cast<size_t>(family)]; }

  std::shared_ptr<RocksDatabase> database_;
  rocksdb::ReadOptions read_;
};

size_t SizeOf(const WriteSet& writes) {
  size_t size = 64;
  for (size_t f = 0; f < kFamilies; ++f)
    for (const auto& [key, value] : writes.changes(static_cast<Family>(f)))
      size += key.size() + value.head.size() + (value.tail == nullptr ? 0 : value.tail->size()) + 16;
  return size;
}

rocksdb::Status Append(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* handle, const std::string& key,
                       const WriteSet::Value& value) {
  if (value.deleted) return batch.Delete(handle, key);
  if (value.tail == nullptr) return batch.Put(handle, key, value.head);
  const rocksdb::Slice name(key);
  const rocksdb::Slice parts[] = {value.head, *value.tail};
  return batch.Put(handle, rocksdb::SliceParts(&name, 1), rocksdb::SliceParts(parts, 2));
}

}  // namespace

RocksBackend::RocksBackend(std::shared_ptr<RocksDatabase> database, std::unique_ptr<Witness> witness, bool sync)
    : sync_(sync),
      database_(std::move(database)),
      live_(std::make_unique<RocksView>(database_, Sight::kLatest)),
      witness_(std::move(witness)) {}

Status RocksBackend::Look(const Ask& ask) const {
  std::shared_ptr<RocksDatabase> database;
  {
    std::lock_guard lock(mutex_);
    database = database_;
  }
  if (database == nullptr) return Status::Transient("store.closed"_reason, "the store is closed");
  ask(RocksView(std::move(database), Sight::kSnapshot));
  return {};
}

Status RocksBackend::Act(const Decide& decide) {
  const WriteSet* writes = decide(*live_);
  return writes == nullptr ? Status() : Commit(*writes);
}

Status RocksBackend::Write(const WriteSet& writes) {
  rocksdb::WriteBatch batch(SizeOf(writes));
  rocksdb::Status status;
  for (size_t f = 0; f < kFamilies; ++f)
    for (const auto& [key, value] : writes.changes(static_cast<Family>(f)))
      if (status.ok()) status = Append(batch, database_->families[f], key, value);
  rocksdb::WriteOptions options;
  options.sync = sync_;
  if (status.ok()) status = database_->db->Write(options, &batch);
  return status.ok() ? Status() : FromRocks(status, "writing");
}

Status RocksBackend::Commit(const WriteSet& writes) {
  if (Status why = Write(writes); !why.ok())
    // The bytes may or may not have reached the disk: the callers cannot know before the store is opened again.
    return Status::InDoubt("store.io"_reason, std::string(why.reason().text()) + ": " + why.message());
  if (!sync_) return {};  // nothing is promised, so nothing is confirmed
  const auto& control = writes.changes(Family::kControl);
  auto sequence = control.find(keys::kSequence);
  Pass("witness.before"_failpoint);
  if (sequence != control.end()) witness_->Confirm(ReadU64(sequence->second.head).value_or(0));
  Pass("witness.after"_failpoint);
  return {};
}

Status RocksBackend::Close() {
  std::shared_ptr<RocksDatabase> database;
  {
    std::lock_guard lock(mutex_);
    database = std::exchange(database_, nullptr);
  }
  if (database == nullptr) return {};
  live_.reset();
  witness_->Sync();
  return {};
}

}  // namespace tvan
