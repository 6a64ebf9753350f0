#include "gateway/validate/header.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/core/catalogue.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

constexpr std::array<std::string_view, 8> kHeaderFields = {"PBan",   "MNGui",     "MNNhan", "MLTDiep",
                                                           "MTDiep", "MTDTChieu", "MST",    "SLuong"};

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void ForeignNamespace(const XmlNode& node, FindingList& findings) {
  if (findings.full()) return findings.LeaveOut("envelope.namespace"_reason);
  findings.Say("envelope.namespace"_reason, node.path(), {Quote(node.name()), Quote(node.namespace_uri())});
}

void NoPart(const XmlNode& node, FindingList& findings) {
  if (findings.full()) return findings.LeaveOut("envelope.unknown_element"_reason);
  findings.Say("envelope.unknown_element"_reason, node.path(), {Quote(node.name()), "TDiep"});
}

void CheckOnce(const XmlNode& tdiep, std::string_view name, FindingList& findings) {
  const size_t count = tdiep.CountChildren(name);
  if (count > 1) findings.Say("envelope.duplicate_element"_reason, PathOf(tdiep, name), {name, std::to_string(count)});
}

// One header element must be plain text and stand once.
std::string HeaderText(const XmlNode& header, std::string_view name, FindingList& findings) {
  if (header.CountChildren(name) > 1) findings.Say("header.duplicate_element"_reason, PathOf(header, name), {name});
  const XmlNode field = header.Child(name);
  if (!field) return {};
  if (field.has_child_elements()) findings.Say("header.not_text"_reason, field.path(), {name});
  return field.Text();
}

void CheckUnknownFields(const XmlNode& header, FindingList& findings) {
  for (XmlNode field = header.first_child(); field; field = field.next_sibling()) {
    if (!field.namespace_uri().empty()) {
      ForeignNamespace(field, findings);
      continue;
    }
    if (std::find(kHeaderFields.begin(), kHeaderFields.end(), field.name()) != kHeaderFields.end()) continue;
    if (findings.full())
      findings.LeaveOut("header.unknown_element"_reason);
    else
      findings.Say("header.unknown_element"_reason, field.path(), {Quote(field.name())});
  }
}

// A header field as it stands, and the rule that it breaks unless it is good.
struct FieldRule {
  Reason rule;
  std::string_view name;
  const std::string& value;
  bool good;
};

// Says that a field is missing, or that it has not the form it must have.
void CheckField(const XmlNode& header, const FieldRule& field, FindingList& findings) {
  const auto& [rule, name, value, good] = field;
  if (value.empty())
    findings.Say("header.missing"_reason, PathOf(header, name), {name});
  else if (!good)
    findings.Say(rule, PathOf(header, name), {Quote(value)});
}

std::optional<int> ParseType(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() > 3 || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void CheckFields(const XmlNode& header, const Envelope& e, FindingList& findings) {
  const bool sender = TaxCodeOfParty(e.mngui).has_value(), items = ParseItemCount(e.sluong).has_value();
  const bool receiver = e.mnnhan == "TCT" || TaxCodeOfParty(e.mnnhan).has_value();
  CheckField(header, {"header.pban"_reason, "PBan", e.pban, true}, findings);
  CheckField(header, {"header.mngui_syntax"_reason, "MNGui", e.mngui, sender}, findings);
  CheckField(header, {"header.mnnhan_syntax"_reason, "MNNhan", e.mnnhan, receiver}, findings);
  CheckField(header, {"header.mtdiep_syntax"_reason, "MTDiep", e.mtdiep, ParseMessageId(e.mtdiep).ok()}, findings);
  CheckField(header, {"header.mst_syntax"_reason, "MST", e.mst, ParseTaxCode(e.mst).ok()}, findings);
  CheckField(header, {"header.sluong_syntax"_reason, "SLuong", e.sluong, items}, findings);
  if (!e.mtdtchieu.empty())
    findings.Say("header.mtdtchieu_filled"_reason, PathOf(header, "MTDTChieu"), {Quote(e.mtdtchieu)});
  // The legal form, which the authority's own id will have; a provider's may be any (DESIGN section 3).
  if (sender && (e.mngui.front() == 'V' || e.mngui.front() == 'K') && e.mtdiep.compare(0, e.mngui.size(), e.mngui) != 0)
    findings.Say("header.mtdiep_prefix"_reason, PathOf(header, "MTDiep"), {Quote(e.mtdiep), Quote(e.mngui)});
}

}  // namespace

