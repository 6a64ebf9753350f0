#include "gateway/app/certificate_ends.h"

#include "adapters/signature/pki.h"
#include "gateway/app/pem_files.h"

namespace tvan {
namespace {

enum class Old { kShown, kLeftOut };

void AddEnds(const std::string& what, const std::string& name, const std::string& path, Time now, Old old,
             std::vector<NightScreen::Ending>& ends) {
  const auto unreadable = [&](const std::string& why) { ends.push_back({what, name, Time{}, why}); };
  const auto text = ReadFile(path);
  if (!text) return unreadable(text.status().message());
  const std::vector<std::string> certificates = SplitPem(*text);
  if (certificates.empty()) unreadable(path + " holds no certificate");
  for (const std::string& pem : certificates) {
    const auto validity = CertificateValidity(pem);
    if (!validity)
      unreadable(path + ": " + validity.status().message());
    else if (old == Old::kShown || validity->not_after > now)
      ends.push_back({what, name, validity->not_after});
  }
}

std::string FileName(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

std::vector<NightScreen::Ending> CertificateEnds(const config::v1::Config& config, Time now) {
  std::vector<NightScreen::Ending> ends;
  AddEnds("certificate", "provider_api", config.provider_api().certificate(), now, Old::kShown, ends);
  AddEnds("certificate", "admin_api", config.admin_api().certificate(), now, Old::kShown, ends);
  AddEnds("certificate", "line", config.line().certificate(), now, Old::kShown, ends);
  AddEnds("trust", "line", config.line().ca(), now, Old::kLeftOut, ends);
  AddEnds("trust", "provider_api", config.provider_api().client_ca(), now, Old::kLeftOut, ends);
  AddEnds("trust", "admin_api", config.admin_api().client_ca(), now, Old::kLeftOut, ends);
  for (const auto* list : {&config.trust().sellers(), &config.trust().authority()})
    for (const std::string& path : *list) AddEnds("trust", FileName(path), path, now, Old::kLeftOut, ends);
  return ends;
}

}  // namespace tvan
