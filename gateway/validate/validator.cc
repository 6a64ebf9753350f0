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
  const Said said = {"Thông điệp gửi T-VAN ghi thẳng cơ quan thuế (MNGui " + Quote(header.mngui) + ", MNNhan " +
                         Quote(header.mnnhan) + "); phải ghi mã số thuế của bên gửi và của T-VAN.",
                     "The message addresses the authority itself (MNGui " + Quote(header.mngui) + ", MNNhan " +
                         Quote(header.mnnhan) + "); it should name the sender and this T-VAN."};
  const std::string path = PathOf(root, "TTChung");
  if (context.authority_header == Leniency::kRefuse)
    findings.Error("header.authority_hop"_reason, path, said, "1000");
  else
    findings.Warn("header.authority_hop"_reason, path, said);
}

// Whose message it is and to whom: the part of the header table that needs the contract.
void CheckParties(const XmlNode& root, const Envelope& header, const CheckContext& context, FindingList& findings) {
  const auto sender = TaxCodeOfParty(header.mngui), receiver = TaxCodeOfParty(header.mnnhan);
  const auto& own = context.provider_tax_codes;
  const bool callers = sender && std::find(own.begin(), own.end(), *sender) != own.end();
  const bool as_us = sender && !callers && *sender == context.our_mst && header.mngui.front() == 'V';
  if (as_us || header.mnnhan == "TCT") CheckAuthorityHop(root, header, context, findings);
  if (sender && !callers && !as_us)
    findings.Error("header.mngui_not_callers"_reason, PathOf(root, "TTChung/MNGui"),
                   {"MNGui " + Quote(header.mngui) + " không phải mã số thuế của tổ chức đang kết nối.",
                    "MNGui " + Quote(header.mngui) + " is no tax code of the connected provider."},
                   "1000");
  if (receiver && *receiver != context.our_mst)
    findings.Error("header.mnnhan_not_ours"_reason, PathOf(root, "TTChung/MNNhan"),
                   {"MNNhan " + Quote(header.mnnhan) + " không phải T-VAN này (" + context.our_mst.value() + ").",
                    "MNNhan " + Quote(header.mnnhan) + " is not this T-VAN (" + context.our_mst.value() + ")."},
                   "1000");
}

void CheckPackageElement(const XmlNode& root, const MessageType& type, FindingList& findings) {
  const XmlNode package = root.Child("CKSNNT");
  if (!package || type.signature == SignaturePlace::kPackage) return;
  const std::string code = std::to_string(type.code);
  findings.Error("envelope.cksnnt_not_allowed"_reason, package.path(),
                 {"Loại thông điệp " + code + " không có phần CKSNNT.", "Message type " + code + " has no CKSNNT."},
                 "1000");
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
  void LookAsSent(const ForwardJob& job, CheckedMessage& checked, FindingList& findings) const;
  void LookAsItCame(const ReadMessage& message, const MessageType* type, CheckedMessage& checked,
                    FindingList& findings) const;
  void Look(const XmlNode& container, const ItemRules& rules, CheckedMessage& checked, FindingList& findings) const;

  const Options options_;
  const XmlParser& parser_;
  const SignatureVerifier& verifier_;
  const Digester& digester_;
};

void ReadTDiep(const Submission& submission, ReadMessage& message, FindingList& findings) {
  const XmlNode root = message.outline->root();
  CheckEnvelope(root, findings);
  message.header = ReadHeader(root, findings);
  if (message.header.mltdiep != 0)
    message.cls = RelayedClass(message.header.mltdiep, PathOf(root, "TTChung/MLTDiep"), findings);
  if (ParseMessageId(message.header.mtdiep).ok()) message.id_value = message.header.mtdiep;
  if (submission.message_type != 0 || !submission.client_reference.empty())
    findings.Warn("envelope.reference_ignored"_reason, {},
                  {"message_type và client_reference chỉ dùng cho HDon; với TDiep, MTDiep là khóa chống gửi trùng.",
                   "message_type and client_reference go with a bare HDon; a TDiep is known by its MTDiep."});
}

