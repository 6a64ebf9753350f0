#include "adapters/simulator/filing_book.h"

#include <algorithm>
#include <set>

namespace tvan::sim {
namespace {

bool Contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

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

}  // namespace

bool FilingBook::IsTaken(const std::map<std::string, std::string>& book, const std::string& key,
                         const std::string& mtdiep) const {
  auto found = book.find(key);
  return found != book.end() && found->second != mtdiep;
}

void FilingBook::CheckItem(const Request& request, size_t index, std::vector<ItemError>& errors) const {
  const Item& item = request.items[index];
  auto bad = [&](const char* mloi, const char* text, const char* advice) {
    errors.push_back({index, mloi, text, advice});
  };
  if (Contains(refused_khhdon_, item.khhdon))
    bad("40102", "Ký hiệu hóa đơn chưa được đăng ký", "Kiểm tra tờ khai đăng ký");
  if (IsErrorNoticeType(request.header.mltdiep)) {
    if (item.reason.empty()) bad("40106", "Thiếu lý do", "Bổ sung lý do");
    return;
  }
  if (IsTaken(keys_, item.key, request.header.mtdiep)) bad("40101", "Số hóa đơn đã tồn tại", "Kiểm tra số hóa đơn");
  if (request.header.mltdiep != 206) return;
  if (!IsCashCode(item.code))
    bad("40103", "Mã của cơ quan thuế trên hóa đơn sai cấu trúc", "Kiểm tra mã");
  else if (IsTaken(codes_, item.code, request.header.mtdiep))
    bad("40104", "Mã của cơ quan thuế đã được sử dụng", "Kiểm tra mã");
}

BusinessResult FilingBook::File(const Request& request) {
  BusinessResult result;
  int type = request.header.mltdiep;
  if (Contains(stopped_mst_, request.header.mst)) {
    result.errors.push_back({0, "40105", "Người nộp thuế đang ngừng sử dụng hóa đơn điện tử", "Liên hệ cơ quan thuế"});
    result.whole_package = type != 200 && type != 201;
    return result;
  }
  std::set<std::string> seen_keys, seen_codes;
  for (size_t i = 0; i < request.items.size(); ++i) {
    const Item& item = request.items[i];
    CheckItem(request, i, result.errors);
    if (!IsInvoiceType(type)) continue;
    if (!seen_keys.insert(item.key).second)
      result.errors.push_back({i, "40101", "Số hóa đơn bị lặp trong thông điệp", "Kiểm tra số hóa đơn"});
    if (type == 206 && !seen_codes.insert(item.code).second)
      result.errors.push_back({i, "40104", "Mã của cơ quan thuế bị lặp trong thông điệp", "Kiểm tra mã"});
  }
  std::set<size_t> bad;
  for (const ItemError& error : result.errors) bad.insert(error.item);
  result.good = request.items.size() - bad.size();
  if (!IsInvoiceType(type)) return result;
  bool all_or_nothing =
      type != 203;  // invalid data are not stored (duties.md 1.12); a 203 is judged invoice by invoice
  if (all_or_nothing && !bad.empty()) {
    result.good = 0;
    return result;
  }
  for (size_t i = 0; i < request.items.size(); ++i) {
    if (bad.contains(i)) continue;
    keys_[request.items[i].key] = request.header.mtdiep;
    if (type == 206) codes_[request.items[i].code] = request.header.mtdiep;
  }
  return result;
}

}  // namespace tvan::sim
