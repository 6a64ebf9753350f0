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

bool IsKnownType(int t) { return IsInvoiceType(t) || IsErrorNoticeType(t) || t == 999; }

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

Refusal Fields(const Envelope& h) {
  if (h.pban != "2.0.0" && h.pban != "2.0.1" && h.pban != "2.1.0") return Bad("PBan không hợp lệ");
  if (!IsSender(h.mngui)) return Bad("MNGui không hợp lệ");
  if (h.mnnhan != "TCT") return Bad("MNNhan không hợp lệ");
  if (!IsKnownType(h.mltdiep)) return {"1001", "Mã loại thông điệp không hợp lệ"};
  if (!h.mtdiep.starts_with(h.mngui) || !IsUpperHex32(std::string_view(h.mtdiep).substr(h.mngui.size())))
    return Bad("MTDiep không hợp lệ");
  if (h.mltdiep == 999) return h.mtdtchieu.empty() ? Bad("MTDTChieu bắt buộc") : Refusal{};
  if (!h.mtdtchieu.empty()) return Bad("MTDTChieu phải để trống");
  if (!IsTaxCode(h.mst)) return Bad("MST không hợp lệ");
  bool number = !h.sluong.empty() && h.sluong.size() <= 7 && Digits(h.sluong, h.sluong.size()) && h.sluong[0] != '0';
  return number ? Refusal{} : Bad("SLuong không hợp lệ");
}

Refusal InvoiceFields(const Request& request, const Item& item) {
  if (item.khmshdon.empty() || item.khhdon.empty() || item.nlap.empty()) return Bad("Hóa đơn thiếu chỉ tiêu bắt buộc");
  if (item.shdon.empty() || item.shdon.size() > 8 || !Digits(item.shdon, item.shdon.size()))
    return Bad("SHDon không hợp lệ");
  if (item.seller_mst != request.header.mst) return Bad("MST người bán khác MST của thông điệp");
  int type = request.header.mltdiep;
  if ((type == 200 || type == 201) && !item.code.empty()) return Bad("Hóa đơn xin cấp mã đã có MCCQT");
  if (type == 206 && item.code.empty()) return Bad("Hóa đơn từ máy tính tiền thiếu MCCQT");
  return {};
}

XmlNode SignatureIn(const XmlNode& holder) { return holder ? holder.Child("Signature", kDsig) : XmlNode(); }

std::vector<SignatureDemand> Demands(const Request& request) {
  std::vector<SignatureDemand> demands;
  int type = request.header.mltdiep;
  if (type == 206) {
    SignatureDemand demand{"CKSNNT", SignatureIn(request.cksnnt), "/TDiep/CKSNNT/Signature", {}};
    for (const Item& item : request.items) demand.must_cover.push_back(item.node);
    demands.push_back(std::move(demand));
  } else if (IsInvoiceType(type)) {
    for (const Item& item : request.items)
      demands.push_back({"NBan",
                         SignatureIn(item.node.Descend({"DSCKS", "NBan"})),
                         item.node.path() + "/DSCKS/NBan/Signature",
                         {item.node.Child("DLHDon")}});
  } else {
    for (const XmlNode& notice : request.dlieu.Children("TBao"))
      demands.push_back({"NNT",
                         SignatureIn(notice.Descend({"DSCKS", "NNT"})),
                         notice.path() + "/DSCKS/NNT/Signature",
                         {notice.Child("DLTBao")}});
  }
  return demands;
}

std::string Dashless(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '-'), text.end());
  return text;
}

}  // namespace

Refusal RequestCheck::Contract(const std::string& mngui, Time arrived) const {
  if (contracts_.empty()) return {};
  bool listed = false;
  for (const ContractEntry& c : contracts_) {
    if (c.mngui != mngui) continue;
    listed = true;
    if (c.from <= arrived && arrived < c.to) return {};
  }
  return listed ? Refusal{"2003", "Hợp đồng của tổ chức truyền nhận đã hết hiệu lực", true}
                : Refusal{"2002", "Tổ chức truyền nhận chưa có hợp đồng", true};
}

Refusal RequestCheck::Header(const Request& request, Time arrived) const {
  if (Refusal refusal = Shape(request); !refusal.mloi.empty()) return refusal;
  if (Refusal refusal = Fields(request.header); !refusal.mloi.empty()) return refusal;
  return Contract(request.header.mngui, arrived);
}

Refusal RequestCheck::Content(const Request& request, Time arrived) const {
  int type = request.header.mltdiep;
  size_t sluong = std::stoul(request.header.sluong);  // digits, by Header
  if (IsInvoiceType(type)) {
    if (request.items.size() != request.documents || request.items.empty()) return Bad("DLieu phải chứa HDon");
    if ((type == 200 || type == 201) && request.items.size() != 1) return Bad("Mỗi thông điệp 200 chỉ có một hóa đơn");
    if (sluong != request.items.size()) return {"2010", "SLuong khác số lượng dữ liệu"};
    for (const Item& item : request.items)
      if (Refusal refusal = InvoiceFields(request, item); !refusal.mloi.empty()) return refusal;
  } else {
    if (request.documents != 1 || request.items.empty()) return Bad("DLieu phải chứa một TBao có DSHDon");
    // Our sources do not say whether a 300 counts its notices or the invoices in them: either is taken.
    if (sluong != request.documents && sluong != request.items.size()) return {"2010", "SLuong khác số lượng dữ liệu"};
  }
  return Signatures(request, arrived);
}

Refusal RequestCheck::Signatures(const Request& request, Time arrived) const {
  SignatureCheck check = verifier_.Verify(*request.document, Demands(request), arrived);
  for (const Finding& finding : check.findings)
    if (finding.severity == Severity::kError)
      return {"2011", "Chữ ký số không hợp lệ (" + std::string(finding.rule.text()) + ")"};
  for (const SignatureReport& report : check.reports)
    if (!report.valid || Dashless(report.signer_tax_code) != Dashless(request.header.mst))
      return {"2011", "Chữ ký số không phải của người nộp thuế"};
  return {};
}

}  // namespace tvan::sim
