#include "gateway/app/listener_credentials.h"

#include <utility>

#include "gateway/app/pem_files.h"
#include "gateway/app/start_checks.h"

namespace tvan {
namespace {

Result<TlsTexts> ReadTexts(const ListenerCredentials::Files& files) {
  TlsTexts texts;
  for (const auto& [path, place] :
       {std::pair{&files.certificate, &texts.certificate_pem}, std::pair{&files.key, &texts.key_pem},
        std::pair{&files.client_ca, &texts.client_ca_pem}}) {
    auto text = ReadFile(*path);
    if (!text) return text.status();
    *place = *std::move(text);
  }
  return texts;
}

template <class Api>
ListenerCredentials::Files FilesOf(const char* name, const Api& api) {
  return {name, api.certificate(), api.key(), api.client_ca()};
}

}  // namespace

ListenerCredentials::Files ProviderListenerFiles(const config::v1::Config& config) {
  return FilesOf("provider_api", config.provider_api());
}
ListenerCredentials::Files AdminListenerFiles(const config::v1::Config& config) {
  return FilesOf("admin_api", config.admin_api());
}

Result<std::unique_ptr<ListenerCredentials>> ListenerCredentials::Read(const config::v1::Config& config, Files files,
                                                                       Clock& clock, Metrics& metrics) {
  auto texts = ReadTexts(files);
  if (!texts) return texts.status();
  return std::unique_ptr<ListenerCredentials>(
      new ListenerCredentials(config, std::move(files), *std::move(texts), clock, metrics));
}

ListenerCredentials::ListenerCredentials(const config::v1::Config& config, Files files, TlsTexts texts, Clock& clock,
                                         Metrics& metrics)
    : config_(config), files_(std::move(files)), clock_(clock), tls_(std::move(texts)), log_(files_.name, metrics) {}

// As a start does, of this listener alone: a fault of the other one keeps nothing from this one. Only who connects to
// providers' could sign for sellers.
Status ListenerCredentials::Check() const {
  if (Status status = CheckCertificate(files_.certificate, clock_.Now()); !status.ok()) return status;
  if (Status status = CheckListener(files_.certificate, files_.key, files_.client_ca); !status.ok()) return status;
  if (Status status = CheckSandbox(config_, {files_.certificate, files_.client_ca}); !status.ok()) return status;
  return files_.client_ca == config_.provider_api().client_ca() ? CheckSellersApart(config_) : Status();
}

CredentialsInForce ListenerCredentials::InForce() const {
  const auto shown = tls_.shown();
  return {shown->certificate_pem, shown->client_ca_pem, log_.refused()};
}

void ListenerCredentials::Look() {
  auto texts = ReadTexts(files_);
  if (!texts) return log_.Failed(texts.status());
  if (*texts == *tls_.shown()) return log_.Unchanged();
  if (Status status = Check(); !status.ok()) return log_.Failed(status);
  const auto again = ReadTexts(files_);  // what was checked is what will be shown
  if (!again || *again != *texts) return;
  tls_.Show(*std::move(texts));
  log_.Loaded();
}

}  // namespace tvan
