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
constexpr int kLegacyLevel = 0;  // OpenSSL lets everything in: see IsWeak
constexpr int kLegacyRsaBits = 1024;
constexpr int kLegacyEcBits = 160;
constexpr int kMaxIntermediates = 3;  // four steps from the signer to the root
constexpr int kManyIntermediates = 100;

bool IsSelfIssued(const X509* cert) {
  return X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0;
}

// RFC 5280, 4.1.2.5: validity includes notAfter; OpenSSL ends it one second before.
int TakeLastSecond(int ok, X509_STORE_CTX* context) {
  if (ok == 1 || X509_STORE_CTX_get_error(context) != X509_V_ERR_CERT_HAS_EXPIRED) return ok;
  const X509* const cert = X509_STORE_CTX_get_current_cert(context);
  const time_t at = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context));
  return ASN1_TIME_cmp_time_t(X509_get0_notAfter(cert), at) == 0 ? 1 : 0;
}

bool IsSignedBy(X509_CRL* crl, const X509* issuer) {
  EVP_PKEY* const key = X509_get0_pubkey(issuer);
  return key != nullptr && X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) == 0 &&
         X509_CRL_verify(crl, key) == 1;
}

// What the allowance legacy_sha1 lets into a chain: RSA from 1024 bits, EC from as much security.
bool IsLegacyKey(const EVP_PKEY* key) {
  const int kind = EVP_PKEY_get_base_id(key), bits = EVP_PKEY_get_bits(key);
  return (kind == EVP_PKEY_RSA && bits >= kLegacyRsaBits) || (kind == EVP_PKEY_EC && bits >= kLegacyEcBits);
}

bool IsLegacyDigest(X509* cert, bool of_signer) {
  int digest = NID_undef;
  if (X509_get_signature_info(cert, &digest, nullptr, nullptr, nullptr) != 1) return false;
  switch (digest) {
    case NID_sha1:
    case NID_sha224:
    case NID_sha256:
    case NID_sha384:
    case NID_sha512:
      return true;
    case NID_md5:
      return of_signer;  // so are signers' certificates of the legacy interoperability suites; no CA's
    default:
      return false;
  }
}

// Whether a chain that OpenSSL takes is too weak all the same. The signer's own exponent is CheckSignerKey's.
bool IsWeak(const STACK_OF(X509) * chain, bool legacy) {
  const int root = sk_X509_num(chain) - 1;
  for (int i = 0; i <= root; ++i) {
    X509* const cert = sk_X509_value(chain, i);
    const EVP_PKEY* const key = X509_get0_pubkey(cert);
    if (key == nullptr || (i > 0 && !HasSoundExponent(key))) return true;
    if (legacy && (!IsLegacyKey(key) || (i < root && !IsLegacyDigest(cert, i == 0)))) return true;
  }
  return false;
}

bool IsPartOf(const STACK_OF(X509) * chain, const X509* cert) {
  for (int i = 0; i < sk_X509_num(chain); ++i)
    if (X509_cmp(sk_X509_value(chain, i), cert) == 0) return true;
  return false;
}

bool IsTimeError(int error) { return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID; }

}  // namespace

Result<std::unique_ptr<Trust>> Trust::Load(const TrustOptions& options, const Clock& clock,
                                           const PolicySwitches& switches) {
  const QuietErrors quiet;
  std::unique_ptr<Trust> trust(new Trust(options, clock, switches));
  auto sources = ReadTaxCodeSources(options.tax_code_from);
  if (!sources.ok()) return sources.status();
  trust->tax_code_sources_ = std::move(sources).value();
  if (Status s = trust->ReadFiles(); !s.ok()) return s;
  return trust;
}

