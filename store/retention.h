#pragma once
// What is kept for how long (store/rocksdb/FORMAT.md): purging what the law no longer asks to keep, in bounded chunks,
// and the ring of the last rejections of each provider. The part of the Store's port that does both, and its values.

#include <cstdint>
#include <string>
#include <vector>

#include "store/records.h"

namespace tvan {

struct Fence;

struct PurgeRequest {
  Time before;  // touched is only what is final, and to which nothing has happened since
  Time at;
  // Where the chunk before ended; at first empty and 0.
  ProviderId provider;
  uint64_t after_acceptance = 0;
  uint32_t limit = 64;  // messages looked at, and mailbox items, 1..256
};

// What a look found worth trying; decided again by the committer.
struct PurgePlan {
  Time before, at;
  ProviderId provider;  // whose messages and mailbox
  std::vector<MessageId> messages;
  uint32_t items = 0;  // at most so many
  uint64_t through = 0;
  bool more_messages = false;
};

struct PurgeReport {
  uint64_t messages = 0, answers = 0, items = 0;  // removed
  uint64_t payload_bytes = 0;
  // The next chunk; `more` is false at the end of the store.
  ProviderId provider;
  uint64_t after_acceptance = 0;
  bool more = false;
};

// A submission that was turned down. Facts for people: never its bytes.
struct Rejection {
  ProviderId provider;
  Time at;
  Sha256 digest;
  std::string provider_id;            // MTDiep or client reference, as far as it could be read
  int mltdiep = 0;                    // likewise
  std::vector<std::string> findings;  // "room.rule at place: text", the first few, cut
  uint64_t number = 0;                // of the provider's rejections, from 1; set by the store
};
inline constexpr uint64_t kRejectionsKept = 1000;  // of each provider; an older one makes room

class RetentionStore {
 public:
  virtual ~RetentionStore() = default;
  // One chunk: removes what is final, acknowledged and older than the limit, and leaves a tombstone, so that nothing is
  // accepted again under its key and its invoices stay taken. A crash in a chunk, or between two, loses nothing else.
  virtual Result<PurgeReport> Purge(const Fence& fence, const PurgeRequest& request) = 0;
  // In one act; batches of many, since nobody waits for them.
  virtual Status NoteRejections(const std::vector<Rejection>& rejections) = 0;
  // Newest first.
  virtual Result<std::vector<Rejection>> Rejections(const ProviderId& provider, uint32_t limit) const = 0;
};

}  // namespace tvan
