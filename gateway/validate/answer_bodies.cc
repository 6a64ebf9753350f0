// What the bodies share, and the answers that hold no notice of a form: 999, -2, 202, -1.
#include "gateway/validate/answer_bodies.h"

#include <algorithm>

#include "gateway/core/json.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/invoice.h"

namespace tvan {
namespace {

constexpr size_t kCodedLength = 34;
constexpr std::string_view kBlank = " \t\r\n";

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
  Deviates(answer, "answer.field"_reason, {"HSGoc", "it is base64"});
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

void Read202Item(const XmlNode& hdon, ParsedAnswer& answer) {
  AnswerItem item = InvoiceItem(hdon.Descend({"DLHDon", "TTChung"}), AnswerVerdict::kInformation, answer);
  item.mccqt = TextOf(hdon, "MCCQT");
  if (!item.mccqt.empty()) item.verdict = AnswerVerdict::kAccepted;
  if (hdon.CountChildren("MCCQT") > 1)
    Deviates(answer, "answer.field"_reason, {"MCCQT", "an invoice has more than one"});
  if (!item.mccqt.empty() && item.mccqt.size() != kCodedLength)
    Deviates(answer, "invoice.coded_form"_reason, {Quote(item.mccqt)});
  answer.items.push_back(std::move(item));
}

AnswerError ReasonIn(const XmlNode& reason) {
  AnswerError error{TextOf(reason, "MLoi"), TextOf(reason, "MTLoi"), TextOf(reason, "HDXLy"), TextOf(reason, "GChu")};
  if (error.text.empty()) error.text = TextOf(reason, "MTa");
  return error;
}

}  // namespace

std::string Trimmed(const std::string& text) {
  const size_t start = text.find_first_not_of(kBlank);
  return start == std::string::npos ? "" : text.substr(start, text.find_last_not_of(kBlank) + 1 - start);
}

std::string TextOf(const XmlNode& parent, std::string_view name) { return Trimmed(parent.Child(name).Text()); }

std::optional<InvoiceKey> InvoiceOf(const std::string& form, const std::string& series, const std::string& number,
                                    const ParsedAnswer& answer) {
  const bool known = ParseTaxCode(answer.header.mst).ok();
  auto key = MakeInvoiceKey(known ? answer.header.mst : "0000000000", form, series, number);
  if (key && !known) key->mst = TaxCode();
  return key;
}

AnswerItem InvoiceItem(const XmlNode& named, AnswerVerdict verdict, ParsedAnswer& answer) {
  AnswerItem item;
  item.verdict = verdict;
  item.invoice = InvoiceOf(TextOf(named, "KHMSHDon"), TextOf(named, "KHHDon"), TextOf(named, "SHDon"), answer);
  if (item.invoice) return item;
  TakeFields(named, {"KHMSHDon", "KHHDon", "SHDon"}, item);
  Deviates(answer, "answer.field"_reason, {"KHMSHDon, KHHDon, SHDon", "they name no invoice"});
  return item;
}

void TakeFields(const XmlNode& from, std::initializer_list<std::string_view> tags, AnswerItem& item) {
  for (const std::string_view tag : tags)
    if (std::string text = TextOf(from, tag); !text.empty()) item.fields.push_back({std::string(tag), std::move(text)});
}

std::vector<AnswerError> ReadReasons(const XmlNode& list, ParsedAnswer& answer, std::string_view name) {
  std::vector<AnswerError> errors;
  for (const XmlNode& reason : list.Children(name)) {
    errors.push_back(ReasonIn(reason));
    const std::string& code = errors.back().code;
    if (code.size() > 5) Deviates(answer, "answer.mloi_long"_reason, {Quote(code)});
  }
  return errors;
}

AnswerVerdict VerdictOf(const std::vector<AnswerItem>& items) {
  const auto count = [&items](AnswerVerdict verdict) {
    return static_cast<size_t>(std::count_if(items.begin(), items.end(),
                                             [verdict](const AnswerItem& item) { return item.verdict == verdict; }));
  };
  const size_t accepted = count(AnswerVerdict::kAccepted), refused = count(AnswerVerdict::kRefused);
  if (accepted + refused == 0) return AnswerVerdict::kInformation;
  if (accepted == items.size()) return AnswerVerdict::kAccepted;
  return refused == items.size() ? AnswerVerdict::kRefused : AnswerVerdict::kPartly;
}

void Read999(const XmlNode& notice, ParsedAnswer& answer) {
  const std::string state = TextOf(notice, "TTTNhan");
  answer.errors = ReadReasons(notice.Child("DSLDo"), answer);
  if (state != "0" && state != "1") return Deviates(answer, "answer.field"_reason, {"TTTNhan", Quote(state)});
  answer.depth_known = true;
  answer.verdict = state == "0" ? AnswerVerdict::kReceived : AnswerVerdict::kRefused;
  if (state == "1" && answer.errors.empty())
    Deviates(answer, "answer.field"_reason, {"TTTNhan", "it is 1 without any reason"});
  if (state == "1" || answer.errors.empty()) return;
  Deviates(answer, "answer.field"_reason, {"TTTNhan", "it is 0 with reasons"});
  std::erase_if(answer.errors, [](const AnswerError& error) { return error.code.empty(); });
}

// What was to be signed for an issuer with an authority of its own; nobody here asks for that.
void ReadBadSigningRequest(const XmlNode& notice, ParsedAnswer& answer) {
  AnswerError error = ReasonIn(notice);
  answer.depth_known = !error.code.empty() || !error.text.empty();
  if (answer.depth_known) answer.errors.push_back(std::move(error));
}

void Read202(const XmlNode& payload, ParsedAnswer& answer) {
  const std::vector<XmlNode> invoices = payload.Children("HDon");
  for (const XmlNode& hdon : invoices) Read202Item(hdon, answer);
  if (invoices.size() != 1) Deviates(answer, "answer.count"_reason, {"HDon", std::to_string(invoices.size()), "1"});
  if (VerdictOf(answer.items) != AnswerVerdict::kAccepted)
    return Deviates(answer, "answer.field"_reason, {"MCCQT", "an invoice has none"});
  answer.mccqt = answer.items.front().mccqt;
  answer.verdict = AnswerVerdict::kAccepted;
  answer.depth_known = true;
}

void ReadUnreadable(const XmlNode& payload, std::string_view bytes, ParsedAnswer& answer) {
  const XmlNode body = payload.Child("TBao") ? payload.Child("TBao") : payload;
  if (body != payload) Deviates(answer, "answer.field"_reason, {"TBao", "a -1 has none"});
  AnswerError error = ReasonIn(body);
  if (!error.code.empty() || !error.text.empty()) answer.errors.push_back(std::move(error));
  answer.original = PlainOriginal(Original(body.Child("HSGoc"), bytes), answer);
  answer.original_mtdiep = IdInText(answer.original);
  answer.verdict = AnswerVerdict::kRefused;
  answer.depth_known = true;
}

}  // namespace tvan
