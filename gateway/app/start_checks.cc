#include "gateway/app/start_checks.h"

#include <set>

#include "adapters/signature/pki.h"
#include "config/loader.h"
#include "gateway/app/gateway.h"
#include "gateway/app/pem_files.h"
#include "gateway/app/settings.h"
#include "gateway/app/trust_settings.h"
#include "gateway/seal/seal.h"

namespace tvan {
namespace {

constexpr size_t kLeastKeyBytes = 32;
constexpr Span kLeastRetention = std::chrono::hours(24 * 3653);  // accounting law: 10 years

std::vector<std::string> CertificateFiles(const config::v1::Config& config) {
  std::vector<std::string> files = {config.provider_api().certificate(),
                                    config.provider_api().client_ca(),
                                    config.admin_api().certificate(),
                                    config.admin_api().client_ca(),
                                    config.line().ca(),
                                    config.line().certificate()};
  files.insert(files.end(), config.trust().sellers().begin(), config.trust().sellers().end());
  files.insert(files.end(), config.trust().authority().begin(), config.trust().authority().end());
  return files;
}

// The digests of all certificates of these files.
template <class Files>
Result<std::set<std::string>> CertificatesOf(const Files& files) {
  std::set<std::string> digests;
  for (const std::string& path : files) {
    const auto text = ReadFile(path);
    if (!text) return text.status();
    const std::vector<std::string> certificates = SplitPem(*text);
    if (certificates.empty()) return Status::Permanent("app.certificate"_reason, path + " holds no certificate");
    for (const std::string& pem : certificates) {
      const auto digest = CertificateSha256(pem);
      if (!digest) return Status::Permanent("app.certificate"_reason, path + ": " + digest.status().message());
      digests.insert(*digest);
    }
  }
  return digests;
}

bool Share(const std::set<std::string>& left, const std::set<std::string>& right) {
  for (const std::string& digest : left)
    if (right.count(digest) != 0) return true;
  return false;
}

}  // namespace

Status CheckCertificate(const std::string& path, Time now) {
  const auto pem = ReadFile(path);
  if (!pem) return pem.status();
  const auto validity = CertificateValidity(*pem);
  if (!validity) return Status::Permanent("app.certificate"_reason, path + ": " + validity.status().message());
  if (validity->not_before <= now && now < validity->not_after) return {};
  return Status::Permanent("app.certificate_expired"_reason,  // without the time: the same fault is said once
                           path + " holds from " + FormatTime(validity->not_before) + " to " +
                               FormatTime(validity->not_after) + ", and not now");
}

Result<std::string> ReadMessageIdKey(const std::string& path) {
  const Result<std::string> key = ReadFile(path);
  if (!key) return key.status();
  if (key->size() < kLeastKeyBytes)
    return Status::Permanent("app.message_id_key"_reason, path + " has " + std::to_string(key->size()) +
                                                              " bytes; at least 32 random ones are wanted");
  return key;
}

Status CheckEnvironment(const config::v1::Config& config) {
  if (config.environment() != "production") return {};
  if (const Span keep = SpanOf(config.store().retention().keep()); keep > Span(0) && keep < kLeastRetention)
    return Status::Permanent("app.retention"_reason,
                             "store.retention.keep is below 10 years (3653d; 0s keeps for ever)");
  return CheckSandbox(config, CertificateFiles(config));
}

Status CheckSandbox(const config::v1::Config& config, const std::vector<std::string>& files) {
  if (config.environment() != "production") return {};
  for (const std::string& path : files) {
    const auto text = ReadFile(path);
    if (!text) return text.status();
    for (const std::string& pem : SplitPem(*text))
      if (HasSandboxMarker(pem))
        return Status::Permanent("app.sandbox_in_production"_reason,
                                 path + " holds a sandbox certificate, and the environment is production");
  }
  return {};
}

Status CheckSellersApart(const config::v1::Config& config) {
  if (config.environment() != "production") return {};
  const auto providers = CertificatesOf(std::vector<std::string>{config.provider_api().client_ca()});
  if (!providers) return providers.status();
  const auto sellers = CertificatesOf(config.trust().sellers());
  if (!sellers) return sellers.status();
  if (!Share(*providers, *sellers)) return {};
  return Status::Permanent("app.sellers_trust"_reason,
                           "trust.sellers and provider_api.client_ca share a certificate: whoever may connect could "
                           "sign for sellers");
}

Status CheckTrustApart(const config::v1::Config& config) {
  if (config.environment() != "production") return {};
  if (Status status = CheckSellersApart(config); !status.ok()) return status;
  if (!config.admin_api().operators().empty()) return {};
  return Status::Permanent("app.operators_open"_reason,
                           "admin_api.operators is empty: name the operators' certificates and their roles");
}

Status CheckListener(const std::string& certificate, const std::string& key, const std::string& client_ca) {
  // Not to sign anything: it takes a key and a certificate that belong together, and nothing else.
  if (const auto pair = MakeXmlSigner(key, certificate); !pair)
    return Status::Permanent("app.key_mismatch"_reason, pair.status().message());
  const auto authority = CertificatesOf(std::vector<std::string>{client_ca});
  return authority ? Status() : authority.status();
}

Status CheckListeners(const config::v1::Config& config) {
  const auto& providers = config.provider_api();
  const auto& operators = config.admin_api();
  Status status = CheckListener(providers.certificate(), providers.key(), providers.client_ca());
  return status.ok() ? CheckListener(operators.certificate(), operators.key(), operators.client_ca()) : status;
}

Status CheckTrust(const config::v1::Config& config, Clock& clock) {
  const auto& trust = config.trust();
  for (const auto* files : {&trust.sellers(), &trust.authority()})
    if (const auto verifier = MakeSignatureVerifier(TrustSettings(trust, *files), clock); !verifier)
      return verifier.status();
  const auto metrics = Metrics::Make();
  const auto line = MakeSoapChannel(LineSettings(config.line()), clock, *metrics);  // connects to nothing
  return line ? Status() : line.status();
}

Result<std::string> MergeKeySets(const std::string& ours, const std::vector<std::string>& old_files) {
  const auto keys_of = [](const std::string& set) {
    const size_t begin = set.find('['), end = set.rfind(']');
    const bool usable = set.find("\"keys\"") < begin && end != std::string::npos && begin < end;
    return usable ? set.substr(begin + 1, end - begin - 1) : std::string();
  };
  std::string keys = keys_of(ours);
  for (const std::string& path : old_files) {
    const auto set = ReadFile(path);
    if (!set) return set.status();
    const std::string old = keys_of(*set);
    if (old.find("\"kid\"") == std::string::npos)
      return Status::Permanent("app.key_set"_reason, path + " is no JSON key set");
    keys += "," + old;
  }
  return "{\"keys\":[" + keys + "]}";
}

Status CheckStart(const config::v1::Config& config, Clock& clock) {
  if (Status status = CheckEnvironment(config); !status.ok()) return status;
  for (const std::string& path : {config.provider_api().certificate(), config.admin_api().certificate()})
    if (Status status = CheckCertificate(path, clock.Now()); !status.ok()) return status;
  if (Status status = CheckTrustApart(config); !status.ok()) return status;
  if (Status status = CheckListeners(config); !status.ok()) return status;
  if (Status status = CheckTrust(config, clock); !status.ok()) return status;
  if (const auto key = ReadMessageIdKey(config.message_id().key_file()); !key) return key.status();
  const auto sealer = Sealer::Load(config.seal().key_file());
  if (!sealer) return sealer.status();
  const auto& old = config.seal().old_key_sets();
  const auto keys = MergeKeySets((*sealer)->KeySetJson(), {old.begin(), old.end()});
  return keys ? Status() : keys.status();
}

}  // namespace tvan
