#include "gateway/dispatch/release.h"

#include "gateway/dispatch/deadline.h"

namespace tvan {
namespace {

// Findings that speak of the taxpayer's mandate; all others speak of the provider, whose messages were taken.
bool IsOfMandate(const Finding& finding) {
  const std::string_view rule = finding.rule.text();
  return rule.substr(0, 16) == "contract.mandate" || finding.rule == "contract.no_mandate"_reason ||
         finding.rule == "contract.type_not_in_mandate"_reason;
}

}  // namespace

std::optional<std::string> WhyHeld(const ContractSnapshot& book, const MessageMeta& meta) {
  const ContractVerdict verdict = book.Decide(meta.provider(), meta.mst, meta.mltdiep, meta.accepted_at);
  if (verdict.kind == ContractVerdict::Kind::kAllow) return std::nullopt;
  for (const Finding& finding : verdict.findings) {
    if (finding.severity != Severity::kError || !IsOfMandate(finding)) continue;
    return std::string(finding.rule.text()) + " by " + verdict.version + "; owner: operator; due " +
           FormatTime(LegalDeadline(meta.cls, meta.accepted_at));
  }
  return std::nullopt;
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
