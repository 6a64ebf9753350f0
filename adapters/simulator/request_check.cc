#include "adapters/simulator/request_check.h"

#include <algorithm>
#include <cctype>

namespace tvan::sim {
namespace {

constexpr std::string_view kDsig = "http://www.w3.org/2000/09/xmldsig#";

bool Digits(std::string_view text, size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// ^[VK](\d{10}|\d{13})$
bool IsSender(std::string_view text) {
  if (text.empty() || (text[0] != 'V' && text[0] != 'K')) return false;
  return Digits(text.substr(1), 10) || Digits(text.substr(1), 13);
}

// \d{10} | \d{10}-\d{3} | \d{12}
bool IsTaxCode(std::string_view text) {
  if (Digits(text, 10) || Digits(text, 12)) return true;
  return text.size() == 14 && text[10] == '-' && Digits(text.substr(0, 10), 10) && Digits(text.substr(11), 3);
}

bool IsUpperHex32(std::string_view text) {
  return text.size() == 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); });
}

// What a T-VAN may send, and from which version on; a first version that is not sure is nobody's fault.
bool IsTypeOf(const std::string& pban, const MessageType* type) {
  if (type == nullptr || (!type->relayed && type->code != 999)) return false;
  if (type->since.mark != Mark::kSure || type->since.profile == "qd1450") return true;
  return type->since.profile == "qd1510" ? pban != "2.0.0" : pban == "2.1.0";
}

Refusal Bad(std::string text) { return {"1000", std::move(text)}; }

// TDiep/{TTChung, DLieu, CKSNNT?} and TTChung's fields, in their order and nothing else.
Refusal Shape(const Request& request) {
  std::vector<std::string> parts;
  for (XmlNode n = request.document->root().first_child(); n; n = n.next_sibling()) parts.emplace_back(n.name());
  bool with_cksnnt = parts.size() == 3 && parts[2] == "CKSNNT";
  if (parts.size() < 2 || parts[0] != "TTChung" || parts[1] != "DLieu" || (parts.size() > 2 && !with_cksnnt))
    return Bad("TDiep phải gồm TTChung, DLieu");
  std::vector<std::string> expected = {"PBan", "MNGui", "MNNhan", "MLTDiep", "MTDiep", "MTDTChieu", "MST", "SLuong"};
  if (request.header.mltdiep == 999) expected.resize(6);
  std::vector<std::string> names = request.header_names;
  bool without_reference = std::find(names.begin(), names.end(), "MTDTChieu") == names.end();
  if (without_reference && request.header.mltdiep != 999) expected.erase(expected.begin() + 5);
  if (names != expected) return Bad("TTChung thiếu, thừa hoặc sai thứ tự chỉ tiêu");
  return {};
}

Refusal Fields(const Envelope& h, const MessageType* type) {
  if (h.pban != "2.0.0" && h.pban != "2.0.1" && h.pban != "2.1.0") return Bad("PBan không hợp lệ");
  if (!IsSender(h.mngui)) return Bad("MNGui không hợp lệ");
  if (h.mnnhan != "TCT") return Bad("MNNhan không hợp lệ");
  if (!IsTypeOf(h.pban, type)) return {"1001", "Mã loại thông điệp không hợp lệ"};
  if (!h.mtdiep.starts_with(h.mngui) || !IsUpperHex32(std::string_view(h.mtdiep).substr(h.mngui.size())))
    return Bad("MTDiep không hợp lệ");
  if (h.mltdiep == 999) return h.mtdtchieu.empty() ? Bad("MTDTChieu bắt buộc") : Refusal{};
  if (!h.mtdtchieu.empty()) return Bad("MTDTChieu phải để trống");
  if (!IsTaxCode(h.mst)) return Bad("MST không hợp lệ");
  bool number = !h.sluong.empty() && h.sluong.size() <= 7 && Digits(h.sluong, h.sluong.size()) && h.sluong[0] != '0';
  return number ? Refusal{} : Bad("SLuong không hợp lệ");
}

