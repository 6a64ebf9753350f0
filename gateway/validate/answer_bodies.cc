#include "gateway/validate/answer_bodies.h"

#include "gateway/core/json.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/invoice.h"

namespace tvan {
namespace {

constexpr size_t kMaxDeviations = 32;
constexpr size_t kCodedLength = 34;

void Read202Item(const XmlNode& hdon, ParsedAnswer& answer) {
  const XmlNode general = hdon.Descend({"DLHDon", "TTChung"});
  AnswerItem item;
  item.mccqt = TextOf(hdon, "MCCQT");
  item.accepted = !item.mccqt.empty();
  item.invoice = InvoiceOf(TextOf(general, "KHMSHDon"), TextOf(general, "KHHDon"), TextOf(general, "SHDon"), answer);
  if (hdon.CountChildren("MCCQT") > 1) Deviates(answer, "an invoice of the 202 has more than one MCCQT");
  if (item.accepted && item.mccqt.size() != kCodedLength)
    Deviates(answer, "MCCQT " + Quote(item.mccqt) + " has not 34 characters");
  if (!item.invoice) Deviates(answer, "an invoice of the 202 is not named by form, series and number");
  answer.items.push_back(std::move(item));
}

AnswerItem Read301Item(const XmlNode& hdon, ParsedAnswer& answer) {
  AnswerItem item;
  item.invoice = InvoiceOf(TextOf(hdon, "KHMSHDon"), TextOf(hdon, "KHHDon"), TextOf(hdon, "SHDon"), answer);
  item.mccqt = TextOf(hdon, "MCQTCap");
  if (item.mccqt.empty()) item.mccqt = TextOf(hdon, "MCCQT");
  const std::string state = TextOf(hdon, "TTTNCCQT");
  item.accepted = state == "1";
  if (state != "1" && state != "2") Deviates(answer, "TTTNCCQT is " + Quote(state) + ", not 1 or 2");
  item.errors = ReadReasons(hdon.Child("DSLDKTNhan"), answer);
  return item;
}

// -1: HSGoc holds what was sent, as text or as elements.
std::string Original(const XmlNode& original, std::string_view bytes) {
  if (!original) return {};
  if (!original.has_child_elements()) return original.Text();
  const ByteRange whole = original.range(), tag = original.start_tag();
  const std::string_view inner = whole.In(bytes).substr(tag.size);
  return std::string(inner.substr(0, inner.rfind("</")));
}

// Bytes that cannot stand in XML may come as base64.
std::string PlainOriginal(std::string text, ParsedAnswer& answer) {
  if (text.empty() || text.find_first_of("<&") != std::string::npos) return text;
  auto decoded = Base64Decode(text);
  if (!decoded.ok() || decoded->find('<') == std::string::npos) return text;
  Deviates(answer, "HSGoc is base64");
  return std::move(*decoded);
}

// HSGoc may be anything but well-formed, so this is a search in text.
std::string IdInText(std::string_view text) {
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"<MTDiep>", "</MTDiep>"},
                                    {"&lt;MTDiep&gt;", "&lt;/MTDiep&gt;"}}) {
    const size_t start = text.find(open);
    if (start == std::string_view::npos) continue;
    const size_t end = text.find(close, start);
    if (end == std::string_view::npos) continue;
    const std::string_view id = text.substr(start + open.size(), end - start - open.size());
    if (ParseMessageId(id).ok()) return std::string(id);
  }
  return {};
}

}  // namespace

void Deviates(ParsedAnswer& answer, const std::string& what) {
  if (answer.deviations.size() < kMaxDeviations) answer.deviations.push_back(what);
}

std::string TextOf(const XmlNode& parent, std::string_view name) {
  const XmlNode child = parent ? parent.Child(name) : XmlNode();
  return child ? child.Text() : std::string();
}

std::optional<InvoiceKey> InvoiceOf(const std::string& form, const std::string& series, const std::string& number,
                                    const ParsedAnswer& answer) {
  const bool known = ParseTaxCode(answer.header.mst).ok();
  auto key = MakeInvoiceKey(known ? answer.header.mst : "0000000000", form, series, number);
  if (key && !known) key->mst = TaxCode();
  return key;
}

