#pragma once
// Trust: whether a certificate leads to a root of ours, was valid at a time and not revoked before another. Private to
// adapters/signature. Thread-safe. Signers and proven chains are cached by SHA-256 of the DER in a bounded LRU; a proof
// keeps its own window of validity and its earliest revocation, which are compared again at each use.

#include <list>
#include <mutex>
#include <unordered_map>

#include "adapters/signature.h"
#include "adapters/signature/signer_certificate.h"

namespace tvan {

class Trust {
 public:
  // Reads all files. signature.trust names the file that cannot be read or holds nothing.
  static Result<std::unique_ptr<Trust>> Load(const TrustOptions& options, const Clock& clock);

  // The signer among the certificates of an X509Data: the one that issued none of the others.
  std::shared_ptr<const SignerCertificate> Identify(const std::vector<std::string>& certificates);

  // `valid_at`: when the whole chain must have been valid. `accepted_at`: revoked at or before this is revoked.
  // Errors: signature.untrusted, signature.expired, signature.revoked.
  Status Check(const SignerCertificate& signer, const std::vector<std::string>& certificates, Time valid_at,
               Time accepted_at);
  size_t cached() const;  // entries now

 private:
  // A chain that was proven, and for which instants the proof holds.
  struct Proof {
    Time not_before;
    Time not_after;
    Time revoked_at = kForever;
  };
  struct Entry {
    std::string sha256;
    std::shared_ptr<const SignerCertificate> signer;
    std::optional<Proof> proof;
    Steady expires;
  };

  Trust(const TrustOptions& options, const Clock& clock) : clock_(clock), options_(options) {}
  Status ReadFiles();
  Result<Proof> Prove(const SignerCertificate& signer, const std::vector<std::string>& certificates,
                      Time valid_at) const;
  Proof ProofOf(const STACK_OF(X509) * chain) const;
  Time RevokedAt(X509* certificate, X509* issuer) const;
  std::shared_ptr<const SignerCertificate> Signer(const std::string& der);
  std::optional<Proof> CachedProof(const std::string& sha256);
  void Remember(const std::string& sha256, const Proof& proof);
  Entry* Touch(const std::string& sha256);  // under mutex_

  const Clock& clock_;
  const TrustOptions options_;
  std::unique_ptr<X509_STORE, FreeBy<X509_STORE_free>> roots_;
  std::vector<Cert> intermediates_;
  std::vector<Crl> crls_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_sha256_;
};

}  // namespace tvan
