// Allow, hold or refuse: what the index decides, by cause (verdict.h).
#include <algorithm>

#include "gateway/contract/contract_findings.h"
#include "gateway/contract/contract_index.h"

namespace tvan {
namespace {

using Verdict = ContractVerdict::Kind;

bool Allows(const std::vector<int>& types, int type) {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

// A type without a class is none that is relayed; that is said elsewhere.
std::optional<MessageClass> ClassNotIn(const std::vector<MessageClass>& classes, int type) {
  const auto cls = ClassOfType(type);
  if (classes.empty() || !cls || std::find(classes.begin(), classes.end(), *cls) != classes.end()) return std::nullopt;
  return cls;
}

template <class Record>
Judged JudgedAt(std::string whose, const Stored<Record>& stored, Time at) {
  return {std::move(whose), StatusAt(stored.statuses, at), stored.record.dates, &stored.record.earlier};
}

Judged JudgedAt(std::string whose, const MandateRow& row, Time at) {
  if (row.rare) return JudgedAt(std::move(whose), *row.rare, at);
  return {std::move(whose), row.status, {UnpackDay(row.from), UnpackDay(row.to)}, nullptr};
}

void Name(ContractVerdict& verdict, ContractKind kind, std::string id, uint64_t version, Time changed_at) {
  std::string& text = verdict.version;
  if (!text.empty()) text += ',';
  text.append(RecordKindOf(kind)).append("/").append(id).append("@").append(std::to_string(version));
  verdict.deciders.push_back({kind, std::move(id), version, changed_at});
}

ContractVerdict Empty() {
  ContractVerdict verdict;
  verdict.version.reserve(160);
  verdict.deciders.reserve(4);
  return verdict;
}

// The agreement's faults come last, from `others` on.
void Close(ContractVerdict& verdict, Verdict by_others, size_t others) {
  if (others > 0)
    verdict.kind = by_others;
  else
    verdict.kind = verdict.faults.empty() ? Verdict::kAllow : Verdict::kHold;
  verdict.of_agreement = verdict.kind == Verdict::kHold && others == 0;
}

template <class Record>
void AddTurns(const Stored<Record>& stored, std::vector<Time>& turns) {
  for (const StatusSince& change : stored.statuses) turns.push_back(change.since);
  turns.push_back(stored.record.dates.to);
  for (const Dates& term : stored.record.earlier) turns.push_back(term.to);
}

}  // namespace

void ContractIndex::JudgeProvider(const ProviderId& provider, const HeldProvider* held, Time at,
                                  ContractVerdict& verdict) const {
  if (held == nullptr || !held->contract) {
    verdict.faults.push_back(ProviderUnknown(provider));
    return;
  }
  const Contract& contract = *held->contract;
  Name(verdict, ContractKind::kProviderContract, provider.value(), contract.version, contract.changed_at);
  AddDatedFaults(kProviderRules, JudgedAt(provider.value(), contract, at), at, verdict.faults);
}

const MandateRow* ContractIndex::JudgeMandate(const ContractQuestion& question, const HeldProvider* held,
                                              ContractVerdict& verdict) const {
  const MandateRow* row = FindRow(held, question.mst);
  if (row == nullptr) {
    verdict.faults.push_back(NoMandate(question.provider, question.mst));
    return nullptr;
  }
  const std::string& mst = question.mst.value();
  Name(verdict, ContractKind::kMandate, question.provider.value() + "/" + mst, row->version, row->changed_at);
  AddDatedFaults(kMandateRules, JudgedAt(mst, *row, question.at), question.at, verdict.faults);
  return row;
}

void ContractIndex::JudgeTaxpayer(const ContractQuestion& question, ContractVerdict& verdict) const {
  const TaxpayerRow* row = FindFacts(question.mst);
  if (row == nullptr) return;
  Name(verdict, ContractKind::kTaxpayer, question.mst.value(), row->version, row->changed_at);
  AddTaxpayerFaults(FactsAt(*row->body, question.at), question, *rules_, verdict.faults, verdict.warnings);
}

void ContractIndex::JudgeAgreement(Time at, ContractVerdict& verdict) const {
  if (!agreement_) return;
  Name(verdict, ContractKind::kAgreement, kAgreementId, agreement_->version, agreement_->changed_at);
  AddDatedFaults(kAgreementRules, JudgedAt(agreement_->record.number, *agreement_, at), at, verdict.faults);
}

ContractVerdict ContractIndex::DecideProvider(const ProviderId& provider, Time at) const {
  ContractVerdict verdict;
  JudgeProvider(provider, FindHeld(provider), at, verdict);
  Close(verdict, Verdict::kRefuse, verdict.faults.size());
  return verdict;
}

ContractVerdict ContractIndex::Decide(const ContractQuestion& question) const {
  ContractVerdict verdict = Empty();
  const HeldProvider* held = FindHeld(question.provider);
  JudgeProvider(question.provider, held, question.at, verdict);
  if (held == nullptr || !held->contract) return verdict;
  const ProviderContract& record = held->contract->record;
  if (!Allows(record.message_types, question.message_type))
    verdict.faults.push_back(TypeNotAllowed(question.provider, question.message_type));
  if (const auto cls = ClassNotIn(record.classes, question.message_type))
    verdict.faults.push_back(ClassNotAllowed(question.provider, *cls));
  const size_t of_provider = verdict.faults.size();
  const MandateRow* mandate = JudgeMandate(question, held, verdict);
  if (mandate != nullptr && mandate->rare && !Allows(mandate->rare->record.message_types, question.message_type))
    verdict.faults.push_back(TypeNotInMandate(question.mst, question.message_type));
  // Who has no mandate is told nothing about the taxpayer.
  if (verdict.faults.size() == of_provider) JudgeTaxpayer(question, verdict);
  const size_t others = verdict.faults.size();
  JudgeAgreement(question.at, verdict);
  Close(verdict, Verdict::kRefuse, others);
  return verdict;
}

// What speaks of the provider alone stops nothing that was taken, nor does a list of types, which has no dates.
ContractVerdict ContractIndex::DecideRelease(const ContractQuestion& question, Time now) const {
  ContractVerdict verdict = Empty();
  const HeldProvider* held = FindHeld(question.provider);
  JudgeProvider(question.provider, held, question.at, verdict);
  verdict.faults.clear();
  JudgeMandate(question, held, verdict);
  JudgeTaxpayer(question, verdict);
  const size_t others = verdict.faults.size();
  JudgeAgreement(now, verdict);
  Close(verdict, Verdict::kHold, others);
  return verdict;
}

// When the verdict may turn: wherever something in the book begins or ends.
std::vector<Time> ContractIndex::TurnsOf(const ContractQuestion& question) const {
  std::vector<Time> turns;
  if (const Contract* contract = FindContract(question.provider)) AddTurns(*contract, turns);
  if (const MandateRow* row = FindRow(question.provider, question.mst)) AddTurns(Whole(*row), turns);
  if (agreement_) AddTurns(*agreement_, turns);
  if (const auto taxpayer = FindTaxpayer(question.mst)) {
    for (const TaxStatus& status : taxpayer->statuses) turns.push_back(status.since);
    for (const StopDecision& decision : taxpayer->decisions) turns.insert(turns.end(), {decision.from, decision.to});
    for (const Registration& registration : taxpayer->registrations) turns.push_back(registration.from);
  }
  std::erase_if(turns, [&](Time t) { return t <= question.at || t == kForever; });
  std::sort(turns.begin(), turns.end());
  return turns;
}

Time ContractIndex::EndsAt(const ContractQuestion& question) const {
  if (!Decide(question).allowed()) return question.at;
  ContractQuestion later = question;
  for (const Time turn : TurnsOf(question)) {
    later.at = turn;
    if (!Decide(later).allowed()) return turn;
  }
  return kForever;
}

// --- certificates

std::optional<Fault> ContractIndex::JudgeCertificate(const std::string& sha256_hex, Time at) const {
  const auto sha256 = ParseSha256Hex(sha256_hex);
  const CertificateRow* row = sha256.ok() ? certificates_.Find(*sha256) : nullptr;
  if (row == nullptr) return CertificateUnknown(sha256_hex);
  return JudgeDates(row->held->contract->record.certificates[row->place], at);
}

}  // namespace tvan
