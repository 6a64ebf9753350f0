#include "gateway/reconcile/invoice_facts.h"

#include "gateway/core/catalogue.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

using Path = std::initializer_list<std::string_view>;

std::string TextAt(const XmlNode& from, Path path) {
  const XmlNode node = from.Descend(path);
  if (!node) return {};
  std::string pieces;
  return std::string(CutUtf8(node.TextView(&pieces), kMostFact));
}

InvoiceFacts OfInvoice(const XmlNode& invoice) {
  const XmlNode general = invoice.Descend({"DLHDon", "TTChung"}), content = invoice.Descend({"DLHDon", "NDHDon"});
  InvoiceFacts facts;
  facts.form = TextAt(general, {"KHMSHDon"});
  facts.series = TextAt(general, {"KHHDon"});
  facts.number = TextAt(general, {"SHDon"});
  facts.date = TextAt(general, {"NLap"});
  facts.currency = TextAt(general, {"DVTTe"});
  facts.amount = TextAt(content, {"TToan", "TgTTTBSo"});
  facts.buyer = TextAt(content, {"NMua", "Ten"});
  if (facts.buyer.empty()) facts.buyer = TextAt(content, {"NMua", "HVTNMHang"});
  facts.buyer_mst = TextAt(content, {"NMua", "MST"});
  return facts;
}

InvoiceFacts OfTableRow(const XmlNode& row, const std::string& currency) {
  InvoiceFacts facts;
  facts.form = TextAt(row, {"KHMSHDon"});
  facts.series = TextAt(row, {"KHHDon"});
  facts.number = TextAt(row, {"SHDon"});
  facts.date = TextAt(row, {"NLap"});
  facts.currency = currency;
  facts.amount = TextAt(row, {"TgTTToan"});
  facts.buyer = TextAt(row, {"TNMua"});
  facts.buyer_mst = TextAt(row, {"MSTNMua"});
  return facts;
}

InvoiceFacts OfNamed(const XmlNode& named) {
  InvoiceFacts facts;
  facts.form = TextAt(named, {"KHMSHDon"});
  facts.series = TextAt(named, {"KHHDon"});
  facts.number = TextAt(named, {"SHDon"});
  facts.date = TextAt(named, {"Ngay"});
  return facts;
}

void TakeItem(const XmlNode& item, ItemKind kind, std::vector<InvoiceFacts>& to) {
  if (kind == ItemKind::kInvoices) to.push_back(OfInvoice(item));
  if (kind == ItemKind::kNotice)
    for (const XmlNode& named : item.Descend({"DLTBao", "DSHDon"}).Children("HDon")) to.push_back(OfNamed(named));
  if (kind != ItemKind::kSummaries) return;
  const std::string currency = TextAt(item, {"DLBTHop", "TTChung", "DVTTe"});
  for (const XmlNode& row : item.Descend({"DLBTHop", "NDBTHDLieu", "DSDLieu"}).Children("DLieu"))
    to.push_back(OfTableRow(row, currency));
}

}  // namespace

std::vector<InvoiceFacts> InvoicesOf(int mltdiep, const XmlDocument& document) {
  std::vector<InvoiceFacts> facts;
  const MessageType* type = FindMessageType(mltdiep);
  if (type == nullptr || ElementOf(type->items).empty()) return facts;
  const XmlNode root = document.root();
  if (root.name() == "HDon") {
    facts.push_back(OfInvoice(root));
    return facts;
  }
  const XmlNode payload = root.Child("DLieu");
  if (!payload) return facts;
  for (const XmlNode& item : payload.Children(ElementOf(type->items))) TakeItem(item, type->items, facts);
  return facts;
}

}  // namespace tvan
