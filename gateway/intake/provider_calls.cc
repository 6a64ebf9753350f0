#include "gateway/intake/provider_calls.h"

#include <utility>

#include "gateway/intake/caller.h"
#include "gateway/intake/payer.h"

namespace tvan {

ProviderCalls::Caller ProviderCalls::Take(grpc::CallbackServerContext& context) const {
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

Asked* ProviderCalls::NewAsked(grpc::CallbackServerContext& context, const ProviderId& payer) const {
  CutOffWhenOverrun(context, payer);
  return new Asked(parts_.unread, payer);
}

void ProviderCalls::CutOffWhenOverrun(grpc::CallbackServerContext& context, const ProviderId& payer) const {
  if (parts_.unread.IsOverrun(payer)) context.TryCancel();
}

grpc::Status ProviderCalls::Welcome(const grpc::CallbackServerContext& context, ProviderId& payer) const {
  const std::string certificate = FingerprintOf(context, parts_.digester);
  const auto provider = parts_.pipeline.Identify(certificate);
  payer = PayerOf(provider, certificate);
  if (!provider) return ToGrpc(provider.status());
  return parts_.unread.HasRoom(payer) ? grpc::Status::OK : Unread(payer);
}

grpc::ServerUnaryReactor* ProviderCalls::Ask(grpc::CallbackServerContext* context, Question question,
                                             const google::protobuf::Message* response) const {
  const Caller caller = Take(*context);
  if (!caller.welcome) return caller.asked;
  std::shared_ptr<InFlight::Place> place;
  if (parts_.reading.TryEnter(*caller.provider, options_.max_reads_per_provider, place) != InFlight::Entry::kTaken)
    return caller.asked->Answer(TooMany(*caller.provider, "questions at a time")), caller.asked;
  const bool taken = parts_.reads.TrySubmit([this, asked = caller.asked, provider = *caller.provider, response,
                                             place = std::move(place), question = std::move(question)]() mutable {
    // A large answer is not made while others of this provider wait to be read.
    if (response != nullptr && !parts_.unread.HasRoom(provider)) return place.reset(), asked->Answer(Unread(provider));
    const Status status = question(provider);
    place.reset();  // who has the answer may ask again
    asked->Answer(status.ok() ? grpc::Status::OK : ToGrpc(status, options_.retry_delay), response);
  });
  if (!taken)
    caller.asked->Answer(
        ToGrpc(Status::Transient("intake.overloaded"_reason, "too many questions wait"), options_.retry_delay));
  return caller.asked;
}

grpc::Status ProviderCalls::Refusal(const ProviderId& provider, Reason reason, const std::string& text) const {
  parts_.metrics
      .GetCounter("tvan_intake_refused_total", "Calls refused before anything was done for them, by reason",
                  {{"reason", std::string(reason.text())}})
      .Add();
  return ToGrpc(Status::Transient(reason, text), options_.retry_delay, "provider:" + provider.value());
}

grpc::Status ProviderCalls::TooMany(const ProviderId& provider, const std::string& what) const {
  return Refusal(provider, "intake.provider_overloaded"_reason, "this provider has too many " + what);
}

grpc::Status ProviderCalls::Unread(const ProviderId& provider) const {
  return Refusal(provider, "intake.unread_answers"_reason, "clients of this provider ask and do not read the answers");
}

}  // namespace tvan
