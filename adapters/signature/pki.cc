#include "adapters/signature/pki.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "adapters/signature/pki_certificate.h"

namespace tvan {
namespace {

constexpr const char* kUid = "0.9.2342.19200300.100.1.1";
constexpr const char* kCommonName = "2.5.4.3";
constexpr const char* kOrganization = "2.5.4.10";
constexpr const char* kCountry = "2.5.4.6";

Status Failed(const std::string& what) { return Status::Permanent("signature.pki"_reason, what); }

using Extensions = std::vector<std::pair<int, std::string>>;

Extensions CaExtensions() {
  return {{NID_basic_constraints, "critical,CA:TRUE"},
          {NID_key_usage, "critical,keyCertSign,cRLSign"},
          {NID_subject_key_identifier, "hash"}};
}

std::string AlternativeNames(const CertificateSpec& spec) {
  std::string names;
  for (const std::string& name : spec.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  for (const std::string& address : spec.addresses) names += (names.empty() ? "IP:" : ",IP:") + address;
  return names;
}

Extensions LeafExtensions(const CertificateSpec& spec) {
  Extensions list = {{NID_basic_constraints, "critical,CA:FALSE"},
                     {NID_subject_key_identifier, "hash"},
                     {NID_authority_key_identifier, "keyid"}};
  if (spec.use == PkiUse::kSigner) {
    list.push_back({NID_key_usage, "critical,digitalSignature,nonRepudiation"});
    return list;
  }
  list.push_back({NID_key_usage, "critical,digitalSignature,keyEncipherment"});
  list.push_back({NID_ext_key_usage, spec.use == PkiUse::kServer ? "serverAuth" : "clientAuth"});
  const std::string names = spec.use == PkiUse::kServer ? AlternativeNames(spec) : "";
  if (!names.empty()) list.push_back({NID_subject_alt_name, names});
  return list;
}

class Ca final : public SandboxCa {
 public:
  Ca(EvpKey key, Cert certificate) : key_(std::move(key)), certificate_(std::move(certificate)) {
    pem_ = {PemOf(key_.get()), PemOf(certificate_.get())};
  }

  Result<KeyAndCertificate> Issue(const CertificateSpec& spec) const override {
    const std::string uid = spec.tax_code.empty() ? "" : "MST:" + spec.tax_code;
    return Make({{kCountry, "VN"}, {kOrganization, spec.organization}, {kCommonName, spec.common_name}, {kUid, uid}},
                spec.key, spec.validity, LeafExtensions(spec));
  }
  Result<KeyAndCertificate> IssueIntermediate(const std::string& common_name, PkiKey key,
                                              PkiValidity validity) const override {
    return Make({{kCountry, "VN"}, {kCommonName, common_name}}, key, validity, CaExtensions());
  }

  Result<std::string> MakeCrl(const std::vector<Revocation>& revoked, Time now) const override {
    const Crl crl(X509_CRL_new());
    const std::unique_ptr<ASN1_TIME, FreeBy<ASN1_TIME_free>> time(ASN1_TIME_new());
    bool ok = X509_CRL_set_version(crl.get(), 1) == 1 &&
              X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(certificate_.get())) == 1 &&
              SetTime(time.get(), now) && X509_CRL_set1_lastUpdate(crl.get(), time.get()) == 1 &&
              SetTime(time.get(), now + std::chrono::hours(24 * 30)) &&
              X509_CRL_set1_nextUpdate(crl.get(), time.get()) == 1;
    for (const Revocation& r : revoked) {
      const auto certs = CertsFromPem(r.certificate_pem);
      if (certs.empty()) return Failed("a certificate to be revoked cannot be read");
      std::unique_ptr<X509_REVOKED, FreeBy<X509_REVOKED_free>> entry(X509_REVOKED_new());
      ok = ok && SetTime(time.get(), r.revoked_at) &&
           X509_REVOKED_set_serialNumber(entry.get(), X509_get_serialNumber(certs[0].get())) == 1 &&
           X509_REVOKED_set_revocationDate(entry.get(), time.get()) == 1 &&
           X509_CRL_add0_revoked(crl.get(), entry.get()) == 1;
      if (ok) static_cast<void>(entry.release());  // the list owns it now
    }
    ok = ok && X509_CRL_sort(crl.get()) == 1 && X509_CRL_sign(crl.get(), key_.get(), EVP_sha256()) > 0;
    return ok ? Result<std::string>(PemOf(crl.get())) : Failed("the CRL cannot be made");
  }

  const KeyAndCertificate& pem() const override { return pem_; }

 private:
  Result<KeyAndCertificate> Make(const std::vector<NamePart>& subject, PkiKey kind, PkiValidity validity,
                                 Extensions extensions) const {
    const EvpKey key = MakeKey(kind);
    if (key == nullptr) return Failed("no key can be made");
    const Cert cert =
        BuildCertificate({subject, validity, std::move(extensions), key.get()}, certificate_.get(), key_.get());
    if (cert == nullptr) return Failed("the certificate cannot be made");
    return KeyAndCertificate{PemOf(key.get()), PemOf(cert.get())};
  }

  EvpKey key_;
  Cert certificate_;
  KeyAndCertificate pem_;
};

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return fsync(fd) == 0;
}

}  // namespace

