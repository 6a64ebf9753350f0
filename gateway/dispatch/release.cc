#include "gateway/dispatch/release.h"

#include <algorithm>

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr Span kBeforeDeadline = std::chrono::minutes(30);  // left for sending what waited in vain

// Faults that speak of the taxpayer's mandate; all others speak of the provider, whose messages were taken.
bool IsOfMandate(const Fault& fault) {
  const std::string_view rule = fault.rule.text();
  return rule.substr(0, 16) == "contract.mandate" || fault.rule == "contract.no_mandate"_reason ||
         fault.rule == "contract.type_not_in_mandate"_reason;
}

}  // namespace

std::optional<std::string> WhyHeld(const ContractSnapshot& book, const MessageMeta& meta) {
  const ContractVerdict verdict = book.Decide(meta.provider(), meta.mst, meta.mltdiep, meta.accepted_at);
  if (verdict.kind == ContractVerdict::Kind::kAllow) return std::nullopt;
  for (const Fault& fault : verdict.faults) {
    if (!IsOfMandate(fault)) continue;
    return std::string(fault.rule.text()) + " by " + verdict.version;
  }
  return std::nullopt;
}

WaitEnds EndsOfWait(const MessageMeta& meta, Span max_parent_wait, const Deadlines& deadlines) {
  const Time longest = meta.accepted_at + max_parent_wait;
  return {std::min(longest, deadlines.Of(meta) - kBeforeDeadline), longest};
}

ParentWait WaitForParent(const Store& store, const MessageMeta& meta, Time now, const WaitEnds& ends,
                         bool acknowledged_ends_wait) {
  const auto is_open = [&](const MessageMeta& parent) {
    if (IsFinal(parent.stage) || parent.stage == Stage::kWorkItem) return false;
    return !acknowledged_ends_wait || parent.stage != Stage::kAcknowledged;
  };
  const auto holds = [&](const InvoiceKey& claim) {
    const Result<std::optional<MessageMeta>> holder = store.ClaimHolder(claim);
    if (!holder.ok()) return true;  // whether it must wait is unknown, so it waits as for an open parent
    const std::optional<MessageMeta>& parent = *holder;
    return parent && parent->acceptance < meta.acceptance && parent->mst == meta.mst && is_open(*parent);
  };
  const auto registrations = store.OpenRegistrations(meta.mst, meta.acceptance);
  const bool behind_registration =
      !registrations.ok() || std::any_of(registrations->begin(), registrations->end(), is_open);
  const bool behind_invoice = std::any_of(meta.refers.begin(), meta.refers.end(), holds);
  if (!behind_registration && !behind_invoice) return ParentWait::kNo;
  const bool waits =
      (behind_registration && now < ends.behind_registration) || (behind_invoice && now < ends.behind_invoice);
  return waits ? ParentWait::kYes : ParentWait::kOverdue;
}

std::optional<StageChange> AtRelease(const DispatchParts& parts, const ContractSnapshot& book, const MessageMeta& meta,
                                     bool parent_overdue, Time now) {
  std::optional<std::string> held = WhyHeld(book, meta);
  if (held && IsReleasedByOperator(parts.store, meta.gateway_id)) held.reset();
  if (!held && !parent_overdue) return std::nullopt;
  StageChange change{.gateway_id = meta.gateway_id, .event = held ? EventKind::kHeld : EventKind::kReleased};
  change.from = meta.stage;
  if (held) change.to = Stage::kHeld;
  change.at = now;
  change.reason = std::string((held ? kHeldByMandate : "dispatch.parent_overdue"_reason).text());
  if (held) change.detail = *held + "; owner: operator; due " + FormatTime(parts.options.deadlines.Of(meta));
  Log(LogLevel::kError, held ? "dispatch.held" : "dispatch.parent_overdue",
      {{"mtdiep", meta.gateway_id.value()}, {"reason", change.reason}, {"detail", change.detail}});
  return change;
}

bool IsReleasedByOperator(const Store& store, const MessageId& id) {
  FindBy by;
  by.gateway_id = id;
  const auto found = store.Find(by);
  if (!found.ok() || found->messages.empty()) return false;  // held again, and looked at again
  bool held = false, released = false;
  for (const Event& e : found->messages.front().events) {
    held = held || e.kind == EventKind::kHeld;
    released = released || (held && e.kind == EventKind::kResolved);
  }
  return released;
}

}  // namespace tvan
