// 204, the check result 01/TB-KTDL, with all its branches (protocol.md section 7.6).
#include <array>
#include <map>

#include "gateway/validate/answer_bodies.h"
#include "gateway/validate/finding_list.h"

namespace tvan {
namespace {

XmlNode At(const XmlNode& node, std::string_view name) { return node ? node.Child(name) : XmlNode(); }

AnswerItem RefusedInvoice(const XmlNode& hdon, const XmlNode& reasons, ParsedAnswer& answer) {
  AnswerItem item;
  item.invoice = InvoiceOf(TextOf(hdon, "KHMSHDon"), TextOf(hdon, "KHHDon"), TextOf(hdon, "SHDon"), answer);
  item.errors = ReadReasons(reasons, answer);
  if (!item.invoice) Deviates(answer, "an invoice of the 204 is not named by form, series and number");
  return item;
}

void Append(std::vector<AnswerError>& to, std::vector<AnswerError> from) {
  for (AnswerError& error : from) to.push_back(std::move(error));
}

// LTBao 1: the invoice gets no code.
void ReadNotCoded(const XmlNode& data, ParsedAnswer& answer) {
  for (const XmlNode& refused : data.Children("LCMa"))
    answer.items.push_back(RefusedInvoice(refused, At(refused, "DSLDo"), answer));
  if (answer.items.empty()) Deviates(answer, "LTBao 1 without LCMa");
}

// LTBao 3: bad invoices by name; those that are not listed are good.
void ReadUncoded(const XmlNode& data, ParsedAnswer& answer) {
  const XmlNode list = At(At(data, "LHDKMa"), "DSHDon");
  if (list)
    for (const XmlNode& hdon : list.Children("HDon"))
      answer.items.push_back(RefusedInvoice(hdon, At(hdon, "DSLDo"), answer));
  if (answer.items.empty()) Deviates(answer, "LTBao 3 without any invoice");
}

// LTBao 4 and 5: a summary table; its rows are invoices, or goods in a petrol table.
void ReadSummary(const XmlNode& branch, ParsedAnswer& answer) {
  const XmlNode tables = At(branch, "DSBTHop");
  if (!tables) return Deviates(answer, "a summary table's result without DSBTHop");
  for (const XmlNode& table : tables.Children("BTHop")) {
    Append(answer.errors, ReadReasons(At(table, "DSLDTTChung"), answer));
    Append(answer.errors, ReadReasons(At(table, "DSLDo"), answer));
    const XmlNode invoices = At(table, "DSLHDon"), goods = At(table, "DSLMHang");
    if (invoices)
      for (const XmlNode& hdon : invoices.Children("HDon"))
        answer.items.push_back(RefusedInvoice(hdon, At(hdon, "DSLDo"), answer));
    if (goods)
      for (const XmlNode& row : goods.Children("MHang")) Append(answer.errors, ReadReasons(At(row, "DSLDo"), answer));
  }
}

// "KHMSHDon;KHHDon;SHDon;text": the only place where a bad cash-register invoice is named.
bool SplitRegisterText(const std::string& text, std::array<std::string, 4>& parts) {
  size_t from = 0;
  for (size_t i = 0; i < 3; ++i) {
    const size_t end = text.find(';', from);
    if (end == std::string::npos) return false;
    parts[i] = text.substr(from, end - from);
    from = end + 1;
  }
  parts[3] = text.substr(from);
  return true;
}

void ReadRegister(const XmlNode& data, ParsedAnswer& answer) {
  std::map<InvoiceKey, size_t> seen;
  for (AnswerError& error : ReadReasons(At(At(data, "LHDMTTien"), "DSLDo"), answer)) {
    std::array<std::string, 4> parts;
    const bool split = SplitRegisterText(error.text, parts);
    const auto invoice = split ? InvoiceOf(parts[0], parts[1], parts[2], answer) : std::nullopt;
    if (!invoice) {
      Deviates(answer, "a reason of LTBao 7 names no invoice: " + Quote(error.text));
      answer.errors.push_back(std::move(error));
      continue;
    }
    error.text = parts[3];
    const auto [place, first] = seen.emplace(*invoice, answer.items.size());
    if (first) answer.items.push_back({invoice, false, {}, {}});
    answer.items[place->second].errors.push_back(std::move(error));
  }
  if (answer.items.empty() && answer.errors.empty()) Deviates(answer, "LTBao 7 without any reason");
}

void ReadOther(const XmlNode& data, ParsedAnswer& answer) {
  answer.errors = ReadReasons(At(At(data, "KHLKhac"), "DSLDo"), answer);
  if (answer.errors.empty()) Deviates(answer, "LTBao 9 without any reason");
}

void ReadBranch(const XmlNode& data, ParsedAnswer& answer) {
  answer.depth_known = true;
  answer.verdict = AnswerVerdict::kRefused;
  const std::string& kind = answer.notice_kind;
  if (kind == "1") return ReadNotCoded(data, answer);
  if (kind == "4") return ReadSummary(At(data, "LBTHKXDau"), answer);
  if (kind == "5") return ReadSummary(At(data, "LBTHXDau"), answer);
  if (kind == "7") return ReadRegister(data, answer);
  if (kind == "9") return ReadOther(data, answer);
  if (kind == "2") {
    answer.verdict = AnswerVerdict::kAccepted;
  } else if (kind == "3") {
    answer.verdict = AnswerVerdict::kPartly;
    ReadUncoded(data, answer);
  } else {
    answer.verdict = AnswerVerdict::kInformation;
    answer.depth_known = false;
    Deviates(answer, "LTBao is " + Quote(kind));
  }
}

}  // namespace

void Read204(const XmlNode& payload, ParsedAnswer& answer) {
  const XmlNode data = payload.Descend({"TBao", "DLTBao"});
  if (!data) return Deviates(answer, "the 204 has no DLTBao");
  if (answer.header.mst.empty()) answer.header.mst = TextOf(data, "MST");
  answer.notice_kind = TextOf(data, "LTBao");
  ReadBranch(data, answer);
}

}  // namespace tvan
