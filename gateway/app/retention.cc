#include "gateway/app/retention.h"

#include <utility>

#include "gateway/core/log.h"

namespace tvan {

Retention::Retention(Options options, Store& store, Clock& clock, Metrics& metrics)
    : options_(options),
      store_(store),
      clock_(clock),
      messages_(metrics.GetCounter("tvan_purged_messages_total", "Messages reduced to a tombstone")),
      bytes_(metrics.GetCounter("tvan_purged_payload_bytes_total", "Bytes of their payloads")),
      runs_(metrics.GetCounter("tvan_purge_runs_total", "Purges that went to the end")),
      failed_(metrics.GetCounter("tvan_purge_failures_total", "Purges that ended early")),
      lost_(metrics.GetCounter("tvan_rejections_not_noted_total", "Rejections that the ring does not have")),
      ended_(metrics.GetGauge("tvan_purge_last_end_seconds", "When the last whole purge ended, Unix time")),
      thread_(Executor::Make({"retention", 1, 4}, clock, metrics)),
      purge_(clock),
      rejections_(clock) {}

Retention::~Retention() { Stop(); }

void Retention::SetFence(std::optional<Fence> fence) {
  const std::lock_guard lock(mutex_);
  fence_ = std::move(fence);
}

void Retention::Start() {
  if (options_.keep > Span(0)) purge_.Start(options_.every, [this] { Run(); });
}

void Retention::Stop() {
  purge_.Stop();
  rejections_.Stop();
  thread_->Drain();
  WriteRejections();
}

void Retention::Run() {
  const Time now = clock_.Now();
  next_ = {.before = now - options_.keep, .at = now, .provider = {}, .limit = options_.chunk};
  total_ = {};
  if (!thread_->TrySubmit([this] { Chunk(); })) purge_.Start(options_.every, [this] { Run(); });
}

void Retention::Chunk() {
  std::optional<Fence> fence;
  {
    const std::lock_guard lock(mutex_);
    fence = fence_;
  }
  if (!fence) return purge_.Start(options_.every, [this] { Run(); });
  const auto report = store_.Purge(*fence, next_);
  if (!report.ok()) {
    failed_.Add();
    Log(LogLevel::kError, "store.purge_ended_early", {{"status", report.status().ToString()}});
    return purge_.Start(options_.every, [this] { Run(); });
  }
  messages_.Add(static_cast<double>(report->messages));
  bytes_.Add(static_cast<double>(report->payload_bytes));
  total_.messages += report->messages;
  total_.answers += report->answers;
  total_.items += report->items;
  total_.payload_bytes += report->payload_bytes;
  next_.provider = report->provider;
  next_.after_acceptance = report->after_acceptance;
  if (!report->more) return EndRun();
  purge_.Start(options_.pause, [this] {
    if (!thread_->TrySubmit([this] { Chunk(); })) purge_.Start(options_.every, [this] { Run(); });
  });
}

void Retention::EndRun() {
  runs_.Add();
  ended_.Set(static_cast<double>(clock_.Now().us) / 1e6);
  Log(LogLevel::kInfo, "store.purged",
      {{"messages", std::to_string(total_.messages)},
       {"answers", std::to_string(total_.answers)},
       {"items", std::to_string(total_.items)},
       {"payload_bytes", std::to_string(total_.payload_bytes)}});
  purge_.Start(options_.every, [this] { Run(); });
}

void Retention::Note(Rejection rejection) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) return lost_.Add();
    waiting_.push_back(std::move(rejection));
    if (std::exchange(armed_, true)) return;
  }
  rejections_.Start(kRejectionsEvery, [this] {
    if (thread_->TrySubmit([this] { WriteRejections(); })) return;
    const std::lock_guard lock(mutex_);
    armed_ = false;  // the next one tries again
  });
}

void Retention::WriteRejections() {
  std::vector<Rejection> rejections;
  {
    const std::lock_guard lock(mutex_);
    rejections.swap(waiting_);
    armed_ = false;
  }
  if (rejections.empty()) return;
  if (const Status noted = store_.NoteRejections(rejections); noted.ok()) return;
  lost_.Add(static_cast<double>(rejections.size()));
}

}  // namespace tvan
