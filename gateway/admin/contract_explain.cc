#include "gateway/admin/contract_explain.h"

#include <algorithm>
#include <charconv>

#include "gateway/admin/admin_convert.h"
#include "gateway/core/catalogue.h"
#include "gateway/intake/convert.h"
#include "gateway/validate/rule_table.h"

namespace tvan {
namespace {

namespace api = admin::v1;

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

constexpr ContractKind kKinds[] = {ContractKind::kAgreement, ContractKind::kProviderContract, ContractKind::kMandate,
                                   ContractKind::kTaxpayer, ContractKind::kDelegation};

// "mandate/acme/0101234567@1"
std::optional<NamedVersion> NamedVersionOf(const std::string& text) {
  const size_t slash = text.find('/'), at = text.rfind('@');
  if (slash == std::string::npos || at == std::string::npos || at < slash) return std::nullopt;
  NamedVersion named;
  named.id = text.substr(slash + 1, at - slash - 1);
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data() + at + 1, end, named.version).ptr != end) return std::nullopt;
  for (const ContractKind kind : kKinds) {
    if (text.compare(0, slash, RecordKindOf(kind)) != 0) continue;
    named.kind = kind;
    return named;
  }
  return std::nullopt;
}

Result<ContractQuestion> QuestionOf(const api::ExplainContractRequest& request, Time now) {
  const auto provider = ParseProviderId(request.provider());
  if (!provider) return BadRequest("provider: " + provider.status().message());
  const auto mst = ParseTaxCode(request.mst());
  if (!mst) return BadRequest("mst: " + mst.status().message());
  const std::string& kinds = request.invoice_kinds();
  if (kinds.size() > 10 || kinds.find_first_not_of("0123456789") != std::string::npos)
    return BadRequest("invoice_kinds: digits, each once");
  const MessageType* type = FindMessageType(request.message_type());
  if (type == nullptr || !type->relayed) return BadRequest("message_type: none that is relayed");
  return ContractQuestion{*provider, *mst, request.message_type(), kinds,
                          request.has_at() ? FromProto(request.at()) : now};
}

// The records as they were in the versions named. Only all of them together say what was decided then.
struct Then {
  std::vector<ContractItem> items;
  std::vector<ContractVerdict::Decider> deciders;
};
Result<std::optional<Then>> VersionsThen(const ContractBook& book, const std::vector<NamedVersion>& named) {
  Then then;
  for (const NamedVersion& one : named) {
    const auto version = book.History(one.kind, one.id, one.version + 1, 1);
    if (!version) return version.status();
    if (version->empty() || version->front().version != one.version || !version->front().item)
      return std::optional<Then>();
    then.items.push_back(*version->front().item);
    then.deciders.push_back({one.kind, one.id, one.version, version->front().changed_at});
  }
  return std::optional(std::move(then));
}

// As it was decided when the message was accepted; by the book of now where the versions of then are not kept.
Result<ContractVerdict> VerdictThen(const ContractBook& book, const ContractQuestion& question,
                                    const std::string& kept) {
  const auto now = book.snapshot();
  ContractVerdict verdict = now->Decide(question);
  if (verdict.version == kept) return verdict;
  const auto then = VersionsThen(book, NamedVersions(kept));
  if (!then) return then.status();
  if (!*then || (*then)->items.empty()) return verdict;
  std::vector<ContractSnapshot::ItemFault> faults;
  const auto as_it_was = now->With((*then)->items, question.at, faults);
  if (!faults.empty()) return verdict;  // it contradicts what was entered since
  verdict = as_it_was->Decide(question);
  verdict.version = kept;
  verdict.deciders = (*then)->deciders;
  return verdict;
}

Status ExplainMessage(const ContractBook& book, const Store& store, Time now, const std::string& mtdiep,
                      api::ExplainContractResponse& response) {
  const auto id = ParseMessageId(mtdiep);
  if (!id) return BadRequest("gateway_mtdiep: " + id.status().message());
  FindBy by;
  by.gateway_id = *id;
  const auto found = store.Find(by);
  if (!found) return found.status();
  if (found->messages.empty()) return Status::Permanent("admin.not_found"_reason, "no message has this MTDiep of ours");
  const MessageMeta& meta = found->messages.front().meta;
  const ContractQuestion question = QuestionOf(meta);
  const auto then = VerdictThen(book, question, meta.contract_version);
  if (!then) return then.status();
  ToProto(*then, kForever, *response.mutable_intake());
  ToProto(book.snapshot()->DecideRelease(question, now), kForever, *response.mutable_release());
  response.set_kept_versions(meta.contract_version);
  return {};
}

}  // namespace

void ToProto(const ContractVerdict& verdict, Time ends_at, api::ContractVerdict& out) {
  out.set_kind(static_cast<api::ContractVerdict::Kind>(static_cast<int>(verdict.kind) + 1));
  std::vector<Finding> findings;
  for (const Fault& fault : verdict.faults) findings.push_back(FindingOf(fault));
  for (const Fault& fault : verdict.warnings) {
    findings.push_back(FindingOf(fault));
    findings.back().severity = std::min(findings.back().severity, Severity::kWarning);
  }
  ToProto(findings, *out.mutable_findings());
  for (const ContractVerdict::Decider& decider : verdict.deciders) {
    auto& said = *out.add_deciders();
    said.set_kind(ToProto(decider.kind));
    said.set_id(decider.id);
    said.set_version(decider.version);
    ToProto(decider.changed_at, *said.mutable_changed_at());
  }
  out.set_versions(verdict.version);
  if (verdict.kind == ContractVerdict::Kind::kHold) out.set_owner(verdict.of_agreement ? "management" : "operator");
  if (verdict.allowed() && ends_at != kForever) ToProto(ends_at, *out.mutable_ends_at());
}

std::vector<NamedVersion> NamedVersions(const std::string& versions) {
  std::vector<NamedVersion> named;
  for (size_t begin = 0; begin <= versions.size();) {
    const size_t end = std::min(versions.find(',', begin), versions.size());
    if (auto one = NamedVersionOf(versions.substr(begin, end - begin))) named.push_back(*std::move(one));
    begin = end + 1;
  }
  return named;
}

ContractQuestion QuestionOf(const MessageMeta& meta) {
  ContractQuestion question{meta.provider(), meta.mst, meta.mltdiep, "", meta.accepted_at};
  for (const InvoiceKey& claim : meta.claims)
    if (question.kinds.find(claim.khmshdon) == std::string::npos) question.kinds += claim.khmshdon;
  return question;
}

Status ExplainContract(const ContractBook& book, const Store& store, Time now,
                       const api::ExplainContractRequest& request, api::ExplainContractResponse& response) {
  if (!request.gateway_mtdiep().empty()) return ExplainMessage(book, store, now, request.gateway_mtdiep(), response);
  const auto question = QuestionOf(request, now);
  if (!question) return question.status();
  const auto snapshot = book.snapshot();
  ToProto(snapshot->Decide(*question), snapshot->EndsAt(*question), *response.mutable_intake());
  if (!request.has_release_at()) return {};
  ToProto(snapshot->DecideRelease(*question, FromProto(request.release_at())), kForever, *response.mutable_release());
  return {};
}

}  // namespace tvan
