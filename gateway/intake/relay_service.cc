#include "gateway/intake/relay_service.h"

#include <utility>

#include "gateway/core/utf8.h"
#include "gateway/intake/caller.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/payer.h"
#include "gateway/intake/provider_calls.h"
#include "gateway/intake/submit_stream.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

// A stream that ends at once. It counts as unread as long as that takes.
class RefusedStream : public grpc::ServerBidiReactor<v1::SubmitMessageRequest, v1::SubmitMessageResponse> {
 public:
  RefusedStream(Allowance& unread, const ProviderId& provider, const grpc::Status& status) : share_(unread, provider) {
    share_.SetRefused();
    Finish(status);
  }
  void OnDone() override { delete this; }

 private:
  Allowance::Share share_;
};

// A request stays with gRPC until its answer is read; its document does not.
template <class Request>
v1::Document Unload(const Request* request) {
  return std::move(*const_cast<Request*>(request)->mutable_document());
}

class RelayServiceImpl final : public v1::RelayService::CallbackService {
 public:
  RelayServiceImpl(RelayOptions options, RelayParts parts)
      : options_(std::move(options)),
        parts_(parts),
        calls_({options_.retry_delay, options_.max_reads_per_provider},
               {parts.pipeline, parts.digester, parts.reads, parts.reading, parts.unread, parts.metrics}) {}

  ServerUnaryReactor* SubmitMessage(CallbackServerContext* context, const v1::SubmitMessageRequest* request,
                                    v1::SubmitMessageResponse* response) override {
    ProviderCalls::Caller caller = calls_.Take(*context);
    if (!caller.welcome) return caller.asked;
    auto input = FromProto(Unload(request), std::move(caller.certificate));
    if (!input) return caller.asked->Answer(ToGrpc(input.status())), caller.asked;
    response->set_request_id(std::string(CutUtf8(request->request_id(), 64)));
    parts_.pipeline.Submit(*std::move(input), [asked = caller.asked, response](SubmitOutcome outcome) {
      if (outcome.kind == SubmitOutcome::Kind::kFailure)
        return asked->Answer(ToGrpc(outcome.failure, outcome.retry_after, outcome.quota_subject));
      ToProto(std::move(outcome), *response);  // gives the place in flight back: who has the answer may submit
      asked->Answer(grpc::Status::OK, response);
    });
    return caller.asked;
  }

  grpc::ServerBidiReactor<v1::SubmitMessageRequest, v1::SubmitMessageResponse>* SubmitMessages(
      CallbackServerContext* context) override {
    ProviderId provider;
    if (const grpc::Status status = calls_.Welcome(*context, provider); !status.ok())
      return RefuseStream(*context, provider, status);
    std::shared_ptr<InFlight::Place> place;
    if (parts_.streams.TryEnter(provider, options_.max_streams_per_provider, place) != InFlight::Entry::kTaken)
      return RefuseStream(*context, provider, calls_.TooMany(provider, "open SubmitMessages streams"));
    return new SubmitStream({options_.max_in_flight_per_stream, options_.retry_delay}, parts_.pipeline,
                            FingerprintOf(*context, parts_.digester), std::move(place), {parts_.unread, provider});
  }

  ServerUnaryReactor* CheckMessage(CallbackServerContext* context, const v1::CheckMessageRequest* request,
                                   v1::CheckMessageResponse* response) override {
    ProviderCalls::Caller caller = calls_.Take(*context);
    if (!caller.welcome) return caller.asked;
    auto input = FromProto(Unload(request), std::move(caller.certificate));
    if (!input) return caller.asked->Answer(ToGrpc(input.status())), caller.asked;
    parts_.pipeline.Check(*std::move(input), [asked = caller.asked, response](CheckOutcome outcome) {
      if (!outcome.failure.ok())
        return asked->Answer(ToGrpc(outcome.failure, outcome.retry_after, outcome.quota_subject));
      response->set_acceptable(outcome.acceptable);
      ToProto(outcome.findings, *response->mutable_findings());
      asked->Answer(grpc::Status::OK, response);
    });
    return caller.asked;
  }

  ServerUnaryReactor* GetMessage(CallbackServerContext* context, const v1::GetMessageRequest* request,
                                 v1::GetMessageResponse* response) override {
    const auto ask = [this, request, response](const ProviderId& provider) {
      return Put(parts_.queries.Get(provider, *request), *response);
    };
    return calls_.Ask(context, ask, response);
  }

  ServerUnaryReactor* ListMessages(CallbackServerContext* context, const v1::ListMessagesRequest* request,
                                   v1::ListMessagesResponse* response) override {
    const auto ask = [this, request, response](const ProviderId& provider) {
      return Put(parts_.queries.List(provider, *request), *response);
    };
    return calls_.Ask(context, ask, response);
  }

  ServerUnaryReactor* VoidMessage(CallbackServerContext* context, const v1::VoidMessageRequest* request,
                                  v1::VoidMessageResponse* response) override {
    return calls_.Ask(context, [this, request, response](const ProviderId& provider) {
      return Put(parts_.withdrawals.Void(provider, *request), *response);
    });
  }

  ServerUnaryReactor* WithdrawMessage(CallbackServerContext* context, const v1::WithdrawMessageRequest* request,
                                      v1::WithdrawMessageResponse* response) override {
    return calls_.Ask(context, [this, request, response](const ProviderId& provider) {
      return Put(parts_.withdrawals.Withdraw(provider, *request), *response);
    });
  }

  ServerUnaryReactor* GetAccount(CallbackServerContext* context, const v1::GetAccountRequest*,
                                 v1::GetAccountResponse* response) override {
    const auto ask = [this, certificate = CertificateOf(*context), response](const ProviderId& provider) {
      return Put(parts_.accounts.Of(provider, parts_.caller_of(certificate, parts_.digester)), *response);
    };
    return calls_.Ask(context, ask, response);
  }

  ServerUnaryReactor* GetKeySet(CallbackServerContext* context, const v1::GetKeySetRequest*,
                                v1::GetKeySetResponse* response) override {
    const std::string certificate = FingerprintOf(*context, parts_.digester);
    const ProviderId payer = PayerOf(parts_.pipeline.Identify(certificate), certificate);
    Asked* const asked = calls_.NewAsked(*context, payer);
    if (!parts_.unread.HasRoom(payer)) return asked->Answer(calls_.Unread(payer)), asked;
    response->set_json(options_.key_set_json);
    return asked->Answer(grpc::Status::OK, response), asked;
  }

 private:
  template <class Response>
  static Status Put(Result<Response> result, Response& response) {
    if (!result) return result.status();
    response = *std::move(result);
    return {};
  }

  RefusedStream* RefuseStream(CallbackServerContext& context, const ProviderId& payer, const grpc::Status& status) {
    calls_.CutOffWhenOverrun(context, payer);
    return new RefusedStream(parts_.unread, payer, status);
  }

  const RelayOptions options_;
  const RelayParts parts_;
  const ProviderCalls calls_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRelayService(RelayOptions options, RelayParts parts) {
  return std::make_unique<RelayServiceImpl>(std::move(options), parts);
}

}  // namespace tvan
