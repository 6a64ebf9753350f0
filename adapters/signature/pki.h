#pragma once
// The sandbox's certificate factory: used by `tvanctl dev init`, the simulator's set-up and the tests; never in
// production. Every certificate it makes bears a marker extension (kSandboxOid, UTF8String "tvan sandbox"), by which
// `environment: production` refuses it. Plain functions and values, any thread; nothing is kept but what is returned.
// Errors: signature.pki.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/core/time.h"

namespace tvan {

inline constexpr const char* kSandboxOid = "1.3.6.1.4.1.99999.1";

enum class PkiKey { kEcP256, kRsa2048 };
enum class PkiUse {
  kServer,  // TLS server, subject alternative names from `dns_names` and `addresses`
  kClient,  // TLS client
  kSigner,  // signs documents: digitalSignature, nonRepudiation
};

struct PkiValidity {
  Time not_before;  // whole seconds
  Time not_after;
};

struct CertificateSpec {
  std::string common_name;
  std::string organization;  // may be empty
  std::string tax_code;      // written as UID=MST:<tax_code>; empty: none
  PkiUse use = PkiUse::kSigner;
  PkiKey key = PkiKey::kEcP256;
  PkiValidity validity;
  std::vector<std::string> dns_names = {"localhost"};  // kServer
  std::vector<std::string> addresses = {"127.0.0.1"};  // kServer
};

struct KeyAndCertificate {
  std::string key_pem;  // PKCS #8, not encrypted
  std::string certificate_pem;
};

struct Revocation {
  std::string certificate_pem;
  Time revoked_at;
};

class SandboxCa {
 public:
  // A new self-signed CA.
  static Result<std::unique_ptr<SandboxCa>> Create(const std::string& common_name, PkiKey key, PkiValidity validity);
  // One that was made before.
  static Result<std::unique_ptr<SandboxCa>> Load(std::string_view key_pem, std::string_view certificate_pem);
  virtual ~SandboxCa() = default;

  virtual Result<KeyAndCertificate> Issue(const CertificateSpec& spec) const = 0;
  virtual Result<KeyAndCertificate> IssueIntermediate(const std::string& common_name, PkiKey key,
                                                      PkiValidity validity) const = 0;
  // A CRL in PEM that lists these, issued at `now`.
  virtual Result<std::string> MakeCrl(const std::vector<Revocation>& revoked, Time now) const = 0;
  virtual const KeyAndCertificate& pem() const = 0;
};

Result<std::string> MakeEd25519KeyPem();  // for the seal

// Creates or replaces `path`; a key gets mode 0600, anything else 0644. Atomic (written beside, then renamed).
enum class PemKind { kSecret, kPublic };
Status WritePem(const std::string& path, std::string_view pem, PemKind kind);

// Of the first certificate in `pem`.
bool HasSandboxMarker(std::string_view pem);                  // false also when there is none
Result<std::string> CertificateSha256(std::string_view pem);  // 64 lower-case hex digits of the DER's SHA-256
Result<PkiValidity> CertificateValidity(std::string_view pem);

}  // namespace tvan
