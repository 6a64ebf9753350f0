#include "gateway/validate/invoice.h"

#include <algorithm>
#include <array>

#include "gateway/core/time.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpperAlnum(char c) { return IsDigit(c) || (c >= 'A' && c <= 'Z'); }
template <class Test>
bool All(std::string_view text, Test test) {
  return std::all_of(text.begin(), text.end(), test);
}

// `value` is that of the child `name`, which must be of another form.
struct BadValue {
  Reason rule;
  std::string_view name;
  const std::string& value;
  Said form;
};

void BadField(const XmlNode& parent, const BadValue& bad, FindingList& findings) {
  const std::string tag(bad.name);
  findings.Error(bad.rule, PathOf(parent, bad.name),
                 {"Trường " + tag + " có giá trị " + Quote(bad.value) + ", phải là " + bad.form.vi + ".",
                  "Field " + tag + " is " + Quote(bad.value) + "; it must be " + bad.form.en + "."},
                 "1000");
}

bool IsForm(std::string_view text) { return text.size() == 1 && text[0] >= '1' && text[0] <= '9'; }
bool IsSeries(std::string_view text) { return text.size() == 6 && All(text, IsUpperAlnum); }
bool IsNumber(std::string_view text) {
  return !text.empty() && text.size() <= 8 && All(text, IsDigit) &&
         text.find_first_not_of('0') != std::string_view::npos;
}

// M + type - year - 5 characters - 11 digits (protocol.md section 8).
bool IsRegisterCode(std::string_view code) {
  return code.size() == 23 && code[0] == 'M' && code[1] >= '1' && code[1] <= '9' && code[2] == '-' && code[5] == '-' &&
         code[11] == '-' && All(code.substr(3, 2), IsDigit) && All(code.substr(6, 5), IsUpperAlnum) &&
         All(code.substr(12), IsDigit);
}

std::optional<InvoiceKey> ReadKey(const XmlNode& general, const std::optional<std::string>& seller,
                                  FindingList& findings) {
  const auto form = RequiredText(general, "KHMSHDon", findings);
  const auto series = RequiredText(general, "KHHDon", findings);
  const auto number = RequiredText(general, "SHDon", findings);
  const auto date = RequiredText(general, "NLap", findings);
  if (form && !IsForm(*form))
    BadField(general, {"field.khmshdon"_reason, "KHMSHDon", *form, {"một chữ số 1-9", "one digit, 1 to 9"}}, findings);
  if (series && !IsSeries(*series))
    BadField(general,
             {"field.khhdon"_reason,
              "KHHDon",
              *series,
              {"6 ký tự chữ in hoa hoặc số", "6 characters, upper-case letters or digits"}},
             findings);
  if (number && !IsNumber(*number))
    BadField(general,
             {"field.shdon"_reason,
              "SHDon",
              *number,
              {"số nguyên từ 1, tối đa 8 chữ số", "a whole number from 1, of at most 8 digits"}},
             findings);
  if (date && !ParseDate(*date).ok())
    BadField(general, {"field.nlap"_reason, "NLap", *date, {"ngày YYYY-MM-DD", "a date YYYY-MM-DD"}}, findings);
  if (!form || !series || !number || !seller || !IsForm(*form) || !IsSeries(*series)) return std::nullopt;
  return MakeInvoiceKey(*seller, *form, *series, *number);
}

void CheckSeller(const XmlNode& seller, const std::string& code, const std::string& mst, FindingList& findings) {
  if (!ParseTaxCode(code).ok()) {
    BadField(seller, {"field.mst"_reason, "MST", code, {"mã số thuế", "a tax code"}}, findings);
  } else if (code != mst && ParseTaxCode(mst).ok()) {
    findings.Error("header.mst_mismatch"_reason, PathOf(seller, "MST"),
                   {"Mã số thuế người bán " + Quote(code) + " khác với MST " + Quote(mst) + " trong TTChung.",
                    "The seller's tax code " + Quote(code) + " is not the MST " + Quote(mst) + " of TTChung."},
                   "1000");
  }
}

