#include "gateway/calendar/calendar.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "gateway/calendar/calendar_snapshot.h"
#include "gateway/calendar/window_record.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

using SnapshotPtr = std::shared_ptr<const CalendarSnapshot>;

constexpr Span kLongestLastCall = std::chrono::minutes(10);
constexpr Span kSecondPerson = std::chrono::minutes(15);  // within which a second operator says the same
constexpr Span kLongOver = std::chrono::hours(24);        // a stop that ended so long ago is history
constexpr size_t kShortestReason = 10, kLongestReason = 500;
constexpr size_t kMostClasses = static_cast<size_t>(MessageClass::kTechnical) + 1;

constexpr MessageClass ClassOf(size_t i) { return static_cast<MessageClass>(i); }

class StoredCalendar final : public Calendar {
 public:
  StoredCalendar(Store& store, const PhaseRules& rules, SnapshotPtr snapshot)
      : store_(store), rules_(rules), snapshot_(std::move(snapshot)) {}

  LineState At(const LineId& line, MessageClass cls, Time now) const override {
    return Stricter(*Current(), line, cls, now, RulesOf(cls));
  }

  // Reading ends a margin before the stop, so that a read in flight is over when the stop comes.
  Time ReceiveUntil(const LineId& line, Time now) const override {
    const SnapshotPtr snapshot = Current();
    Time until{0};
    for (size_t i = 1; i < static_cast<size_t>(MessageClass::kTechnical); ++i) {
      const LineState state = Stricter(*snapshot, line, ClassOf(i), now, rules_);
      if (state.phase != Phase::kClosed) until = std::max(until, state.not_after);
    }
    return until;
  }

  std::vector<Window> Windows() const override { return Current()->bare; }
  std::vector<VersionedWindow> VersionedWindows() const override { return Current()->windows; }
  const PhaseRules& rules() const override { return rules_; }

  Result<uint64_t> Put(const Window& window, const std::string& author, const std::string& reason, Time now,
                       std::optional<uint64_t> expected_version) override {
    const Status good = CheckWindow(window);
    if (!good.ok()) return good;
    const Result<uint64_t> version = PutWindow(window, author, reason, now, expected_version);
    if (version.ok()) Tell();
    return version;
  }

  Result<bool> Advance(const LineId& line, LineFacts facts) override;

  PhaseRecord Phases(const LineId& line) const override {
    const SnapshotPtr snapshot = Current();
    const auto found = snapshot->phases.find(line.value());
    return found == snapshot->phases.end() ? PhaseRecord() : found->second;
  }

  Result<std::vector<PhaseRecord>> PhaseHistory(const LineId& line, const HistoryPage& page) const override {
    const auto records = store_.RecordHistory(kPhaseKind, line.value(), page);
    if (!records.ok()) return records.status();
    std::vector<PhaseRecord> history;
    for (const OperatorRecord& record : *records) {
      Result<PhaseRecord> phases = DecodePhases(record);
      if (!phases.ok()) return phases.status();
      history.push_back(std::move(*phases));
    }
    return history;
  }

  Result<bool> Order(const LineId& line, const BreakGlass& order) override;

  IntakeMode ModeOf(MessageClass cls) const override {
    const SnapshotPtr snapshot = Current();
    const auto found = snapshot->modes.find(cls);
    return found == snapshot->modes.end() ? IntakeMode::kHold : found->second.first;
  }

  Status SetMode(MessageClass cls, IntakeMode mode, const std::string& author, const std::string& reason,
                 Time now) override;

  void SetLastCall(MessageClass cls, Span last_call) override {
    last_calls_[static_cast<size_t>(cls)] = std::clamp(last_call, Span(0), kLongestLastCall).count();
  }

  Status Follow() override;

  void SetListener(std::function<void()> on_change) override { listener_ = std::move(on_change); }
  void SetPhaseListener(std::function<void(const PhaseRecord&)> on_phase) override { on_phase_ = std::move(on_phase); }

