// tvan-bench-echo: RelayService over mTLS that answers every submit at once with a receipt of a given size and does
// nothing else. What a run of tvan-load costs against it is what gRPC and TLS cost, client and server.
#include <csignal>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <mutex>

#include <grpcpp/grpcpp.h>
#include <CLI/CLI.hpp>

#include "tvan/v1/relay.grpc.pb.h"

namespace tvan {
namespace {

struct Flags {
  std::string listen = "127.0.0.1:0", port_file, certificate, key, client_ca;
  size_t answer_bytes = 1500;
};

// As the gateway's: one read and one write at a time, at most 64 answers waiting.
class EchoStream final : public grpc::ServerBidiReactor<v1::SubmitMessageRequest, v1::SubmitMessageResponse> {
 public:
  explicit EchoStream(const v1::SubmitMessageResponse& answer) : answer_(answer) { StartRead(&incoming_); }

  void OnReadDone(bool ok) override {
    std::unique_lock lock(mutex_);
    if (ok) ids_.push_back(incoming_.request_id());
    reading_ = false;
    closed_ = !ok;
    Next(lock);
  }
  void OnWriteDone(bool ok) override {
    std::unique_lock lock(mutex_);
    writing_ = false;
    closed_ = closed_ || !ok;
    if (!ok) ids_.clear();
    Next(lock);
  }
  void OnDone() override { delete this; }

 private:
  void Next(std::unique_lock<std::mutex>& lock) {
    const bool write = !writing_ && !ids_.empty();
    if (write) {
      answer_.set_request_id(ids_.front());
      ids_.pop_front();
      writing_ = true;
    }
    const bool read = !reading_ && !closed_ && ids_.size() < 64;
    reading_ = reading_ || read;
    const bool finish = closed_ && !finished_ && !reading_ && !writing_ && ids_.empty();
    finished_ = finished_ || finish;
    lock.unlock();
    if (write) StartWrite(&answer_);
    if (read) StartRead(&incoming_);
    if (finish) Finish(grpc::Status::OK);
  }

  v1::SubmitMessageRequest incoming_;
  v1::SubmitMessageResponse answer_;
  std::mutex mutex_;
  std::deque<std::string> ids_;
  bool reading_ = true, writing_ = false, closed_ = false, finished_ = false;
};

class EchoService final : public v1::RelayService::CallbackService {
 public:
  explicit EchoService(size_t bytes) {
    answer_.mutable_receipt()->set_jws(std::string(bytes / 2, 'a'));
    answer_.set_ack999(std::string(bytes - bytes / 2, 'b'));
  }
  grpc::ServerBidiReactor<v1::SubmitMessageRequest, v1::SubmitMessageResponse>* SubmitMessages(
      grpc::CallbackServerContext*) override {
    return new EchoStream(answer_);
  }
  grpc::ServerUnaryReactor* SubmitMessage(grpc::CallbackServerContext* context, const v1::SubmitMessageRequest* request,
                                          v1::SubmitMessageResponse* response) override {
    *response = answer_;
    response->set_request_id(request->request_id());
    auto* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  v1::SubmitMessageResponse answer_;
};

std::string TextOf(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int Serve(const Flags& flags) {
  sigset_t ends;
  sigemptyset(&ends);
  for (const int signal : {SIGTERM, SIGINT}) sigaddset(&ends, signal);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before any thread
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = TextOf(flags.client_ca);
  tls.pem_key_cert_pairs.push_back({TextOf(flags.key), TextOf(flags.certificate)});
  EchoService service(flags.answer_bytes);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(flags.listen, grpc::SslServerCredentials(tls), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    std::cerr << "tvan-bench-echo: cannot listen on " << flags.listen << '\n';
    return 1;
  }
  std::ofstream(flags.port_file) << port << std::endl;
  int signal = 0;
  sigwait(&ends, &signal);
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app("tvan-bench-echo: what gRPC over mTLS costs by itself", "tvan-bench-echo");
  Flags flags;
  app.add_option("--listen", flags.listen, "HOST:PORT")->capture_default_str();
  app.add_option("--port-file", flags.port_file, "where the port is written")->required();
  app.add_option("--cert", flags.certificate, "PEM")->required();
  app.add_option("--key", flags.key, "PEM")->required();
  app.add_option("--client-ca", flags.client_ca, "PEM")->required();
  app.add_option("--answer-bytes", flags.answer_bytes, "of each answer, about")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return Serve(flags);
}

}  // namespace
}  // namespace tvan

int main(int argc, char** argv) { return tvan::Main(argc, argv); }
