#include <algorithm>
#include <charconv>
#include <iterator>

#include "gateway/core/catalogue.h"
#include "gateway/validate/answer.h"
#include "gateway/validate/answer_bodies.h"
#include "gateway/validate/answer_signature.h"
#include "gateway/validate/field_walk.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/header.h"
#include "gateway/validate/wrap_plan.h"

namespace tvan {
namespace {

int ReadType(const std::string& text, ParsedAnswer& answer) {
  int type = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), type);
  if (error == std::errc() && end == text.data() + text.size()) return type;
  Deviates(answer, "answer.header"_reason, {"MLTDiep", Quote(text)});
  return 0;
}

bool IsAuthorityId(std::string_view id) {
  if (id.size() != 35 || id.substr(0, 3) != "TCT") return false;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  return std::all_of(id.begin() + 3, id.end(), is_hex);
}

void ReadAnswerHeader(const XmlNode& root, ParsedAnswer& answer) {
  const XmlNode general = root.Child("TTChung");
  if (root.name() != "TDiep" || !root.namespace_uri().empty())
    Deviates(answer, "answer.field"_reason, {"TDiep", "the root is " + Quote(root.name())});
  if (!general) return Deviates(answer, "answer.field"_reason, {"TTChung", "there is none"});
  Envelope& header = answer.header;
  header.pban = TextOf(general, "PBan");
  header.mngui = TextOf(general, "MNGui");
  header.mnnhan = TextOf(general, "MNNhan");
  header.mltdiep = ReadType(TextOf(general, "MLTDiep"), answer);
  header.mtdiep = TextOf(general, "MTDiep");
  header.mtdtchieu = TextOf(general, "MTDTChieu");
  header.mst = TextOf(general, "MST");
  header.sluong = TextOf(general, "SLuong");
  answer.reference = header.mtdtchieu;
  if (!IsAuthorityId(header.mtdiep)) Deviates(answer, "answer.header"_reason, {"MTDiep", Quote(header.mtdiep)});
  if (header.mngui != "TCT") Deviates(answer, "answer.header"_reason, {"MNGui", Quote(header.mngui)});
  if (root.Child("DLieu") && root.CountChildren("DLieu") > 1)
    Deviates(answer, "answer.field"_reason, {"DLieu", "there is more than one"});
}

// Notices name their request in MGDDTu too; a 999 and a -2 hold the id of what they answer, any other its own.
void TakeReference(const XmlNode& notice, ParsedAnswer& answer) {
  const std::string named = TextOf(notice.Child("DLTBao"), "MGDDTu");
  if (!answer.reference.empty()) {
    if (!named.empty() && named != answer.reference)
      Deviates(answer, "answer.reference"_reason, {"MGDDTu", Quote(named), Quote(answer.reference)});
    return;
  }
  const bool holds_it = answer.header.mltdiep == 999 || answer.header.mltdiep == -2;
  answer.reference = named.empty() && holds_it ? TextOf(notice, "MTDiep") : named;
  if (answer.reference.empty()) return;
  Deviates(answer, "answer.reference"_reason,
           {named.empty() ? "TBao/MTDiep" : "MGDDTu", Quote(answer.reference), "\"\""});
}

// By the names that most forms share.
void TakeHead(const XmlNode& notice, ParsedAnswer& answer) {
  const XmlNode data = notice.Child("DLTBao"), numbered = notice.Child("STBao");
  const auto text = [&](std::string_view name) {
    std::string found = TextOf(data, name);
    return found.empty() ? TextOf(numbered, name) : found;
  };
  answer.notice = {text("So"), text("NTBao"), TextOf(data, "DDanh")};
  if (answer.header.mst.empty()) answer.header.mst = TextOf(data, "MST");
}

void ReadNotice(const XmlNode& notice, ParsedAnswer& answer) {
  TakeReference(notice, answer);
  TakeHead(notice, answer);
  const XmlNode data = notice.Child("DLTBao");
  switch (answer.header.mltdiep) {
    case 999:
      return Read999(notice, answer);
    case -2:
      return ReadBadSigningRequest(notice, answer);
    case 102:
    case 103:
    case 104:
    case 105:
    case 205:
      return ReadTaxpayerNotice(data, answer);
    case 204:
    case 213:
      return ReadCheckResult(data, answer);
    case 301:
    case 302:
      return ReadInvoicesNotice(notice, answer);
    default:
      return;  // 107, 108 and what nobody knows: not checked deeper
  }
}

// Two notices that differ: partly, if what is refused is named; else nobody knows of what each of them speaks.
AnswerVerdict Together(const ParsedAnswer& a, const ParsedAnswer& b) {
  if (a.verdict == b.verdict) return a.verdict;
  const auto named = [](const ParsedAnswer& one) {
    return one.verdict == AnswerVerdict::kAccepted || one.verdict == AnswerVerdict::kPartly ||
           (one.verdict == AnswerVerdict::kRefused && !one.items.empty());
  };
  return named(a) && named(b) ? AnswerVerdict::kPartly : AnswerVerdict::kInformation;
}

template <class T>
void Append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// One TBao is what the protocol shows; of several, each is read.
void ReadNotices(const XmlNode& payload, ParsedAnswer& answer) {
  const std::vector<XmlNode> notices = payload.Children("TBao");
  if (notices.size() != 1) Deviates(answer, "answer.count"_reason, {"TBao", std::to_string(notices.size()), "1"});
  if (notices.empty()) return;
  ReadNotice(notices.front(), answer);
  for (size_t i = 1; i < notices.size(); ++i) {
    ParsedAnswer other;
    other.header = answer.header;
    other.reference = answer.reference;
    ReadNotice(notices[i], other);
    answer.verdict = Together(answer, other);
    answer.depth_known = answer.depth_known && other.depth_known && answer.verdict != AnswerVerdict::kInformation;
    Append(answer.items, other.items);
    Append(answer.errors, other.errors);
    Append(answer.deviations, other.deviations);
    Append(answer.findings, other.findings);
  }
}

