#pragma once
// Which provider got a notice on a stream, and which said that it has read it. An acknowledgement is durable before it
// is answered. That a notice was delivered is seen at once and written after; a crash in between forgets it, and the
// notice is delivered again. At most two versions of a record for each provider and notice. Thread-safe; Acknowledge
// and WriteDelivered block on the store, reading never does.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/core/ids.h"
#include "gateway/core/time.h"
#include "store/store.h"

namespace tvan {

inline const char kNoticeAckKind[] = "notice_ack";  // id: provider/number, twelve digits

class NoticeReaders {
 public:
  struct Reading {
    std::optional<Time> delivered, acknowledged;
    bool operator==(const Reading&) const = default;
  };
  static Result<std::unique_ptr<NoticeReaders>> Load(Store& store);  // calendar.damaged

  Reading Of(const ProviderId& provider, uint64_t number) const;
  // True: it is the first time, and WriteDelivered is due.
  bool Delivered(const ProviderId& provider, uint64_t number, Time now);
  Status WriteDelivered(const ProviderId& provider, uint64_t number);
  // When it was acknowledged first. `number` is one of a notice. store.*
  Result<Time> Acknowledge(const ProviderId& provider, uint64_t number, Time now);
  // Takes what other gateways of the same store wrote into these records (their ids). calendar.damaged
  Status Follow(const std::vector<std::string>& ids);
  // The least number above `from` that the provider has not acknowledged.
  uint64_t FirstUnread(const ProviderId& provider, uint64_t from) const;

 private:
  using Key = std::pair<ProviderId, uint64_t>;
  struct Entry {
    Reading reading;
    uint64_t version = 0;  // of the record
  };
  explicit NoticeReaders(Store& store) : store_(store) {}
  Status Take(const OperatorRecord& record);
  Result<uint64_t> Write(const Key& key, const Entry& entry);

  Store& store_;
  std::mutex writer_;
  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;
};

}  // namespace tvan
