#pragma once
// What a run counts. The window of measurement opens when `warmup` messages are answered and closes once; throughput is
// of the receipts inside it. Latency is of every receipt after the warm-up messages, also of those that come after the
// close: leaving the late ones out would flatter. Not thread-safe.

#include <map>
#include <string>
#include <vector>

#include "gateway/core/time.h"
#include "ops/load/histogram.h"

namespace tvan::load {

struct Counts {
  uint64_t offered = 0;           // messages handed to a connection; a repeat after overload is not counted again
  uint64_t accepted = 0;          // receipts, all right ones and wrong ones
  uint64_t already_accepted = 0;  // of those: of an earlier submit
  uint64_t wrong_receipts = 0;    // of those: of another message, or incomplete
  uint64_t rejected = 0;
  uint64_t failed = 0;        // neither, and not for lack of room
  uint64_t stray = 0;         // answers to nothing that was on its way
  uint64_t backpressure = 0;  // refusals for lack of room (RESOURCE_EXHAUSTED, or with RetryInfo); each was tried again
  uint64_t answer_bytes = 0;  // of the responses
  uint64_t missing() const { return offered - accepted - rejected - failed; }
};

class Tally {
 public:
  explicit Tally(uint64_t warmup = 0) : warmup_(warmup) {}

  enum class Answer { kReceipt, kRejection };
  // `order`: how many messages of the run were offered before this one. Answers true when the window has opened now.
  [[nodiscard]] bool Answered(Answer answer, uint64_t order, Steady intended, Steady now);
  void Open(Steady now);   // no effect after the first
  void Close(Steady now);  // no effect after the first
  bool open() const { return opened_.us != 0 && closed_.us == 0; }

  void GatewayId(std::string_view id) { ids_.push_back(std::hash<std::string_view>{}(id)); }
  uint64_t DistinctGatewayIds() const;
  void Complaint(const std::string& text);  // counted by text; at most 20 texts are kept

  Counts counts;
  const LatencyHistogram& latency() const { return latency_; }
  Span window() const { return closed_.us == 0 ? Span(0) : closed_ - opened_; }
  uint64_t receipts_in_window() const { return in_window_; }
  double receipts_per_s() const;
  const std::map<std::string, uint64_t>& complaints() const { return complaints_; }

 private:
  uint64_t warmup_;
  uint64_t answered_ = 0, in_window_ = 0;
  Steady opened_, closed_;  // 0: not yet
  LatencyHistogram latency_;
  std::vector<uint64_t> ids_;
  std::map<std::string, uint64_t> complaints_;
};

}  // namespace tvan::load
