#pragma once
// Trust: whether a certificate leads to a root of ours, was valid at a time and not revoked before another. Private to
// adapters/signature. Thread-safe. What came with a signature and was proven is cached by SHA-256 of its certificates'
// DER in an LRU of bounded entries and bytes, so that the same message has the same verdict whatever came before it; a
// proof keeps its own window of validity and its earliest revocation, which are compared again at each use. Other files
// are another Trust: nothing is carried over.

#include <atomic>
#include <list>
#include <mutex>
#include <unordered_map>

#include "adapters/signature.h"
#include "adapters/signature/signer_certificate.h"

namespace tvan {

// The certificates of one X509Data, read.
struct AttachedCertificates {
  std::shared_ptr<const SignerCertificate> signer;  // the one that issued none of the others
  std::vector<Cert> others;
};

class Trust {
 public:
  // Reads all files. signature.trust names the file that cannot be read or holds nothing.
  static Result<std::unique_ptr<Trust>> Load(const TrustOptions& options, const Clock& clock,
                                             const PolicySwitches& switches);
  const TrustFacts& facts() const { return facts_; }

  class Party;  // attached certificates and what was proven of them
  // nullptr: one of them is damaged, or they have no signer.
  std::shared_ptr<Party> Find(const std::vector<std::string>& certificates);
  static const SignerCertificate& SignerOf(const Party& party);

  struct When {
    Time valid_at;     // when the whole chain must have been valid
    Time accepted_at;  // revoked at or before this is revoked
  };
  enum class Chain {
    kModern,  // 112 bits of security all the way
    kLegacy,  // by the allowance legacy_sha1 only: SHA-1 or 1024-bit keys in it
  };
  // Errors: signature.untrusted, signature.expired, signature.revoked. Without one the party is kept for the next Find.
  Result<Chain> Check(Party& party, const When& when, const SignatureAllowances& allowed);

  struct CacheFacts {
    size_t entries = 0;
    uint64_t hits = 0, misses = 0;
  };
  CacheFacts cache() const;

 private:
  // A chain that was proven, and for which instants the proof holds.
  struct Proof {
    Time not_before;
    Time not_after;
    Time revoked_at = kForever;
    bool takes_all = false;  // every attached certificate is part of the chain
  };
  struct RevocationList {
    Crl crl;
    bool verified = false;  // by a configured certificate; the others are by the issuer of each chain
  };
  struct Entry {
    std::shared_ptr<Party> party;
    Steady expires;
  };

  Trust(const TrustOptions& options, const Clock& clock, const PolicySwitches& switches)
      : clock_(clock), options_(options), switches_(switches) {}
  Status ReadFiles();
  Status ReadTrustFile(const std::string& file);
  Status ReadCrlFile(const std::string& file);
  Result<Proof> Proven(Party& party, Time valid_at, Chain chain) const;
  Result<Proof> Prove(const AttachedCertificates& attached, Time valid_at, Chain chain) const;
  Proof ProofOf(const STACK_OF(X509) * chain, const AttachedCertificates& attached) const;
  bool IsVouchedFor(X509_CRL* crl) const;
  Time RevokedAt(X509* certificate, X509* issuer) const;
  std::shared_ptr<Party> Cached(const std::string& sha256);
  void Keep(const std::shared_ptr<Party>& party);

  const Clock& clock_;
  const TrustOptions options_;
  const PolicySwitches switches_;
  std::vector<TaxCodeSource> tax_code_sources_;
  std::unique_ptr<X509_STORE, FreeBy<X509_STORE_free>> roots_;
  std::vector<Cert> intermediates_;
  std::vector<RevocationList> crls_;
  TrustFacts facts_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_sha256_;
  uint64_t hits_ = 0, misses_ = 0;
};

class Trust::Party : public std::enable_shared_from_this<Party> {
 public:
  Party(AttachedCertificates attached, std::string sha256, bool may_keep)
      : attached_(std::move(attached)), sha256_(std::move(sha256)), may_keep_(may_keep) {}

 private:
  friend class Trust;
  const AttachedCertificates attached_;
  const std::string sha256_;
  std::atomic<bool> may_keep_;  // false: too large, or kept already
  std::mutex mutex_;
  std::optional<Proof> modern_, legacy_;
};

}  // namespace tvan
