// What the authority is asked for: a sign of life, answers; and what its operator asks of it.
#include <algorithm>

#include "adapters/simulator/letter.h"

namespace tvan::sim {
namespace {

constexpr size_t kMaxReceiveBytes = 16 * 1024 * 1024;  // of answers in one response
constexpr uint32_t kMaxReceiveCount = 1000;

const char* DispositionOf(const Conditions& now) {
  if (now.serves()) return "ok";
  return now.window != 0 ? "closed" : "down";
}

}  // namespace

Wire WireOfMode(LineMode mode) {
  if (mode == LineMode::kHtml502) return Wire::kHtml502;
  if (mode == LineMode::kClosedFault) return Wire::kClosedFault;
  return mode == LineMode::kHalfOpen ? Wire::kHalfOpen : Wire::kReset;
}

Reply Authority::Served(const Conditions& now, std::string body) const {
  if (!now.serves()) return {WireOfMode(*now.down), {}, {}};
  return {now.slow.count() > 0 ? Wire::kSlowAnswer : Wire::kAnswer, std::move(body), now.slow};
}

Reply Authority::Probe(const Arrival& arrival) {
  const Conditions now = timetable_.At(arrival.at);
  parts_.transcript.Write(Event("probe")
                              .Number("connection", arrival.connection)
                              .At("arrived", arrival.at)
                              .Number("window", now.window)
                              .Number("outage", now.outage)
                              .At("date", now.serves() ? DateHeader() : Time())
                              .Text("disposition", DispositionOf(now)));
  return Served(now, WriteProbeResponse());
}

Reply Authority::Receive(const Arrival& arrival, const std::string& after, uint32_t limit) {
  const Conditions now = timetable_.At(arrival.at);
  uint64_t position = after.empty() ? 0 : std::stoull(after);  // at most 18 digits, by the wire format
  ReadResult read;
  read.next = position;
  std::vector<std::string> ids, skipped;
  std::lock_guard lock(mutex_);
  if (now.serves())
    read = answers_.Read(position, {std::min(limit, kMaxReceiveCount), kMaxReceiveBytes}, parts_.clock.Now(), now.lies);
  std::vector<OutgoingAnswer> out;
  for (const auto& [at, answer] : read.answers) {
    ids.push_back(answer->id);
    out.push_back({std::to_string(at), answer->bytes});
    acks_.Delivered(answer->id, answer->type);
  }
  for (const auto& answer : read.skipped) skipped.push_back(answer->id);
  std::string next = read.next == position ? after : std::to_string(read.next);
  parts_.transcript.Write(Event("receive")
                              .Number("connection", arrival.connection)
                              .Text("after", after)
                              .Number("limit", limit)
                              .Text("next", next)
                              .Number("window", now.window)
                              .Number("outage", now.outage)
                              .List("answer_ids", ids)
                              .List("skipped", skipped)
                              .Number("hidden", int64_t(read.hidden))
                              .Text("disposition", DispositionOf(now)));
  return Served(now, WriteReceiveResponse(out, next));
}

void Authority::Follow(const Result<Plan>& plan) {
  parts_.transcript.Write(Event("control")
                              .Number("windows", plan ? int64_t(plan->windows.size()) : 0)
                              .Number("outages", plan ? int64_t(plan->outages.size()) : 0)
                              .Text("reason", plan ? "" : plan.status().message())
                              .Text("disposition", plan ? "ok" : "refused"));
  if (plan) timetable_.Change(*plan);
}

void Authority::ReportMissingAcks() {
  std::lock_guard lock(mutex_);
  for (const std::string& id : acks_.Missing())
    parts_.transcript.Write(Event("ack999")
                                .Number("connection", 0)
                                .Number("request", 0)
                                .Number("index", 0)
                                .Text("arrived", "")
                                .Number("window", 0)
                                .Number("outage", 0)
                                .Text("mtdiep", "")
                                .Text("message_sha256", "")
                                .Number("try", 0)
                                .Text("answer_id", id)
                                .Text("disposition", "missing")
                                .Text("response", ""));
}

}  // namespace tvan::sim
