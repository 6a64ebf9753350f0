#include "gateway/validate/validator.h"

#include <algorithm>
#include <string_view>

#include "gateway/validate/bare_invoice.h"
#include "gateway/validate/forwarding.h"
#include "gateway/validate/header.h"
#include "gateway/validate/items.h"
#include "gateway/validate/node_reader.h"
#include "gateway/validate/xml_refusals.h"

namespace tvan {
namespace {

void CheckAuthorityHop(const XmlNode& root, const Envelope& header, const CheckContext& context,
                       FindingList& findings) {
  findings.Say("header.authority_hop"_reason, SeverityOf(context.authority_header), PathOf(root, "TTChung"),
               {Quote(header.mngui), Quote(header.mnnhan)});
}

// Whose message it is and to whom: the part of the header table that needs the contract.
void CheckParties(const XmlNode& root, const Envelope& header, const CheckContext& context, FindingList& findings) {
  const auto sender = TaxCodeOfParty(header.mngui), receiver = TaxCodeOfParty(header.mnnhan);
  const auto& own = context.provider_tax_codes;
  const bool callers = sender && std::find(own.begin(), own.end(), *sender) != own.end();
  const bool as_us = sender && !callers && *sender == context.our_mst && header.mngui.front() == 'V';
  if (as_us || header.mnnhan == "TCT") CheckAuthorityHop(root, header, context, findings);
  if (sender && !callers && !as_us)
    findings.Say("header.mngui_not_callers"_reason, PathOf(root, "TTChung/MNGui"), {Quote(header.mngui)});
  if (receiver && *receiver != context.our_mst)
    findings.Say("header.mnnhan_not_ours"_reason, PathOf(root, "TTChung/MNNhan"),
                 {Quote(header.mnnhan), context.our_mst.value()});
}

void CheckPackageElement(const XmlNode& root, const MessageType& type, FindingList& findings) {
  const XmlNode package = root.Child("CKSNNT");
  if (!package || MayHavePackageSignature(type)) return;
  findings.Say("envelope.cksnnt_not_allowed"_reason, package.path(), {std::to_string(type.code)});
}

class MessageValidator final : public Validator {
 public:
  MessageValidator(const Options& options, const XmlParser& parser, const SignatureVerifier& verifier,
                   const Digester& digester)
      : options_(options), parser_(parser), verifier_(verifier), digester_(digester) {}

  ReadResult Read(Submission submission) const override;
  CheckedMessage Check(const ReadMessage& message, const CheckContext& context) const override;

 private:
  const XmlParser& rendered() const { return options_.rendered != nullptr ? *options_.rendered : parser_; }
  void LookAsSent(const ForwardJob& job, const ItemRules& rules, CheckedMessage& checked, FindingList& findings) const;
  void LookAsItCame(const ReadMessage& message, const ItemRules* rules, CheckedMessage& checked,
                    FindingList& findings) const;
  void Look(const XmlNode& container, const ItemRules& rules, CheckedMessage& checked, FindingList& findings) const;

