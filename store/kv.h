#pragma once
// What a key-value engine must give so that KvStore can be a Store on top of it: ordered families of keys, looks at one
// consistent state, and one durable act at a time. Engines decide nothing: all rules are in fold, ledger and questions.
// An engine whose data is elsewhere cannot fetch key by key: it runs a look or a decision again, each time with more of
// what the last run asked for, until nothing is missing. Only the last run counts; the ones before it saw keys missing
// that are there. So what is handed in changes nothing but its own result.
// Look may be called from any thread; Act by one thread only. Implementations: store/rocksdb, store/redis, and
// MemoryStore in tests/support.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/position.h"
#include "gateway/core/status.h"
#include "store/recovery.h"

namespace tvan {

class WriteSet;

// Families of keys by purpose (column families on RocksDB). The layout is in store/rocksdb/FORMAT.md.
enum class Family : uint8_t {
  kControl,     // format, incarnation, fence, counters, line positions
  kMeta,        // one record per message
  kPayload,     // submitted bytes with receipt and 999
  kEvent,       // event logs
  kQueue,       // queues, open stages, parked answers, own 999s
  kIndex,       // idempotency keys, digests, messages of a provider
  kClaim,       // invoice keys
  kAnswer,      // answers without their bytes
  kAnswerBlob,  // the authority's bytes
  kMailbox,     // items of the mailboxes
  kRecord,      // operators' records
};
inline constexpr size_t kFamilies = 11;
inline constexpr std::array<const char*, kFamilies> kFamilyNames = {
    "control", "meta", "payload", "event", "queue", "index", "claim", "answer", "answer_blob", "mailbox", "record"};

class KvView {
 public:
  // False stops the scan.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual ~KvView() = default;
  // store.damaged, store.read
  virtual Result<std::optional<std::string>> Get(Family family, std::string_view key) const = 0;
  // Visits the keys that begin with `prefix` and are not before `from`, in order. store.damaged, store.read
  virtual Status Scan(Family family, const std::string& prefix, const std::string& from, const Visit& visit) const = 0;
};

class KvBackend {
 public:
  using Ask = std::function<void(const KvView& view)>;
  // What is to be written over the newest state, which lives until the act is over; null: nothing.
  using Decide = std::function<const WriteSet*(const KvView& newest)>;

  virtual ~KvBackend() = default;
  virtual Durability durability() const = 0;
  // True: others write too, so nothing may be remembered from one act to the next.
  virtual bool HasOtherWriters() const { return false; }
  // One consistent state, short-lived: an engine may hold back writers meanwhile. store.closed, and what the engine
  // says when it cannot be reached: nothing was asked then. What cannot be read, the view says.
  virtual Status Look(const Ask& ask) const = 0;
  // One durable act, all or nothing; nobody else writes between the decision and it. Transient: nothing was written,
  // and never will be. In doubt (store.io): nobody knows before the store is opened again.
  virtual Status Act(const Decide& decide) = 0;
  // A consistent copy of the newest durable state, see Store::Backup.
  virtual Result<BackupFacts> Backup(const BackupRequest&) {
    return Status::Permanent("store.no_backup"_reason, "this kind of store makes no backups");
  }
  virtual Status Close() = 0;
};

}  // namespace tvan
