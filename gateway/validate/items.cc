#include "gateway/validate/items.h"

#include <set>

#include "gateway/validate/header.h"
#include "gateway/validate/invoice.h"
#include "gateway/validate/node_reader.h"
#include "gateway/validate/notice.h"

namespace tvan {
namespace {

// Anything in DLieu that is no item would be forwarded unread.
void CheckOnly(const XmlNode& payload, std::string_view name, FindingList& findings) {
  for (XmlNode child = payload.first_child(); child; child = child.next_sibling()) {
    if (child.name() == name && child.namespace_uri().empty()) continue;
    if (findings.full()) {
      findings.LeaveOut(Severity::kError);
      continue;
    }
    const bool foreign = !child.namespace_uri().empty();
    const Said said = {"DLieu chỉ được chứa " + std::string(name) + ", không chứa " + Quote(child.name()) + ".",
                       "DLieu may hold " + std::string(name) + " only, not " + Quote(child.name()) + "."};
    if (foreign)
      findings.Error("envelope.namespace"_reason, child.path(), said, "1000");
    else
      findings.Error("envelope.unknown_element"_reason, child.path(), said, "1000");
  }
}

void CheckCount(const XmlNode& payload, const std::string& sluong, size_t count, FindingList& findings) {
  const auto said = ParseItemCount(sluong);
  if (!said || *said == count) return;  // malformed: the header's findings say so
  const std::string header = std::to_string(*said), found = std::to_string(count);
  findings.Error("count.sluong_mismatch"_reason, payload.path(),
                 {"SLuong trong TTChung là " + header + " nhưng DLieu có " + found + " mục.",
                  "SLuong in TTChung is " + header + ", but DLieu holds " + found + " items."},
                 "2010");
}

bool CheckNumber(const XmlNode& payload, const ItemRules& rules, size_t count, FindingList& findings) {
  const MessageType& type = rules.type;
  const std::string found = std::to_string(count), most = std::to_string(rules.max_items);
  if (count == 0) {
    findings.Error("count.no_items"_reason, payload.path(),
                   {"DLieu không có dữ liệu của loại thông điệp " + std::to_string(type.code) + ".",
                    "DLieu holds no item of message type " + std::to_string(type.code) + "."},
                   "1000");
    return false;
  }
  if (count > static_cast<size_t>(rules.max_items)) {
    findings.Error("count.too_many_items"_reason, payload.path(),
                   {"Thông điệp có " + found + " hóa đơn, tối đa " + most + ".",
                    "The message holds " + found + " invoices; at most " + most + " are allowed."});
    return false;
  }
  if (type.code == 200 && count != 1)
    findings.Error("count.one_invoice_only"_reason, payload.path(),
                   {"Thông điệp 200 phải có đúng một hóa đơn, đang có " + found + ".",
                    "A message 200 holds exactly one invoice; this one holds " + found + "."},
                   "1000");
  return true;
}

void RepeatedKey(const XmlNode& item, const InvoiceKey& key, FindingList& findings) {
  findings.Error("invoice.key_repeated"_reason, item.path(),
                 {"Hóa đơn " + Quote(key.ToString()) + " xuất hiện nhiều lần trong thông điệp.",
                  "Invoice " + Quote(key.ToString()) + " stands more than once in the message."});
}

void RepeatedCode(const XmlNode& item, const std::string& code, FindingList& findings) {
  findings.Error("invoice.code_repeated"_reason, PathOf(item, "MCCQT"),
                 {"Mã " + Quote(code) + " được dùng cho nhiều hóa đơn trong thông điệp.",
                  "Code " + Quote(code) + " is used by more than one invoice of the message."});
}

void ReadInvoices(const MessageType& type, const Envelope& header, Items& items, FindingList& findings) {
  std::set<InvoiceKey> keys;
  std::set<std::string> codes;
  for (const XmlNode& item : items.nodes) {
    if (findings.full() && findings.has_error()) return findings.LeaveOut(Severity::kError);  // refused, and at length
    Invoice invoice = ReadInvoice(item, type, header.mst, findings);
    if (!invoice.code.empty() && !codes.insert(invoice.code).second) RepeatedCode(item, invoice.code, findings);
    if (invoice.related) items.refers.push_back(std::move(*invoice.related));
    if (!invoice.key) continue;
    if (!keys.insert(*invoice.key).second)
      RepeatedKey(item, *invoice.key, findings);
    else
      items.claims.push_back(std::move(*invoice.key));
  }
}

}  // namespace

Items ReadItems(const XmlNode& container, const ItemRules& rules, FindingList& findings) {
  Items items;
  const bool bare = container.name() == "HDon";
  if (rules.type.items == ItemKind::kNotice) {
    CheckOnly(container, "TBao", findings);
    items.nodes = container.Children("TBao");
    items.count = 1;
    if (!CheckNumber(container, rules, items.nodes.size(), findings)) return items;
    items.refers = ReadNotice(container, rules.header, rules.max_items, findings);
    return items;
  }
  if (!bare) CheckOnly(container, "HDon", findings);
  items.nodes = bare ? std::vector<XmlNode>{container} : container.Children("HDon");
  items.count = static_cast<int>(items.nodes.size());
  CheckCount(container, rules.header.sluong, items.nodes.size(), findings);
  if (CheckNumber(container, rules, items.nodes.size(), findings))
    ReadInvoices(rules.type, rules.header, items, findings);
  return items;
}

}  // namespace tvan
