#pragma once
// What a gRPC listener of ours shows (certificate, key) and whose clients it lets in (their CA), all in PEM. They may
// be changed while it serves: handshakes that begin later see the new ones, open connections go on. Client certificates
// are required. Used by one server, which it outlives; Show from any thread.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

namespace tvan {

struct TlsTexts {
  std::string certificate_pem, key_pem, client_ca_pem;
  friend bool operator==(const TlsTexts&, const TlsTexts&) = default;
};

class ListenerTls {
 public:
  explicit ListenerTls(TlsTexts texts);
  // Texts that do not fit each other are not taken by gRPC: check them first.
  void Show(TlsTexts texts);
  std::shared_ptr<const TlsTexts> shown() const;

  // `serves`: other paths ("/package.Service/Method") are refused to everybody, whoever registered them; none: all
  // pass. Called for each call, on gRPC's threads.
  using Serves = std::function<bool(std::string_view path)>;
  std::shared_ptr<grpc::ServerCredentials> Credentials(Serves serves = nullptr);  // once

 private:
  static grpc_ssl_certificate_config_reload_status Fetch(void* self, grpc_ssl_server_certificate_config** config);

  mutable std::mutex mutex_;
  std::shared_ptr<const TlsTexts> shown_;
  std::shared_ptr<const TlsTexts> fetched_;  // by gRPC, on the one thread that hands it connections
};

}  // namespace tvan