 private:
  SnapshotPtr Current() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }

  void Publish(std::shared_ptr<CalendarSnapshot> after) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(after);
  }

  void Tell() const {
    if (listener_) listener_();
  }

  PhaseRules RulesOf(MessageClass cls) const {
    PhaseRules rules = rules_;
    rules.stop_margin = std::max(rules.stop_margin, Span(last_calls_[static_cast<size_t>(cls)].load()));
    return rules;
  }

  Result<uint64_t> PutWindow(Window window, const std::string& author, const std::string& reason, Time now,
                             std::optional<uint64_t> expected_version);
  static OperatorRecord RecordOf(const char* kind, const std::string& id, Time now, const std::string& author,
                                 const std::string& reason, std::string body) {
    OperatorRecord record{.kind = kind, .id = id};
    record.changed_at = now;
    record.author = author;
    record.reason = reason;
    record.body = std::move(body);
    return record;
  }

  Store& store_;
  const PhaseRules rules_;
  std::mutex writer_;  // writers go one by one; readers never wait for a flush
  mutable std::mutex mutex_;
  SnapshotPtr snapshot_;
  std::array<std::atomic<int64_t>, kMostClasses> last_calls_{};
  std::function<void()> listener_;
  std::function<void(const PhaseRecord&)> on_phase_;
};

Result<uint64_t> StoredCalendar::PutWindow(Window window, const std::string& author, const std::string& reason,
                                           Time now, std::optional<uint64_t> expected_version) {
  const std::lock_guard writing(writer_);
  const SnapshotPtr before = Current();
  const auto known = std::find_if(before->windows.begin(), before->windows.end(),
                                  [&](const VersionedWindow& w) { return w.window.id == window.id; });
  const bool is_new = known == before->windows.end();
  if (!is_new && !known->window.recurrence.recurs() && EndOf(known->window) + kLongOver <= now)
    return Status::Permanent("calendar.over"_reason, "window '" + window.id + "' ended more than a day ago");
  window.created_at = is_new ? now : known->window.created_at;
  // Until it has begun an end may move as often as it likes; what moves later is an extension.
  window.first_end = is_new || now < known->window.start ? window.end : known->window.first_end;
  Result<OperatorRecord> stored =
      store_.PutRecord(RecordOf(kWindowKind, window.id, now, author, reason, EncodeWindow(window)),
                       expected_version.value_or(is_new ? 0 : known->version));
  if (!stored.ok()) return stored.status();
  auto after = std::make_shared<CalendarSnapshot>(*before);
  std::erase_if(after->windows, [&](const VersionedWindow& w) { return w.window.id == window.id; });
  std::erase_if(after->bare, [&](const Window& w) { return w.id == window.id; });
  after->windows.push_back({window, stored->version, now, author, reason});
  after->bare.push_back(window);
  Publish(std::move(after));
  Log(LogLevel::kInfo, "calendar.changed",
      {{"window", window.id},
       {"version", std::to_string(stored->version)},
       {"start", FormatTime(window.start)},
       {"end", FormatTime(EndOf(window))},
       {"cancelled", window.cancelled ? "yes" : "no"},
       {"verified", window.unverified ? "no" : "yes"},
       {"author", author}});
  return stored->version;
}

Result<bool> StoredCalendar::Advance(const LineId& line, LineFacts facts) {
  const std::lock_guard writing(writer_);
  const SnapshotPtr before = Current();
  const auto known = before->phases.find(line.value());
  const PhaseRecord* now = known == before->phases.end() ? nullptr : &known->second;
  const auto order = before->orders.find(line.value());
  if (order != before->orders.end() && order->second.first.in_force) facts.break_glass = order->second.first.order;
  PhaseRecord next;
  if (now != nullptr) next = *now;
  for (size_t i = 1; i < kMostClasses; ++i) {
    const MessageClass cls = ClassOf(i);
    const auto is = next.classes.find(cls);
    const std::optional<ClassPhase> was = is == next.classes.end() ? std::nullopt : std::optional(is->second);
    next.classes[cls] = NextPhase(was, StateAt(before->bare, line, cls, facts.now, RulesOf(cls)), facts, rules_);
  }
  if (now != nullptr && next.classes == now->classes) return false;
  next.at = facts.now;
  Result<OperatorRecord> stored =
      store_.PutRecord(RecordOf(kPhaseKind, line.value(), facts.now, "gateway", "", EncodePhases(next)),
                       now == nullptr ? 0 : now->epoch);
  if (!stored.ok()) return stored.status();
  next.epoch = stored->version;
  const ClassPhase& shown = next.classes.begin()->second;
  Log(LogLevel::kInfo, "calendar.phase",
      {{"line", line.value()},
       {"epoch", std::to_string(next.epoch)},
       {"phase", ToString(shown.phase)},
       {"window", shown.window},
       {"evidence", shown.evidence}});
  auto after = std::make_shared<CalendarSnapshot>(*before);
  after->phases[line.value()] = next;
  Publish(std::move(after));
  if (on_phase_) on_phase_(next);
  return true;
}

