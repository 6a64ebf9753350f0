#include "ops/ctl/sandbox.h"

#include <filesystem>

#include "adapters/signature.h"
#include "ops/ctl/files.h"
#include "ops/ctl/profile.h"

namespace tvan::ctl {
namespace {

namespace fs = std::filesystem;

// Makes key and certificate files that are missing; the first error stops the rest.
class Factory {
 public:
  explicit Factory(const SandboxOptions& options) : options_(options), pki_(options.folder + "/pki/") {}

  std::unique_ptr<SandboxCa> Authority(const std::string& file, const std::string& common_name) {
    if (!status_.ok()) return nullptr;
    auto ca = Present(file) ? Loaded(file) : SandboxCa::Create(common_name, PkiKey::kEcP256, options_.validity);
    if (!Keep(ca.ok() ? Status() : ca.status())) return nullptr;
    if (!Present(file)) Write(file, (*ca)->pem());
    return std::move(*ca);
  }

  void Issue(const std::unique_ptr<SandboxCa>& ca, const std::string& file, CertificateSpec spec) {
    if (!status_.ok() || Present(file)) return;
    spec.validity = options_.validity;
    const auto made = ca->Issue(spec);
    if (Keep(made.ok() ? Status() : made.status())) Write(file, *made);
  }

  void Secret(const std::string& file, const Result<std::string>& bytes) {
    if (!status_.ok() || (options_.existing == SandboxOptions::Existing::kKeep && fs::exists(pki_ + file))) return;
    if (Keep(bytes.ok() ? Status() : bytes.status())) Count(WritePem(pki_ + file, *bytes, PemKind::kSecret));
  }

  void Count(const Status& written) {
    if (Keep(written)) ++files_;
  }
  const Status& status() const { return status_; }
  int files() const { return files_; }

 private:
  bool Present(const std::string& file) const {
    return options_.existing == SandboxOptions::Existing::kKeep && fs::exists(pki_ + file + ".pem") &&
           fs::exists(pki_ + file + ".key");
  }
  Result<std::unique_ptr<SandboxCa>> Loaded(const std::string& file) const {
    const auto key = ReadFile(pki_ + file + ".key"), certificate = ReadFile(pki_ + file + ".pem");
    if (!key.ok()) return key.status();
    if (!certificate.ok()) return certificate.status();
    return SandboxCa::Load(*key, *certificate);
  }
  void Write(const std::string& file, const KeyAndCertificate& pem) {
    Count(WritePem(pki_ + file + ".key", pem.key_pem, PemKind::kSecret));
    Count(WritePem(pki_ + file + ".pem", pem.certificate_pem, PemKind::kPublic));
  }
  bool Keep(const Status& status) {
    if (status_.ok()) status_ = status;
    return status_.ok();
  }