XmlNode SignatureIn(const XmlNode& holder) { return holder ? holder.Child("Signature", kDsig) : XmlNode(); }

// DLTBao, DLTKhai, DLDNghi, DLBTHop: what stands beside DSCKS.
XmlNode DataOf(const XmlNode& document) {
  for (XmlNode n = document.first_child(); n; n = n.next_sibling())
    if (n.name().starts_with("DL")) return n;
  return {};
}

SignatureDemand Demand(const std::string& role, const XmlNode& document, const XmlNode& data) {
  return {
      role, SignatureIn(document.Descend({"DSCKS", role})), document.path() + "/DSCKS/" + role + "/Signature", {data}};
}

// By the catalogue. Where a type is signed at a place that nobody knows, nothing is asked for.
std::vector<SignatureDemand> Demands(const Request& request) {
  std::vector<SignatureDemand> demands;
  if (request.type->signature == SignaturePlace::kPackage) {
    SignatureDemand demand{"CKSNNT", SignatureIn(request.cksnnt), "/TDiep/CKSNNT/Signature", {}};
    for (const Item& item : request.items) demand.must_cover.push_back(item.node);
    demands.push_back(std::move(demand));
  }
  if (request.type->signature == SignaturePlace::kInvoice)
    for (const Item& item : request.items) demands.push_back(Demand("NBan", item.node, item.node.Child("DLHDon")));
  if (request.type->signature == SignaturePlace::kTaxpayer)
    for (const XmlNode& document : request.documents()) demands.push_back(Demand("NNT", document, DataOf(document)));
  return demands;
}

Refusal ShapeOfContent(const Request& request, const std::vector<XmlNode>& documents) {
  const MessageType& type = *request.type;
  const std::string element(ElementOf(type.items));
  size_t elements = 0;
  for (XmlNode n = request.dlieu.first_child(); n; n = n.next_sibling()) ++elements;
  if (documents.empty() || (type.depth == Depth::kFull && documents.size() != elements))
    return Bad("DLieu phải chứa " + element);
  if (type.count == ItemCount::kOne && documents.size() != 1) return Bad("DLieu phải chứa đúng một " + element);
  if (request.IsAnsweredBy(301) && request.items.empty()) return Bad("TBao phải có DSHDon");
  return {};
}

std::string Dashless(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '-'), text.end());
  return text;
}

}  // namespace

Refusal RequestCheck::Header(const Request& request, Time arrived) const {
  if (Refusal refusal = Shape(request); !refusal.mloi.empty()) return refusal;
  if (Refusal refusal = Fields(request.header, request.type); !refusal.mloi.empty()) return refusal;
  return contracts_.At(request.header.mngui, arrived);
}

ContentCheck RequestCheck::Content(const Request& request, Time arrived) const {
  ContentCheck check;
  if (request.type->depth != Depth::kHeader) {
    const std::vector<XmlNode> documents = request.documents();
    check.shape = ShapeOfContent(request, documents);
    if (!check.shape.mloi.empty()) return check;
    const size_t sluong = std::stoul(request.header.sluong);  // digits, by Header
    // Our sources do not say whether a 300 counts its notices or the invoices in them: either is taken.
    const bool named = request.IsAnsweredBy(301) && sluong == request.items.size();
    if (sluong != documents.size() && !named) check.count = {"2010", "SLuong khác số lượng dữ liệu"};
  }
  check.signature = Signatures(request, arrived);
  return check;
}

Refusal RequestCheck::Signatures(const Request& request, Time arrived) const {
  const std::vector<SignatureDemand> demands = Demands(request);
  if (demands.empty()) return {};
  SignatureCheck check = verifier_.Verify(*request.document, demands, arrived);
  if (!check.faults.empty())
    return {"2011", "Chữ ký số không hợp lệ (" + std::string(check.faults.front().rule.text()) + ")"};
  for (const SignatureReport& report : check.reports)
    if (!report.valid || Dashless(report.signer_tax_code) != Dashless(request.header.mst))
      return {"2011", "Chữ ký số không phải của người nộp thuế"};
  return {};
}

}  // namespace tvan::sim