Result<bool> StoredCalendar::Order(const LineId& line, const BreakGlass& asked) {
  BreakGlass order = asked;
  if (order.reason.size() < kShortestReason || order.reason.size() > kLongestReason)
    return Status::Permanent("calendar.reason_missing"_reason, "why: 10 to 500 bytes, typed by a person");
  LineOrder wanted;
  {
    const std::lock_guard writing(writer_);
    const SnapshotPtr before = Current();
    const auto written = before->phases.find(line.value());
    bool any = false;
    for (size_t i = 1; i < kMostClasses && written != before->phases.end(); ++i) {
      const auto is = written->second.classes.find(ClassOf(i));
      if (is == written->second.classes.end()) continue;
      order.at = std::max(order.at, is->second.since);  // a clock that was set back must not make it void
      any = any || is->second.phase == Phase::kVerifying || is->second.phase == Phase::kDown;
    }
    wanted = {order, rules_.break_glass_persons < 2};
    if (!any)
      return Status::Permanent("calendar.not_verifying"_reason,
                               "the line is open, or closed by a window: end that one early instead");
    const auto known = before->orders.find(line.value());
    const bool has = known != before->orders.end();
    if (has && !known->second.first.in_force && known->second.first.order.author != order.author &&
        order.at - known->second.first.order.at <= kSecondPerson) {
      wanted.in_force = true;
      wanted.order.author = known->second.first.order.author + " and " + order.author;
    }
    Result<OperatorRecord> stored = store_.PutRecord(
        RecordOf(kLineOrderKind, line.value(), order.at, order.author, order.reason, EncodeOrder(wanted)),
        has ? known->second.second : 0);
    if (!stored.ok()) return stored.status();
    auto after = std::make_shared<CalendarSnapshot>(*before);
    after->orders[line.value()] = {wanted, stored->version};
    Publish(std::move(after));
  }
  Log(LogLevel::kError, "calendar.break_glass",
      {{"line", line.value()},
       {"author", wanted.order.author},
       {"reason", order.reason},
       {"in_force", wanted.in_force ? "yes" : "no, a second operator is wanted"}});
  Tell();
  return wanted.in_force;
}

Status StoredCalendar::SetMode(MessageClass cls, IntakeMode mode, const std::string& author, const std::string& reason,
                               Time now) {
  {
    const std::lock_guard writing(writer_);
    const SnapshotPtr before = Current();
    const auto known = before->modes.find(cls);
    Result<OperatorRecord> stored =
        store_.PutRecord(RecordOf(kIntakeModeKind, std::string(ToString(cls)), now, author, reason, EncodeMode(mode)),
                         known == before->modes.end() ? 0 : known->second.second);
    if (!stored.ok()) return stored.status();
    auto after = std::make_shared<CalendarSnapshot>(*before);
    after->modes[cls] = {mode, stored->version};
    Publish(std::move(after));
  }
  Log(LogLevel::kInfo, "calendar.intake_mode",
      {{"class", std::string(ToString(cls))},
       {"mode", mode == IntakeMode::kHold ? "hold" : "refuse_new"},
       {"author", author},
       {"reason", reason}});
  Tell();
  return {};
}

// What a snapshot knows beside the phases, by the versions of its records.
std::map<std::string, uint64_t> VersionsOf(const CalendarSnapshot& snapshot) {
  std::map<std::string, uint64_t> versions;
  for (const VersionedWindow& window : snapshot.windows) versions["w" + window.window.id] = window.version;
  for (const auto& [line, order] : snapshot.orders) versions["o" + line] = order.second;
  for (const auto& [cls, mode] : snapshot.modes) versions["m" + std::string(ToString(cls))] = mode.second;
  return versions;
}

Status StoredCalendar::Follow() {
  SnapshotPtr before, after;
  {
    const std::lock_guard writing(writer_);  // else an own change could be forgotten again
    auto read = ReadCalendar(store_);
    if (!read.ok()) return read.status();
    before = Current();
    after = *std::move(read);
    const std::lock_guard lock(mutex_);
    snapshot_ = after;
  }
  if (VersionsOf(*before) != VersionsOf(*after)) Tell();
  for (const auto& [line, phases] : after->phases) {
    const auto known = before->phases.find(line);
    const bool moved = known == before->phases.end() || known->second.epoch != phases.epoch;
    if (moved && on_phase_) on_phase_(phases);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Calendar>> Calendar::Load(Store& store, const PhaseRules& rules) {
  auto snapshot = ReadCalendar(store);
  if (!snapshot.ok()) return snapshot.status();
  return std::unique_ptr<Calendar>(std::make_unique<StoredCalendar>(store, rules, std::move(snapshot).value()));
}

}  // namespace tvan
