// The branches of a 204 (protocol.md 7.6) and the lists of reasons in all answers.
#include <algorithm>
#include <map>

#include "adapters/simulator/answer_parts.h"
#include "gateway/core/json.h"

namespace tvan::sim {
namespace {

bool Picks(size_t of, const ItemError& error) { return error.row == kNoRow && (of == kAllItems || error.item == of); }

std::string Reason(const ItemError& e, int number, const char* entry = "LDo") {
  return Within(
      entry, Tag("STT", std::to_string(number)) + Tag("MLoi", e.mloi) + Tag("MTLoi", e.text) + Tag("HDXLy", e.advice));
}

// LTBao 7 names an invoice nowhere but inside MTLoi, and has one LDo for it, whatever is wrong with it.
std::string PackageReasons(const Request& request, const BusinessResult& result) {
  std::map<size_t, ItemError> bad;
  for (const ItemError& e : result.errors) {
    const auto [entry, fresh] = bad.emplace(e.item, e);
    const Item& item = request.items[e.item];
    if (fresh)
      entry->second.text = item.khmshdon + ";" + item.khhdon + ";" + item.shdon + ";" + e.text;
    else
      entry->second.text += ". " + e.text;
  }
  std::string out;
  int number = 0;
  for (const auto& [item, error] : bad) out += Reason(error, ++number);
  return Within("LHDMTTien", Within("DSLDo", out));
}

std::string BadInvoices(const Request& request, const BusinessResult& result) {
  std::string out;
  for (size_t i = 0; i < request.items.size(); ++i)
    if (HasError(result, i))
      out += Within("HDon", Tag("STT", std::to_string(i + 1)) + InvoiceName(request.items[i]) + ReasonList(result, i));
  return Within("LHDKMa", Within("DSHDon", out));
}

// A row that is wrong: of petrol a kind of goods, else an invoice.
std::string BadRow(const XmlNode& row, const ItemError& error, bool petrol) {
  const std::string reasons = Within("DSLDo", Reason(error, 1));
  if (petrol) return Within("MHang", Copied(row, "STT") + Copied(row, "MHHoa") + Copied(row, "THHDVu") + reasons);
  return Within("HDon", Copied(row, "KHMSHDon") + Copied(row, "KHHDon") + Copied(row, "SHDon") +
                            Copied(row, "NLap", "Ngay") + reasons);
}

std::string BadTable(const Request& request, const BusinessResult& result, size_t index, bool petrol) {
  const XmlNode data = request.items[index].node.Child("DLBTHop");
  const XmlNode general = data.Child("TTChung");
  const std::vector<XmlNode> rows = data.Descend({"NDBTHDLieu", "DSDLieu"}).Children("DLieu");
  std::string out = Tag("STT", std::to_string(index + 1));
  for (const char* name : {"LKDLieu", "KDLieu", "LDau", "BSLThu", "SBTHDLieu"}) out += Copied(general, name);
  const std::string reasons = ReasonList(result, index, "DSLDTTChung", "LDTTChung");
  if (reasons.find("<LDTTChung>") != std::string::npos) out += reasons;
  std::string bad;
  for (const ItemError& e : result.errors)
    if (e.item == index && e.row < rows.size()) bad += BadRow(rows[e.row], e, petrol);
  if (!bad.empty()) out += Within(petrol ? "DSLMHang" : "DSLHDon", bad);
  return Within("BTHop", out);
}

// All of one kind: else the whole is refused (StepOne).
std::pair<int, std::string> BadTables(const Request& request, const BusinessResult& result) {
  const bool petrol = IsPetrol(request.items[result.errors.front().item]);
  std::string out;
  for (size_t i = 0; i < request.items.size(); ++i)
    if (HasError(result, i)) out += BadTable(request, result, i, petrol);
  out = Within("DSBTHop", out);
  return petrol ? std::pair{5, Within("LBTHXDau", out)} : std::pair{4, Within("LBTHKXDau", out)};
}

}  // namespace

std::string Copied(const XmlNode& parent, const char* name, const char* as) {
  const XmlNode child = parent.Child(name);
  return child ? Tag(as == nullptr ? name : as, child.Text()) : "";
}

std::string InvoiceName(const Item& item) {
  return Tag("KHMSHDon", item.khmshdon) + Tag("KHHDon", item.khhdon) + Tag("SHDon", item.shdon) +
         Tag("NLap", item.nlap);
}

bool HasError(const BusinessResult& result, size_t item) {
  return std::any_of(result.errors.begin(), result.errors.end(), [&](const ItemError& e) { return e.item == item; });
}

std::string ReasonList(const BusinessResult& result, size_t of, const char* list, const char* entry) {
  std::string out;
  int number = 0;
  for (const ItemError& e : result.errors)
    if (Picks(of, e)) out += Reason(e, ++number, entry);
  return Within(list, out);
}

std::string ShortReasons(const BusinessResult& result, size_t of, const char* list) {
  std::string out;
  for (const ItemError& e : result.errors)
    if (Picks(of, e)) out += Within("LDo", Tag("MLoi", e.mloi) + Tag("MTa", e.text));
  return out.empty() ? out : Within(list, out);
}

std::pair<int, std::string> Branch204(const Request& request, const BusinessResult& result) {
  if (result.errors.empty()) return {2, ""};
  if (request.IsAnsweredBy(202))
    return {1, Within("LCMa", InvoiceName(request.items[0]) + ReasonList(result, kAllItems))};
  if (result.whole_package) return {9, Within("KHLKhac", ReasonList(result, kAllItems))};
  if (request.type->items == ItemKind::kSummaries) return BadTables(request, result);
  if (request.is_package()) return {7, PackageReasons(request, result)};
  return {3, BadInvoices(request, result)};
}

}  // namespace tvan::sim
