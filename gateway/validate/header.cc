#include "gateway/validate/header.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/validate/catalogue.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

constexpr std::array<std::string_view, 8> kHeaderFields = {"PBan",   "MNGui",     "MNNhan", "MLTDiep",
                                                           "MTDiep", "MTDTChieu", "MST",    "SLuong"};

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void ForeignNamespace(const XmlNode& node, FindingList& findings) {
  if (findings.full()) return findings.LeaveOut(Severity::kError);
  findings.Error(
      "envelope.namespace"_reason, node.path(),
      {"Phần tử " + Quote(node.name()) + " không được thuộc namespace " + Quote(node.namespace_uri()) + ".",
       "Element " + Quote(node.name()) + " must be in no namespace; it is in " + Quote(node.namespace_uri()) + "."},
      "1000");
}

void NoPart(const XmlNode& node, FindingList& findings) {
  if (findings.full()) return findings.LeaveOut(Severity::kError);
  findings.Error("envelope.unknown_element"_reason, node.path(),
                 {"Phần tử " + Quote(node.name()) + " không thuộc TDiep.",
                  "Element " + Quote(node.name()) + " is no part of TDiep."},
                 "1000");
}

void CheckOnce(const XmlNode& tdiep, std::string_view name, FindingList& findings) {
  const size_t count = tdiep.CountChildren(name);
  if (count <= 1) return;
  const std::string tag(name), number = std::to_string(count);
  findings.Error("envelope.duplicate_element"_reason, PathOf(tdiep, name),
                 {"Phần tử " + tag + " xuất hiện " + number + " lần trong TDiep.",
                  "Element " + tag + " stands " + number + " times in TDiep."},
                 "1000");
}

// One header element must be plain text and stand once.
std::string HeaderText(const XmlNode& header, std::string_view name, FindingList& findings) {
  const std::string tag(name);
  if (header.CountChildren(name) > 1)
    findings.Error("header.duplicate_element"_reason, PathOf(header, name),
                   {"Trường " + tag + " xuất hiện nhiều lần trong TTChung.",
                    "Field " + tag + " stands more than once in TTChung."},
                   "1000");
  const XmlNode field = header.Child(name);
  if (!field) return {};
  if (field.has_child_elements())
    findings.Error("header.not_text"_reason, field.path(),
                   {"Trường " + tag + " phải là văn bản.", "Field " + tag + " must be plain text; it holds elements."},
                   "1000");
  return field.Text();
}

void CheckUnknownFields(const XmlNode& header, FindingList& findings) {
  for (XmlNode field = header.first_child(); field; field = field.next_sibling()) {
    if (!field.namespace_uri().empty()) {
      ForeignNamespace(field, findings);
      continue;
    }
    if (std::find(kHeaderFields.begin(), kHeaderFields.end(), field.name()) != kHeaderFields.end()) continue;
    if (findings.full()) {
      findings.LeaveOut(Severity::kWarning);
      continue;
    }
    findings.Warn("header.unknown_element"_reason, field.path(),
                  {"Trường " + Quote(field.name()) + " không thuộc TTChung, sẽ không được chuyển tiếp.",
                   "Field " + Quote(field.name()) + " is no part of TTChung; it will not be forwarded."});
  }
}

// A header field as it stands, and what it must be.
struct FieldRule {
  Reason rule;
  std::string_view name;
  const std::string& value;
  bool good;
  Said form;
};

// Says that a field is missing, or that it has not the form it must have.
void CheckField(const XmlNode& header, const FieldRule& field, FindingList& findings) {
  const auto& [rule, name, value, good, form] = field;
  const std::string tag(name);
  if (value.empty()) {
    findings.Error("header.missing"_reason, PathOf(header, name),
                   {"Thiếu trường " + tag + " trong TTChung.", "Field " + tag + " is missing in TTChung."}, "1000");
  } else if (!good) {
    findings.Error(rule, PathOf(header, name),
                   {"Trường " + tag + " có giá trị " + Quote(value) + ", phải là " + form.vi + ".",
                    "Field " + tag + " is " + Quote(value) + "; it must be " + form.en + "."},
                   "1000");
  }
}

