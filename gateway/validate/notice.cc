#include "gateway/validate/notice.h"

#include <set>

#include "gateway/validate/header.h"
#include "gateway/validate/invoice.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

void CheckCount(const XmlNode& dlieu, const std::string& sluong, size_t invoices, FindingList& findings) {
  const auto said = ParseItemCount(sluong);
  if (!said || *said == 1) return;  // malformed: the header's findings say so
  const std::string header = std::to_string(*said), found = std::to_string(invoices);
  if (*said == invoices) {
    findings.Warn("count.sluong_uncertain"_reason, dlieu.path(),
                  {"SLuong là số hóa đơn được nêu (" + found + "); thông báo là một mục, nên dùng SLuong = 1.",
                   "SLuong is the count of invoices named (" + found + "); the notice is one item: 1 is usual."});
    return;
  }
  findings.Error("count.sluong_mismatch"_reason, dlieu.path(),
                 {"SLuong trong TTChung là " + header + " nhưng DLieu có 1 thông báo nêu " + found + " hóa đơn.",
                  "SLuong in TTChung is " + header + ", but DLieu holds 1 notice that names " + found + " invoices."},
                 "2010");
}

void CheckTaxpayer(const XmlNode& data, const std::string& mst, FindingList& findings) {
  const auto taxpayer = RequiredText(data, "MST", findings);
  if (!taxpayer || *taxpayer == mst || !ParseTaxCode(mst).ok()) return;
  findings.Error("header.mst_mismatch"_reason, PathOf(data, "MST"),
                 {"Mã số thuế " + Quote(*taxpayer) + " trong thông báo khác với MST " + Quote(mst) + " trong TTChung.",
                  "The tax code " + Quote(*taxpayer) + " of the notice is not the MST " + Quote(mst) + " of TTChung."},
                 "1000");
}

std::optional<InvoiceKey> ReadNamed(const XmlNode& hdon, const std::string& mst, FindingList& findings) {
  const auto form = RequiredText(hdon, "KHMSHDon", findings);
  const auto series = RequiredText(hdon, "KHHDon", findings);
  const auto number = RequiredText(hdon, "SHDon", findings);
  if (!form || !series || !number || !ParseTaxCode(mst).ok()) return std::nullopt;
  auto key = MakeInvoiceKey(mst, *form, *series, *number);
  if (!key)
    findings.Error("notice.invoice_malformed"_reason, hdon.path(),
                   {"Hóa đơn nêu trong thông báo có ký hiệu hoặc số không hợp lệ: " +
                        Quote(*form + ";" + *series + ";" + *number) + ".",
                    "The invoice named in the notice has a malformed form, series or number: " +
                        Quote(*form + ";" + *series + ";" + *number) + "."},
                   "1000");
  return key;
}

}  // namespace

std::vector<InvoiceKey> ReadNotice(const XmlNode& dlieu, const Envelope& header, int max_items, FindingList& findings) {
  std::vector<InvoiceKey> named;
  const XmlNode data = RequiredPath(dlieu, {"TBao", "DLTBao"}, findings);
  if (!data) return named;
  CheckTaxpayer(data, header.mst, findings);
  const XmlNode list = RequiredChild(data, "DSHDon", findings);
  if (!list) return named;
  const std::vector<XmlNode> invoices = list.Children("HDon");
  if (invoices.empty() || invoices.size() > static_cast<size_t>(max_items)) {
    const std::string found = std::to_string(invoices.size()), most = std::to_string(max_items);
    findings.Error("notice.invoice_count"_reason, list.path(),
                   {"Thông báo nêu " + found + " hóa đơn, phải từ 1 đến " + most + ".",
                    "The notice names " + found + " invoices; it must name 1 to " + most + "."},
                   "1000");
    return named;
  }
  CheckCount(dlieu, header.sluong, invoices.size(), findings);
  std::set<InvoiceKey> seen;
  for (const XmlNode& hdon : invoices) {
    if (findings.full() && findings.has_error()) break;  // refused, and at length
    auto key = ReadNamed(hdon, header.mst, findings);
    if (key && seen.insert(*key).second) named.push_back(std::move(*key));
  }
  return named;
}

}  // namespace tvan