Status Trust::ReadFiles() {
  roots_.reset(X509_STORE_new());
  for (const std::string& file : options_.trust_files)
    if (Status s = ReadTrustFile(file); !s.ok()) return s;
  for (const std::string& file : options_.crl_files)
    if (Status s = ReadCrlFile(file); !s.ok()) return s;
  facts_.intermediates = intermediates_.size();
  facts_.crls = crls_.size();
  facts_.sha256 = Sha256HexOf(facts_.sha256);
  if (facts_.roots == 0 && !options_.trust_nobody)
    return Status::Permanent("signature.trust"_reason, "the trust files hold no root certificate");
  return {};
}

Status Trust::ReadTrustFile(const std::string& file) {
  const std::string pem = ReadSmallFile(file).value_or("");
  auto certs = CertsFromPem(pem);
  if (certs.empty()) return Status::Permanent("signature.trust"_reason, "no certificate can be read from " + file);
  facts_.sha256 += Sha256HexOf(pem);
  for (Cert& cert : certs) {
    if (!IsSelfIssued(cert.get())) {
      intermediates_.push_back(std::move(cert));
    } else if (X509_STORE_add_cert(roots_.get(), cert.get()) == 1) {
      ++facts_.roots;
    }
  }
  return {};
}

Status Trust::ReadCrlFile(const std::string& file) {
  const std::string pem = ReadSmallFile(file).value_or("");
  auto crls = CrlsFromPem(pem);
  if (crls.empty()) return Status::Permanent("signature.trust"_reason, "no CRL can be read from " + file);
  facts_.sha256 += Sha256HexOf(pem);
  for (Crl& crl : crls) {
    const ASN1_TIME* next = X509_CRL_get0_nextUpdate(crl.get());
    if (next != nullptr) facts_.crl_next_update = std::min(facts_.crl_next_update, TimeOf(next).value_or(kForever));
    const bool verified = IsVouchedFor(crl.get());
    if (!verified) ++facts_.unverified_crls;
    crls_.push_back({std::move(crl), verified});
  }
  return {};
}

// A configured certificate of the issuer's name signed the list: whichever, since a CA changes keys under one name.
bool Trust::IsVouchedFor(X509_CRL* crl) const {
  for (const Cert& cert : intermediates_)
    if (IsSignedBy(crl, cert.get())) return true;
  const STACK_OF(X509_OBJECT)* const roots = X509_STORE_get0_objects(roots_.get());
  for (int i = 0; i < sk_X509_OBJECT_num(roots); ++i)
    if (IsSignedBy(crl, X509_OBJECT_get0_X509(sk_X509_OBJECT_value(roots, i)))) return true;
  return false;
}

// Kept is what a stranger cannot make up: a party that is proven, with nothing beside the chain.
Result<Trust::Chain> Trust::Check(Party& party, const When& when, const SignatureAllowances& allowed) {
  auto chain = Chain::kModern;
  auto proof = Proven(party, when.valid_at, chain);
  if (!proof.ok() && allowed.legacy_sha1) {
    chain = Chain::kLegacy;
    proof = Proven(party, when.valid_at, chain);
  }
  if (!proof.ok()) return proof.status();
  if (proof->revoked_at <= when.accepted_at && switches_.on(PolicySwitch::kRevocation))
    return Status::Permanent("signature.revoked"_reason, FormatTime(proof->revoked_at));
  if (proof->takes_all && party.may_keep_.exchange(false)) Keep(party.shared_from_this());
  return chain;
}

// What was proven before counts where it holds at `valid_at`. What could not be proven is tried again each time: by the
// allowance a weak chain costs more, but no verdict or mark depends on what came before.
Result<Trust::Proof> Trust::Proven(Party& party, Time valid_at, Chain chain) const {
  std::optional<Proof>& kept = chain == Chain::kModern ? party.modern_ : party.legacy_;
  {
    const std::lock_guard<std::mutex> lock(party.mutex_);
    if (kept && valid_at >= kept->not_before && valid_at <= kept->not_after) return *kept;
  }
  auto proven = Prove(party.attached_, valid_at, chain);
  if (!proven.ok()) return proven.status();
  const std::lock_guard<std::mutex> lock(party.mutex_);
  kept = *proven;
  return *proven;
}

