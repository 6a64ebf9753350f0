#include "adapters/signature/signer_certificate.h"

#include <set>

#include "gateway/core/ids.h"

namespace tvan {
namespace {

std::string EntryText(const X509_NAME_ENTRY* entry) {
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
  if (size < 0) return {};
  std::string value(reinterpret_cast<char*>(text), static_cast<size_t>(size));
  OPENSSL_free(text);
  return value;
}

// All values of one attribute of the subject.
std::vector<std::string> ValuesOf(const X509* certificate, const char* oid) {
  std::vector<std::string> values;
  const std::unique_ptr<ASN1_OBJECT, FreeBy<ASN1_OBJECT_free>> wanted(OBJ_txt2obj(oid, 1));
  const X509_NAME* name = X509_get_subject_name(certificate);
  for (int at = -1; (at = X509_NAME_get_index_by_OBJ(name, wanted.get(), at)) >= 0;) {
    values.push_back(EntryText(X509_NAME_get_entry(name, at)));
  }
  return values;
}

// The tax code behind `prefix`, with blanks around it allowed.
std::string BehindPrefix(std::string_view value, std::string_view prefix) {
  if (value.substr(0, prefix.size()) != prefix) return {};
  value.remove_prefix(prefix.size());
  const size_t begin = value.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  value = value.substr(begin, value.find_last_not_of(' ') - begin + 1);
  const auto code = ParseTaxCode(value);
  return code.ok() ? code->value() : std::string();
}

std::string FirstBehind(const std::vector<std::string>& values, std::string_view prefix) {
  for (const std::string& value : values) {
    if (std::string code = BehindPrefix(value, prefix); !code.empty()) return code;
  }
  return {};
}

// The one tax code among the words of `text`; two different ones are none.
std::string OnlyWord(std::string_view text) {
  constexpr std::string_view kCodeLetters = "0123456789-";
  std::set<std::string> codes;
  while (!text.empty()) {
    const size_t begin = text.find_first_of("0123456789");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const size_t size = std::min(text.find_first_not_of(kCodeLetters), text.size());
    const auto code = ParseTaxCode(text.substr(0, size));
    if (code.ok()) codes.insert(code->value());
    text.remove_prefix(size);
  }
  return codes.size() == 1 ? *codes.begin() : std::string();
}

}  // namespace

std::string TaxCodeOf(const X509* certificate) {
  for (const char* oid : {"0.9.2342.19200300.100.1.1", "2.5.4.5"}) {  // UID, serialNumber
    const auto values = ValuesOf(certificate, oid);
    for (const std::string_view prefix : {"MST:", "", "CCCD:"}) {
      if (std::string code = FirstBehind(values, prefix); !code.empty()) return code;
    }
  }
  if (std::string code = FirstBehind(ValuesOf(certificate, "2.5.4.97"), "VATVN-"); !code.empty()) return code;
  for (const std::string& name : ValuesOf(certificate, "2.5.4.3")) {
    if (std::string code = OnlyWord(name); !code.empty()) return code;
  }
  return {};
}

std::shared_ptr<const SignerCertificate> ReadSignerCertificate(std::string_view der) {
  auto signer = std::make_shared<SignerCertificate>();
  signer->certificate = CertFromDer(der);
  if (signer->certificate == nullptr) return nullptr;
  signer->key.reset(X509_get_pubkey(signer->certificate.get()));
  if (signer->key == nullptr) return nullptr;
  signer->sha256 = Sha256HexOf(der);
  signer->subject = SubjectOf(signer->certificate.get());
  signer->tax_code = TaxCodeOf(signer->certificate.get());
  return signer;
}

}  // namespace tvan
