#pragma once
// A whole gateway in this process, over real TLS, on RocksDB in a temporary folder, with the simulated authority beside
// it; all ports are free ones, all keys are made at run time. For the integration tests.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "adapters/signature.h"
#include "adapters/signature/pki.h"
#include "adapters/simulator/server.h"
#include "config/loader.h"
#include "gateway/app/gateway.h"
#include "tests/support/message_maker.h"
#include "tvan/admin/v1/admin.grpc.pb.h"
#include "tvan/v1/feedback.grpc.pb.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan {

template <class T>
T Take(Result<T> result) {
  if (!result.ok()) std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
  TVAN_CHECK(result.ok());
  return *std::move(result);
}

class ApiWorld {
 public:
  ApiWorld();
  ~ApiWorld();

  std::string File(const std::string& name) const { return folder_ + "/" + name; }
  void WriteFile(const std::string& name, const std::string& text) const;
  std::string ReadText(const std::string& name) const;
  // NAME.pem and NAME.key.
  void Issue(const std::string& name, PkiUse use, const PkiValidity& validity);
  // The configuration as YAML; change it before Start.
  std::string yaml;
  ConfigReport Config() const { return ParseConfig(yaml, "gateway.yaml", folder_); }

  // What the store lies on; change it before Start. None: the system's.
  std::shared_ptr<const RocksFiles> files;

  Status Start();  // the gateway; again after Stop
  void Stop() { gateway.reset(); }
  void PutContract(const std::string& provider, const std::string& certificate, const std::string& mst);
  std::shared_ptr<grpc::Channel> Channel(const std::string& client, int port) const;
  std::unique_ptr<v1::RelayService::Stub> Relay(const std::string& client) const;
  std::unique_ptr<v1::FeedbackService::Stub> Feedback(const std::string& client) const;
  std::unique_ptr<admin::v1::AdminService::Stub> Admin(const std::string& client = "operator") const;

  // A signed 203 with one invoice.
  std::string Message(int number) const;

  std::unique_ptr<Clock> clock;
  std::unique_ptr<Gateway> gateway;

 private:
  void StartAuthority();
  std::string folder_;
  PkiValidity wide_;
  std::unique_ptr<SandboxCa> ca_;
  std::unique_ptr<XmlSigner> seller_;
  // The authority's side.
  std::unique_ptr<sim::Transcript> transcript_;
  std::unique_ptr<SignatureVerifier> verifier_;
  std::unique_ptr<XmlSigner> signer_;
  std::unique_ptr<Digester> digester_;
  std::unique_ptr<XmlParser> parser_;
  std::unique_ptr<sim::Authority> authority_;
  std::unique_ptr<sim::Server> server_;
};

// The reason of a google.rpc.ErrorInfo in the status' details.
std::string ReasonOf(const grpc::Status& status);

}  // namespace tvan
