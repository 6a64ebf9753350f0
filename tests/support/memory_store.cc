#include "tests/support/memory_store.h"

#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "store/keys.h"
#include "store/new_life.h"
#include "store/write_set.h"

namespace tvan {

// In order for scans, and hashed for questions after one key.
class MemoryKeys {
 public:
  MemoryKeys() = default;
  MemoryKeys(const MemoryKeys& other) : ordered_(other.ordered_) {
    for (auto& [key, value] : ordered_) hashed_.emplace(key, &value);
  }
  MemoryKeys& operator=(MemoryKeys other) {
    ordered_.swap(other.ordered_);
    hashed_.swap(other.hashed_);
    return *this;
  }

  const std::map<std::string, std::string, std::less<>>& ordered() const { return ordered_; }
  std::string* Find(std::string_view key) const {
    const auto found = hashed_.find(key);
    return found == hashed_.end() ? nullptr : found->second;
  }
  void Put(const std::string& key, std::string value) {
    if (std::string* known = Find(key)) {
      *known = std::move(value);
      return;
    }
    const auto entry = ordered_.emplace(key, std::move(value)).first;
    hashed_.emplace(entry->first, &entry->second);
  }
  void Erase(const std::string& key) {
    hashed_.erase(key);
    ordered_.erase(key);
  }

 private:
  std::map<std::string, std::string, std::less<>> ordered_;
  std::unordered_map<std::string_view, std::string*> hashed_;  // into ordered_, whose entries never move
};

struct MemoryDisk {
  mutable std::shared_mutex mutex;  // guards the rest
  std::array<MemoryKeys, kFamilies> families;
  std::optional<MemoryStore::FailedFlush> fail_next;
  MemoryStore::Reads reads = MemoryStore::Reads::kGood;
};

namespace {

// Reads without locking: the holder of the lock uses it.
class MemoryView : public KvView {
 public:
  explicit MemoryView(const MemoryDisk& disk) : disk_(disk) {}

  Result<std::optional<std::string>> Get(Family family, std::string_view key) const override {
    const std::string* value = disk_.families[static_cast<size_t>(family)].Find(key);
    return value == nullptr ? std::optional<std::string>() : std::optional<std::string>(*value);
  }

  Status Scan(Family family, const std::string& prefix, const std::string& from, const Visit& visit) const override {
    const auto& keys = disk_.families[static_cast<size_t>(family)].ordered();
    for (auto it = keys.lower_bound(std::max(prefix, from)); it != keys.end(); ++it) {
      if (it->first.compare(0, prefix.size(), prefix) != 0) break;
      if (!visit(it->first, it->second)) break;
    }
    return {};
  }

 private:
  const MemoryDisk& disk_;
};

class LockedView : public MemoryView {
 public:
  explicit LockedView(const MemoryDisk& disk) : MemoryView(disk), lock_(disk.mutex) {}

 private:
  std::shared_lock<std::shared_mutex> lock_;
};

class FailingView : public KvView {
 public:
  Result<std::optional<std::string>> Get(Family, std::string_view) const override { return Failed(); }
  Status Scan(Family, const std::string&, const std::string&, const Visit&) const override { return Failed(); }

 private:
  static Status Failed() { return Status::Transient("store.io"_reason, "the read failed (asked for)"); }
};

class LiveView : public KvView {
 public:
  explicit LiveView(const MemoryDisk& disk) : disk_(disk) {}
  Result<std::optional<std::string>> Get(Family family, std::string_view key) const override {
    return LockedView(disk_).Get(family, key);
  }
  Status Scan(Family family, const std::string& prefix, const std::string& from, const Visit& visit) const override {
    return LockedView(disk_).Scan(family, prefix, from, visit);
  }

 private:
  const MemoryDisk& disk_;
};

class MemoryBackend : public KvBackend {
 public:
  explicit MemoryBackend(std::shared_ptr<MemoryDisk> disk) : disk_(std::move(disk)), live_(*disk_) {}

  Durability durability() const override { return Durability::kMemoryOnly; }
  Status Look(const Ask& ask) const override {
    if (closed_) return Status::Transient("store.closed"_reason, "the store is closed");
    const LockedView view(*disk_);
    if (disk_->reads == MemoryStore::Reads::kFail)
      ask(FailingView());
    else
      ask(view);
    return {};
  }
  Status Act(const Decide& decide) override {
    const WriteSet* writes = decide(live_);
    return writes == nullptr ? Status() : Commit(*writes);
  }
  const KvView& Live() const { return live_; }
  Status Close() override {
    closed_ = true;
    return {};
  }