Finding WrongRoot(const XmlNode& root) {
  const std::string name = Quote(root.name());
  if (!root.namespace_uri().empty())
    return {"envelope.namespace"_reason,
            Severity::kError,
            root.path(),
            "Phần tử gốc " + name + " không được thuộc namespace " + Quote(root.namespace_uri()) + ".",
            "The root " + name + " must be in no namespace; it is in " + Quote(root.namespace_uri()) + ".",
            "1000"};
  return {"envelope.root"_reason,
          Severity::kError,
          root.path(),
          "Phần tử gốc phải là TDiep (hoặc HDon), không phải " + name + ".",
          "The root must be TDiep (or HDon), not " + name + ".",
          "1000"};
}

ReadResult MessageValidator::Read(Submission submission) const {
  ReadResult result;
  FindingList findings;
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
    result.findings = {WrongRoot(root)};
    return result;
  }
  message.form = bare ? WrappingPlan::Form::kBareHDon : WrappingPlan::Form::kTDiep;
  message.digest = digester_.Sha256Of(message.outline->bytes());
  if (bare)
    ReadBareInvoice(submission, message, findings);
  else
    ReadTDiep(submission, message, findings);
  message.refused = findings.has_error();
  result.findings = findings.Take();
  result.message = std::move(message);
  return result;
}

CheckedMessage MessageValidator::Check(const ReadMessage& message, const CheckContext& context) const {
  CheckedMessage checked;
  FindingList findings;
  const XmlNode root = message.outline->root();
  const MessageType* type = FindMessageType(message.header.mltdiep);
  if (message.form == WrappingPlan::Form::kTDiep) {
    CheckParties(root, message.header, context, findings);
    if (type != nullptr) CheckPackageElement(root, *type, findings);
  }
  const auto mst = ParseTaxCode(message.header.mst);
  if (mst.ok()) checked.mst = *mst;
  if (type == nullptr || !message.cls || message.refused || findings.has_error() || !mst.ok()) {
    LookAsItCame(message, type, checked, findings);
  } else {
    checked.cls = *message.cls;
    LookAsSent({message, *type, context, parser_, rendered(), verifier_}, checked, findings);
  }
  checked.findings = findings.Take();
  AsSubmitted(message.form, checked.findings);
  return checked;
}

// What the walk looks at is what will be sent.
void MessageValidator::LookAsSent(const ForwardJob& job, CheckedMessage& checked, FindingList& findings) const {
  const Wrapped wrapped = Wrap(job, findings);
  checked.failure = wrapped.failure;
  if (wrapped.document == nullptr) return;
  const XmlNode payload = wrapped.document->root().Child("DLieu");
  const bool bare = job.message.form == WrappingPlan::Form::kBareHDon;
  Look(bare ? payload.Child("HDon") : payload, {job.type, job.message.header, options_.max_items}, checked, findings);
  if (findings.has_error()) return;  // cheap before dear: no signature is computed of what is refused anyway
  VerifyWrapped(job, *wrapped.document, checked, findings);
  checked.plan = wrapped.plan;
  checked.sent_bytes = std::string(wrapped.document->bytes());
}

// It will not be sent: the rest of it is looked at for its faults, signatures left out.
void MessageValidator::LookAsItCame(const ReadMessage& message, const MessageType* type, CheckedMessage& checked,
                                    FindingList& findings) const {
  auto whole = parser_.Parse(std::string(message.outline->bytes()));
  if (!whole.ok() && whole.status().is_transient()) {
    checked.failure = whole.status();
    return;
  }
  if (!whole.ok()) return findings.Add(XmlRefusal(whole.status()));
  const XmlNode root = (*whole)->root();
  const XmlNode container = message.form == WrappingPlan::Form::kBareHDon ? root : root.Child("DLieu");
  if (type == nullptr || !message.cls || !container) return;  // Read said why
  Look(container, {*type, message.header, options_.max_items}, checked, findings);
}

void MessageValidator::Look(const XmlNode& container, const ItemRules& rules, CheckedMessage& checked,
                            FindingList& findings) const {
  Items items = ReadItems(container, rules, findings);
  checked.item_count = items.count;
  checked.claims = std::move(items.claims);
  checked.refers = std::move(items.refers);
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
  return std::make_unique<MessageValidator>(options, parser, verifier, digester);
}

}  // namespace tvan
