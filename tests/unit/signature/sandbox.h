#pragma once
// A throw-away PKI in a temporary folder and documents to sign, for the signature tests. Keys are made at run time and
// removed with the folder. Single thread unless said otherwise.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "adapters/signature.h"
#include "adapters/signature/pki.h"
#include "gateway/core/json.h"
#include "tests/unit/signature/documents.h"

namespace tvan {

class Sandbox {
 public:
  Sandbox() {
    std::string name = (std::filesystem::temp_directory_path() / "tvan-signature-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    ca_ = Take(SandboxCa::Create("Sandbox CA", PkiKey::kEcP256, wide()));
    Write("ca.pem", ca_->pem().certificate_pem);
    Issue("rsa", PkiKey::kRsa2048, wide());
    Issue("ec", PkiKey::kEcP256, wide());
    Write("seal.pem", Take(MakeEd25519KeyPem()));
  }
  ~Sandbox() { std::filesystem::remove_all(folder_); }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // One for all tests of a program: RSA keys take their time.
  static Sandbox& Shared() {
    static Sandbox sandbox;
    return sandbox;
  }

  template <class T>
  static T Take(Result<T> result) {
    EXPECT_TRUE(result.ok()) << result.status().ToString();
    TVAN_CHECK(result.ok());
    return std::move(result).value();
  }
  static PkiValidity wide() { return {At("2020-01-01T00:00:00"), At("2045-01-01T00:00:00")}; }

  std::string Path(const std::string& file) const { return (folder_ / file).string(); }
  std::string Write(const std::string& file, const std::string& bytes) const {
    std::ofstream(Path(file), std::ios::binary) << bytes;
    return Path(file);
  }
  // Writes NAME.key and NAME.crt; answers the certificate.
  std::string Issue(const std::string& name, PkiKey key, PkiValidity validity) {
    CertificateSpec spec;
    spec.common_name = "Seller " + name;
    spec.tax_code = "0101234567";
    spec.key = key;
    spec.validity = validity;
    const auto pair = Take(ca_->Issue(spec));
    Write(name + ".key", pair.key_pem);
    Write(name + ".crt", pair.certificate_pem);
    return pair.certificate_pem;
  }
  SandboxCa& ca() { return *ca_; }
  std::unique_ptr<XmlSigner> Signer(const std::string& name) const {
    return Take(MakeXmlSigner(Path(name + ".key"), Path(name + ".crt")));
  }
  std::unique_ptr<SignatureVerifier> Verifier(TrustOptions options = {}) const {
    if (options.trust_files.empty()) options.trust_files = {Path("ca.pem")};
    return Take(MakeSignatureVerifier(options, *clock_));
  }
  std::string Sign(const std::string& document, const std::string& signer = "ec",
                   const std::string& parent = "/TDiep/DLieu/HDon/DSCKS/NBan", const std::string& id = "data") const {
    return Take(Signer(signer)->Sign(document, {id, parent, At("2026-11-21T10:00:00"), {}}));
  }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<SandboxCa> ca_;
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
};

// Asks for the seller's signature of the only invoice.
inline SignatureCheck VerifySeller(const SignatureVerifier& verifier, const std::string& bytes,
                                   Time at = At("2026-11-21T10:01:00")) {
  const auto document = ParseXml(bytes);
  if (document == nullptr) return {};
  return verifier.Verify(*document, {SellerDemand(document->root().Descend({"DLieu", "HDon"}))}, at);
}

// The same with a verifier of these options.
inline std::string JudgeWith(const TrustOptions& options, const std::string& document, const std::string& at) {
  return Rules(VerifySeller(*Sandbox::Shared().Verifier(options), document, At(at)));
}

}  // namespace tvan