void ReadBody(const XmlNode& payload, std::string_view bytes, ParsedAnswer& answer) {
  const MessageType* type = FindMessageType(answer.header.mltdiep);
  if (answer.header.mltdiep == -1) return ReadUnreadable(payload, bytes, answer);
  if (answer.header.mltdiep == 202) return Read202(payload, answer);
  if (type != nullptr && type->items == ItemKind::kFields) return ReadStatusChanges(payload, answer);
  if (payload.Child("TBao") || (type != nullptr && type->items == ItemKind::kNotice)) ReadNotices(payload, answer);
}

// SLuong may count the notices or what they name; nobody says which.
void CheckCount(const XmlNode& payload, ParsedAnswer& answer) {
  const auto count = ParseItemCount(answer.header.sluong);
  const size_t held = payload.CountChildren("HDon") + payload.CountChildren("TBao");
  if (!count || *count == held || *count == answer.items.size() || answer.items.empty()) return;
  Deviates(answer, "answer.count"_reason, {"SLuong", answer.header.sluong, std::to_string(answer.items.size())});
}

// What is there and not as the field tables have it. What is missing the readers say where it matters; an invoice that
// comes back was compared when it went up.
void CompareWithTables(const XmlNode& payload, const ProfileSet& profiles, ParsedAnswer& answer) {
  const MessageType* type = FindMessageType(answer.header.mltdiep);
  const ProfileSet::Entry* known = profiles.ForPBan(answer.header.pban);
  if (known == nullptr) Deviates(answer, "answer.header"_reason, {"PBan", Quote(answer.header.pban)});
  if (!payload || type == nullptr || type->object.empty() || type->items == ItemKind::kInvoices) return;
  std::vector<XmlNode> items = {payload};
  if (type->items != ItemKind::kFields) items = payload.Children(ElementOf(type->items));
  FindingList findings;
  const WalkPlan& plan = *(known != nullptr ? *known : profiles.newest()).plan;
  for (const XmlNode& item : items) WalkItem(item, {plan, type->object, type->code, true}, findings);
  for (const Finding& finding : findings.Take())
    if (finding.rule.text().substr(0, 6) == "field." && finding.rule != "field.missing"_reason)
      Deviates(answer, "answer.field"_reason, {finding.path, finding.text_en});
}

// The first element that holds text beside elements. Signatures, quoted originals and free fields are not looked into.
XmlNode WithStrayText(const XmlNode& node) {
  bool stray = false, holds_elements = false;
  for (XmlNode child = node.first_child(&stray); child; child = child.next_sibling(&stray)) {
    holds_elements = true;
    const bool opaque = child.name() == "DSCKS" || child.name() == "HSGoc" || child.name() == "TTKhac";
    if (opaque || !child.namespace_uri().empty()) continue;
    if (const XmlNode found = WithStrayText(child)) return found;
  }
  return stray && holds_elements ? node : XmlNode();
}

// Ranges of the document leave a byte-order mark out; those of a plan are of the bytes as the line gave them.
void Shift(WrappingPlan& plan, size_t by) {
  plan.payload.offset += static_cast<uint32_t>(by);
  if (plan.cksnnt) plan.cksnnt->offset += static_cast<uint32_t>(by);
}

class LenientReader final : public AnswerReader {
 public:
  LenientReader(const XmlParser& parser, const SignatureVerifier& verifier, std::shared_ptr<const ProfileSet> profiles)
      : parser_(parser), verifier_(verifier), profiles_(std::move(profiles)) {}

  ReadAnswer Read(const std::string& bytes, Time received_at) const override {
    ReadAnswer answer;
    auto document = parser_.Parse(bytes);
    if (!document.ok()) {
      answer.readable = false;
      answer.annotation = "UNVERIFIED(" + std::string(document.status().reason().text()) + ")";
      return answer;
    }
    ParsedAnswer& parsed = answer.parsed;
    const XmlNode root = (*document)->root();
    ReadAnswerHeader(root, parsed);
    const XmlNode payload = root.Child("DLieu");
    if (payload) {
      ReadBody(payload, (*document)->bytes(), parsed);
      CheckCount(payload, parsed);
    } else {
      Deviates(parsed, "answer.field"_reason, {"DLieu", "there is none"});
    }
    if (profiles_ != nullptr) CompareWithTables(payload, *profiles_, parsed);
    if (const XmlNode mixed = WithStrayText(root)) Deviates(parsed, "answer.text"_reason, {mixed.path()});
    parsed.plan = MakePlan(**document, WrappingPlan::Form::kTDiep, parsed.header);
    if (payload) Shift(parsed.plan, bytes.size() - (*document)->bytes().size());
    answer.annotation = Annotate(**document, verifier_, received_at, parsed);
    return answer;
  }

 private:
  const XmlParser& parser_;
  const SignatureVerifier& verifier_;
  const std::shared_ptr<const ProfileSet> profiles_;
};

}  // namespace

std::unique_ptr<AnswerReader> AnswerReader::Make(const XmlParser& parser, const SignatureVerifier& verifier,
                                                 std::shared_ptr<const ProfileSet> profiles) {
  return std::make_unique<LenientReader>(parser, verifier, std::move(profiles));
}

}  // namespace tvan
