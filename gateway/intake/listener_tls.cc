#include "gateway/intake/listener_tls.h"

#include <utility>

#include <grpc/grpc.h>

namespace tvan {
namespace {

std::string_view TextOf(const grpc_slice& slice) {
  return {reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(slice)), GRPC_SLICE_LENGTH(slice)};
}

void CheckPath(void* serves, grpc_auth_context*, const grpc_metadata* metadata, size_t count,
               grpc_process_auth_metadata_done_cb done, void* call) {
  bool served = false;
  for (size_t i = 0; i < count; ++i)
    if (TextOf(metadata[i].key) == ":path")
      served = (*static_cast<ListenerTls::Serves*>(serves))(TextOf(metadata[i].value));
  if (served) return done(call, nullptr, 0, nullptr, 0, GRPC_STATUS_OK, nullptr);
  done(call, nullptr, 0, nullptr, 0, GRPC_STATUS_PERMISSION_DENIED, "nobody may call this method");
}

grpc_auth_metadata_processor PathsOnly(ListenerTls::Serves serves) {
  return {CheckPath, [](void* held) { delete static_cast<ListenerTls::Serves*>(held); },
          new ListenerTls::Serves(std::move(serves))};
}

// gRPC's C++ has no credentials that change; its core has had them for long.
class ChangingCredentials : public grpc::ServerCredentials {
 public:
  ChangingCredentials(grpc_ssl_server_certificate_config_callback fetch, void* from, ListenerTls::Serves serves)
      : core_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, fetch, from))) {
    if (serves) grpc_server_credentials_set_auth_metadata_processor(core_, PathsOnly(std::move(serves)));
  }
  ~ChangingCredentials() override { grpc_server_credentials_release(core_); }
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}  // it has its own

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), core_);
  }
  grpc_server_credentials* const core_;
};

}  // namespace

ListenerTls::ListenerTls(TlsTexts texts) : shown_(std::make_shared<const TlsTexts>(std::move(texts))) {}

void ListenerTls::Show(TlsTexts texts) {
  auto next = std::make_shared<const TlsTexts>(std::move(texts));
  const std::lock_guard lock(mutex_);
  shown_ = std::move(next);
}

std::shared_ptr<const TlsTexts> ListenerTls::shown() const {
  const std::lock_guard lock(mutex_);
  return shown_;
}

// Asked at every handshake; gRPC keeps what it has while this says that nothing changed.
grpc_ssl_certificate_config_reload_status ListenerTls::Fetch(void* self, grpc_ssl_server_certificate_config** config) {
  auto& tls = *static_cast<ListenerTls*>(self);
  const auto texts = tls.shown();
  if (texts == tls.fetched_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  const grpc_ssl_pem_key_cert_pair pair = {texts->key_pem.c_str(), texts->certificate_pem.c_str()};
  *config = grpc_ssl_server_certificate_config_create(texts->client_ca_pem.c_str(), &pair, 1);
  tls.fetched_ = texts;
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

std::shared_ptr<grpc::ServerCredentials> ListenerTls::Credentials(Serves serves) {
  return std::make_shared<ChangingCredentials>(&ListenerTls::Fetch, this, std::move(serves));
}

}  // namespace tvan