std::optional<int> ParseType(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() > 3 || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void CheckFields(const XmlNode& header, const Envelope& e, FindingList& findings) {
  const Said tax_code = {"mã số thuế (10 số, 10 số-3 số hoặc 12 số)",
                         "a tax code (10 digits, 10 digits-3 digits, or 12 digits)"};
  const Said party = {"mã số thuế, có thể có V hoặc K đứng trước", "a tax code, with or without V or K before it"};
  const Said id = {"1 đến 46 ký tự ASCII in được, không có khoảng trắng",
                   "1 to 46 printable ASCII characters, no space"};
  const Said count = {"số nguyên từ 1 đến 9999999", "a whole number from 1 to 9999999"};
  const bool sender = TaxCodeOfParty(e.mngui).has_value(), items = ParseItemCount(e.sluong).has_value();
  const bool receiver = e.mnnhan == "TCT" || TaxCodeOfParty(e.mnnhan).has_value();
  if (e.pban.empty())
    CheckField(header, {"header.missing"_reason, "PBan", e.pban, false, {}}, findings);
  else
    CheckPBan(e.pban, PathOf(header, "PBan"), findings);
  CheckField(header, {"header.mngui_syntax"_reason, "MNGui", e.mngui, sender, party}, findings);
  CheckField(header, {"header.mnnhan_syntax"_reason, "MNNhan", e.mnnhan, receiver, party}, findings);
  CheckField(header, {"header.mtdiep_syntax"_reason, "MTDiep", e.mtdiep, ParseMessageId(e.mtdiep).ok(), id}, findings);
  CheckField(header, {"header.mst_syntax"_reason, "MST", e.mst, ParseTaxCode(e.mst).ok(), tax_code}, findings);
  CheckField(header, {"header.sluong_syntax"_reason, "SLuong", e.sluong, items, count}, findings);
}

}  // namespace

bool IsKnownPBan(std::string_view pban) { return pban == "2.0.0" || pban == "2.0.1" || pban == "2.1.0"; }

void CheckPBan(std::string_view pban, std::string path, FindingList& findings) {
  if (IsKnownPBan(pban)) return;
  findings.Error("header.pban"_reason, std::move(path),
                 {"Phiên bản " + Quote(pban) + " không được hỗ trợ; các phiên bản đã biết: 2.0.0, 2.0.1, 2.1.0.",
                  "Version " + Quote(pban) + " is not supported; known ones are 2.0.0, 2.0.1, 2.1.0."},
                 "1000");
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
    const std::string tag(name);
    findings.Error("envelope.missing_element"_reason, PathOf(tdiep, name),
                   {"Thiếu phần tử " + tag + " trong TDiep.", "Element " + tag + " is missing in TDiep."}, "1000");
  }
}

Envelope ReadHeader(const XmlNode& tdiep, FindingList& findings) {
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
  const Said form = {"số nguyên tối đa 3 ký tự, có thể âm", "a whole number of up to 3 characters, possibly negative"};
  CheckField(header, {"header.mltdiep_syntax"_reason, "MLTDiep", type, code.has_value(), form}, findings);
  return e;
}

std::optional<MessageClass> RelayedClass(int mltdiep, std::string path, FindingList& findings) {
  const MessageType* type = FindMessageType(mltdiep);
  const std::string code = std::to_string(mltdiep);
  if (type == nullptr) {
    findings.Error("catalogue.unknown_type"_reason, std::move(path),
                   {"Loại thông điệp " + code + " không tồn tại.", "There is no message type " + code + "."}, "1001");
    return std::nullopt;
  }
  if (type->relayed) return type->cls();
  findings.Error("catalogue.type_not_relayed"_reason, std::move(path),
                 {"Loại thông điệp " + code + " (" + std::string(type->name_vi) + ") chưa được tiếp nhận tại đây.",
                  "Message type " + code + " (" + std::string(type->name_en) + ") is not taken here."},
                 "1001");
  return std::nullopt;
}

}  // namespace tvan