  const SandboxOptions& options_;
  const std::string pki_;
  Status status_;
  int files_ = 0;
};

CertificateSpec Spec(PkiUse use, const std::string& common_name, const std::string& organization,
                     const std::string& tax_code = "", PkiKey key = PkiKey::kEcP256) {
  CertificateSpec spec;
  spec.use = use;
  spec.common_name = common_name;
  spec.organization = organization;
  spec.tax_code = tax_code;
  spec.key = key;
  return spec;
}

void MakeOwn(Factory& factory) {
  const auto ca = factory.Authority("ca", "Sandbox CA of the T-VAN");
  factory.Issue(ca, "server", Spec(PkiUse::kServer, "localhost", "Sandbox T-VAN"));
  for (const SandboxProvider& provider : SandboxProviders())
    factory.Issue(ca, provider.name, Spec(PkiUse::kClient, provider.name, "Sandbox provider " + provider.name));
  const auto operators = factory.Authority("operators-ca", "Sandbox CA of operators");
  for (const char* name : kSandboxOperators)
    factory.Issue(operators, name, Spec(PkiUse::kClient, name, "Sandbox T-VAN"));
  factory.Secret("seal.key", MakeEd25519KeyPem());
  factory.Secret("message-id.key", RandomBytes(32));
}

void MakeOthers(Factory& factory) {
  const auto authority = factory.Authority("authority-ca", "Sandbox CA of the tax authority");
  factory.Issue(authority, "authority-server", Spec(PkiUse::kServer, "localhost", "Sandbox tax authority"));
  factory.Issue(authority, "authority-sign",
                Spec(PkiUse::kSigner, "Sandbox tax authority", "Sandbox tax authority", "", PkiKey::kRsa2048));
  factory.Issue(authority, "authority-sign-next",
                Spec(PkiUse::kSigner, "Sandbox tax authority, next", "Sandbox tax authority", "", PkiKey::kRsa2048));
  factory.Issue(authority, "line", Spec(PkiUse::kClient, std::string("V") + kSandboxTvanMst, "Sandbox T-VAN"));
  const auto sellers = factory.Authority("sellers-ca", "Sandbox CA of sellers");
  for (const SandboxProvider& provider : SandboxProviders())
    for (const std::string& mst : provider.sellers)
      factory.Issue(sellers, "sellers/" + mst,
                    Spec(PkiUse::kSigner, "Seller " + mst, "Sandbox seller", mst, PkiKey::kRsa2048));
}

Profile ProfileOf(const SandboxOptions& options, const std::string& role, const std::string& name) {
  Profile profile;
  profile.role = role;
  profile.endpoint = "127.0.0.1:" + std::to_string(role == "operator" ? options.admin_port : options.provider_port);
  profile.ca = "../pki/ca.pem";
  profile.certificate = "../pki/" + name + ".pem";
  profile.key = "../pki/" + name + ".key";
  profile.tvan_mst = kSandboxTvanMst;
  return profile;
}

Result<std::vector<std::string>> OperatorCertificates(const SandboxOptions& options) {
  std::vector<std::string> digests;
  for (const char* name : kSandboxOperators) {
    const auto pem = ReadFile(options.folder + "/pki/" + name + ".pem");
    if (!pem.ok()) return pem.status();
    auto digest = CertificateSha256(*pem);
    if (!digest.ok()) return digest.status();
    digests.push_back(*std::move(digest));
  }
  return digests;
}

void WriteTexts(const SandboxOptions& options, Factory& factory) {
  if (!factory.status().ok()) return;
  const auto operators = OperatorCertificates(options);
  if (!operators.ok()) return factory.Count(operators.status());
  factory.Count(WriteFile(options.folder + "/gateway.yaml", SandboxGatewayYaml(options, *operators)));
  factory.Count(WriteFile(options.folder + "/authority.options", SandboxAuthorityScript(options)));
  const std::string profiles = options.folder + "/profiles/";
  for (const std::string name : kSandboxOperators)
    factory.Count(WriteFile(profiles + name + ".yaml", FormatProfile(ProfileOf(options, "operator", name))));
  for (const SandboxProvider& provider : SandboxProviders()) {
    Profile profile = ProfileOf(options, "provider", provider.name);
    profile.tax_code = provider.mst;
    factory.Count(WriteFile(profiles + provider.name + ".yaml", FormatProfile(profile)));
  }
}

}  // namespace

const std::vector<SandboxProvider>& SandboxProviders() {
  static const std::vector<SandboxProvider> providers = {
      {"acme", "0100000011", {"0101234501", "0101234502", "0101234503"}},
      {"beta", "0100000022", {"0202345601", "0202345602", "0202345603"}},
      {"gamma", "0100000033", {"0303456701"}}};
  return providers;
}

Result<int> MakeSandbox(const SandboxOptions& options) {
  std::error_code error;
  for (const char* folder : {"/pki/sellers", "/profiles", "/snapshots"}) {
    fs::create_directories(options.folder + folder, error);
    if (error)
      return Status::Permanent("ctl.file"_reason, "cannot make " + options.folder + folder + ": " + error.message());
  }
  Factory factory(options);
  MakeOwn(factory);
  MakeOthers(factory);
  WriteTexts(options, factory);
  if (!factory.status().ok()) return factory.status();
  return factory.files();
}

}  // namespace tvan::ctl
