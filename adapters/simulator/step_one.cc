#include "adapters/simulator/step_one.h"

#include <algorithm>
#include <set>

namespace tvan::sim {
namespace {

// M1-26-A1B2C-00001234567
bool IsCashCode(const std::string& code) {
  static const std::string_view shape = "M#-##-XXXXX-###########";
  if (code.size() != shape.size()) return false;
  for (size_t i = 0; i < code.size(); ++i) {
    bool digit = code[i] >= '0' && code[i] <= '9';
    bool upper = code[i] >= 'A' && code[i] <= 'Z';
    if (shape[i] == '#' ? !digit : shape[i] == 'X' ? !digit && !upper : code[i] != shape[i]) return false;
  }
  return code[1] != '0';
}

std::string_view FiveOf(const std::string& code) { return std::string_view(code).substr(6, 5); }

bool IsInvoiceNumber(const std::string& text) {
  return text.size() <= 8 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool HasWhole(const std::vector<ItemError>& errors) {
  return std::any_of(errors.begin(), errors.end(), [](const ItemError& e) { return e.item == kAllItems; });
}

std::set<size_t> BadItems(const std::vector<ItemError>& errors) {
  std::set<size_t> bad;
  for (const ItemError& error : errors) bad.insert(error.item);
  return bad;
}

// Petrol has a branch of its own, and a 204 has only one branch.
bool NeedsTwoBranches(const Request& request, const std::vector<ItemError>& errors) {
  if (request.type->items != ItemKind::kSummaries || HasWhole(errors)) return false;
  const auto petrol = [&request](const ItemError& e) { return IsPetrol(request.items[e.item]); };
  return std::any_of(errors.begin(), errors.end(), petrol) && !std::all_of(errors.begin(), errors.end(), petrol);
}

}  // namespace

// Checks 1, 3, 4, 5 and 6: they are of the taxpayer, the package and the T-VAN. One who may not use e-invoices may
// still register.
void StepOne::CheckWhole(const Request& request, const Examined& examined, Time at,
                         std::vector<ItemError>& errors) const {
  const std::string& mst = request.header.mst;
  auto bad = [&errors](const std::string& mloi, const std::string& text, const char* advice) {
    errors.push_back({kAllItems, mloi, text, advice, kNoRow});
  };
  if (!taxpayers_.IsActive(mst)) bad("40107", "Mã số thuế không ở trạng thái hoạt động", "Liên hệ cơ quan thuế");
  if (taxpayers_.IsStopped(mst) && !request.IsAnsweredBy(102))
    bad("40105", "Người nộp thuế đang ngừng sử dụng hóa đơn điện tử", "Liên hệ cơ quan thuế");
  if (!request.is_package()) return;
  const Refusal& signature = examined.content.signature;
  if (!signature.mloi.empty()) bad(signature.mloi, signature.text, "Ký lại gói dữ liệu");
  const Refusal contract = contracts_.At(request.header.mngui, at);
  if (!contract.mloi.empty()) bad(contract.mloi, contract.text, "Liên hệ tổ chức truyền nhận");
  const Refusal& count = examined.content.count;
  if (!count.mloi.empty()) bad(count.mloi, count.text, "Kiểm tra SLuong");
}

void StepOne::CheckInvoice(const Request& request, size_t index, std::vector<ItemError>& errors) const {
  const Item& item = request.items[index];
  auto bad = [&](const char* mloi, const char* text, const char* advice) {
    errors.push_back({index, mloi, text, advice, kNoRow});
  };
  if (refused_khhdon_.contains(item.khhdon))
    bad("40102", "Ký hiệu hóa đơn chưa được đăng ký", "Kiểm tra tờ khai đăng ký");
  if (!IsInvoiceNumber(item.shdon)) bad("40108", "SHDon không hợp lệ", "Kiểm tra số hóa đơn");
  if (!request.files_invoices()) {
    if (item.reason.empty()) bad("40106", "Thiếu lý do", "Bổ sung lý do");
    return;
  }
  if (item.seller_mst != request.header.mst)
    bad("40110", "MST người bán khác MST của thông điệp", "Kiểm tra mã số thuế");
  if (request.IsAnsweredBy(202) && !item.code.empty())
    bad("40111", "Hóa đơn đề nghị cấp mã đã có MCCQT", "Bỏ mã của cơ quan thuế");
  if (filings_.KeyTaken(item, request.header.mtdiep)) bad("40101", "Số hóa đơn đã tồn tại", "Kiểm tra số hóa đơn");
}

// Check 7: within the range issued to the taxpayer, and unique.
void StepOne::CheckCode(const Request& request, size_t index, std::vector<ItemError>& errors) const {
  const Item& item = request.items[index];
  auto bad = [&](const char* mloi, const char* text) {
    errors.push_back({index, mloi, text, "Kiểm tra mã của cơ quan thuế", kNoRow});
  };
  if (item.code.empty()) return;  // check 2 has said so
  if (!IsCashCode(item.code))
    bad("40103", "Mã của cơ quan thuế trên hóa đơn sai cấu trúc");
  else if (!taxpayers_.MayUse(request.header.mst, FiveOf(item.code)))
    bad("40109", "Mã của cơ quan thuế không thuộc dải mã cấp cho người nộp thuế");
  else if (filings_.CodeTaken(item, request.header.mtdiep))
    bad("40104", "Mã của cơ quan thuế đã được sử dụng");
}

void StepOne::CheckItems(const Request& request, std::vector<ItemError>& errors) const {
  if (!request.files_invoices() && request.type->items != ItemKind::kNotice) return;
  std::set<std::string> keys, codes;
  for (size_t i = 0; i < request.items.size(); ++i) {
    const Item& item = request.items[i];
    CheckInvoice(request, i, errors);
    if (request.is_package()) CheckCode(request, i, errors);
    if (!request.files_invoices()) continue;
    if (!keys.insert(item.key).second)
      errors.push_back({i, "40101", "Số hóa đơn bị lặp trong thông điệp", "Kiểm tra số hóa đơn", kNoRow});
    if (!item.code.empty() && !codes.insert(item.code).second)
      errors.push_back({i, "40104", "Mã của cơ quan thuế bị lặp trong thông điệp", "Kiểm tra mã", kNoRow});
  }
}

BusinessResult StepOne::Judge(const Request& request, const Examined& examined, Time at,
                              std::vector<ItemError> scripted) {
  BusinessResult result;
  result.errors = std::move(scripted);
  CheckWhole(request, examined, at, result.errors);
  result.errors.insert(result.errors.end(), examined.missing.begin(), examined.missing.end());
  if (request.type->depth != Depth::kHeader) CheckItems(request, result.errors);
  if (NeedsTwoBranches(request, result.errors))
    for (ItemError& e : result.errors) e.item = kAllItems, e.row = kNoRow;
  result.whole_package = HasWhole(result.errors);
  if (result.whole_package) {
    std::erase_if(result.errors, [](const ItemError& e) { return e.item != kAllItems; });
    return result;
  }
  result.good = request.items.size() - BadItems(result.errors).size();
  if (request.is_package() && !result.errors.empty())
    result.good = 0;  // a package is good or bad as a whole
  else
    TakeEffect(request, result);
  return result;
}

// Valid data are stored, invalid data are not (duties.md 1.12).
void StepOne::TakeEffect(const Request& request, BusinessResult& result) {
  const std::set<size_t> bad = BadItems(result.errors);
  const bool filed = request.files_invoices() && request.type->depth != Depth::kHeader;
  for (size_t i = 0; filed && i < request.items.size(); ++i)
    if (!bad.contains(i)) filings_.Store(request.items[i], request.header.mtdiep);
  if (!request.IsAnsweredBy(103) || !bad.empty()) return;
  const XmlNode asks = request.items[0].node.Descend({"DLTKhai", "NDTKhai", "HTHDon", "CMTMTTien"});
  if (asks && asks.Text() == "0") return;
  result.register_code = taxpayers_.IssueCode(request.header.mst);
}

}  // namespace tvan::sim
