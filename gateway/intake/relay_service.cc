#include "gateway/intake/relay_service.h"

#include <optional>
#include <utility>

#include "gateway/core/utf8.h"
#include "gateway/intake/caller.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/payer.h"
#include "gateway/intake/submit_stream.h"
#include "proto/asked.h"
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
  RelayServiceImpl(RelayOptions options, RelayParts parts) : options_(std::move(options)), parts_(parts) {}

  ServerUnaryReactor* SubmitMessage(CallbackServerContext* context, const v1::SubmitMessageRequest* request,
                                    v1::SubmitMessageResponse* response) override {
    Caller caller = CallerOf(*context);
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
    std::string certificate = FingerprintOf(*context, parts_.digester);
    const auto provider = parts_.pipeline.Identify(certificate);
    if (!provider) return RefuseStream(*context, PayerOf(provider, certificate), ToGrpc(provider.status()));
    if (!parts_.unread.HasRoom(*provider)) return RefuseStream(*context, *provider, Unread(*provider));
    std::shared_ptr<InFlight::Place> place;
    if (parts_.streams.TryEnter(*provider, options_.max_streams_per_provider, place) != InFlight::Entry::kTaken)
      return RefuseStream(*context, *provider, TooMany(*provider, "open SubmitMessages streams"));
    return new SubmitStream({options_.max_in_flight_per_stream, options_.retry_delay}, parts_.pipeline,
                            std::move(certificate), std::move(place), {parts_.unread, *provider});
  }

  ServerUnaryReactor* CheckMessage(CallbackServerContext* context, const v1::CheckMessageRequest* request,
                                   v1::CheckMessageResponse* response) override {
    Caller caller = CallerOf(*context);
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
    return Ask(context, ask, response);
  }

  ServerUnaryReactor* ListMessages(CallbackServerContext* context, const v1::ListMessagesRequest* request,
                                   v1::ListMessagesResponse* response) override {
    const auto ask = [this, request, response](const ProviderId& provider) {
      return Put(parts_.queries.List(provider, *request), *response);
    };
    return Ask(context, ask, response);
  }

  ServerUnaryReactor* VoidMessage(CallbackServerContext* context, const v1::VoidMessageRequest* request,
                                  v1::VoidMessageResponse* response) override {
    return Ask(context, [this, request, response](const ProviderId& provider) {
      return Put(parts_.withdrawals.Void(provider, *request), *response);
    });
  }

  ServerUnaryReactor* WithdrawMessage(CallbackServerContext* context, const v1::WithdrawMessageRequest* request,
                                      v1::WithdrawMessageResponse* response) override {
    return Ask(context, [this, request, response](const ProviderId& provider) {
      return Put(parts_.withdrawals.Withdraw(provider, *request), *response);
    });
  }

  ServerUnaryReactor* GetKeySet(CallbackServerContext* context, const v1::GetKeySetRequest*,
                                v1::GetKeySetResponse* response) override {
    const std::string certificate = FingerprintOf(*context, parts_.digester);
    const ProviderId payer = PayerOf(parts_.pipeline.Identify(certificate), certificate);
    Asked* const asked = NewAsked(*context, payer);
    if (!parts_.unread.HasRoom(payer)) return asked->Answer(Unread(payer)), asked;
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

  // Who calls. Not welcome, and answered already: whom we do not know, or who has not read what it asked for before.
  struct Caller {
    std::string certificate;
    std::optional<ProviderId> provider;
    Asked* asked = nullptr;
    bool welcome = false;
  };
  Caller CallerOf(CallbackServerContext& context) {
    Caller caller;
    caller.certificate = FingerprintOf(context, parts_.digester);
    auto provider = parts_.pipeline.Identify(caller.certificate);
    caller.asked = NewAsked(context, PayerOf(provider, caller.certificate));
    if (!provider) return caller.asked->Answer(ToGrpc(provider.status())), caller;
    if (!parts_.unread.HasRoom(*provider)) return caller.asked->Answer(Unread(*provider)), caller;
    caller.provider = *std::move(provider);
    caller.welcome = true;
    return caller;
  }
  Asked* NewAsked(CallbackServerContext& context, const ProviderId& payer) {
    if (parts_.unread.IsOverrun(payer)) context.TryCancel();
    return new Asked(parts_.unread, payer);
  }
  RefusedStream* RefuseStream(CallbackServerContext& context, const ProviderId& payer, const grpc::Status& status) {
    if (parts_.unread.IsOverrun(payer)) context.TryCancel();
    return new RefusedStream(parts_.unread, payer, status);
  }
  grpc::Status Refusal(const ProviderId& provider, Reason reason, const std::string& text) const {
    parts_.metrics
        .GetCounter("tvan_intake_refused_total", "Calls refused before anything was done for them, by reason",
                    {{"reason", std::string(reason.text())}})
        .Add();
    return ToGrpc(Status::Transient(reason, text), options_.retry_delay, "provider:" + provider.value());
  }
  grpc::Status TooMany(const ProviderId& provider, const std::string& what) const {
    return Refusal(provider, "intake.provider_overloaded"_reason, "this provider has too many " + what);
  }
  grpc::Status Unread(const ProviderId& provider) const {
    return Refusal(provider, "intake.unread_answers"_reason,
                   "clients of this provider ask and do not read the answers");
  }

  // Runs a blocking question on the read pool. `response`: when its answer may be large.
  ServerUnaryReactor* Ask(CallbackServerContext* context, std::function<Status(const ProviderId&)> question,
                          const google::protobuf::Message* response = nullptr) {
    const Caller caller = CallerOf(*context);
    if (!caller.welcome) return caller.asked;
    std::shared_ptr<InFlight::Place> place;
    if (parts_.reading.TryEnter(*caller.provider, options_.max_reads_per_provider, place) != InFlight::Entry::kTaken)
      return caller.asked->Answer(TooMany(*caller.provider, "questions at a time")), caller.asked;
    const bool taken = parts_.reads.TrySubmit([this, asked = caller.asked, provider = *caller.provider, response,
                                               place = std::move(place), question = std::move(question)]() mutable {
      // A large answer is not made while others of this provider wait to be read.
      if (response != nullptr && !parts_.unread.HasRoom(provider))
        return place.reset(), asked->Answer(Unread(provider));
      const Status status = question(provider);
      place.reset();  // who has the answer may ask again
      asked->Answer(status.ok() ? grpc::Status::OK : ToGrpc(status, options_.retry_delay), response);
    });
    if (!taken)
      caller.asked->Answer(
          ToGrpc(Status::Transient("intake.overloaded"_reason, "too many questions wait"), options_.retry_delay));
    return caller.asked;
  }

  const RelayOptions options_;
  const RelayParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRelayService(RelayOptions options, RelayParts parts) {
  return std::make_unique<RelayServiceImpl>(std::move(options), parts);
}

}  // namespace tvan
