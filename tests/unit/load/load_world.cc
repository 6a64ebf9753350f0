#include "tests/unit/load/load_world.h"

#include "proto/rpc_details.h"

namespace tvan::load {

PretendedGateway::PretendedGateway(const LoadSandbox& sandbox, Behaviour behave) : behave_(std::move(behave)) {
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  const KeyAndCertificate own = sandbox.Issue(PkiUse::kServer);
  tls.pem_root_certs = sandbox.ca_pem();
  tls.pem_key_cert_pairs.push_back({own.key_pem, own.certificate_pem});
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  TVAN_CHECK(server_ != nullptr);
}

PretendedGateway::~PretendedGateway() {
  server_->Shutdown(gpr_now(GPR_CLOCK_MONOTONIC));
  server_->Wait();
}

v1::SubmitMessageResponse PretendedGateway::ReceiptOf(const v1::SubmitMessageRequest& request) {
  const std::string& bytes = request.document().tdiep();
  const size_t begin = bytes.find("<MTDiep>") + 8;
  v1::SubmitMessageResponse response;
  response.set_request_id(request.request_id());
  response.set_ack999("<TDiep/>");
  v1::Receipt& receipt = *response.mutable_receipt();
  receipt.set_provider_mtdiep(bytes.substr(begin, bytes.find("</MTDiep>") - begin));
  receipt.set_sha256(MakeDigester()->Sha256Of(bytes).Hex());
  receipt.set_gateway_mtdiep("V" + receipt.provider_mtdiep());
  receipt.set_jws("a.b.c");
  receipt.set_durability("FLUSHED_LOCAL");
  return response;
}

std::optional<v1::SubmitMessageResponse> PretendedGateway::Answer(const v1::SubmitMessageRequest& request) {
  const std::lock_guard lock(mutex_);
  return behave_(request, ++tries_[request.request_id()]);
}

grpc::Status PretendedGateway::SubmitMessages(
    grpc::ServerContext*, grpc::ServerReaderWriter<v1::SubmitMessageResponse, v1::SubmitMessageRequest>* stream) {
  v1::SubmitMessageRequest request;
  while (stream->Read(&request)) {
    const auto answer = Answer(request);
    if (!answer) return {grpc::StatusCode::INTERNAL, "as the test says"};
    if (!answer->request_id().empty()) stream->Write(*answer);
  }
  return grpc::Status::OK;
}

grpc::Status PretendedGateway::SubmitMessage(grpc::ServerContext*, const v1::SubmitMessageRequest* request,
                                             v1::SubmitMessageResponse* response) {
  const auto answer = Answer(*request);
  if (!answer) return {grpc::StatusCode::INTERNAL, "as the test says"};
  *response = *answer;
  if (!response->has_error()) return grpc::Status::OK;
  RpcDetails details;
  details.code = response->error().code();
  details.reason = response->error().reason();
  details.retry_after_ms = response->error().retry_after_ms();
  return {static_cast<grpc::StatusCode>(details.code), "refused", EncodeRpcDetails(details)};
}

}  // namespace tvan::load
