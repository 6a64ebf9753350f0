#include "gateway/feedback/feedback_service.h"

#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "gateway/feedback/feedback_service_failure.h"
#include "gateway/feedback/feedback_service_pages.h"
#include "gateway/feedback/feedback_service_stream.h"
#include "proto/asked.h"
#include "tvan/v1/feedback.grpc.pb.h"

namespace tvan {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class RefusedFeedback : public grpc::ServerBidiReactor<v1::StreamFeedbackRequest, v1::StreamFeedbackResponse> {
 public:
  RefusedFeedback(Allowance& unread, const ProviderId& provider, const grpc::Status& status)
      : share_(unread, provider) {
    share_.SetRefused();
    Finish(status);
  }
  void OnDone() override { delete this; }

 private:
  Allowance::Share share_;
};

constexpr size_t kPageBytes = 512 << 10;

class FeedbackServiceImpl final : public FeedbackService, public v1::FeedbackService::CallbackService {
 public:
  FeedbackServiceImpl(const Options& options, Parts parts)
      : options_(options),
        parts_(std::move(parts)),
        pages_(parts_.store),
        open_streams_(parts_.metrics.GetGauge("tvan_delivery_streams", "Open feedback streams")) {}

  grpc::Service& service() override { return *this; }

  void OnMailbox(const ProviderId& provider) override {
    for (const auto& stream : StreamsOf(provider)) stream->Wake();
  }

  void OnAnyMailbox() override {
    for (const auto& stream : AllStreams(/*stop=*/false)) stream->Wake();
  }

  void Stop() override {
    for (const auto& stream : AllStreams(/*stop=*/true))
      stream->End(DeliveryFailure(ShuttingDown(), options_.retry_delay));
  }

  grpc::ServerBidiReactor<v1::StreamFeedbackRequest, v1::StreamFeedbackResponse>* StreamFeedback(
      CallbackServerContext* context) override {
    auto caller = parts_.caller(*context);
    const auto provider = caller();
    CutOffWhenOverrun(*context, provider ? *provider : strangers_);
    if (!provider)
      return new RefusedFeedback(parts_.unread, strangers_, DeliveryFailure(provider.status(), options_.retry_delay));
    FeedbackStream::Parts parts{pages_,
                                parts_.reads,
                                parts_.clock,
                                parts_.unread,
                                options_.retry_delay,
                                std::move(caller),
                                [this](FeedbackStream& stream) { Remove(stream); }};
    auto stream = std::make_shared<FeedbackStream>(*provider, std::move(parts));
    stream->Start();
    if (Status status = Add(stream); !status.ok()) stream->End(DeliveryFailure(status, options_.retry_delay));
    return stream.get();
  }

  ServerUnaryReactor* ListFeedback(CallbackServerContext* context, const v1::ListFeedbackRequest* request,
                                   v1::ListFeedbackResponse* response) override {
    return Ask(context, request->cursor(), *response,
               [this, request, response](const ProviderId& provider) { return List(provider, *request, *response); });
  }

  ServerUnaryReactor* AcknowledgeFeedback(CallbackServerContext* context, const v1::AcknowledgeFeedbackRequest* request,
                                          v1::AcknowledgeFeedbackResponse* response) override {
    return Ask(context, request->cursor(), *response, [this, request, response](const ProviderId& provider) {
      return Acknowledge(provider, *request, *response);
    });
  }

 private:
  static Status ShuttingDown() {
    return Status::Transient("delivery.shutting_down"_reason, "the gateway is shutting down");
  }

  std::vector<std::shared_ptr<FeedbackStream>> AllStreams(bool stop) {
    const std::lock_guard lock(mutex_);
    stopping_ = stopping_ || stop;
    std::vector<std::shared_ptr<FeedbackStream>> streams;
    for (const auto& [provider, open] : streams_) streams.insert(streams.end(), open.begin(), open.end());
    return streams;
  }

  Status List(const ProviderId& provider, const v1::ListFeedbackRequest& request, v1::ListFeedbackResponse& response) {
    if (Status status = CheckSubscription(request.subscription()); !status.ok()) return status;
    if (request.page_size() < 0 || request.page_size() > 1000)
      return Status::Permanent("delivery.bad_request"_reason, "page_size: 1..1000");
    const auto after = pages_.After(provider, request.cursor());
    if (!after) return after.status();
    const uint32_t limit = request.page_size() == 0 ? 100 : static_cast<uint32_t>(request.page_size());
    auto page = pages_.Read(provider, *after, limit, kPageBytes);
    if (!page) return page.status();
    response.set_next_cursor(page->empty() ? request.cursor() : page->back().cursor());
    const auto position = pages_.PositionOf(provider);
    if (!position) return position.status();
    if (response.next_cursor().empty()) response.set_next_cursor(position->acknowledged());
    response.set_end_cursor(position->end());
    response.set_submit_again_from(position->submit_again_from());
    for (v1::FeedbackItem& item : *page) *response.add_items() = std::move(item);
    return {};
  }