Result<std::unique_ptr<SandboxCa>> SandboxCa::Create(const std::string& common_name, PkiKey key, PkiValidity validity) {
  EvpKey pair = MakeKey(key);
  if (pair == nullptr) return Failed("no key can be made");
  Cert cert = BuildCertificate({{{kCountry, "VN"}, {kCommonName, common_name}}, validity, CaExtensions(), pair.get()},
                               nullptr, pair.get());
  if (cert == nullptr) return Failed("the CA certificate cannot be made");
  return std::unique_ptr<SandboxCa>(std::make_unique<Ca>(std::move(pair), std::move(cert)));
}

Result<std::unique_ptr<SandboxCa>> SandboxCa::Load(std::string_view key_pem, std::string_view certificate_pem) {
  const QuietErrors quiet;
  EvpKey key = PrivateKeyFromPem(key_pem);
  auto certs = CertsFromPem(certificate_pem);
  if (key == nullptr || certs.empty() || X509_check_private_key(certs[0].get(), key.get()) != 1) {
    return Failed("the CA's key and certificate do not fit or cannot be read");
  }
  return std::unique_ptr<SandboxCa>(std::make_unique<Ca>(std::move(key), std::move(certs[0])));
}

Result<std::string> MakeEd25519KeyPem() {
  const EvpKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (key == nullptr) return Failed("no key can be made");
  return PemOf(key.get());
}

Status WritePem(const std::string& path, std::string_view pem, PemKind kind) {
  const std::string beside = path + ".new";
  unlink(beside.c_str());
  const int fd = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kind == PemKind::kSecret ? 0600 : 0644);
  if (fd < 0) return Failed("cannot write " + path);
  const bool written = WriteAll(fd, pem);
  const bool closed = close(fd) == 0;
  if (written && closed && rename(beside.c_str(), path.c_str()) == 0) return {};
  unlink(beside.c_str());
  return Failed("cannot write " + path);
}

bool HasSandboxMarker(std::string_view pem) {
  const auto certs = CertsFromPem(pem);
  const std::unique_ptr<ASN1_OBJECT, FreeBy<ASN1_OBJECT_free>> oid(OBJ_txt2obj(kSandboxOid, 1));
  return !certs.empty() && X509_get_ext_by_OBJ(certs[0].get(), oid.get(), -1) >= 0;
}

Result<std::string> CertificateSha256(std::string_view pem) {
  const auto certs = CertsFromPem(pem);
  if (certs.empty()) return Failed("no certificate can be read");
  return Sha256HexOf(DerOf(certs[0].get()));
}

Result<PkiValidity> CertificateValidity(std::string_view pem) {
  const auto certs = CertsFromPem(pem);
  if (certs.empty()) return Failed("no certificate can be read");
  const auto begin = TimeOf(X509_get0_notBefore(certs[0].get()));
  const auto end = TimeOf(X509_get0_notAfter(certs[0].get()));
  if (!begin || !end) return Failed("the certificate's validity cannot be read");
  return PkiValidity{*begin, *end};
}

}  // namespace tvan
