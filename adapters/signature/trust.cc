#include "adapters/signature/trust.h"

#include <openssl/x509_vfy.h>

#include <algorithm>

namespace tvan {
namespace {

using StoreContext = std::unique_ptr<X509_STORE_CTX, FreeBy<X509_STORE_CTX_free>>;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using Borrowed = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr int kModernLevel = 2;  // 112 bits: no SHA-1, no 1024-bit RSA in a chain
constexpr int kLegacyLevel = 0;

bool IsSelfIssued(const X509* cert) {
  return X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0;
}

bool IsTimeError(int error) { return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID; }

}  // namespace

Result<std::unique_ptr<Trust>> Trust::Load(const TrustOptions& options, const Clock& clock) {
  std::unique_ptr<Trust> trust(new Trust(options, clock));
  if (Status s = trust->ReadFiles(); !s.ok()) return s;
  return trust;
}

Status Trust::ReadFiles() {
  roots_.reset(X509_STORE_new());
  size_t roots = 0;
  for (const std::string& file : options_.trust_files) {
    const auto pem = ReadSmallFile(file);
    auto certs = CertsFromPem(pem.value_or(""));
    if (certs.empty()) return Status::Permanent("signature.trust"_reason, "no certificate can be read from " + file);
    for (Cert& cert : certs) {
      if (!IsSelfIssued(cert.get())) {
        intermediates_.push_back(std::move(cert));
      } else if (X509_STORE_add_cert(roots_.get(), cert.get()) == 1) {
        ++roots;
      }
    }
  }
  for (const std::string& file : options_.crl_files) {
    const auto pem = ReadSmallFile(file);
    auto crls = CrlsFromPem(pem.value_or(""));
    if (crls.empty()) return Status::Permanent("signature.trust"_reason, "no CRL can be read from " + file);
    for (Crl& crl : crls) crls_.push_back(std::move(crl));
  }
  if (roots == 0 && !options_.trust_nobody)
    return Status::Permanent("signature.trust"_reason, "the trust files hold no root certificate");
  return {};
}

std::shared_ptr<const SignerCertificate> Trust::Identify(const std::vector<std::string>& certificates) {
  if (certificates.empty()) return nullptr;
  if (certificates.size() == 1) return Signer(certificates[0]);
  std::vector<Cert> parsed;
  for (const std::string& der : certificates) parsed.push_back(CertFromDer(der));
  for (size_t i = 0; i < parsed.size(); ++i) {
    if (parsed[i] == nullptr) return nullptr;
    const auto issued_by_i = [&](const Cert& other) {
      return other != nullptr && other != parsed[i] &&
             X509_NAME_cmp(X509_get_issuer_name(other.get()), X509_get_subject_name(parsed[i].get())) == 0;
    };
    if (std::none_of(parsed.begin(), parsed.end(), issued_by_i)) return Signer(certificates[i]);
  }
  return nullptr;
}

Status Trust::Check(const SignerCertificate& signer, const std::vector<std::string>& certificates, Time valid_at,
                    Time accepted_at) {
  auto proof = CachedProof(signer.sha256);
  if (!proof || valid_at < proof->not_before || valid_at > proof->not_after) {
    auto proven = Prove(signer, certificates, valid_at);
    if (!proven.ok()) return proven.status();
    proof = *proven;
    Remember(signer.sha256, *proof);
  }
  if (proof->revoked_at <= accepted_at) {
    return Status::Permanent("signature.revoked"_reason, FormatTime(proof->revoked_at));
  }
  return {};
}

Result<Trust::Proof> Trust::Prove(const SignerCertificate& signer, const std::vector<std::string>& certificates,
                                  Time valid_at) const {
  std::vector<Cert> others;
  const Borrowed untrusted(sk_X509_new_null());
  for (const Cert& cert : intermediates_) sk_X509_push(untrusted.get(), cert.get());
  for (const std::string& der : certificates) {
    others.push_back(CertFromDer(der));
    if (others.back() != nullptr) sk_X509_push(untrusted.get(), others.back().get());
  }
  const StoreContext context(X509_STORE_CTX_new());
  TVAN_CHECK(context != nullptr);
  if (X509_STORE_CTX_init(context.get(), roots_.get(), signer.certificate.get(), untrusted.get()) != 1) {
    return Status::Permanent("signature.untrusted"_reason, "its chain cannot be looked at");
  }
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(valid_at.us / 1'000'000));
  X509_VERIFY_PARAM_set_auth_level(param, options_.allow_sha1 ? kLegacyLevel : kModernLevel);
  X509_VERIFY_PARAM_set_depth(param, 8);
  if (X509_verify_cert(context.get()) == 1) return ProofOf(X509_STORE_CTX_get0_chain(context.get()));
  const int error = X509_STORE_CTX_get_error(context.get());
  const std::string why = X509_verify_cert_error_string(error);
  return IsTimeError(error) ? Status::Permanent("signature.expired"_reason, why)
                            : Status::Permanent("signature.untrusted"_reason, why);
}

Trust::Proof Trust::ProofOf(const STACK_OF(X509) * chain) const {
  Proof proof{{INT64_MIN}, kForever};
  const int count = sk_X509_num(chain);
  for (int i = 0; i < count; ++i) {
    X509* cert = sk_X509_value(chain, i);
    proof.not_before = std::max(proof.not_before, TimeOf(X509_get0_notBefore(cert)).value_or(kForever));
    proof.not_after = std::min(proof.not_after, TimeOf(X509_get0_notAfter(cert)).value_or(Time{INT64_MIN}));
    if (i + 1 < count) proof.revoked_at = std::min(proof.revoked_at, RevokedAt(cert, sk_X509_value(chain, i + 1)));
  }
  return proof;
}

// From the configured lists that this issuer signed; without one the certificate counts as not revoked.
Time Trust::RevokedAt(X509* certificate, X509* issuer) const {
  Time earliest = kForever;
  const EvpKey key(X509_get_pubkey(issuer));
  for (const Crl& crl : crls_) {
    if (X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_subject_name(issuer)) != 0) continue;
    if (key == nullptr || X509_CRL_verify(crl.get(), key.get()) != 1) continue;
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(crl.get(), &entry, certificate) != 1) continue;
    earliest = std::min(earliest, TimeOf(X509_REVOKED_get0_revocationDate(entry)).value_or(Time{INT64_MIN}));
  }
  return earliest;
}

}  // namespace tvan