  const Options options_;
  const XmlParser& parser_;
  const SignatureVerifier& verifier_;
  const Digester& digester_;
};

void ReadTDiep(const Submission& submission, const ProfileSet& profiles, ReadMessage& message, FindingList& findings) {
  const XmlNode root = message.outline->root();
  CheckEnvelope(root, findings);
  message.header = ReadHeader(root, profiles, findings);
  if (message.header.mltdiep != 0)
    message.cls = RelayedClass(message.header.mltdiep, PathOf(root, "TTChung/MLTDiep"), findings);
  if (ParseMessageId(message.header.mtdiep).ok()) message.id_value = message.header.mtdiep;
  if (submission.message_type != 0 || !submission.client_reference.empty())
    findings.Say("envelope.reference_ignored"_reason, "");
}

void WrongRoot(const XmlNode& root, FindingList& findings) {
  const std::string name = Quote(root.name());
  if (root.namespace_uri().empty()) return findings.Say("envelope.root"_reason, root.path(), {name});
  findings.Say("envelope.namespace"_reason, root.path(), {name, Quote(root.namespace_uri())});
}

ReadResult MessageValidator::Read(Submission submission) const {
  ReadResult result;
  FindingList findings(&options_.rules);
  auto parsed = parser_.ParseOutline(std::move(submission.bytes), {"TDiep/DLieu", "TDiep/CKSNNT"});
  if (!parsed.ok() && parsed.status().is_transient()) {
    result.failure = parsed.status();
    return result;
  }
  if (!parsed.ok()) {
    result.findings = {XmlRefusal(parsed.status())};
    return result;
  }
  ReadMessage message;
  message.outline = std::move(*parsed);
  const XmlNode root = message.outline->root();
  const bool bare = root.name() == "HDon";
  if (!root.namespace_uri().empty() || (!bare && root.name() != "TDiep")) {
    WrongRoot(root, findings);
    result.findings = findings.Take();
    return result;
  }
  message.form = bare ? WrappingPlan::Form::kBareHDon : WrappingPlan::Form::kTDiep;
  message.digest = digester_.Sha256Of(message.outline->bytes());
  if (bare)
    ReadBareInvoice(submission, *options_.profiles, message, findings);
  else
    ReadTDiep(submission, *options_.profiles, message, findings);
  message.refused = findings.has_error();
  result.findings = findings.Take();
  result.message = std::move(message);
  return result;
}

CheckedMessage MessageValidator::Check(const ReadMessage& message, const CheckContext& context) const {
  CheckedMessage checked;
  FindingList findings(&options_.rules);
  const XmlNode root = message.outline->root();
  const MessageType* type = message.cls ? FindMessageType(message.header.mltdiep) : nullptr;
  const ProfileSet::Entry* listed = options_.profiles->ForPBan(message.header.pban);
  const ProfileSet::Entry& profile = listed != nullptr ? *listed : options_.profiles->newest();
  checked.profile = profile.profile->id + "@" + profile.profile->digest.substr(0, 12);
  if (message.form == WrappingPlan::Form::kTDiep) {
    CheckParties(root, message.header, context, findings);
    if (type != nullptr) CheckPackageElement(root, *type, findings);
  }
  if (type != nullptr && listed != nullptr)
    CheckProfile(*profile.profile, *type, context.accepted_at, root.path(), findings);
  const auto mst = ParseTaxCode(message.header.mst);
  if (mst.ok()) checked.mst = *mst;
  if (type == nullptr) {
    LookAsItCame(message, nullptr, checked, findings);
  } else {
    const ItemRules rules{*type, message.header, options_.max_items, profile,
                          FormatLocal(context.accepted_at).substr(0, 10)};
    if (message.refused || findings.has_error() || !mst.ok())
      LookAsItCame(message, &rules, checked, findings);
    else
      LookAsSent({message, *type, context, parser_, rendered(), verifier_}, rules, checked, findings);
  }
  checked.findings = findings.Take();
  AsSubmitted(message.form, checked.findings);
  return checked;
}

// What the walk looks at is what will be sent.
void MessageValidator::LookAsSent(const ForwardJob& job, const ItemRules& rules, CheckedMessage& checked,
                                  FindingList& findings) const {
  checked.cls = *job.message.cls;
  const Wrapped wrapped = Wrap(job, findings);
  checked.failure = wrapped.failure;
  if (wrapped.document == nullptr) return;
  const XmlNode payload = wrapped.document->root().Child("DLieu");
  const bool bare = job.message.form == WrappingPlan::Form::kBareHDon;
  Look(bare ? payload.Child("HDon") : payload, rules, checked, findings);
  if (findings.has_error()) return;  // cheap before dear: no signature is computed of what is refused anyway
  VerifyWrapped(job, *wrapped.document, checked, findings);
  checked.plan = wrapped.plan;
  checked.sent_bytes = std::string(wrapped.document->bytes());
}

// It will not be sent: the rest of it is looked at for its faults, signatures left out.
void MessageValidator::LookAsItCame(const ReadMessage& message, const ItemRules* rules, CheckedMessage& checked,
                                    FindingList& findings) const {
  auto whole = parser_.Parse(std::string(message.outline->bytes()));
  if (!whole.ok() && whole.status().is_transient()) {
    checked.failure = whole.status();
    return;
  }
  if (!whole.ok()) return findings.Add(XmlRefusal(whole.status()));
  const XmlNode root = (*whole)->root();
  const XmlNode container = message.form == WrappingPlan::Form::kBareHDon ? root : root.Child("DLieu");
  if (rules == nullptr || !container) return;  // Read said why
  Look(container, *rules, checked, findings);
}

void MessageValidator::Look(const XmlNode& container, const ItemRules& rules, CheckedMessage& checked,
                            FindingList& findings) const {
  Items items = ReadItems(container, rules, findings);
  checked.item_count = items.count;
  checked.claims = std::move(items.claims);
  checked.refers = std::move(items.refers);
  checked.relations = std::move(items.relations);
  checked.codes = std::move(items.codes);
  checked.same_day = items.same_day;
}

}  // namespace

XmlLimits LimitsOfRendered(XmlLimits limits) {
  limits.max_bytes += 64 * 1024;
  limits.max_depth += 2;
  limits.max_nodes += 64;
  return limits;
}

std::unique_ptr<Validator> Validator::Make(const Options& options, const XmlParser& parser,
                                           const SignatureVerifier& verifier, const Digester& digester) {
  TVAN_CHECK(options.profiles != nullptr);
  return std::make_unique<MessageValidator>(options, parser, verifier, digester);
}

}  // namespace tvan
