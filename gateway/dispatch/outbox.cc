#include "gateway/dispatch/outbox.h"

#include <algorithm>

#include "gateway/core/failpoint.h"
#include "gateway/core/log.h"
#include "gateway/dispatch/work_item.h"

namespace tvan {
namespace {

using Outcome = Settlement::Outcome;

const char* ToString(Outcome outcome) {
  return outcome == Outcome::kSent ? "sent" : outcome == Outcome::kNotSent ? "not_sent" : "in_doubt";
}

bool MayLeave(const LineState& state, const Outgoing& message, Time now) {
  return message.canary ? IsForCanary(state, now) : !IsClosed(state, now);
}

// P6: looked at once more right before the line is called; recording may have taken its time, and the wall clock may
// have been set forward, which the line's own check on the steady clock does not see.
bool IsAnyClosed(const DispatchParts& parts, const std::vector<Outgoing>& messages, Time not_after) {
  const Time now = parts.Wall();
  if (now >= not_after) return true;
  return std::any_of(messages.begin(), messages.end(), [&](const Outgoing& m) {
    return !MayLeave(parts.calendar.At(parts.options.line, m.meta.cls, now), m, now);
  });
}

void CountResend(const DispatchParts& parts, const MessageMeta& meta) {
  parts.metrics
      .GetCounter("tvan_dispatch_resends_total", "Attempts that repeat an earlier one, byte for byte",
                  {{"class", std::string(tvan::ToString(meta.cls))}})
      .Add();
}

Labels LineLabel(const DispatchParts& parts) { return {{"line", parts.options.line.value()}}; }

}  // namespace

// A resend never goes back to the queue: that this copy did not arrive says nothing about the copies before.
Settlement SettlementOf(const Outgoing& message, const Status& status, Time at) {
  Settlement s;
  s.gateway_id = message.meta.gateway_id;
  s.attempt = message.meta.attempts;
  s.at = at;
  s.reason = std::string(status.reason().text());
  s.detail = status.message();
  if (status.ok())
    s.outcome = Outcome::kSent;
  else
    s.outcome = status.is_in_doubt() || message.resend() ? Outcome::kInDoubt : Outcome::kNotSent;
  return s;
}

Outbox::Outbox(DispatchParts& parts, std::function<void()> wake) : parts_(parts), wake_(std::move(wake)) {
  Executor::Options options;
  options.name = "line-send";
  options.threads = std::max(1U, parts.options.sends_in_flight);
  options.queue_limit = options.threads;
  pool_ = Executor::Make(options, parts.clock, parts.metrics);
}

void Outbox::MakeWorkItem(const MessageMeta& meta, Reason reason, const std::string& detail) {
  const StageChange change = WorkItemOf(parts_, meta, meta.stage, parts_.Wall(), reason, detail);
  // A store that cannot write now: the message stays where it is and is looked at again.
  const auto done = parts_.store.Change(parts_.fence, {change});
  if (!done.ok()) Log(LogLevel::kWarning, "dispatch.store", {{"status", done.status().ToString()}});
}

// P3: what is sent is a pure function of stored bytes, ids and plan; the digest of acceptance proves it each time.
bool Outbox::Render(Outgoing& message) {
  const MessageMeta& meta = message.meta;
  const Result<SharedBytes> payload = parts_.store.LoadPayload(meta.gateway_id);
  if (!payload.ok()) {
    Log(LogLevel::kError, "dispatch.payload",
        {{"mtdiep", meta.gateway_id.value()}, {"status", payload.status().ToString()}});
    if (payload.status().disposition() == Disposition::kPermanent)
      MakeWorkItem(meta, "dispatch.payload_damaged"_reason, payload.status().ToString());
    return false;
  }
  const std::string& bytes = **payload;
  const auto fits = [&bytes](ByteRange r) { return uint64_t{r.offset} + r.size <= bytes.size(); };
  const bool whole = fits(meta.plan.payload) && (!meta.plan.cksnnt || fits(*meta.plan.cksnnt));
  if (whole) {
    const HopHeader header{"V" + WithoutDash(parts_.options.our_mst), parts_.options.authority_code,
                           meta.gateway_id.value(), ""};
    message.bytes = std::make_shared<const std::string>(RenderWrapped(meta.plan, bytes, header));
  }
  if (whole && parts_.digester.Sha256Of(*message.bytes) == meta.sent_digest) return true;
  MakeWorkItem(meta, "dispatch.digest_mismatch"_reason, "the bytes to send are not those that were accepted");
  return false;
}

std::vector<Outgoing> Outbox::Sendable(std::vector<Outgoing> messages, Time now, Time& not_after) const {
  not_after = now + parts_.options.send_timeout;
  std::vector<Outgoing> sendable;
  for (Outgoing& m : messages) {
    const LineState state = parts_.calendar.At(parts_.options.line, m.meta.cls, now);
    if (!MayLeave(state, m, now)) continue;
    not_after = std::min(not_after, state.not_after);
    sendable.push_back(std::move(m));
  }
  return sendable;
}

Result<std::vector<Outgoing>> Outbox::Record(std::vector<Outgoing> messages, Time now, Time not_after) {
  const LineId& line = parts_.options.line;
  const Result<std::string> position = parts_.store.LinePosition(line);
  if (!position.ok()) return position.status();
  std::vector<AttemptIntent> intents;
  for (const Outgoing& m : messages) {
    const bool lost_ones = m.meta.attempts == 0 && m.meta.restored;
    intents.push_back({m.meta.gateway_id, now, not_after, line, lost_ones ? parts_.restored_from : *position,
                       m.meta.stage, m.contract});
  }
  Pass("attempt.before"_failpoint);
  const auto answers = parts_.store.RecordAttempts(parts_.fence, intents);
  Pass("attempt.after"_failpoint);
  if (!answers.ok()) return answers.status();
  std::vector<Outgoing> recorded;
  for (size_t i = 0; i < messages.size() && i < answers->size(); ++i) {
    if (!(*answers)[i].ok()) continue;  // an answer or its provider moved it on: nothing to send
    ++messages[i].meta.attempts;
    if (messages[i].resend()) CountResend(parts_, messages[i].meta);
    recorded.push_back(std::move(messages[i]));
  }
  return recorded;
}

Result<uint32_t> Outbox::Send(std::vector<Outgoing> messages) {
  std::erase_if(messages, [this](Outgoing& m) { return InFlight(m.meta.gateway_id) || !Render(m); });
  const Instant now = parts_.Now();
  Time not_after;
  messages = Sendable(std::move(messages), now.wall, not_after);
  if (messages.empty()) return 0U;
  auto recorded = Record(std::move(messages), now.wall, not_after);
  if (!recorded.ok()) return recorded.status();
  const auto count = static_cast<uint32_t>(recorded->size());
  if (count > 0) Submit(std::move(recorded).value(), now, not_after);
  return count;
}

std::vector<Status> Outbox::CallLine(const std::vector<Outgoing>& messages, Time stop, Steady not_after) const {
  if (IsAnyClosed(parts_, messages, stop))
    return std::vector<Status>(messages.size(), Status::Transient("dispatch.closed"_reason, "the line closed"));
  std::vector<OutboundMessage> outbound;
  for (const Outgoing& m : messages) outbound.push_back({m.meta.gateway_id, m.bytes});
  Pass("send.before"_failpoint);
  std::vector<Status> statuses = parts_.channel.Send(outbound, not_after);
  Pass("send.after"_failpoint);
  if (statuses.size() == messages.size()) return statuses;
  return std::vector<Status>(messages.size(),
                             Status::InDoubt("dispatch.line_answer"_reason, "the line answered another number"));
}

void Outbox::Submit(std::vector<Outgoing> messages, Instant now, Time not_after) {
  for (const Outgoing& m : messages) in_flight_.insert(m.meta.gateway_id);
  ++batches_;
  auto result = std::make_shared<SendResult>();
  result->messages = std::move(messages);
  result->recorded_at = now.wall;
  const Steady latest = now.steady + (not_after - now.wall);
  const bool taken = pool_->TrySubmit([this, result, not_after, latest] {
    result->statuses = CallLine(result->messages, not_after, latest);
    result->ended_at = parts_.Wall();
    {
      const std::lock_guard lock(mutex_);
      results_.push_back(std::move(*result));
    }
    wake_();
  });
  TVAN_CHECK(taken);  // HasRoom bounds the batches by the pool's threads
}

bool Outbox::HasResults() const {
  const std::lock_guard lock(mutex_);
  return !results_.empty();
}

std::vector<SendResult> Outbox::TakeResults() {
  std::vector<SendResult> results;
  const std::lock_guard lock(mutex_);
  results.swap(results_);
  batches_ -= static_cast<uint32_t>(results.size());
  return results;
}

Status Outbox::Settle(const std::vector<SendResult>& results) {
  for (const SendResult& result : results) {
    for (size_t i = 0; i < result.messages.size(); ++i) {
      unsettled_.push_back(SettlementOf(result.messages[i], result.statuses[i], result.ended_at));
      Report(result, i, unsettled_.back());
    }
  }
  if (unsettled_.empty()) return {};
  Pass("settle.before"_failpoint);
  const Status settled = parts_.store.Settle(parts_.fence, unsettled_);
  Pass("settle.after"_failpoint);
  if (!settled.ok() && (settled.disposition() != Disposition::kPermanent || IsFenced(settled))) return settled;
  // A permanent answer is about one settlement and will not change; what it leaves as sending becomes in doubt.
  if (!settled.ok()) Log(LogLevel::kError, "dispatch.settle", {{"status", settled.ToString()}});
  for (const Settlement& s : unsettled_) in_flight_.erase(s.gateway_id);
  unsettled_.clear();
  return {};
}

void Outbox::Report(const SendResult& result, size_t i, const Settlement& settlement) {
  const MessageMeta& meta = result.messages[i].meta;
  HandOver line;
  line.kind = "attempt";
  line.gateway_id = meta.gateway_id;
  line.provider = meta.provider();
  line.message_class = tvan::ToString(meta.cls);
  line.message_type = meta.mltdiep;
  line.attempt = meta.attempts;
  line.line = parts_.options.line.value();
  line.outcome = ToString(settlement.outcome);
  line.reason = settlement.reason;
  line.queued = result.recorded_at - meta.accepted_at;
  line.sending = result.ended_at - result.recorded_at;
  LogHandOver(line);
  Labels labels = LineLabel(parts_);
  labels["outcome"] = ToString(settlement.outcome);
  parts_.metrics.GetCounter("tvan_dispatch_attempts_total", "Attempts that ended, by outcome", labels).Add();
  if (i > 0) return;
  parts_.metrics
      .GetHistogram("tvan_dispatch_send_seconds", "From the record of a batch to the line's answer", LineLabel(parts_))
      .Observe(static_cast<double>(line.sending.count()) / 1e6);
}

}  // namespace tvan
