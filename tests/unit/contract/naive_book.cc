#include "tests/unit/contract/naive_book.h"

#include <algorithm>

namespace tvan {
namespace {

using Kind = ContractVerdict::Kind;

std::vector<Dates> TermsOf(const ContractItem& item) {
  return std::visit(
      [](const auto& record) -> std::vector<Dates> {
        if constexpr (std::is_same_v<std::decay_t<decltype(record)>, Taxpayer>) {
          return {};
        } else {
          std::vector<Dates> terms = record.earlier;
          terms.push_back(record.dates);
          return terms;
        }
      },
      item);
}

// Day by day: which stops stand, as a clerk would keep the list.
bool IsStopped(std::vector<StopDecision> decisions, Time at) {
  std::sort(decisions.begin(), decisions.end(), [](const StopDecision& a, const StopDecision& b) {
    return std::pair(a.from, a.known_at) < std::pair(b.from, b.known_at);
  });
  std::vector<StopDecision> standing;
  for (const StopDecision& one : decisions) {
    if (one.from > at) break;
    std::erase_if(standing, [&](const StopDecision& stop) { return stop.to <= one.from; });
    if (one.stop) {
      standing.push_back(one);
      continue;
    }
    std::set<std::string> of_kind;
    bool own = false;
    const auto maybe = [&one](const StopDecision& stop) {
      return stop.kind == one.kind || stop.kind == StopKind::kUnsaid || one.kind == StopKind::kUnsaid;
    };
    for (const StopDecision& stop : standing) {
      if (stop.kind == one.kind) of_kind.insert(stop.number);
      own = own || (maybe(stop) && stop.number == one.number);
    }
    std::string number = one.answers;
    if (number.empty() && own) number = one.number;
    if (number.empty() && of_kind.size() == 1) number = *of_kind.begin();
    if (number.empty()) continue;
    std::erase_if(standing, [&](const StopDecision& stop) { return maybe(stop) && stop.number == number; });
  }
  return std::any_of(standing.begin(), standing.end(), [at](const StopDecision& stop) { return at < stop.to; });
}

ContractStatus StatusOf(const ContractItem& item) {
  return std::visit(
      [](const auto& record) {
        if constexpr (std::is_same_v<std::decay_t<decltype(record)>, Taxpayer>)
          return ContractStatus::kActive;
        else
          return record.status;
      },
      item);
}

void Add(std::string& version, const std::string& more) {
  if (more.empty()) return;
  if (!version.empty()) version += ",";
  version += more;
}

template <class List, class Value>
bool Has(const List& list, const Value& value) {
  return std::count(list.begin(), list.end(), value) > 0;
}

bool IsInvoice(MessageClass cls) { return static_cast<int>(cls) <= 3; }

}  // namespace

void NaiveBook::Enter(ContractKind kind, const std::string& id, std::optional<ContractItem> item, Time now) {
  uint64_t version = 1;
  for (const Change& change : changes_)
    if (change.kind == kind && change.id == id) version = change.version + 1;
  changes_.push_back({kind, id, std::move(item), now, version});
}

const NaiveBook::Change* NaiveBook::Last(ContractKind kind, const std::string& id) const {
  const Change* last = nullptr;
  for (const Change& change : changes_)
    if (change.kind == kind && change.id == id) last = change.item ? &change : nullptr;
  return last;
}

uint64_t NaiveBook::VersionOf(ContractKind kind, const std::string& id) const {
  const Change* last = Last(kind, id);
  return last == nullptr ? 0 : last->version;
}

std::set<std::string> NaiveBook::Ids(ContractKind kind) const {
  std::set<std::string> ids;
  for (const Change& change : changes_)
    if (change.kind == kind && Last(kind, change.id) != nullptr) ids.insert(change.id);
  return ids;
}

// The status of the last put at or before a time since the record came to be; before all of them, of the first.
ContractStatus NaiveBook::StatusAt(ContractKind kind, const std::string& id, Time at) const {
  std::vector<const Change*> life;
  for (const Change& change : changes_) {
    if (change.kind != kind || change.id != id) continue;
    if (!change.item) life.clear();
    if (change.item) life.push_back(&change);
  }
  ContractStatus status = StatusOf(*life.front()->item);
  for (const Change* change : life)
    if (change->at <= at) status = StatusOf(*change->item);
  return status;
}

NaiveBook::Part NaiveBook::Dated(ContractKind kind, const std::string& id, const std::string& name, Time at) const {
  Part part;
  const Change* change = Last(kind, id);
  if (change == nullptr) return part;
  part.version = std::string(RecordKindOf(kind)) + "/" + id + "@" + std::to_string(change->version);
  const ContractStatus status = StatusAt(kind, id, at);
  if (status != ContractStatus::kActive) part.faults.insert("contract." + name + "_" + ToString(status));
  bool holds = false, later = false;
  for (const Dates& term : TermsOf(*change->item)) {
    holds = holds || (term.from <= at && at < term.to);
    later = later || term.from > at;
  }
  if (!holds) part.faults.insert("contract." + name + (later ? "_not_started" : "_expired"));
  return part;
}

bool NaiveBook::Holds(ContractKind kind, const std::string& id, Time at) const {
  return Last(kind, id) != nullptr && Dated(kind, id, "x", at).faults.empty();
}

void NaiveBook::TaxpayerFaults(const ContractQuestion& q, Verdict& verdict) const {
  const auto* taxpayer = Find<Taxpayer>(ContractKind::kTaxpayer, q.mst.value());
  if (taxpayer == nullptr) return;
  const auto say = [&](Gravity gravity, const std::string& rule) {
    if (gravity == Gravity::kError) verdict.faults.insert(rule);
    if (gravity == Gravity::kWarning) verdict.warnings.insert(rule);
  };
  const TaxStatus* status = nullptr;
  for (const TaxStatus& one : taxpayer->statuses)
    if (one.since <= q.at &&
        (status == nullptr || std::pair(one.since, one.known_at) >= std::pair(status->since, status->known_at)))
      status = &one;
  if (status != nullptr && !Has(rules_.passing_tax_status, status->code)) {
    const bool old = status->known_at + rules_.tax_status_trusted < q.at;
    say(old && rules_.tax_status == Gravity::kError ? Gravity::kWarning : rules_.tax_status, "contract.tax_status");
  }
  const auto cls = ClassOfType(q.message_type);
  if (!cls || !IsInvoice(*cls)) return;
  if (IsStopped(taxpayer->decisions, q.at)) say(rules_.stopped, "contract.stopped");
  bool any = false, all_say_classes = true, all_say_kinds = true;
  std::set<MessageClass> classes;
  std::string kinds;
  for (const Registration& one : taxpayer->registrations) {
    if (!one.accepted || one.from > q.at) continue;
    any = true;
    all_say_classes = all_say_classes && !one.classes.empty();
    all_say_kinds = all_say_kinds && !one.kinds.empty();
    classes.insert(one.classes.begin(), one.classes.end());
    kinds += one.kinds;
  }
  if (any && all_say_classes && classes.count(*cls) == 0) say(rules_.unregistered, "contract.unregistered_class");
  for (const char kind : q.kinds)
    if (any && all_say_kinds && !Has(kinds, kind)) say(rules_.unregistered, "contract.unregistered_kind");
}

NaiveBook::Verdict NaiveBook::Decide(const ContractQuestion& q) const {
  Verdict verdict;
  const auto* contract = Find<ProviderContract>(ContractKind::kProviderContract, q.provider.value());
  if (contract == nullptr) return {Kind::kRefuse, {"contract.provider_unknown"}, {}, ""};
  Part provider = Dated(ContractKind::kProviderContract, q.provider.value(), "provider", q.at);
  verdict.version = provider.version;
  verdict.faults = provider.faults;
  if (!contract->message_types.empty() && !Has(contract->message_types, q.message_type))
    verdict.faults.insert("contract.type_not_allowed");
  const auto cls = ClassOfType(q.message_type);
  if (cls && !contract->classes.empty() && !Has(contract->classes, *cls))
    verdict.faults.insert("contract.class_not_allowed");
  Verdict rest = DecideRelease(q, q.at);
  const auto* mandate = Find<Mandate>(ContractKind::kMandate, q.provider.value() + "/" + q.mst.value());
  std::multiset<std::string> of_mandate = MandateFaults(q);
  if (mandate != nullptr && !mandate->message_types.empty() && !Has(mandate->message_types, q.message_type))
    of_mandate.insert("contract.type_not_in_mandate");
  if (!of_mandate.empty()) rest = WithoutTaxpayer(q, of_mandate);
  const Part agreement = Dated(ContractKind::kAgreement, kAgreementId, "agreement", q.at);
  const bool only_agreement = verdict.faults.empty() && rest.faults.size() == agreement.faults.size();
  verdict.faults.insert(rest.faults.begin(), rest.faults.end());
  verdict.warnings = rest.warnings;
  verdict.version = rest.version;
  verdict.kind = verdict.faults.empty() ? Kind::kAllow : only_agreement ? Kind::kHold : Kind::kRefuse;
  return verdict;
}

std::multiset<std::string> NaiveBook::MandateFaults(const ContractQuestion& q) const {
  const std::string id = q.provider.value() + "/" + q.mst.value();
  if (Find<Mandate>(ContractKind::kMandate, id) == nullptr) return {"contract.no_mandate"};
  return Dated(ContractKind::kMandate, id, "mandate", q.at).faults;
}

// What is told to who has no mandate.
NaiveBook::Verdict NaiveBook::WithoutTaxpayer(const ContractQuestion& q,
                                              const std::multiset<std::string>& faults) const {
  Verdict verdict;
  verdict.version = Dated(ContractKind::kProviderContract, q.provider.value(), "provider", q.at).version;
  const std::string id = q.provider.value() + "/" + q.mst.value();
  if (Find<Mandate>(ContractKind::kMandate, id) != nullptr)
    Add(verdict.version, Dated(ContractKind::kMandate, id, "mandate", q.at).version);
  const Part agreement = Dated(ContractKind::kAgreement, kAgreementId, "agreement", q.at);
  Add(verdict.version, agreement.version);
  verdict.faults = faults;
  verdict.faults.insert(agreement.faults.begin(), agreement.faults.end());
  return verdict;
}

NaiveBook::Verdict NaiveBook::DecideRelease(const ContractQuestion& q, Time now) const {
  Verdict verdict;
  const std::string mandate_id = q.provider.value() + "/" + q.mst.value(), mst = q.mst.value();
  verdict.version = Dated(ContractKind::kProviderContract, q.provider.value(), "provider", q.at).version;
  const auto* mandate = Find<Mandate>(ContractKind::kMandate, mandate_id);
  if (mandate == nullptr) {
    verdict.faults.insert("contract.no_mandate");
  } else {
    const Part part = Dated(ContractKind::kMandate, mandate_id, "mandate", q.at);
    verdict.faults.insert(part.faults.begin(), part.faults.end());
    Add(verdict.version, part.version);
  }
  TaxpayerFaults(q, verdict);
  if (const uint64_t version = VersionOf(ContractKind::kTaxpayer, mst); version != 0)
    Add(verdict.version, "taxpayer/" + mst + "@" + std::to_string(version));
  const Part agreement = Dated(ContractKind::kAgreement, kAgreementId, "agreement", now);
  verdict.faults.insert(agreement.faults.begin(), agreement.faults.end());
  Add(verdict.version, agreement.version);
  verdict.kind = verdict.faults.empty() ? Kind::kAllow : Kind::kHold;
  return verdict;
}

std::string NaiveBook::HolderOf(const std::string& sha256) const {
  for (const std::string& id : Ids(ContractKind::kProviderContract))
    for (const BoundCertificate& one : Find<ProviderContract>(ContractKind::kProviderContract, id)->certificates)
      if (one.sha256 == sha256) return id;
  return "";
}

std::string NaiveBook::JudgeCertificate(const std::string& sha256, Time at) const {
  const std::string holder = HolderOf(sha256);
  if (holder.empty()) return "contract.certificate_unknown";
  for (const BoundCertificate& one : Find<ProviderContract>(ContractKind::kProviderContract, holder)->certificates) {
    if (one.sha256 != sha256 || one.Holds(at)) continue;
    if (at >= one.revoked_at) return "contract.certificate_revoked";
    return at < one.from ? "contract.certificate_not_yet" : "contract.certificate_ended";
  }
  return "";
}

std::set<std::string> NaiveBook::ProvidersOf(const TaxCode& mst, Time at) const {
  std::set<std::string> providers;
  for (const std::string& id : Ids(ContractKind::kProviderContract)) {
    auto faults = Dated(ContractKind::kProviderContract, id, "provider", at).faults;
    faults.erase("contract.provider_suspended");
    if (faults.empty() && Holds(ContractKind::kMandate, id + "/" + mst.value(), at)) providers.insert(id);
  }
  return providers;
}

std::set<std::string> NaiveBook::DelegatesOf(const ProviderId& provider, const TaxCode& mst, int type, Time at) const {
  std::set<std::string> delegates;
  const std::string mandate_id = provider.value() + "/" + mst.value();
  if (Holds(ContractKind::kMandate, mandate_id, at))
    for (const TaxCode& one : Find<Mandate>(ContractKind::kMandate, mandate_id)->delegates)
      delegates.insert(one.value());
  for (const std::string& id : Ids(ContractKind::kDelegation)) {
    const auto& one = *Find<Delegation>(ContractKind::kDelegation, id);
    const bool named = one.message_types.empty() || Has(one.message_types, type);
    if (one.mst == mst && named && Holds(ContractKind::kDelegation, id, at)) delegates.insert(one.delegate.value());
  }
  return delegates;
}

std::set<std::string> NaiveBook::SignersOf(const ProviderId& provider, const TaxCode& mst, Time at) const {
  std::set<std::string> signers;
  const std::string mandate_id = provider.value() + "/" + mst.value();
  if (Holds(ContractKind::kMandate, mandate_id, at))
    for (const auto& one : Find<Mandate>(ContractKind::kMandate, mandate_id)->signer_certificates) signers.insert(one);
  if (const auto* taxpayer = Find<Taxpayer>(ContractKind::kTaxpayer, mst.value()))
    for (const BoundCertificate& one : taxpayer->signers)
      if (one.Holds(at)) signers.insert(one.sha256);
  return signers;
}

}  // namespace tvan
