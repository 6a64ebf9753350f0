#pragma once
// The writes of one durable act, with read-through: later operations of a batch see what earlier ones wrote.
// The first failed read sticks in status(): the act must then be abandoned. One thread (the committer's).

#include <array>
#include <set>
#include <string>
#include <unordered_map>

#include "store/kv.h"
#include "store/records.h"

namespace tvan {

class WriteSet {
 public:
  struct Value {
    bool deleted = false;
    std::string head;
    SharedBytes tail;  // follows head; a payload is never copied here
  };
  using Changes = std::unordered_map<std::string, Value>;

  explicit WriteSet(const KvView& base) : base_(base) {}

  std::optional<std::string> Get(Family family, const std::string& key);
  bool Has(Family family, const std::string& key) { return Get(family, key).has_value(); }
  void Put(Family family, std::string key, std::string head, SharedBytes tail = nullptr);
  void Delete(Family family, std::string key);
  // Numbers: 8 bytes, big-endian; absent is 0. Add answers the new value.
  uint64_t Number(Family family, const std::string& key);
  uint64_t Add(Family family, const std::string& key, int64_t delta);

  const Status& status() const { return status_; }
  void Fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }
  bool empty() const;
  const Changes& changes(Family family) const { return changes_[static_cast<size_t>(family)]; }

  // What the listeners are told after the flush.
  void TouchQueue() { queue_touched_ = true; }
  void TouchMailbox(const ProviderId& provider) { mailboxes_.insert(provider); }
  bool queue_touched() const { return queue_touched_; }
  const std::set<ProviderId>& mailboxes() const { return mailboxes_; }

 private:
  const KvView& base_;
  std::array<Changes, kFamilies> changes_;
  Status status_;
  bool queue_touched_ = false;
  std::set<ProviderId> mailboxes_;
};

}  // namespace tvan
