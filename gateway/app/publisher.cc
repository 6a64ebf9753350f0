#include "gateway/app/publisher.h"

#include <algorithm>

#include "gateway/core/log.h"
#include "gateway/reconcile/new_file.h"

namespace tvan {
namespace {

constexpr uint64_t kLeaveFree = 16 << 20;  // of the disk
constexpr unsigned kReadableByAll = 0644;  // a web server is another user

}  // namespace

Publisher::Publisher(std::string folder, Parts parts)
    : folder_(std::move(folder)),
      parts_(std::move(parts)),
      alarm_(parts_.metrics.GetGauge("tvan_publish_alarm", "1 while the calendar's files cannot be written")),
      next_(parts_.clock) {
  // One waits while one runs: who changes something meanwhile is seen by the one that waits.
  if (!folder_.empty()) thread_ = Executor::Make({"publish", 1, 1}, parts_.clock, parts_.metrics);
}

void Publisher::Changed() {
  if (thread_ != nullptr) static_cast<void>(thread_->TrySubmit([this] { Publish(); }));
}

void Publisher::Stop() {
  next_.Stop();
  if (thread_ != nullptr) thread_->Drain();
}

void Publisher::Publish() {
  const Published published = parts_.look();
  Tell(Write(published));
  next_.Start(std::min(kPublishEvery, published.now.poll_again_after), [this] { Changed(); });
}

Status Publisher::Write(const Published& published) const {
  const std::string json = CalendarJson(published);
  const std::pair<const char*, std::string> files[] = {
      {"/calendar.json", json + "\n"},
      {"/calendar.jws", parts_.sealer.Seal(kCalendarType, json) + "\n"},
      {"/calendar.ics", CalendarIcs(published)}};
  for (const auto& [name, text] : files) {
    Status status = WriteNewFile(folder_ + name, text, parts_.digester, kLeaveFree, kReadableByAll);
    if (!status.ok()) return Status::Transient("app.publish"_reason, status.message());
  }
  return {};
}

void Publisher::Tell(const Status& status) {
  alarm_.Set(status.ok() ? 0 : 1);
  const std::string now = status.ok() ? "" : status.ToString();
  if (now == told_) return;
  told_ = now;
  Log(status.ok() ? LogLevel::kInfo : LogLevel::kError, status.ok() ? "app.published" : "app.publish",
      {{"folder", folder_}, {"what", now}});
}

}  // namespace tvan