  Status Commit(const WriteSet& writes) {
    std::unique_lock lock(disk_->mutex);
    const auto fail = std::exchange(disk_->fail_next, std::nullopt);
    if (fail != MemoryStore::FailedFlush::kLost) Apply(writes);
    if (fail) return Status::InDoubt("store.io"_reason, "the flush failed (asked for)");
    return {};
  }

 private:
  void Apply(const WriteSet& writes) {
    for (size_t f = 0; f < kFamilies; ++f) {
      auto& keys = disk_->families[f];
      for (const auto& [key, value] : writes.changes(static_cast<Family>(f))) {
        if (value.deleted)
          keys.Erase(key);
        else
          keys.Put(key, value.tail == nullptr ? value.head : value.head + *value.tail);
      }
    }
  }

  std::shared_ptr<MemoryDisk> disk_;
  LiveView live_;
  std::atomic<bool> closed_{false};
};

Committer::Options CommitterOptions(const MemoryStoreOptions& options) {
  Committer::Options committer;
  committer.mode = options.manual_flush ? Committer::Mode::kManual : Committer::Mode::kThread;
  committer.queue_limit = options.queue_limit;
  committer.ledger.incarnation = options.incarnation;
  committer.ledger.buffer_limit_bytes = options.buffer_limit_bytes;
  return committer;
}

}  // namespace

MemoryStore::MemoryStore(MemoryStoreOptions options, std::shared_ptr<MemoryDisk> disk, Clock& clock)
    : KvStore(std::make_unique<MemoryBackend>(disk), CommitterOptions(options), clock, nullptr),
      options_(std::move(options)),
      disk_(std::move(disk)),
      clock_(clock) {}

void MemoryStore::Flush() { committer().Flush(); }

Status MemoryStore::Enqueue(std::function<void(Ledger&)> decide, std::function<void(const Status&)> complete) {
  return committer().Submit({.decide = std::move(decide), .complete = std::move(complete)},
                            Committer::Admission::kAlways);
}

void MemoryStore::Crash() { committer().Drop(); }

std::unique_ptr<MemoryStore> MemoryStore::Reopen() {
  Status closed = Close();
  TVAN_CHECK(closed.ok());
  return std::make_unique<MemoryStore>(options_, disk_, clock_);
}

MemoryStore::Copy MemoryStore::MakeCopy() const {
  auto copy = std::make_shared<MemoryDisk>();
  std::shared_lock lock(disk_->mutex);
  copy->families = disk_->families;
  return {copy, clock_.Now()};
}

std::unique_ptr<MemoryStore> MemoryStore::Restore(const Copy& copy, const std::string& incarnation) const {
  auto disk = std::make_shared<MemoryDisk>();
  disk->families = copy.disk->families;
  MemoryKeys& control = disk->families[static_cast<size_t>(Family::kControl)];
  if (control.Find(keys::kIncarnation) == nullptr) control.Put(keys::kIncarnation, options_.incarnation);
  MemoryBackend backend(disk);
  WriteSet writes(backend.Live());
  TVAN_CHECK(BeginNewLife({Recovery::Reason::kRestore, incarnation, copy.taken_at, clock_.Now()}, writes).ok());
  TVAN_CHECK(backend.Commit(writes).ok());
  MemoryStoreOptions options = options_;
  options.incarnation = incarnation;
  return std::make_unique<MemoryStore>(std::move(options), std::move(disk), clock_);
}

void MemoryStore::FailNextFlush(FailedFlush how) {
  std::unique_lock lock(disk_->mutex);
  disk_->fail_next = how;
}

void MemoryStore::SetReads(Reads reads) {
  std::unique_lock lock(disk_->mutex);
  disk_->reads = reads;
}

bool MemoryStore::Damage(Family family, const std::string& key) {
  std::unique_lock lock(disk_->mutex);
  std::string* value = disk_->families[static_cast<size_t>(family)].Find(key);
  if (value == nullptr) return false;
  *value = "\xff\xff\xff";
  return true;
}

std::unique_ptr<MemoryStore> MakeMemoryStore(MemoryStoreOptions options, Clock& clock) {
  return std::make_unique<MemoryStore>(std::move(options), std::make_shared<MemoryDisk>(), clock);
}

}  // namespace tvan
