#include "gateway/dispatch/release.h"

#include <algorithm>

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr Span kBeforeDeadline = std::chrono::minutes(30);  // left for sending what waited in vain

// KHMSHDon of what it files, each digit once.
std::string KindsOf(const MessageMeta& meta) {
  std::string kinds;
  for (const InvoiceKey& claim : meta.claims)
    if (!claim.khmshdon.empty() && kinds.find(claim.khmshdon[0]) == std::string::npos) kinds += claim.khmshdon[0];
  return kinds;
}

}  // namespace

bool IsHeldByContract(const std::string& reason) {
  return reason == kHeldByMandate.text() || reason == kHeldByAgreement.text();
}

ReleaseVerdict JudgeRelease(const ContractSnapshot& book, const MessageMeta& meta, Time now) {
  const ContractVerdict verdict =
      book.DecideRelease({meta.provider(), meta.mst, meta.mltdiep, KindsOf(meta), meta.accepted_at}, now);
  ReleaseVerdict release;
  if (verdict.version != meta.contract_version) release.versions = verdict.version;
  if (verdict.allowed()) return release;
  release.held = verdict.of_agreement ? kHeldByAgreement : kHeldByMandate;
  for (const Fault& fault : verdict.faults)
    release.why += (release.why.empty() ? "" : ", ") + std::string(fault.rule.text());
  release.why += " by " + verdict.version + "; owner: " + OwnerOfHold(release.held->text());
  return release;
}

const char* OwnerOfHold(std::string_view reason) {
  return reason == kHeldByAgreement.text() ? "management" : "operator";
}

StageChange HoldOf(const DispatchParts& parts, const MessageMeta& meta, const ReleaseVerdict& verdict, Time now) {
  StageChange change{.gateway_id = meta.gateway_id, .event = EventKind::kHeld};
  change.from = meta.stage;
  change.to = Stage::kHeld;
  change.at = now;
  change.reason = std::string(verdict.held->text());
  change.detail = verdict.why + "; due " + FormatTime(parts.options.deadlines.Of(meta));
  // Our own agreement may hold the whole backlog; its alarm is one, of the agreement.
  Log(verdict.held == kHeldByAgreement ? LogLevel::kDebug : LogLevel::kError, "dispatch.held",
      {{"mtdiep", meta.gateway_id.value()}, {"reason", change.reason}, {"detail", change.detail}});
  return change;
}

WaitEnds EndsOfWait(const MessageMeta& meta, Span max_parent_wait, const Deadlines& deadlines) {
  const Time longest = meta.accepted_at + max_parent_wait;
  return {std::min(longest, deadlines.Of(meta) - kBeforeDeadline), longest};
}

Parents OpenParents(const Store& store, const MessageMeta& meta, bool acknowledged_ends_wait) {
  const auto is_over = [&](const MessageMeta& parent) {
    return IsFinal(parent.stage) || parent.stage == Stage::kWorkItem ||
           (acknowledged_ends_wait && parent.stage == Stage::kAcknowledged);
  };
  Parents parents;
  for (const InvoiceKey& claim : meta.refers) {
    Result<std::optional<MessageMeta>> holder = store.ClaimHolder(claim);
    parents.unknown_invoice = parents.unknown_invoice || !holder.ok();
    if (!holder.ok() || !*holder) continue;
    MessageMeta& parent = **holder;
    if (parent.acceptance < meta.acceptance && parent.mst == meta.mst && !is_over(parent))
      parents.invoices.push_back(std::move(parent));
  }
  auto registrations = store.OpenRegistrations(meta.mst, meta.acceptance);
  parents.unknown_registration = !registrations.ok();
  if (registrations.ok()) parents.registrations = std::move(*registrations);
  std::erase_if(parents.registrations, is_over);
  return parents;
}

ParentWait WaitFor(const Parents& parents, Time now, const WaitEnds& ends) {
  const bool behind_registration = parents.unknown_registration || !parents.registrations.empty();
  const bool behind_invoice = parents.unknown_invoice || !parents.invoices.empty();
  if (!behind_registration && !behind_invoice) return ParentWait::kNo;
  const bool waits =
      (behind_registration && now < ends.behind_registration) || (behind_invoice && now < ends.behind_invoice);
  return waits ? ParentWait::kYes : ParentWait::kOverdue;
}

ParentWait WaitForParent(const Store& store, const MessageMeta& meta, Time now, const WaitEnds& ends,
                         bool acknowledged_ends_wait) {
  return WaitFor(OpenParents(store, meta, acknowledged_ends_wait), now, ends);
}

Released AtRelease(const DispatchParts& parts, const ContractSnapshot& book, const MessageMeta& meta,
                   bool parent_overdue, Time now) {
  ReleaseVerdict verdict = JudgeRelease(book, meta, now);
  if (verdict.held && IsReleasedByOperator(parts.store, meta.gateway_id, verdict.held->text())) verdict.held.reset();
  if (verdict.held) return {true, HoldOf(parts, meta, verdict, now), ""};
  Released released{false, std::nullopt, std::move(verdict.versions)};
  if (!parent_overdue) return released;
  released.change = ChangeOf(meta, EventKind::kReleased, now, "dispatch.parent_overdue"_reason);
  Log(LogLevel::kError, "dispatch.parent_overdue", {{"mtdiep", meta.gateway_id.value()}});
  return released;
}

// A word about one hold is none about another cause.
bool IsReleasedByOperator(const Store& store, const MessageId& id, std::string_view reason) {
  FindBy by;
  by.gateway_id = id;
  const auto found = store.Find(by);
  if (!found.ok() || found->messages.empty()) return false;  // held again, and looked at again
  std::string held;
  bool released = false;
  for (const Event& e : found->messages.front().events) {
    if (e.kind == EventKind::kHeld) held = e.reason;
    released = released || (e.kind == EventKind::kResolved && held == reason);
  }
  return released;
}

}  // namespace tvan
