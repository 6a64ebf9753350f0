#pragma once
// Keys and certificates of sellers, of the authority and of those who would like to be taken for them; made at run time
// in a temporary folder, once per process. Single thread.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/signature/openssl.h"

namespace tvan {

// Who signs: a key and what stands in KeyInfo.
struct Signatory {
  std::shared_ptr<EVP_PKEY> key;
  std::vector<std::string> certificates;  // base64 of the DER, its own first
};

class HostileKeys {
 public:
  static const HostileKeys& Get();
  ~HostileKeys();
  HostileKeys(const HostileKeys&) = delete;
  HostileKeys& operator=(const HostileKeys&) = delete;

  const Time now = *ParseTime("2026-11-20T10:00:00+07:00");
  // Lawful: "rsa", "ec", "rsa3072" (all of tax code 0101234567, valid 2025 to 2030), "below" (under an intermediate
  // that comes with it). Others bear the same subject and lack one thing: "self" (signed by itself), "stranger" (by
  // another CA of the same name), "expired", "early" (not valid yet), "revoked", "tls" (not for signing), "rsa1024",
  // "p521", "deep" (five steps to the root). "root" is the CA itself.
  const Signatory& of(const std::string& name) const { return made_.at(name); }
  const XmlSigner& signer(const std::string& name) const { return *signers_.at(name); }  // "rsa", "ec"
  TrustOptions trust() const;                                                            // the CA and its CRL

 private:
  HostileKeys();
  std::string Write(const std::string& name, const std::string& pem) const;

  std::string folder_;
  std::map<std::string, Signatory> made_;
  std::map<std::string, std::unique_ptr<XmlSigner>> signers_;
};

}  // namespace tvan
