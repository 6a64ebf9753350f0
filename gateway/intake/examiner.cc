#include "gateway/intake/examiner.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "gateway/core/local_day.h"
#include "gateway/core/utf8.h"
#include "gateway/intake/history_words.h"
#include "gateway/validate/rule_table.h"

namespace tvan {
namespace {

void Append(std::vector<Finding> more, std::vector<Finding>& findings) {
  findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void Append(const std::vector<Fault>& faults, std::vector<Finding>& findings) {
  for (const Fault& fault : faults) findings.push_back(FindingOf(fault));
}

// What a verdict says without refusing: faults of a hold are warnings too, the message is taken and waits.
void AppendWarnings(const std::vector<Fault>& faults, std::vector<Finding>& findings) {
  for (const Fault& fault : faults) {
    findings.push_back(FindingOf(fault));
    findings.back().severity = Severity::kWarning;
  }
}

// Adds what the verdict says and is not said yet; true: it does not refuse.
bool Say(const ContractVerdict& verdict, std::vector<Finding>& findings) {
  const auto news = [&](std::vector<Fault> faults) {
    std::erase_if(faults, [&](const Fault& fault) {
      return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.rule == fault.rule; });
    });
    return faults;
  };
  const bool refuses = verdict.kind == ContractVerdict::Kind::kRefuse;
  const std::vector<Fault> faults = news(verdict.faults), warnings = news(verdict.warnings);
  if (refuses)
    Append(faults, findings);
  else
    AppendWarnings(faults, findings);
  AppendWarnings(warnings, findings);
  return !refuses;
}

std::string KindsOf(const std::vector<InvoiceKey>& claims) {
  std::string kinds;
  for (const InvoiceKey& claim : claims)
    if (!claim.khmshdon.empty() && kinds.find(claim.khmshdon[0]) == std::string::npos) kinds += claim.khmshdon[0];
  return kinds;
}

IdempotencyKey KeyOf(const ProviderContract& contract, const ReadMessage& read) {
  return {contract.provider, read.id_kind, read.id_value};
}

Examination Failed(Status failure) {
  Examination examination;
  examination.kind = Examination::Kind::kFailed;
  examination.failure = std::move(failure);
  return examination;
}

}  // namespace

Examination Examiner::Examine(SubmitInput input, const ContractSnapshot& contracts, const ProviderContract& contract,
                              Time at) const {
  Examination examination;
  const SubmitInput::Purpose purpose = input.purpose;
  ReadResult result = validator_.Read(std::move(input.submission));
  if (!result.failure.ok()) return Failed(std::move(result.failure));
  examination.findings = std::move(result.findings);
  examination.read = std::move(result.message);
  if (!examination.read) {
    Append(contracts.DecideProvider(contract.provider, at).faults, examination.findings);
    return examination;
  }
  if (examination.read->form != input.form) examination.findings.push_back(DocumentFormFinding(input.form));
  if (FindDuplicate(contract, examination)) return examination;
  if (purpose == SubmitInput::Purpose::kSubmit &&
      (RefuseNew(at, examination) || IsOverDayQuota(contract, at, examination)))
    return examination;
  if (!Allowed(contracts, contract, at, examination)) return examination;
  CheckAll(contracts, contract, at, examination);
  return examination;
}

// A repeated submit is answered from the store, even when the contract has ended since.
bool Examiner::FindDuplicate(const ProviderContract& contract, Examination& examination) const {
  const ReadMessage& read = *examination.read;
  if (read.id_value.empty()) return false;
  FindBy by;
  by.kind = FindBy::Kind::kProviderKey;
  by.provider_key = KeyOf(contract, read);
  const Result<Found> found = store_.Find(by);
  if (!found.ok()) {
    examination.kind = Examination::Kind::kFailed;
    examination.failure = found.status();
    return true;
  }
  if (found->voided) {
    examination.findings.push_back(VoidedFinding(found->voided->at));
    examination.proof = {found->voided->proof, found->voided->at};
    return true;
  }
  if (found->messages.empty()) return false;
  AnswerFirst(found->messages.front(), examination);
  if (examination.kind == Examination::Kind::kAlreadyAccepted && examination.receipt.jws.empty())
    AcceptAgain(found->messages.front().meta, examination);
  return true;
}

// New ones alone: what was accepted before has its answer already.
bool Examiner::RefuseNew(Time at, Examination& examination) const {
  const auto& cls = examination.read->cls;
  const auto wait = cls && options_.refused_for ? options_.refused_for(*cls, at) : std::nullopt;
  if (!wait) return false;
  examination = Failed(Status::Transient(
      "intake.refuse_new"_reason, "new messages of class " + std::string(ToString(*cls)) +
                                      " are not taken while the line to the authority does not send; GetLineStatus "
                                      "says what to do meanwhile"));
  examination.retry_after = *wait;
  return true;
}