Result<Trust::Proof> Trust::Prove(const AttachedCertificates& attached, Time valid_at, Chain chain) const {
  if (!switches_.on(PolicySwitch::kTrust)) return Proof{{INT64_MIN}, kForever};
  const Borrowed untrusted(sk_X509_new_null());
  for (const Cert& cert : intermediates_) sk_X509_push(untrusted.get(), cert.get());
  for (const Cert& cert : attached.others) sk_X509_push(untrusted.get(), cert.get());
  const StoreContext context(X509_STORE_CTX_new());
  TVAN_CHECK(context != nullptr);
  X509* const signer = attached.signer->certificate.get();
  if (X509_STORE_CTX_init(context.get(), roots_.get(), signer, untrusted.get()) != 1) {
    return Status::Permanent("signature.untrusted"_reason, "its chain cannot be looked at");
  }
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
  if (switches_.on(PolicySwitch::kValidity))
    X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(valid_at.us / 1'000'000));
  else
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME);  // which a time that is set would overrule
  X509_VERIFY_PARAM_set_auth_level(param, chain == Chain::kLegacy ? kLegacyLevel : kModernLevel);
  X509_VERIFY_PARAM_set_depth(param, switches_.on(PolicySwitch::kChainDepth) ? kMaxIntermediates : kManyIntermediates);
  X509_STORE_CTX_set_verify_cb(context.get(), TakeLastSecond);
  if (X509_verify_cert(context.get()) == 1) {
    const STACK_OF(X509)* const proven = X509_STORE_CTX_get0_chain(context.get());
    if (!IsWeak(proven, chain == Chain::kLegacy)) return ProofOf(proven, attached);
    return Status::Permanent("signature.untrusted"_reason, "a key or digest in its chain is too weak");
  }
  const int error = X509_STORE_CTX_get_error(context.get());
  const std::string why = X509_verify_cert_error_string(error);
  return IsTimeError(error) ? Status::Permanent("signature.expired"_reason, why)
                            : Status::Permanent("signature.untrusted"_reason, why);
}

Trust::Proof Trust::ProofOf(const STACK_OF(X509) * chain, const AttachedCertificates& attached) const {
  Proof proof{{INT64_MIN}, kForever};
  proof.takes_all = std::all_of(attached.others.begin(), attached.others.end(),
                                [&](const Cert& cert) { return IsPartOf(chain, cert.get()); });
  const bool dated = switches_.on(PolicySwitch::kValidity);
  const int count = sk_X509_num(chain);
  for (int i = 0; i < count; ++i) {
    X509* cert = sk_X509_value(chain, i);
    if (dated) proof.not_before = std::max(proof.not_before, TimeOf(X509_get0_notBefore(cert)).value_or(kForever));
    if (dated) proof.not_after = std::min(proof.not_after, TimeOf(X509_get0_notAfter(cert)).value_or(Time{INT64_MIN}));
    if (i + 1 < count) proof.revoked_at = std::min(proof.revoked_at, RevokedAt(cert, sk_X509_value(chain, i + 1)));
  }
  return proof;
}

// From the configured lists of the issuer's name; one that was not verified when it was loaded counts when this very
// issuer signed it. Without a list the certificate counts as not revoked.
Time Trust::RevokedAt(X509* certificate, X509* issuer) const {
  Time earliest = kForever;
  for (const auto& [crl, verified] : crls_) {
    if (X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_subject_name(issuer)) != 0) continue;
    if (!verified && !IsSignedBy(crl.get(), issuer)) continue;
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(crl.get(), &entry, certificate) != 1) continue;
    earliest = std::min(earliest, TimeOf(X509_REVOKED_get0_revocationDate(entry)).value_or(Time{INT64_MIN}));
  }
  return earliest;
}

}  // namespace tvan
