#pragma once
// Scheduler: one step of dispatch at a time — settle what ended, learn about the line, watch, pick, send. Everything
// here belongs to the scheduler thread; Dispatcher wraps the thread around it.

#include <optional>

#include "gateway/dispatch/drain_meter.h"
#include "gateway/dispatch/last_call.h"
#include "gateway/dispatch/outbox.h"
#include "gateway/dispatch/pacer.h"
#include "gateway/dispatch/picker.h"
#include "gateway/dispatch/prober.h"
#include "gateway/dispatch/recovery.h"
#include "gateway/dispatch/suspects.h"
#include "gateway/dispatch/system_codes.h"
#include "gateway/dispatch/watcher.h"

namespace tvan {

struct DownOrder {
  Reason reason;
  std::string detail;
  MessageId about;  // the message that met the code; empty: not known
};

class Scheduler {
 public:
  // `is_ordered_down` asks, from the scheduler thread, whether a DownOrder waits for the next Step.
  Scheduler(DispatchParts& parts, std::function<void()> wake, std::function<bool()> is_ordered_down);

  // One round. Answers when the next one is due by time alone. Not OK (permanent): fenced, dispatch is over.
  Result<Steady> Step(const std::vector<DownOrder>& downs);
  // Waits for nothing: settles what has ended. True: nothing is in flight any more.
  bool SettleEnded();
  void Drain();
  Dispatcher::View view() const;
  std::shared_ptr<const LineClock> line_clock() const { return watcher_.line_clock(); }
  bool HasEnded() const { return outbox_.HasResults(); }  // SettleEnded has something to do

 private:
  void LookAtPhases(Instant now);
  Time OpenSince(Time now) const;
  void Learn(const SendResult& result, Instant now);
  void LearnFailure(const Status& fault, const SendResult& result, Instant now);
  void LearnTaken(const MessageMeta& meta, Time recorded_at, Instant now);
  void Isolate(const SendResult& result, size_t i);
  void WriteIsolated();
  void ObeyDown(const DownOrder& down, Instant now);
  bool IsItsOwn(const DownOrder& down, Instant now);
  void WentDown(const std::string& why);
  Prober::Wish Wish(Instant now) const;
  void Probe(Instant now);
  void TakeProbe(Instant now);
  Status SendCanary(Instant now);
  Result<bool> TryCanary(Instant now);
  void Tick(Instant now);
  void Measure();
  void MeasureQueues(const Measures& measures, Time now);
  void MeasureDrain(const Measures& measures, Instant now);
  void MeasureLine();
  Result<bool> SendOne(Instant now);
  std::vector<Picker::Picked> PickOthersFirst(Instant now, uint32_t room,
                                              const std::function<bool(MessageClass)>& may_send);
  std::vector<Outgoing> NextBatch(Instant now, uint32_t room, bool& more);
  void Ramp(Instant now, const std::string& why);
  bool HasBacklog() const;
  std::vector<Outgoing> Release(std::vector<Picker::Picked> picked, Time now);
  Status StoreTrouble(const Status& status, Instant now);
  bool AnyWaiting() const;
  Steady NextStep(Instant now);
  Steady NextOfLine(Instant now);

  DispatchParts& parts_;
  std::function<void()> wake_;
  std::function<bool()> is_ordered_down_;
  LinePhases phases_;  // first: it says how late it is at least
  LineHealth health_;
  Prober prober_;
  Pacer pacer_;
  DrainMeter drain_;
  Unreadables unreadables_;
  Picker picker_;
  Watcher watcher_;
  Recoverer recoverer_;
  Outbox outbox_;
  Suspects suspects_;
  Witnesses witnesses_;
  LastCall last_call_;
  FaultClassifier faults_;
  std::vector<StageChange> isolated_;  // written after the settlement
  std::optional<Phase> shown_phase_;   // in the metrics
  const Span tick_;
  Steady next_tick_{};
  Steady retry_at_{};    // the store had trouble
  Steady next_token_{};  // the pace allows the next message
  uint32_t store_failures_ = 0;
  bool resent_last_ = false;  // resends and first sends take turns
  bool recovered_ = false, sent_something_ = false, starved_ = false, unfinished_ = false;
  bool look_again_ = false;  // something happened since the last tick: what is shown may be old
};

}  // namespace tvan