std::vector<AnswerError> ReadReasons(const XmlNode& list, ParsedAnswer& answer) {
  std::vector<AnswerError> errors;
  if (!list) return errors;
  for (const XmlNode& reason : list.Children("LDo")) {
    AnswerError error{TextOf(reason, "MLoi"), TextOf(reason, "MTLoi"), TextOf(reason, "HDXLy")};
    if (error.text.empty()) error.text = TextOf(reason, "MTa");
    if (error.code.size() > 5) Deviates(answer, "MLoi " + Quote(error.code) + " is longer than 5 characters");
    errors.push_back(std::move(error));
  }
  return errors;
}

void Read999(const XmlNode& payload, ParsedAnswer& answer) {
  const XmlNode notice = payload.Child("TBao");
  const std::string state = TextOf(notice, "TTTNhan");
  answer.errors = ReadReasons(notice ? notice.Child("DSLDo") : XmlNode(), answer);
  if (answer.reference.empty()) {
    answer.reference = TextOf(notice, "MTDiep");
    if (!answer.reference.empty()) Deviates(answer, "MTDTChieu is empty; TBao/MTDiep is taken for it");
  }
  if (state != "0" && state != "1") {
    Deviates(answer, "TTTNhan is " + Quote(state) + ", not 0 or 1");
    return;
  }
  answer.depth_known = true;
  answer.verdict = state == "0" ? AnswerVerdict::kReceived : AnswerVerdict::kRefused;
  if (state == "1" && answer.errors.empty()) Deviates(answer, "TTTNhan is 1 without any reason");
  if (state == "1" || answer.errors.empty()) return;
  Deviates(answer, "TTTNhan is 0 with reasons");
  std::erase_if(answer.errors, [](const AnswerError& error) { return error.code.empty(); });
}

void Read202(const XmlNode& payload, ParsedAnswer& answer) {
  const std::vector<XmlNode> invoices = payload.Children("HDon");
  if (invoices.size() != 1) Deviates(answer, "the 202 holds " + std::to_string(invoices.size()) + " invoices, not 1");
  bool coded = !invoices.empty();
  for (const XmlNode& hdon : invoices) {
    Read202Item(hdon, answer);
    coded = coded && answer.items.back().accepted;
  }
  if (!coded) return Deviates(answer, "an invoice of the 202 has no MCCQT");
  answer.mccqt = answer.items.front().mccqt;
  answer.verdict = AnswerVerdict::kAccepted;
  answer.depth_known = true;
}

void Read301(const XmlNode& payload, ParsedAnswer& answer) {
  const XmlNode notice = payload.Child("TBao");
  const XmlNode data = notice ? notice.Child("DLTBao") : XmlNode();
  XmlNode list = data ? data.Child("DSHDon") : XmlNode();
  if (!list && notice) list = notice.Child("DSHDon");
  answer.errors = ReadReasons(data ? data.Child("DSLDKCNhan") : XmlNode(), answer);
  size_t accepted = 0;
  if (list)
    for (const XmlNode& hdon : list.Children("HDon")) {
      answer.items.push_back(Read301Item(hdon, answer));
      accepted += answer.items.back().accepted ? 1 : 0;
    }
  if (answer.items.empty() && answer.errors.empty())
    return Deviates(answer, "the 301 names neither invoices nor reasons");
  answer.depth_known = true;
  const bool all = accepted == answer.items.size() && !answer.items.empty();
  answer.verdict = all ? AnswerVerdict::kAccepted : accepted == 0 ? AnswerVerdict::kRefused : AnswerVerdict::kPartly;
}

void ReadUnreadable(const XmlNode& payload, std::string_view bytes, ParsedAnswer& answer) {
  const XmlNode body = payload.Child("TBao") ? payload.Child("TBao") : payload;
  if (body != payload) Deviates(answer, "the -1 has a TBao");
  AnswerError error{TextOf(body, "MLoi"), TextOf(body, "MTa"), {}};
  if (error.text.empty()) error.text = TextOf(body, "MTLoi");
  if (!error.code.empty() || !error.text.empty()) answer.errors.push_back(std::move(error));
  answer.original = PlainOriginal(Original(body.Child("HSGoc"), bytes), answer);
  answer.original_mtdiep = IdInText(answer.original);
  answer.verdict = AnswerVerdict::kRefused;
  answer.depth_known = true;
}

}  // namespace tvan
