#include "gateway/contract/contract_findings.h"

#include <algorithm>

namespace tvan {
namespace {

std::string Day(Time t) { return FormatLocal(t).substr(0, 10); }

bool IsInvoice(MessageClass cls) {
  return cls == MessageClass::kCoded || cls == MessageClass::kUncoded || cls == MessageClass::kCashRegister;
}

void Say(Gravity gravity, Fault fault, std::vector<Fault>& out, std::vector<Fault>& doubts) {
  if (gravity == Gravity::kError)
    out.push_back(std::move(fault));
  else if (gravity == Gravity::kWarning)
    doubts.push_back(std::move(fault));
}

// An old status may have changed since: nobody tells us of every change.
void JudgeStatus(const TaxpayerFacts::Status& status, const ContractQuestion& question, const ContractRules& rules,
                 std::vector<Fault>& out, std::vector<Fault>& doubts) {
  const auto& passing = rules.passing_tax_status;
  if (std::find(passing.begin(), passing.end(), status.code) != passing.end()) return;
  const bool old = question.at - status.known_at > rules.tax_status_trusted;
  const Gravity gravity = old ? std::min(rules.tax_status, Gravity::kWarning) : rules.tax_status;
  Say(gravity, {"contract.tax_status"_reason, {}, {question.mst.value(), std::string(status.code), Day(status.since)}},
      out, doubts);
}

// What no accepted registration that is known names; where one of them leaves it open nothing is said.
void JudgeRegistered(const TaxpayerFacts::Registered& registered, MessageClass cls, const ContractQuestion& question,
                     const ContractRules& rules, std::vector<Fault>& out, std::vector<Fault>& doubts) {
  const std::string& mst = question.mst.value();
  if (registered.classes != 0 && (registered.classes >> static_cast<uint32_t>(cls) & 1) == 0)
    Say(rules.unregistered, {"contract.unregistered_class"_reason, {}, {mst, std::string(ToString(cls))}}, out, doubts);
  if (registered.kinds == 0) return;
  for (const char kind : question.kinds)
    if ((registered.kinds >> (kind & 15) & 1) == 0)
      Say(rules.unregistered, {"contract.unregistered_kind"_reason, {}, {mst, std::string(1, kind)}}, out, doubts);
}

}  // namespace

const DatedRules kProviderRules{"contract.provider_draft"_reason, "contract.provider_suspended"_reason,
                                "contract.provider_terminated"_reason, "contract.provider_not_started"_reason,
                                "contract.provider_expired"_reason};
const DatedRules kMandateRules{"contract.mandate_draft"_reason, "contract.mandate_suspended"_reason,
                               "contract.mandate_terminated"_reason, "contract.mandate_not_started"_reason,
                               "contract.mandate_expired"_reason};
const DatedRules kAgreementRules{"contract.agreement_draft"_reason, "contract.agreement_suspended"_reason,
                                 "contract.agreement_terminated"_reason, "contract.agreement_not_started"_reason,
                                 "contract.agreement_expired"_reason};

bool Judged::HoldsAt(Time at) const {
  if (status != ContractStatus::kActive) return false;
  if (dates.Holds(at)) return true;
  return earlier != nullptr &&
         std::any_of(earlier->begin(), earlier->end(), [at](const Dates& term) { return term.Holds(at); });
}

void AddDatedFaults(const DatedRules& rules, const Judged& record, Time at, std::vector<Fault>& out) {
  if (record.status == ContractStatus::kDraft) out.push_back({rules.draft, {}, {record.whose}});
  if (record.status == ContractStatus::kSuspended) out.push_back({rules.suspended, {}, {record.whose}});
  if (record.status == ContractStatus::kTerminated) out.push_back({rules.terminated, {}, {record.whose}});
  Time next = kForever, ended{};
  const auto holds = [&](const Dates& term) {
    if (at < term.from) next = std::min(next, term.from);
    if (term.to <= at) ended = std::max(ended, term.to);
    return term.Holds(at);
  };
  if (holds(record.dates)) return;
  if (record.earlier != nullptr && std::any_of(record.earlier->begin(), record.earlier->end(), holds)) return;
  if (next != kForever)
    out.push_back({rules.not_started, {}, {record.whose, Day(next)}});
  else
    out.push_back({rules.expired, {}, {record.whose, Day(ended)}});
}

void AddTaxpayerFaults(const TaxpayerFacts& facts, const ContractQuestion& question, const ContractRules& rules,
                       std::vector<Fault>& out, std::vector<Fault>& doubts) {
  if (facts.status) JudgeStatus(*facts.status, question, rules, out, doubts);
  // Who must not issue invoices may still declare, explain and report.
  const auto cls = ClassOfType(question.message_type);
  if (!cls || !IsInvoice(*cls)) return;
  if (facts.stop)
    Say(rules.stopped,
        {"contract.stopped"_reason, {}, {question.mst.value(), std::string(facts.stop->number), Day(facts.stop->from)}},
        out, doubts);
  JudgeRegistered(facts.registered, *cls, question, rules, out, doubts);
}

Fault ProviderUnknown(const ProviderId& provider) {
  return {"contract.provider_unknown"_reason, {}, {provider.value()}};
}

Fault TypeNotAllowed(const ProviderId& provider, int message_type) {
  return {"contract.type_not_allowed"_reason, {}, {provider.value(), std::to_string(message_type)}};
}

Fault ClassNotAllowed(const ProviderId& provider, MessageClass cls) {
  return {"contract.class_not_allowed"_reason, {}, {provider.value(), std::string(ToString(cls))}};
}

Fault TypeNotInMandate(const TaxCode& mst, int message_type) {
  return {"contract.type_not_in_mandate"_reason, {}, {mst.value(), std::to_string(message_type)}};
}

Fault NoMandate(const ProviderId& provider, const TaxCode& mst) {
  return {"contract.no_mandate"_reason, {}, {mst.value(), provider.value()}};
}

Fault CertificateUnknown(const std::string& sha256) { return {"contract.certificate_unknown"_reason, {}, {sha256}}; }

std::optional<Fault> JudgeDates(const BoundCertificate& certificate, Time at) {
  const auto fault = [&](Reason rule, Time since) { return Fault{rule, {}, {certificate.sha256, FormatLocal(since)}}; };
  if (certificate.revoked_at <= at) return fault("contract.certificate_revoked"_reason, certificate.revoked_at);
  if (at < certificate.from) return fault("contract.certificate_not_yet"_reason, certificate.from);
  if (certificate.to <= at) return fault("contract.certificate_ended"_reason, certificate.to);
  return std::nullopt;
}

}  // namespace tvan