// New ones alone, as above.
bool Examiner::IsOverDayQuota(const ProviderContract& contract, Time at, Examination& examination) const {
  const auto accepted = [&]() -> Result<QuotaMeter::Use> {
    const auto total = store_.AcceptedOn(contract.provider, LocalDay(at));
    if (!total.ok()) return total.status();
    return QuotaMeter::Use{total->messages, total->bytes};
  };
  std::shared_ptr<QuotaMeter::Share> share;
  const auto refusal = quotas_.TakeMessage(contract.provider, contract.quotas,
                                           examination.read->outline->bytes().size(), at, accepted, share);
  examination.share = std::move(share);
  if (!refusal) return false;
  examination = Failed(refusal->status);
  examination.retry_after = refusal->retry_after;
  examination.over_quota = refusal->status.reason() == "contract.day_quota"_reason;
  return true;
}

// Its payload and receipt were lost (a salvage says so): the same bytes bring them back. What was accepted then is not
// judged again, its claims stand, and the receipt says what the lost one said.
void Examiner::AcceptAgain(const MessageMeta& first, Examination& examination) const {
  NewMessage& message = examination.message;
  message.key = first.key;
  message.gateway_id = first.gateway_id;
  message.provider_mtdiep = first.provider_mtdiep;
  message.digest = first.digest;
  message.cls = first.cls;
  message.mltdiep = first.mltdiep;
  message.mst = first.mst;
  message.payload = std::make_shared<const std::string>(examination.read->outline->bytes());
  message.accepted_at = first.accepted_at;
  message.contract_version = first.contract_version;
  message.signature_marks = first.signature_marks;
  examination.read->outline.reset();
  examination.kind = Examination::Kind::kAcceptable;
}

void Examiner::AnswerFirst(const MessageView& first, Examination& examination) const {
  const ReadMessage& read = *examination.read;
  if (first.meta.digest != read.digest) {
    examination.findings.push_back(OtherBytesFinding(first.meta.digest, read.digest));
    return;
  }
  if (first.meta.stage == Stage::kWithdrawn) {
    examination.proof = WithdrawalOf(first);
    examination.findings.push_back(WithdrawnFinding(examination.proof.at));
    return;
  }
  if (first.meta.purged()) {
    examination.findings.push_back(PurgedFinding(first.meta.gateway_id, first.meta.accepted_at));
    return;
  }
  if (first.meta.mltdiep != read.header.mltdiep) {
    examination.findings.push_back(OtherTypeFinding(first.meta.mltdiep, read.header.mltdiep));
    return;
  }
  examination.kind = Examination::Kind::kAlreadyAccepted;
  examination.receipt = ViewOfStored(first);
  examination.ack999 = first.ack999;
  examination.findings.clear();
}

bool Examiner::Allowed(const ContractSnapshot& contracts, const ProviderContract& contract, Time at,
                       Examination& examination) const {
  const auto mst = ParseTaxCode(examination.read->header.mst);
  ContractVerdict verdict = mst ? contracts.Decide({contract.provider, *mst, examination.read->header.mltdiep, "", at})
                                : contracts.DecideProvider(contract.provider, at);
  const bool allowed = Say(verdict, examination.findings);
  examination.message.contract_version = std::move(verdict.version);
  return allowed;
}

bool Examiner::RegistrationAllows(const ContractSnapshot& contracts, Examination& examination) const {
  const NewMessage& message = examination.message;
  const std::string kinds = KindsOf(message.claims);
  if (kinds.empty()) return true;
  const ContractVerdict verdict =
      contracts.Decide({message.key.provider, message.mst, message.mltdiep, kinds, message.accepted_at});
  return Say(verdict, examination.findings);
}

CheckContext Examiner::ContextOf(const ContractSnapshot& contracts, const ProviderContract& contract, Time at,
                                 const ReadMessage& read) const {
  CheckContext context;
  context.our_mst = options_.our_mst;
  context.provider_tax_codes = contract.tax_codes;
  context.authority_header = contract.refuse_authority_header ? Leniency::kRefuse : Leniency::kWarn;
  context.breaks_on_forward = contract.warn_breaks_on_forward ? Leniency::kWarn : Leniency::kRefuse;
  context.unknown_signer = options_.unknown_signer;
  context.authority_code = options_.authority_code;
  context.accepted_at = at;
  context.gateway_id =
      DeriveMessageId(digester_, options_.message_id_key, options_.our_mst, KeyOf(contract, read), read.digest);
  context.allowed = {contract.allow_legacy_sha1, contract.allow_enveloped_on_object};
  if (const auto own = options_.signing_time_behind.find(*read.cls); own != options_.signing_time_behind.end())
    context.signing_time_behind = own->second;
  const auto mst = ParseTaxCode(read.header.mst);
  if (!mst) return context;
  context.registered_certificates = contracts.SignersOf(contract.provider, *mst, at);
  context.delegates = contracts.DelegatesOf(contract.provider, *mst, read.header.mltdiep, at);
  return context;
}