  Status Acknowledge(const ProviderId& provider, const v1::AcknowledgeFeedbackRequest& request,
                     v1::AcknowledgeFeedbackResponse& response) {
    if (Status status = CheckSubscription(request.subscription()); !status.ok()) return status;
    if (Status status = pages_.Acknowledge(provider, request.cursor()); !status.ok()) return status;
    const auto position = pages_.PositionOf(provider);
    if (!position) return position.status();
    response.set_acknowledged(position->acknowledged());
    response.set_waiting(position->waiting());
    return {};
  }

  grpc::Status TooMany(const char* what) const {
    return DeliveryFailure(Status::Transient("delivery.overloaded"_reason, what), options_.retry_delay);
  }

  using Question = std::function<Status(const ProviderId&)>;
  ServerUnaryReactor* Ask(CallbackServerContext* context, const std::string& cursor,
                          const google::protobuf::Message& response, Question question) {
    const auto provider = parts_.caller(*context)();
    const ProviderId& payer = provider ? *provider : strangers_;
    CutOffWhenOverrun(*context, payer);
    auto* const asked = new Asked(parts_.unread, payer);
    if (!provider) return asked->Answer(DeliveryFailure(provider.status(), options_.retry_delay)), asked;
    auto place = parts_.enter_read(*provider);
    if (place == nullptr) return asked->Answer(TooMany("this provider has too many reads in flight")), asked;
    const bool taken = parts_.reads.TrySubmit([this, asked, &response, &cursor, provider = *provider,
                                               place = std::move(place), question = std::move(question)]() mutable {
      const grpc::Status status = Answered(provider, cursor, question);
      place.reset();  // who has the answer may ask again
      asked->Answer(status, &response);
    });
    if (!taken) asked->Answer(TooMany("too many reads wait"));
    return asked;
  }

  // Its refusals are not read either.
  void CutOffWhenOverrun(CallbackServerContext& context, const ProviderId& provider) const {
    if (parts_.unread.IsOverrun(provider)) context.TryCancel();
  }

  grpc::Status Answered(const ProviderId& provider, const std::string& cursor, const Question& question) {
    if (!parts_.unread.HasRoom(provider)) return TooMany("this provider has not read the answers it asked for");
    Status status = question(provider);
    const GoOn go_on = pages_.GoOnFor(provider, cursor, status);
    return status.ok() ? grpc::Status::OK : DeliveryFailure(status, options_.retry_delay, go_on);
  }

  Status Add(const std::shared_ptr<FeedbackStream>& stream) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return ShuttingDown();
    auto& open = streams_[stream->provider()];
    if (open.size() >= options_.max_streams_per_provider)
      return Status::Transient("delivery.too_many_streams"_reason,
                               "this provider has " + std::to_string(open.size()) + " streams open already");
    open.insert(stream);
    open_streams_.Add(1);
    return {};
  }

  void Remove(FeedbackStream& stream) {
    const std::lock_guard lock(mutex_);
    const auto open = streams_.find(stream.provider());
    if (open == streams_.end() || open->second.erase(stream.shared_from_this()) == 0) return;
    if (open->second.empty()) streams_.erase(open);
    open_streams_.Add(-1);
  }

  // Copies, so that no stream is called under the registry's lock.
  std::vector<std::shared_ptr<FeedbackStream>> StreamsOf(const ProviderId& provider) {
    const std::lock_guard lock(mutex_);
    const auto open = streams_.find(provider);
    if (open == streams_.end()) return {};
    return {open->second.begin(), open->second.end()};
  }

  const Options options_;
  const Parts parts_;
  const ProviderId strangers_ = ProviderId::Trusted("");  // all together: the account of who has no contract
  FeedbackPages pages_;
  Gauge& open_streams_;
  std::mutex mutex_;
  std::map<ProviderId, std::set<std::shared_ptr<FeedbackStream>>> streams_;
  bool stopping_ = false;
};

}  // namespace

std::unique_ptr<FeedbackService> FeedbackService::Make(const Options& options, Parts parts) {
  return std::make_unique<FeedbackServiceImpl>(options, std::move(parts));
}

}  // namespace tvan
