#include "gateway/intake/relay_service.h"

#include <utility>

#include "gateway/core/utf8.h"
#include "gateway/intake/caller.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/submit_stream.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

// A stream that ends at once, for a caller we do not know.
class RefusedStream : public grpc::ServerBidiReactor<v1::SubmitMessageRequest, v1::SubmitMessageResponse> {
 public:
  explicit RefusedStream(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

class RelayServiceImpl final : public v1::RelayService::CallbackService {
 public:
  RelayServiceImpl(RelayOptions options, RelayParts parts) : options_(std::move(options)), parts_(parts) {}

  ServerUnaryReactor* SubmitMessage(CallbackServerContext* context, const v1::SubmitMessageRequest* request,
                                    v1::SubmitMessageResponse* response) override {
    ServerUnaryReactor* reactor = context->DefaultReactor();
    auto input = FromProto(request->document(), FingerprintOf(*context, parts_.digester));
    if (!input) return reactor->Finish(ToGrpc(input.status())), reactor;
    response->set_request_id(std::string(CutUtf8(request->request_id(), 64)));
    parts_.pipeline.Submit(*std::move(input), [reactor, response](SubmitOutcome outcome) {
      if (outcome.kind == SubmitOutcome::Kind::kFailure)
        return reactor->Finish(ToGrpc(outcome.failure, outcome.retry_after, outcome.quota_subject));
      ToProto(std::move(outcome), *response);  // gives the place in flight back: who has the answer may submit
      reactor->Finish(grpc::Status::OK);
    });
    return reactor;
  }

  grpc::ServerBidiReactor<v1::SubmitMessageRequest, v1::SubmitMessageResponse>* SubmitMessages(
      CallbackServerContext* context) override {
    std::string certificate = FingerprintOf(*context, parts_.digester);
    const auto provider = parts_.pipeline.Identify(certificate);
    if (!provider) return new RefusedStream(ToGrpc(provider.status()));
    return new SubmitStream({options_.max_in_flight_per_stream, options_.retry_delay}, parts_.pipeline,
                            std::move(certificate));
  }

  ServerUnaryReactor* CheckMessage(CallbackServerContext* context, const v1::CheckMessageRequest* request,
                                   v1::CheckMessageResponse* response) override {
    ServerUnaryReactor* reactor = context->DefaultReactor();
    auto input = FromProto(request->document(), FingerprintOf(*context, parts_.digester));
    if (!input) return reactor->Finish(ToGrpc(input.status())), reactor;
    parts_.pipeline.Check(*std::move(input), [reactor, response](CheckOutcome outcome) {
      if (!outcome.failure.ok())
        return reactor->Finish(ToGrpc(outcome.failure, outcome.retry_after, outcome.quota_subject));
      response->set_acceptable(outcome.acceptable);
      ToProto(outcome.findings, *response->mutable_findings());
      reactor->Finish(grpc::Status::OK);
    });
    return reactor;
  }

  ServerUnaryReactor* GetMessage(CallbackServerContext* context, const v1::GetMessageRequest* request,
                                 v1::GetMessageResponse* response) override {
    return Ask(context, [this, request, response](const ProviderId& provider) {
      return Put(parts_.queries.Get(provider, *request), *response);
    });
  }

  ServerUnaryReactor* ListMessages(CallbackServerContext* context, const v1::ListMessagesRequest* request,
                                   v1::ListMessagesResponse* response) override {
    return Ask(context, [this, request, response](const ProviderId& provider) {
      return Put(parts_.queries.List(provider, *request), *response);
    });
  }

  ServerUnaryReactor* GetKeySet(CallbackServerContext* context, const v1::GetKeySetRequest*,
                                v1::GetKeySetResponse* response) override {
    ServerUnaryReactor* reactor = context->DefaultReactor();
    response->set_json(options_.key_set_json);
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  template <class Response>
  static Status Put(Result<Response> result, Response& response) {
    if (!result) return result.status();
    response = *std::move(result);
    return {};
  }

  grpc::Status TooManyQuestions(const ProviderId& provider) const {
    const std::string limit = std::to_string(options_.max_reads_per_provider);
    return ToGrpc(Status::Transient("intake.provider_overloaded"_reason,
                                    "more than " + limit + " questions of this provider at a time"),
                  options_.retry_delay, "provider:" + provider.value());
  }

  // Runs a blocking question on the read pool.
  ServerUnaryReactor* Ask(CallbackServerContext* context, std::function<Status(const ProviderId&)> question) {
    ServerUnaryReactor* reactor = context->DefaultReactor();
    const auto provider = parts_.pipeline.Identify(FingerprintOf(*context, parts_.digester));
    if (!provider) return reactor->Finish(ToGrpc(provider.status())), reactor;
    std::shared_ptr<InFlight::Place> place;
    if (parts_.reading.TryEnter(*provider, options_.max_reads_per_provider, place) != InFlight::Entry::kTaken)
      return reactor->Finish(TooManyQuestions(*provider)), reactor;
    const bool taken = parts_.reads.TrySubmit(
        [reactor, provider = *provider, place = std::move(place), question = std::move(question)]() mutable {
          const Status status = question(provider);
          place.reset();  // who has the answer may ask again
          reactor->Finish(status.ok() ? grpc::Status::OK : ToGrpc(status));
        });
    if (!taken)
      reactor->Finish(
          ToGrpc(Status::Transient("intake.overloaded"_reason, "too many questions wait"), options_.retry_delay));
    return reactor;
  }

  const RelayOptions options_;
  const RelayParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRelayService(RelayOptions options, RelayParts parts) {
  return std::make_unique<RelayServiceImpl>(std::move(options), parts);
}

}  // namespace tvan
