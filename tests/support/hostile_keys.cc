#include "tests/support/hostile_keys.h"

#include <filesystem>

#include "adapters/signature/pki_certificate.h"
#include "gateway/core/json.h"

namespace tvan {
namespace {

using Extensions = std::vector<std::pair<int, std::string>>;

Time Day(const std::string& date) { return *ParseTime(date + "T00:00:00+07:00"); }
PkiValidity Years() { return {Day("2025-01-01"), Day("2030-01-01")}; }

struct Pair {
  EvpKey key;
  Cert certificate;
};

EvpKey Rsa(size_t bits) { return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)); }
EvpKey Ec(const char* curve) { return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)); }

Extensions OfCa() {
  return {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign,cRLSign"}};
}

// `above` null: signed by itself.
Pair Make(EvpKey key, const std::string& name, const Pair* above, const PkiValidity& validity, Extensions extensions) {
  const bool seller = name == "Seller";
  CertificateParts parts{{{"2.5.4.6", "VN"}, {"2.5.4.3", name}}, validity, std::move(extensions), key.get()};
  if (seller) parts.subject.emplace_back("0.9.2342.19200300.100.1.1", "MST:0101234567");
  Cert certificate = BuildCertificate(parts, above == nullptr ? nullptr : above->certificate.get(),
                                      above == nullptr ? key.get() : above->key.get());
  TVAN_CHECK(key != nullptr && certificate != nullptr);
  return {std::move(key), std::move(certificate)};
}

Pair Ca(const std::string& name, const Pair* above = nullptr) {
  return Make(Ec("P-256"), name, above, Years(), OfCa());
}

Pair Seller(EvpKey key, const Pair* above, const PkiValidity& validity = Years(),
            const std::string& usage = "critical,digitalSignature,nonRepudiation") {
  return Make(std::move(key), "Seller", above, validity,
              {{NID_basic_constraints, "critical,CA:FALSE"}, {NID_key_usage, usage}});
}

Signatory Of(const Pair& own, std::initializer_list<const Pair*> above = {}) {
  EVP_PKEY_up_ref(own.key.get());
  Signatory out{{own.key.get(), EVP_PKEY_free}, {Base64Encode(DerOf(own.certificate.get()))}};
  for (const Pair* one : above) out.certificates.push_back(Base64Encode(DerOf(one->certificate.get())));
  return out;
}

template <class T>
T Must(Result<T> result) {
  TVAN_CHECK(result.ok());
  return std::move(result).value();
}

}  // namespace

const HostileKeys& HostileKeys::Get() {
  static const HostileKeys keys;
  return keys;
}

HostileKeys::HostileKeys() {
  std::string name = (std::filesystem::temp_directory_path() / "tvan_hostile_XXXXXX").string();
  TVAN_CHECK(mkdtemp(name.data()) != nullptr);
  folder_ = name;
  const Pair ca = Ca("Root"), other = Ca("Root"), middle = Ca("Middle", &ca);
  const Pair second = Ca("Second", &middle), third = Ca("Third", &second), fourth = Ca("Fourth", &third);
  const Pair rsa = Seller(Rsa(2048), &ca), ec = Seller(Ec("P-256"), &ca), revoked = Seller(Ec("P-256"), &ca);
  made_["root"] = Of(ca);
  made_["rsa"] = Of(rsa);
  made_["ec"] = Of(ec);
  made_["rsa3072"] = Of(Seller(Rsa(3072), &ca));
  made_["below"] = Of(Seller(Ec("P-256"), &middle), {&middle});
  made_["self"] = Of(Seller(Ec("P-256"), nullptr));
  made_["stranger"] = Of(Seller(Ec("P-256"), &other));
  made_["expired"] = Of(Seller(Ec("P-256"), &ca, {Day("2025-01-01"), Day("2026-11-01")}));
  made_["early"] = Of(Seller(Ec("P-256"), &ca, {Day("2026-12-01"), Day("2030-01-01")}));
  made_["revoked"] = Of(revoked);
  made_["tls"] = Of(Seller(Ec("P-256"), &ca, Years(), "critical,keyEncipherment"));
  made_["rsa1024"] = Of(Seller(Rsa(1024), &ca));
  made_["p521"] = Of(Seller(Ec("P-521"), &ca));
  made_["deep"] = Of(Seller(Ec("P-256"), &fourth), {&fourth, &third, &second, &middle});
  const auto issuer = Must(SandboxCa::Load(PemOf(ca.key.get()), PemOf(ca.certificate.get())));
  Write("ca.pem", PemOf(ca.certificate.get()));
  Write("crl.pem", Must(issuer->MakeCrl({{PemOf(revoked.certificate.get()), Day("2026-11-10")}}, Day("2026-11-11"))));
  for (const auto& [signer, pair] : {std::pair{"rsa", &rsa}, std::pair{"ec", &ec}}) {
    const std::string key = Write(std::string(signer) + ".key", PemOf(pair->key.get()));
    signers_[signer] = Must(MakeXmlSigner(key, Write(std::string(signer) + ".pem", PemOf(pair->certificate.get()))));
  }
}

HostileKeys::~HostileKeys() { std::filesystem::remove_all(folder_); }

std::string HostileKeys::Write(const std::string& name, const std::string& pem) const {
  TVAN_CHECK(WritePem(folder_ + "/" + name, pem, PemKind::kSecret).ok());
  return folder_ + "/" + name;
}

TrustOptions HostileKeys::trust() const {
  TrustOptions options;
  options.trust_files = {folder_ + "/ca.pem"};
  options.crl_files = {folder_ + "/crl.pem"};
  return options;
}

}  // namespace tvan
