#include "adapters/simulator/data_standard.h"

namespace tvan::sim {
namespace {

bool Always(int) { return true; }
// Tables of cash-register invoices have fewer fields (protocol.md 7.2).
bool NotFromRegister(int type) { return type != 206 && type != 216; }
template <int kType>
bool Only(int type) {
  return type == kType;
}

constexpr size_t kMostNamed = 3;  // MTLoi has 255 characters

struct Needed {
  ItemKind kind;
  const char* path;  // of the item or the document; "HHDVu[]": of every one that is there
  bool (*applies)(int type) = Always;
};

// None of them depends on PBan: that decides which types there are (RequestCheck).
constexpr Needed kOfItem[] = {
    {ItemKind::kInvoices, "DLHDon/TTChung/PBan"},
    {ItemKind::kInvoices, "DLHDon/TTChung/THDon"},
    {ItemKind::kInvoices, "DLHDon/TTChung/KHMSHDon"},
    {ItemKind::kInvoices, "DLHDon/TTChung/KHHDon"},
    {ItemKind::kInvoices, "DLHDon/TTChung/SHDon"},
    {ItemKind::kInvoices, "DLHDon/TTChung/NLap"},
    {ItemKind::kInvoices, "DLHDon/TTChung/DVTTe", NotFromRegister},
    {ItemKind::kInvoices, "DLHDon/TTChung/MHSo", Only<201>},
    {ItemKind::kInvoices, "DLHDon/NDHDon/NBan/Ten"},
    {ItemKind::kInvoices, "DLHDon/NDHDon/NBan/MST"},
    {ItemKind::kInvoices, "DLHDon/NDHDon/NBan/DChi"},
    {ItemKind::kInvoices, "DLHDon/NDHDon/DSHHDVu/HHDVu[]/THHDVu"},
    {ItemKind::kInvoices, "MCCQT", Only<206>},
    {ItemKind::kNotice, "KHMSHDon"},
    {ItemKind::kNotice, "KHHDon"},
    {ItemKind::kNotice, "SHDon"},
    {ItemKind::kNotice, "Ngay"},
    {ItemKind::kNotice, "TCTBao"},
    {ItemKind::kNotice, "MCCQT", Only<303>},
    {ItemKind::kSummaries, "DLBTHop/TTChung/PBan"},
    {ItemKind::kSummaries, "DLBTHop/TTChung/SBTHDLieu"},
    {ItemKind::kSummaries, "DLBTHop/TTChung/LKDLieu"},
    {ItemKind::kSummaries, "DLBTHop/TTChung/KDLieu"},
    {ItemKind::kSummaries, "DLBTHop/TTChung/LDau"},
    {ItemKind::kSummaries, "DLBTHop/TTChung/NLap"},
    {ItemKind::kSummaries, "DLBTHop/TTChung/MST"},
    {ItemKind::kSummaries, "DLBTHop/TTChung/LHHoa"},
    {ItemKind::kSummaries, "DLBTHop/NDBTHDLieu/DSDLieu/DLieu[]/TThai"},
};
// Of declarations and requests only the data element is sure.
constexpr Needed kOfDocument[] = {
    {ItemKind::kNotice, "DLTBao/PBan"}, {ItemKind::kNotice, "DLTBao/MSo"},   {ItemKind::kNotice, "DLTBao/Loai"},
    {ItemKind::kNotice, "DLTBao/TNNT"}, {ItemKind::kNotice, "DLTBao/NTBao"}, {ItemKind::kDeclaration, "DLTKhai"},
    {ItemKind::kRequest, "DLDNghi"},
};

bool IsThere(const XmlNode& node, std::string_view path) {
  if (path.empty()) return node.has_child_elements() || !node.Text().empty();
  const size_t slash = path.find('/');
  const std::string_view step = path.substr(0, slash);
  const std::string_view rest = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  if (!step.ends_with("[]")) {
    const XmlNode child = node.Child(step);
    return child && IsThere(child, rest);
  }
  for (const XmlNode& child : node.Children(step.substr(0, step.size() - 2)))
    if (!IsThere(child, rest)) return false;
  return true;
}

template <size_t kCount>
void Check(const Request& request, const XmlNode& node, const Needed (&needed)[kCount], size_t item,
           std::vector<ItemError>& errors) {
  std::string missing;
  size_t count = 0;
  for (const Needed& field : needed) {
    if (field.kind != request.type->items || !field.applies(request.type->code) || IsThere(node, field.path)) continue;
    if (++count <= kMostNamed) missing += (missing.empty() ? "" : ", ") + std::string(field.path);
  }
  if (count > kMostNamed) missing += " …";
  if (!missing.empty())
    errors.push_back({item, "40108", "Thiếu chỉ tiêu bắt buộc: " + missing, "Bổ sung chỉ tiêu còn thiếu", kNoRow});
}

}  // namespace

std::vector<ItemError> MissingFields(const Request& request) {
  std::vector<ItemError> errors;
  for (size_t i = 0; i < request.items.size(); ++i) Check(request, request.items[i].node, kOfItem, i, errors);
  for (const XmlNode& document : request.documents()) Check(request, document, kOfDocument, kAllItems, errors);
  return errors;
}

}  // namespace tvan::sim
