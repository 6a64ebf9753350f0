#include "gateway/reconcile/stop_snapshots.h"

#include <algorithm>

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr size_t kMostAsked = 64;
const char kByHand[] = "by-hand";

Status NoFolder() { return Status::Permanent("reconcile.no_folder"_reason, "calendar.snapshot_dir is not configured"); }

}  // namespace

StopSnapshots::StopSnapshots(Options options, SnapshotParts parts, Metrics& metrics)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      folder_(options_.folder),
      alarm_gauge_(metrics.GetGauge("tvan_snapshot_alarm", "1 while a stop's snapshot could not be made")),
      taken_(metrics.GetCounter("tvan_snapshots_total", "Sealed snapshots made")) {}

void StopSnapshots::Start() {
  if (!options_.folder.empty()) folder_.RemoveUnfinished();
  const std::lock_guard lock(mutex_);
  TVAN_CHECK(!running_);
  running_ = true;
  begun_.emplace(parts_.clock);
  thread_ = std::thread([this] { Run(); });
}

void StopSnapshots::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void StopSnapshots::TakeFor(const LineId& line, const std::string& window, Time since) {
  Stopped stop{line.value(), window, since};
  const std::lock_guard lock(mutex_);
  if (stop_ || std::find(asked_.begin(), asked_.end(), stop.name()) != asked_.end()) return;
  asked_.push_back(stop.name());
  if (asked_.size() > kMostAsked) asked_.pop_front();
  if (waiting_.size() >= kMostWaiting) GiveUpOldest();
  waiting_.push_back(std::move(stop));
  // The work begins here, so that virtual time cannot slip by between this call and the thread. Behind one that waits
  // to be tried again it waits too.
  if (running_ && !begun_ && waiting_.size() == 1) begun_.emplace(parts_.clock);
  wake_.notify_all();
}

void StopSnapshots::GiveUpOldest() {
  const std::string name = waiting_.front().name();
  Log(LogLevel::kError, "reconcile.snapshot", {{"snapshot", name}, {"status", "given up"}});
  waiting_.pop_front();
  given_up_.insert(name);
  if (given_up_.size() > kMostAsked) given_up_.erase(given_up_.begin());
  ShowAlarm();
}

void StopSnapshots::ShowAlarm() { alarm_gauge_.Set(failure_.empty() && given_up_.empty() ? 0 : 1); }

// Names tell seconds, and more than one may be taken in one.
std::string StopSnapshots::FreeName(Time now, const LineId& line) const {
  std::string window = kByHand;
  for (int n = 2; folder_.Has(SnapshotName(line.value(), window, now)); ++n)
    window = kByHand + ("-" + std::to_string(n));
  return window;
}

Result<std::string> StopSnapshots::TakeNow(const LineId& line, const std::function<void(uint64_t, uint64_t)>& progress,
                                           const std::function<bool()>& stopped) {
  if (options_.folder.empty()) return NoFolder();
  const std::unique_lock only(making_, std::try_to_lock);
  if (!only.owns_lock()) return Status::Transient("reconcile.running"_reason, "another snapshot is being made");
  const Time now = parts_.clock.Now();
  SnapshotOrder order{options_.folder, line.value(), FreeName(now, line), now, true, options_.leave_free};
  order.progress = progress;
  order.stopped = [this, &stopped] { return stopping() || (stopped && stopped()); };
  auto name = TakeSnapshot(parts_, order);
  if (!name.ok()) return name;
  taken_.Add();
  const std::lock_guard lock(mutex_);
  given_up_.clear();
  ShowAlarm();
  return name;
}

std::string StopSnapshots::alarm_text() const {
  const std::lock_guard lock(mutex_);
  if (given_up_.empty()) return failure_;
  return (failure_.empty() ? "" : failure_ + "; ") + std::to_string(given_up_.size()) +
         " given up, take one by hand: " + *given_up_.begin();
}

bool StopSnapshots::stopping() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

Status StopSnapshots::Take(const Stopped& stop) {
  if (options_.folder.empty()) return NoFolder();
  const std::lock_guard only(making_);
  if (folder_.Has(stop.name())) return {};
  SnapshotOrder order{options_.folder, stop.line, stop.window, stop.since, false, options_.leave_free};
  order.stopped = [this] { return stopping(); };
  const auto name = TakeSnapshot(parts_, order);
  if (!name.ok()) return name.status();
  taken_.Add();
  Log(LogLevel::kInfo, "reconcile.snapshot", {{"snapshot", *name}});
  return {};
}

void StopSnapshots::Tell(const Stopped& stop, const Status& status) {
  if (!status.ok() && status.reason() != "reconcile.stopped"_reason)
    Log(LogLevel::kError, "reconcile.snapshot", {{"snapshot", stop.name()}, {"status", status.ToString()}});
  const std::lock_guard lock(mutex_);
  failure_ = status.ok() ? std::string() : stop.name() + ": " + status.ToString();
  if (status.ok()) given_up_.erase(stop.name());  // it was being made when it was given up
  ShowAlarm();
}

// Without a folder there is nothing to try again. What waits stays first until it is made, so that they come in order.
void StopSnapshots::Run() {
  std::unique_lock lock(mutex_);
  Steady not_before{};
  while (!stop_) {
    const bool due = !waiting_.empty() && parts_.clock.SteadyNow() >= not_before;
    if (!due) {
      begun_.reset();
      const Steady until = waiting_.empty() ? kSteadyForever : not_before;
      const size_t waited = waiting_.size();
      parts_.clock.WaitUntil(wake_, lock, until, [&] { return stop_ || (waited == 0 && !waiting_.empty()); });
      continue;
    }
    if (!begun_) begun_.emplace(parts_.clock);
    const Stopped stop = waiting_.front();
    lock.unlock();
    const Status status = Take(stop);
    Tell(stop, status);
    lock.lock();
    const bool over = status.ok() || options_.folder.empty();
    if (over && !waiting_.empty() && waiting_.front().name() == stop.name()) waiting_.pop_front();
    not_before = over ? Steady{} : parts_.clock.SteadyNow() + options_.retry;
  }
  begun_.reset();
}

}  // namespace tvan