bool IsPBanForm(std::string_view pban) {
  return !pban.empty() && pban.size() <= 6 &&
         std::all_of(pban.begin(), pban.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

std::optional<size_t> ParseItemCount(std::string_view text) {
  if (text.empty() || text.size() > 7 || !AllDigits(text)) return std::nullopt;
  size_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count == 0 ? std::nullopt : std::optional(count);
}

std::optional<TaxCode> TaxCodeOfParty(std::string_view party) {
  if (!party.empty() && (party.front() == 'V' || party.front() == 'K')) party.remove_prefix(1);
  std::string code(party);
  if (code.size() == 13 && AllDigits(code)) code.insert(10, "-");
  auto parsed = ParseTaxCode(code);
  if (!parsed.ok()) return std::nullopt;
  return std::move(*parsed);
}

void CheckEnvelope(const XmlNode& tdiep, FindingList& findings) {
  for (XmlNode child = tdiep.first_child(); child; child = child.next_sibling()) {
    if (!child.namespace_uri().empty())
      ForeignNamespace(child, findings);
    else if (child.name() != "TTChung" && child.name() != "DLieu" && child.name() != "CKSNNT")
      NoPart(child, findings);
  }
  for (const std::string_view name : {"TTChung", "DLieu", "CKSNNT"}) CheckOnce(tdiep, name, findings);
  for (const std::string_view name : {"TTChung", "DLieu"}) {
    if (tdiep.Child(name)) continue;
    findings.Say("envelope.missing_element"_reason, PathOf(tdiep, name), {name});
  }
}

Envelope ReadHeader(const XmlNode& tdiep, const ProfileSet& profiles, FindingList& findings) {
  Envelope e;
  const XmlNode header = tdiep.Child("TTChung");
  if (!header) return e;
  e.pban = HeaderText(header, "PBan", findings);
  e.mngui = HeaderText(header, "MNGui", findings);
  e.mnnhan = HeaderText(header, "MNNhan", findings);
  const std::string type = HeaderText(header, "MLTDiep", findings);
  e.mtdiep = HeaderText(header, "MTDiep", findings);
  e.mtdtchieu = HeaderText(header, "MTDTChieu", findings);
  e.mst = HeaderText(header, "MST", findings);
  e.sluong = HeaderText(header, "SLuong", findings);
  const std::optional<int> code = ParseType(type);
  e.mltdiep = code.value_or(0);
  CheckUnknownFields(header, findings);
  CheckFields(header, e, findings);
  if (!e.pban.empty()) CheckPBan(e.pban, PathOf(header, "PBan"), profiles, findings);
  CheckField(header, {"header.mltdiep_syntax"_reason, "MLTDiep", type, code.has_value()}, findings);
  return e;
}

std::optional<MessageClass> RelayedClass(int mltdiep, std::string path, FindingList& findings) {
  const MessageType* type = FindMessageType(mltdiep);
  const std::string code = std::to_string(mltdiep);
  if (type == nullptr) {
    findings.Say("catalogue.unknown_type"_reason, std::move(path), {code});
    return std::nullopt;
  }
  if (type->relayed) return type->cls;
  findings.Say("catalogue.type_not_relayed"_reason, std::move(path), {code});
  return std::nullopt;
}

}  // namespace tvan
