#include "gateway/app/certificate_ends.h"

#include "adapters/signature/pki.h"
#include "gateway/app/pem_files.h"

namespace tvan {
namespace {

enum class Old { kShown, kLeftOut };

using Endings = std::vector<NightScreen::Ending>;

struct Source {
  std::string what, name, path;
};

void AddText(const Source& source, const std::string& text, Time now, Old old, Endings& ends) {
  const auto unreadable = [&](const std::string& why) { ends.push_back({source.what, source.name, Time{}, why}); };
  const std::vector<std::string> certificates = SplitPem(text);
  if (certificates.empty()) unreadable(source.path + " holds no certificate");
  for (const std::string& pem : certificates) {
    const auto validity = CertificateValidity(pem);
    if (!validity)
      unreadable(source.path + ": " + validity.status().message());
    else if (old == Old::kShown || validity->not_after > now)
      ends.push_back({source.what, source.name, validity->not_after});
  }
}

void AddFile(const Source& source, Time now, Old old, Endings& ends) {
  const auto text = ReadFile(source.path);
  if (!text)
    ends.push_back({source.what, source.name, Time{}, text.status().message()});
  else
    AddText(source, *text, now, old, ends);
}

void AddRefused(const std::string& what, const std::string& name, const std::string& why, Endings& ends) {
  ends.push_back({what, name, Time{}, "the files are not in force: " + why});
}

// A listener, or the line.
void AddOurs(const Source& certificate, const std::string& ca_path, const std::optional<CredentialsInForce>& in_force,
             Time now, Endings& ends) {
  const Source trust{"trust", certificate.name, ca_path};
  if (!in_force) {
    AddFile(certificate, now, Old::kShown, ends);
    return AddFile(trust, now, Old::kLeftOut, ends);
  }
  AddText(certificate, in_force->certificate_pem, now, Old::kShown, ends);
  AddText(trust, in_force->ca_pem, now, Old::kLeftOut, ends);
  if (!in_force->refused.empty()) AddRefused(certificate.what, certificate.name, in_force->refused, ends);
}

std::string FileName(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

Endings CertificateEnds(const config::v1::Config& config, Time now, const AllInForce& in_force) {
  const auto& providers = config.provider_api();
  const auto& operators = config.admin_api();
  Endings ends;
  AddOurs({"certificate", "provider_api", providers.certificate()}, providers.client_ca(), in_force.provider_api, now,
          ends);
  AddOurs({"certificate", "admin_api", operators.certificate()}, operators.client_ca(), in_force.admin_api, now, ends);
  AddOurs({"certificate", "line", config.line().certificate()}, config.line().ca(), in_force.line, now, ends);
  for (const auto* list : {&config.trust().sellers(), &config.trust().authority()})
    for (const std::string& path : *list) AddFile({"trust", FileName(path), path}, now, Old::kLeftOut, ends);
  for (const auto& [list, why] : in_force.trust_refused) AddRefused("trust", list, why, ends);
  return ends;
}

}  // namespace tvan
