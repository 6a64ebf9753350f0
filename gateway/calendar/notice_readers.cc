#include "gateway/calendar/notice_readers.h"

#include "gateway/calendar/notice.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

enum Tag : uint32_t { kDelivered = 1, kAcknowledged = 2 };

Status Damaged(const std::string& id) {
  return Status::Permanent("calendar.damaged"_reason, "the acknowledgement '" + id + "' cannot be read");
}

std::optional<std::pair<ProviderId, uint64_t>> ParseId(const std::string& id) {
  const size_t slash = id.find('/');
  if (slash == std::string::npos) return std::nullopt;
  uint64_t number = 0;
  for (const char c : id.substr(slash + 1)) {
    if (c < '0' || c > '9' || number > UINT64_MAX / 100) return std::nullopt;
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  return std::pair(ProviderId::Trusted(id.substr(0, slash)), number);
}

}  // namespace

Result<std::unique_ptr<NoticeReaders>> NoticeReaders::Load(Store& store) {
  const auto records = store.ListRecords(kNoticeAckKind);
  if (!records.ok())
    return Status::Permanent("calendar.damaged"_reason,
                             "the acknowledgements cannot be read: " + records.status().ToString());
  std::unique_ptr<NoticeReaders> readers(new NoticeReaders(store));
  for (const OperatorRecord& record : *records)
    if (Status taken = readers->Take(record); !taken.ok()) return taken;
  return readers;
}

// What we saw delivered ourselves and have not written yet stays.
Status NoticeReaders::Take(const OperatorRecord& record) {
  const auto key = ParseId(record.id);
  Entry entry{{}, record.version};
  const Status read = ReadTagged(record.body, [&entry](const TaggedField& field) {
    if (field.tag == kDelivered) entry.reading.delivered = Time{field.Signed()};
    if (field.tag == kAcknowledged) entry.reading.acknowledged = Time{field.Signed()};
  });
  if (!key || !read.ok()) return Damaged(record.id);
  const std::lock_guard lock(mutex_);
  Entry& known = entries_[*key];
  if (known.version >= entry.version) return {};
  if (!entry.reading.delivered) entry.reading.delivered = known.reading.delivered;
  known = entry;
  return {};
}

Status NoticeReaders::Follow(const std::vector<std::string>& ids) {
  const std::lock_guard writing(writer_);
  for (const std::string& id : ids) {
    const auto newest = store_.RecordHistory(kNoticeAckKind, id, {.limit = 1});
    if (!newest.ok()) return newest.status();
    if (newest->empty()) continue;
    if (Status taken = Take(newest->front()); !taken.ok()) return taken;
  }
  return {};
}

NoticeReaders::Reading NoticeReaders::Of(const ProviderId& provider, uint64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find({provider, number});
  return found == entries_.end() ? Reading() : found->second.reading;
}

bool NoticeReaders::Delivered(const ProviderId& provider, uint64_t number, Time now) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[{provider, number}];
  if (entry.reading.delivered) return false;
  entry.reading.delivered = now;
  return true;
}

Status NoticeReaders::WriteDelivered(const ProviderId& provider, uint64_t number) {
  const std::lock_guard writing(writer_);
  const Key key(provider, number);
  Entry entry;
  {
    const std::lock_guard lock(mutex_);
    entry = entries_[key];
  }
  if (entry.version != 0 || !entry.reading.delivered) return {};  // written with the acknowledgement
  const auto version = Write(key, entry);
  return version.ok() ? Status() : version.status();
}

Result<Time> NoticeReaders::Acknowledge(const ProviderId& provider, uint64_t number, Time now) {
  const std::lock_guard writing(writer_);
  const Key key(provider, number);
  Entry entry;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = entries_.find(key); found != entries_.end()) entry = found->second;
  }
  if (entry.reading.acknowledged) return *entry.reading.acknowledged;
  entry.reading.acknowledged = now;
  const auto version = Write(key, entry);
  if (!version.ok()) return version.status();
  return now;
}

// Durable, then visible. writer_ held.
Result<uint64_t> NoticeReaders::Write(const Key& key, const Entry& entry) {
  TaggedWriter body;
  if (entry.reading.delivered) body.Signed(kDelivered, entry.reading.delivered->us);
  if (entry.reading.acknowledged) body.Signed(kAcknowledged, entry.reading.acknowledged->us);
  OperatorRecord record{.kind = kNoticeAckKind, .id = key.first.value() + "/" + NoticeId(key.second)};
  record.changed_at = entry.reading.acknowledged ? *entry.reading.acknowledged : *entry.reading.delivered;
  record.author = key.first.value();
  record.body = body.Take();
  const auto stored = store_.PutRecord(std::move(record), entry.version);
  if (!stored.ok()) return stored.status();
  const std::lock_guard lock(mutex_);
  Entry& known = entries_[key];
  known.version = stored->version;
  known.reading.acknowledged = entry.reading.acknowledged;
  return stored->version;
}

uint64_t NoticeReaders::FirstUnread(const ProviderId& provider, uint64_t from) const {
  const std::lock_guard lock(mutex_);
  for (uint64_t number = from + 1;; ++number) {
    const auto found = entries_.find({provider, number});
    if (found == entries_.end() || !found->second.reading.acknowledged) return number;
  }
}

}  // namespace tvan
