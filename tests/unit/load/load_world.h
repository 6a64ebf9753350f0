#pragma once
// For the tests of tvan-load: a sandbox's CA of sellers, server and provider certificates, a small corpus, and a
// gateway that does what a test says. Everything is made at run time and removed with its folder.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "adapters/signature.h"
#include "adapters/signature/pki.h"
#include "gateway/core/clock.h"
#include "ops/load/corpus.h"
#include "ops/load/corpus_maker.h"
#include "tests/unit/core/temp_folder.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan::load {

// A sandbox folder with what tvan-load reads of it.
class LoadSandbox {
 public:
  LoadSandbox() {
    std::filesystem::create_directories(folder() + "/pki");
    const int64_t second = clock_->Now().us / 1'000'000 * 1'000'000;
    validity_.not_before = Time{second - 86'400'000'000};
    validity_.not_after = Time{second + 86'400'000'000};
    auto ca = SandboxCa::Create("sellers", PkiKey::kEcP256, validity_);
    TVAN_CHECK(ca.ok());
    ca_ = *std::move(ca);
    TVAN_CHECK(WritePem(folder() + "/pki/sellers-ca.key", ca_->pem().key_pem, PemKind::kSecret).ok());
    TVAN_CHECK(WritePem(folder() + "/pki/sellers-ca.pem", ca_->pem().certificate_pem, PemKind::kPublic).ok());
    spec_.sandbox = folder();
    spec_.provider_mst = "0100000011";
    spec_.tvan_mst = "0109999999";
    spec_.sellers = 3;
    spec_.key = PkiKey::kEcP256;
  }
  std::string folder() const { return temp_.File("sandbox"); }
  Clock& clock() { return *clock_; }
  const CorpusSpec& spec() const { return spec_; }
  std::string corpus_folder() const { return *CorpusFolder(folder() + "/corpus", spec_); }

  CorpusMade Make(size_t count) {
    const auto made = MakeCorpus(corpus_folder(), spec_, {count, 2, {}}, *clock_);
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    return made.ok() ? *made : CorpusMade();
  }
  std::unique_ptr<Corpus> Open() const {
    auto corpus = Corpus::Open(corpus_folder());
    TVAN_CHECK(corpus.ok());
    return *std::move(corpus);
  }
  // A certificate of the CA above, for TLS.
  KeyAndCertificate Issue(PkiUse use) const {
    CertificateSpec spec;
    spec.common_name = "localhost";
    spec.use = use;
    spec.validity = validity_;
    auto made = ca_->Issue(spec);
    TVAN_CHECK(made.ok());
    return *std::move(made);
  }
  const std::string& ca_pem() const { return ca_->pem().certificate_pem; }

 private:
  TempFolder temp_;
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  PkiValidity validity_;
  std::unique_ptr<SandboxCa> ca_;
  CorpusSpec spec_;
};

// Answers by `behave`(request, which try of this request it is); nullopt: the stream ends in error, the call fails.
class PretendedGateway final : public v1::RelayService::Service {
 public:
  using Behaviour = std::function<std::optional<v1::SubmitMessageResponse>(const v1::SubmitMessageRequest&, int)>;
  PretendedGateway(const LoadSandbox& sandbox, Behaviour behave);
  ~PretendedGateway() override;
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }
  // A whole receipt of the document in the request.
  static v1::SubmitMessageResponse ReceiptOf(const v1::SubmitMessageRequest& request);

  grpc::Status SubmitMessages(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::SubmitMessageResponse, v1::SubmitMessageRequest>* stream) override;
  grpc::Status SubmitMessage(grpc::ServerContext* context, const v1::SubmitMessageRequest* request,
                             v1::SubmitMessageResponse* response) override;

 private:
  std::optional<v1::SubmitMessageResponse> Answer(const v1::SubmitMessageRequest& request);
  const Behaviour behave_;
  int port_ = 0;
  std::mutex mutex_;
  std::map<std::string, int> tries_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace tvan::load
