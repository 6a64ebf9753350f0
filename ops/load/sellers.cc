#include "ops/load/sellers.h"

#include <cstdio>
#include <filesystem>

#include "ops/ctl/files.h"
#include "ops/load/corpus.h"

namespace tvan::load {
namespace {

namespace fs = std::filesystem;

Result<std::unique_ptr<SandboxCa>> LoadCa(const std::string& sandbox) {
  const auto key = ctl::ReadFile(sandbox + "/pki/sellers-ca.key");
  const auto certificate = ctl::ReadFile(sandbox + "/pki/sellers-ca.pem");
  if (!key.ok()) return key.status();
  if (!certificate.ok()) return certificate.status();
  return SandboxCa::Load(*key, *certificate);
}

Result<PkiValidity> ValidityOf(const std::string& sandbox) {
  const auto certificate = ctl::ReadFile(sandbox + "/pki/sellers-ca.pem");
  if (!certificate.ok()) return certificate.status();
  return CertificateValidity(*certificate);
}

Status Issue(const SandboxCa& ca, const CertificateSpec& spec, const std::string& base) {
  const auto made = ca.Issue(spec);
  if (!made.ok()) return made.status();
  const Status key = WritePem(base + ".key", made->key_pem, PemKind::kSecret);
  return key.ok() ? WritePem(base + ".pem", made->certificate_pem, PemKind::kPublic) : key;
}

}  // namespace

std::string SellerTaxCode(uint32_t number) {
  char text[16];
  std::snprintf(text, sizeof text, "07%08u", number % 100'000'000);
  return text;
}

Result<Sellers> MakeSellers(const std::string& folder, const CorpusSpec& spec, Time now) {
  std::error_code error;
  fs::create_directories(folder + "/sellers", error);
  if (error) return Status::Permanent("load.corpus"_reason, "cannot make " + folder + "/sellers: " + error.message());
  const auto ca = LoadCa(spec.sandbox);
  if (!ca.ok()) return ca.status();
  const auto validity = ValidityOf(spec.sandbox);
  if (!validity.ok()) return validity.status();
  if (validity->not_after < now)
    return Status::Permanent("load.corpus"_reason, "the sandbox's CA of sellers has expired: make a new sandbox");
  Sellers sellers;
  std::string list;
  for (uint32_t i = 0; i < spec.sellers; ++i) {
    const std::string mst = SellerTaxCode(i + 1), base = folder + "/sellers/" + mst;
    CertificateSpec certificate;
    certificate.common_name = "Seller " + mst;
    certificate.organization = "Sandbox seller";
    certificate.tax_code = mst;
    certificate.key = spec.key;
    certificate.validity = *validity;
    const bool there = fs::exists(base + ".key", error) && fs::exists(base + ".pem", error);
    if (const Status made = there ? Status() : Issue(**ca, certificate, base); !made.ok()) return made;
    auto signer = MakeXmlSigner(base + ".key", base + ".pem");
    if (!signer.ok()) return signer.status();
    sellers.push_back({mst, *std::move(signer)});
    list += mst + "\n";
  }
  if (const Status written = ctl::WriteFile(Corpus::SellersFile(folder), list); !written.ok()) return written;
  return sellers;
}

}  // namespace tvan::load
