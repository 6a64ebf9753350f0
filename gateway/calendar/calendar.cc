#include "gateway/calendar/calendar.h"

#include <map>
#include <mutex>

#include "gateway/calendar/window_record.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

struct Snapshot {  // immutable once shared
  std::vector<Window> windows;
  std::map<std::string, uint64_t> versions;
};

Result<std::shared_ptr<const Snapshot>> ReadAll(const Store& store) {
  const auto records = store.ListRecords(kWindowKind);
  if (!records.ok())  // a window that is left out would open the line
    return Status::Permanent("calendar.damaged"_reason, "the windows cannot be read: " + records.status().ToString());
  auto snapshot = std::make_shared<Snapshot>();
  for (const OperatorRecord& record : *records) {
    snapshot->versions[record.id] = record.version;
    if (record.deleted) continue;
    Result<Window> window = DecodeWindow(record);
    if (!window.ok()) return window.status();
    snapshot->windows.push_back(std::move(window).value());
  }
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

class StoredCalendar final : public Calendar {
 public:
  StoredCalendar(Store& store, const PhaseRules& rules, std::shared_ptr<const Snapshot> snapshot)
      : store_(store), rules_(rules), snapshot_(std::move(snapshot)) {}

  LineState At(const LineId& line, MessageClass cls, Time now) const override {
    return StateAt(Current()->windows, line, cls, now, rules_);
  }

  // Reading ends a margin before the stop, so that a read in flight is over when the stop comes.
  bool MayReceive(const LineId& line, Time now) const override {
    const auto snapshot = Current();
    for (int cls = static_cast<int>(MessageClass::kCoded); cls < static_cast<int>(MessageClass::kTechnical); ++cls) {
      const LineState state = StateAt(snapshot->windows, line, static_cast<MessageClass>(cls), now, rules_);
      if (state.phase != Phase::kClosed && now < state.not_after) return true;
    }
    return false;
  }

  std::vector<Window> Windows() const override { return Current()->windows; }

  Result<uint64_t> Put(const Window& window, const std::string& author, const std::string& reason, Time now,
                       std::optional<uint64_t> expected_version) override {
    const Status good = CheckWindow(window);
    if (!good.ok()) return good;
    const Result<uint64_t> version = Replace(window, author, reason, now, expected_version);
    if (version.ok() && listener_) listener_();
    return version;
  }

  void SetListener(std::function<void()> on_change) override { listener_ = std::move(on_change); }

 private:
  std::shared_ptr<const Snapshot> Current() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }

  // Writers go one by one; readers never wait for a flush.
  Result<uint64_t> Replace(const Window& window, const std::string& author, const std::string& reason, Time now,
                           std::optional<uint64_t> expected_version) {
    const std::lock_guard writing(writer_);
    const auto before = Current();
    const auto known = before->versions.find(window.id);
    OperatorRecord record{.kind = kWindowKind, .id = window.id};
    record.changed_at = now;
    record.author = author;
    record.reason = reason;
    record.body = EncodeWindow(window);
    const uint64_t newest = known == before->versions.end() ? 0 : known->second;
    Result<OperatorRecord> stored = store_.PutRecord(std::move(record), expected_version.value_or(newest));
    if (!stored.ok()) return stored.status();
    auto after = std::make_shared<Snapshot>(*before);
    std::erase_if(after->windows, [&window](const Window& w) { return w.id == window.id; });
    after->windows.push_back(window);
    after->versions[window.id] = stored->version;
    Log(LogLevel::kInfo, "calendar.changed",
        {{"window", window.id},
         {"version", std::to_string(stored->version)},
         {"start", FormatTime(window.start)},
         {"end", FormatTime(window.end)},
         {"cancelled", window.cancelled ? "yes" : "no"},
         {"author", author}});
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(after);
    return stored->version;
  }

  Store& store_;
  const PhaseRules rules_;
  std::mutex writer_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::function<void()> listener_;
};

}  // namespace

Result<std::unique_ptr<Calendar>> Calendar::Load(Store& store, const PhaseRules& rules) {
  auto snapshot = ReadAll(store);
  if (!snapshot.ok()) return snapshot.status();
  return std::unique_ptr<Calendar>(std::make_unique<StoredCalendar>(store, rules, std::move(snapshot).value()));
}

}  // namespace tvan
