#pragma once
// What the tests of the line and the simulator share: a temporary folder and a sandbox PKI in it, made at run time; the
// folder goes with the object.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "adapters/signature/pki.h"
#include "tests/unit/simulator/still_clock.h"

namespace tvan::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tvan-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string File(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string ReadAll(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

inline Time At(const std::string& text) { return ParseTime(text).value(); }

// NAME.pem and NAME.key in the folder, from one CA (CA.pem).
class Pki {
 public:
  explicit Pki(const TempFolder& folder, const std::string& ca_name = "ca") : folder_(folder) {
    ca_ = SandboxCa::Create("Test " + ca_name, PkiKey::kEcP256, kLong).value();
    EXPECT_TRUE(WritePem(Certificate(ca_name), ca_->pem().certificate_pem, PemKind::kPublic));
  }
  void Issue(const std::string& name, PkiUse use, const std::string& tax_code = "", PkiKey key = PkiKey::kEcP256,
             PkiValidity validity = kLong) {
    CertificateSpec spec;
    spec.common_name = "Test " + name;
    spec.tax_code = tax_code;
    spec.use = use;
    spec.key = key;
    spec.validity = validity;
    spec.dns_names = {"localhost"};
    spec.addresses = {"127.0.0.1"};
    Write(name, spec);
  }
  // A server's certificate for other names.
  void IssueFor(const std::string& name, std::vector<std::string> dns_names, std::vector<std::string> addresses) {
    CertificateSpec spec;
    spec.common_name = "Test " + name;
    spec.use = PkiUse::kServer;
    spec.validity = kLong;
    spec.dns_names = std::move(dns_names);
    spec.addresses = std::move(addresses);
    Write(name, spec);
  }
  std::string Certificate(const std::string& name) const { return folder_.File(name + ".pem"); }
  std::string Key(const std::string& name) const { return folder_.File(name + ".key"); }

  inline static const PkiValidity kLong{At("2020-01-01T00:00:00+00:00"), At("2049-01-01T00:00:00+00:00")};

 private:
  void Write(const std::string& name, const CertificateSpec& spec) {
    KeyAndCertificate made = ca_->Issue(spec).value();
    EXPECT_TRUE(WritePem(Certificate(name), made.certificate_pem, PemKind::kPublic));
    EXPECT_TRUE(WritePem(Key(name), made.key_pem, PemKind::kSecret));
  }

  const TempFolder& folder_;
  std::unique_ptr<SandboxCa> ca_;
};

}  // namespace tvan::test
