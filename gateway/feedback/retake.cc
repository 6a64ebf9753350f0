#include "gateway/feedback/retake.h"

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr size_t kMostSkipped = 1000;

InboundMessage AsRead(const StoredAnswer& stored) { return {stored.answer.position, *stored.answer.bytes}; }

void Count(const ReceiveReport& taken, Retake::Report& report) {
  report.joined += taken.joined;
  report.decided += taken.decided;
}

}  // namespace

// All in one act; one by one when that fails, since a record that cannot be read is one answer's fault.
Status Retake::Take(const Fence& fence, const std::vector<StoredAnswer>& answers, Report& report) {
  std::vector<InboundMessage> messages;
  for (const StoredAnswer& stored : answers) messages.push_back(AsRead(stored));
  const auto all = intake_.Take(fence, std::move(messages), "");
  if (all.ok()) return Count(*all, report), Status();
  for (const StoredAnswer& stored : answers) {
    const auto one = intake_.Take(fence, {AsRead(stored)}, "");
    if (one.ok()) Count(*one, report);
    if (one.ok()) continue;
    report.later = report.later || one.status().disposition() != Disposition::kPermanent;
    if (Status status = Skipped(one.status(), stored.answer.answer_id); !status.ok()) return status;
  }
  return {};
}

Status Retake::Skipped(const Status& status, const std::string& answer_id) {
  if (status.reason() == "store.fenced"_reason) return status;
  if (skipped_.size() >= kMostSkipped) skipped_.clear();
  if (skipped_.insert(answer_id).second)
    Log(LogLevel::kError, event_, {{"answer", answer_id}, {"status", status.ToString()}});
  return {};
}

}  // namespace tvan