void Examiner::CheckAll(const ContractSnapshot& contracts, const ProviderContract& contract, Time at,
                        Examination& examination) const {
  const ReadMessage& read = *examination.read;
  if (!read.cls) return;
  const CheckContext context = ContextOf(contracts, contract, at, read);
  CheckedMessage checked = validator_.Check(read, context);
  if (!checked.failure.ok()) {
    examination = Failed(std::move(checked.failure));
    return;
  }
  Append(std::move(checked.findings), examination.findings);
  if (HasError(examination.findings) || read.id_value.empty()) return;
  examination.message.gateway_id = context.gateway_id;
  Fill(contract, std::move(checked), at, examination);
  if (!RegistrationAllows(contracts, examination)) return;
  AskHistory(contracts, contract, examination);
}

void Examiner::AskHistory(const ContractSnapshot& contracts, const ProviderContract& contract,
                          Examination& examination) const {
  const auto history = store_.AskHistory(examination.message);
  if (!history.ok()) {
    examination = Failed(history.status());
    return;
  }
  FindingList findings;
  SayHistory(*history, contract.provider, contracts, findings);
  if (!findings.has_error()) examination.kind = Examination::Kind::kAcceptable;
  Append(findings.Take(), examination.findings);
}

void Examiner::Fill(const ProviderContract& contract, CheckedMessage checked, Time at, Examination& examination) const {
  ReadMessage& read = *examination.read;
  NewMessage& message = examination.message;
  message.key = KeyOf(contract, read);
  if (read.form == WrappingPlan::Form::kTDiep) message.provider_mtdiep = read.header.mtdiep;
  message.provider_mngui = ReplyAddress({contract, &read, at});
  message.digest = read.digest;
  message.sent_digest = digester_.Sha256Of(checked.sent_bytes);
  message.cls = checked.cls;
  message.mltdiep = read.header.mltdiep;
  message.mst = std::move(checked.mst);
  message.plan = std::move(checked.plan);
  message.payload = std::make_shared<const std::string>(read.outline->bytes());
  message.claims = std::move(checked.claims);
  message.refers = std::move(checked.refers);
  message.relations = std::move(checked.relations);
  message.codes = std::move(checked.codes);
  message.same_day = checked.same_day;
  message.profile = std::move(checked.profile);
  message.signature_marks.assign(checked.signature_marks.begin(), checked.signature_marks.end());
  message.accepted_at = at;
  read.outline.reset();
}

void Examiner::Seal(const ProviderContract& contract, Examination& examination) const {
  NewMessage& message = examination.message;
  ReceiptFacts facts;
  facts.provider = contract.provider;
  facts.gateway_id = message.gateway_id;
  facts.provider_mtdiep = message.provider_mtdiep;
  if (message.key.kind == SubmitIdKind::kClientReference) facts.client_reference = message.key.value;
  facts.digest = message.digest;
  facts.accepted_at = message.accepted_at;
  facts.cls = message.cls;
  facts.message_type = message.mltdiep;
  facts.mst = message.mst;
  facts.durability = store_.durability();
  facts.contract_version = message.contract_version;
  facts.signature_marks = message.signature_marks;
  facts.incarnation = store_.position().incarnation;
  message.receipt = sealer_.Seal(kReceiptType, ReceiptJson(facts));
  message.ack999 = Render999Accepted(Signs(), {contract, &*examination.read, message.accepted_at}, message.gateway_id);
  examination.ack999 = message.ack999;
  examination.receipt = {
      message.receipt,   facts.gateway_id, facts.provider_mtdiep, facts.client_reference,     facts.digest,
      facts.accepted_at, facts.cls,        facts.message_type,    ToString(facts.durability), facts.signature_marks};
}

std::string Examiner::Rejected999(const ProviderContract& contract, const Examination& examination, Time at) const {
  const ReadMessage* read = examination.read ? &*examination.read : nullptr;
  const std::string seed = read != nullptr ? read->digest.Hex() : std::string();
  return Render999Rejected(Signs(), {contract, read, at}, examination.findings, seed);
}

Rejection RejectionOf(const ProviderContract& contract, const Examination& examination, Time at) {
  constexpr size_t kMostFindings = 8, kMostText = 200;
  Rejection rejection;
  rejection.provider = contract.provider;
  rejection.at = at;
  if (const auto& read = examination.read) {
    rejection.digest = read->digest;
    rejection.provider_id = CutUtf8(read->id_value, kMostText);
    rejection.mltdiep = read->header.mltdiep;
  }
  for (const Finding& finding : examination.findings) {
    if (rejection.findings.size() == kMostFindings) break;
    const std::string text = finding.path + ": " + finding.text_en;
    rejection.findings.push_back(std::string(finding.rule.text()) + " " + std::string(CutUtf8(text, kMostText)));
  }
  return rejection;
}

}  // namespace tvan