void CheckRegisterCode(const XmlNode& hdon, const std::string& code, FindingList& findings) {
  if (code.empty()) {
    findings.Error("invoice.code_missing"_reason, PathOf(hdon, "MCCQT"),
                   {"Hóa đơn từ máy tính tiền phải có mã của cơ quan thuế (MCCQT).",
                    "A cash-register invoice must carry its authority code (MCCQT)."},
                   "1000");
  } else if (!IsRegisterCode(code)) {
    BadField(hdon,
             {"invoice.code_form"_reason,
              "MCCQT",
              code,
              {"mã 23 ký tự dạng M1-26-A1B2C-00000000001", "a code of 23 characters like M1-26-A1B2C-00000000001"}},
             findings);
  } else if (code[1] > '6') {
    findings.Warn("invoice.code_type"_reason, PathOf(hdon, "MCCQT"),
                  {"Mã " + Quote(code) + " có loại hóa đơn ngoài 1-6; cơ quan thuế có thể từ chối.",
                   "Code " + Quote(code) + " has an invoice type beyond 1 to 6; the authority may refuse it."});
  }
}

// Only the authority puts a code on an invoice that asks for one, and an uncoded one has none.
void CheckNoCode(const XmlNode& hdon, const std::string& code, FindingList& findings) {
  if (code.empty()) return;
  findings.Error("invoice.code_not_allowed"_reason, PathOf(hdon, "MCCQT"),
                 {"Hóa đơn gửi lên đã có mã " + Quote(code) + "; loại thông điệp này không được có mã.",
                  "The invoice already carries code " + Quote(code) + "; this message type may not have one."},
                 "1000");
}

void CheckChildren(const XmlNode& hdon, FindingList& findings) {
  constexpr std::array<std::string_view, 4> kKnown = {"DLHDon", "DLQRCode", "MCCQT", "DSCKS"};
  for (XmlNode child = hdon.first_child(); child; child = child.next_sibling()) {
    const bool foreign = !child.namespace_uri().empty();
    if (!foreign && std::find(kKnown.begin(), kKnown.end(), child.name()) != kKnown.end()) continue;
    if (findings.full()) {
      findings.LeaveOut(foreign ? Severity::kError : Severity::kWarning);
      continue;
    }
    const Said said = {"Phần tử " + Quote(child.name()) + " không thuộc HDon.",
                       "Element " + Quote(child.name()) + " is no part of HDon."};
    if (foreign)
      findings.Error("envelope.namespace"_reason, child.path(), said, "1000");
    else
      findings.Warn("invoice.unknown_element"_reason, child.path(), said);
  }
}

std::optional<InvoiceKey> ReadRelated(const XmlNode& general, const std::string& seller, FindingList& findings) {
  const XmlNode related = OneChild(general, "TTHDLQuan", findings);
  if (!related) return std::nullopt;
  const auto form = OptionalText(related, "KHMSHDCLQuan", findings);
  const auto series = OptionalText(related, "KHHDCLQuan", findings);
  const auto number = OptionalText(related, "SHDCLQuan", findings);
  std::optional<InvoiceKey> key;
  if (form && series && number) key = MakeInvoiceKey(seller, *form, *series, *number);
  if (!key)
    findings.Warn("invoice.reference_incomplete"_reason, related.path(),
                  {"Hóa đơn liên quan không đủ ký hiệu mẫu số, ký hiệu và số.",
                   "The related invoice is not named by form, series and number."});
  return key;
}

}  // namespace

std::optional<InvoiceKey> MakeInvoiceKey(const std::string& mst, const std::string& khmshdon, const std::string& khhdon,
                                         const std::string& shdon) {
  if (!IsNumber(shdon)) return std::nullopt;
  auto key = ParseInvoiceKey(mst + ";" + khmshdon + ";" + khhdon + ";" + shdon);
  if (!key.ok()) return std::nullopt;
  return std::move(*key);
}

Invoice ReadInvoice(const XmlNode& hdon, const MessageType& type, const std::string& mst, FindingList& findings) {
  Invoice invoice;
  CheckChildren(hdon, findings);
  invoice.code = OptionalText(hdon, "MCCQT", findings).value_or("");
  if (type.signature == SignaturePlace::kPackage)
    CheckRegisterCode(hdon, invoice.code, findings);
  else
    CheckNoCode(hdon, invoice.code, findings);
  const XmlNode data = RequiredChild(hdon, "DLHDon", findings);
  if (!data) return invoice;
  const XmlNode general = RequiredChild(data, "TTChung", findings);
  const XmlNode seller = RequiredPath(data, {"NDHDon", "NBan"}, findings);
  const auto seller_code = seller ? RequiredText(seller, "MST", findings) : std::nullopt;
  if (seller_code) CheckSeller(seller, *seller_code, mst, findings);
  if (!general) return invoice;
  invoice.key = ReadKey(general, seller_code, findings);
  if (seller_code) invoice.related = ReadRelated(general, *seller_code, findings);
  return invoice;
}

}  // namespace tvan
