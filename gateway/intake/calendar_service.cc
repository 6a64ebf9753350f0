#include "gateway/intake/calendar_service.h"

#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "gateway/core/log.h"
#include "gateway/intake/caller.h"
#include "gateway/intake/notice_stream.h"
#include "tvan/v1/calendar.grpc.pb.h"

namespace tvan {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class RefusedNotices : public grpc::ServerWriteReactor<v1::WatchNoticesResponse> {
 public:
  RefusedNotices(Allowance& unread, const ProviderId& payer, const grpc::Status& status) : share_(unread, payer) {
    share_.SetRefused();
    Finish(status);
  }
  void OnDone() override { delete this; }

 private:
  Allowance::Share share_;
};

class CalendarServiceImpl final : public CalendarService, public v1::CalendarService::CallbackService {
 public:
  CalendarServiceImpl(const Options& options, Parts parts)
      : options_(options),
        parts_(std::move(parts)),
        calls_(options.calls, parts_.calls),
        open_streams_(parts_.calls.metrics.GetGauge("tvan_notice_streams", "Open WatchNotices calls")) {}

  grpc::Service& service() override { return *this; }

  void OnNotice() override {
    for (const auto& stream : AllStreams()) stream->Wake();
  }

  void Stop() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    for (const auto& stream : AllStreams()) stream->End(ToGrpc(ShuttingDown(), options_.calls.retry_delay));
  }

  ServerUnaryReactor* ListWindows(CallbackServerContext* context, const v1::ListWindowsRequest* request,
                                  v1::ListWindowsResponse* response) override {
    const auto ask = [this, request, response](const ProviderId&) {
      return Put(parts_.answers.List(*request), *response);
    };
    return calls_.Ask(context, ask, response);
  }

  ServerUnaryReactor* AcknowledgeNotice(CallbackServerContext* context, const v1::AcknowledgeNoticeRequest* request,
                                        v1::AcknowledgeNoticeResponse* response) override {
    return calls_.Ask(context, [this, request, response](const ProviderId& provider) {
      return Put(parts_.answers.Acknowledge(provider, request->number()), *response);
    });
  }

  ServerUnaryReactor* GetLineStatus(CallbackServerContext* context, const v1::GetLineStatusRequest*,
                                    v1::GetLineStatusResponse* response) override {
    const ProviderCalls::Caller caller = calls_.Take(*context);
    if (!caller.welcome) return caller.asked;
    *response = parts_.answers.LineStatus();
    return caller.asked->Answer(grpc::Status::OK, response), caller.asked;
  }

  grpc::ServerWriteReactor<v1::WatchNoticesResponse>* WatchNotices(CallbackServerContext* context,
                                                                   const v1::WatchNoticesRequest* request) override {
    ProviderId provider;
    grpc::Status status = calls_.Welcome(*context, provider);
    Result<uint64_t> after = uint64_t{0};
    if (status.ok()) {
      after = parts_.answers.After(provider, request->cursor());
      if (!after) status = ToGrpc(after.status());
    }
    if (!status.ok()) return Refuse(*context, provider, status);
    const auto stream = std::make_shared<NoticeStream>(provider, PartsOf(*context));
    if (status = Add(stream); status.ok())
      stream->Start(*after);
    else
      stream->End(status);
    return stream.get();
  }

 private:
  static Status ShuttingDown() {
    return Status::Transient("intake.shutting_down"_reason, "the gateway is shutting down");
  }

  template <class Response>
  static Status Put(Result<Response> result, Response& response) {
    if (!result) return result.status();
    response = *std::move(result);
    return {};
  }

  RefusedNotices* Refuse(CallbackServerContext& context, const ProviderId& payer, const grpc::Status& status) {
    calls_.CutOffWhenOverrun(context, payer);
    return new RefusedNotices(parts_.calls.unread, payer, status);
  }

  NoticeStream::Parts PartsOf(const CallbackServerContext& context) {
    const std::string certificate = FingerprintOf(context, parts_.calls.digester);
    return {parts_.answers,
            parts_.clock,
            parts_.calls.unread,
            options_.calls.retry_delay,
            [this, certificate] { return parts_.calls.pipeline.Identify(certificate); },
            [this](const ProviderId& provider, uint64_t number) { NoteDelivered(provider, number); },
            [this](NoticeStream& stream) { Remove(stream); },
            [this](const Status& failure) { return ToGrpc(failure, options_.calls.retry_delay); }};
  }

  // Seen at once; written on the read pool. What finds no room there is forgotten by a restart, and delivered again.
  void NoteDelivered(const ProviderId& provider, uint64_t number) {
    if (!parts_.readers.Delivered(provider, number, parts_.clock.Now())) return;
    const auto write = [this, provider, number] {
      const Status written = parts_.readers.WriteDelivered(provider, number);
      if (!written.ok())
        Log(LogLevel::kWarning, "intake.notice_delivery_not_kept",
            {{"provider", provider.value()}, {"number", std::to_string(number)}, {"why", written.ToString()}});
    };
    static_cast<void>(parts_.calls.reads.TrySubmit(write));
  }

  grpc::Status Add(const std::shared_ptr<NoticeStream>& stream) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return ToGrpc(ShuttingDown(), options_.calls.retry_delay);
    auto& open = streams_[stream->provider()];
    if (open.size() >= options_.max_streams_per_provider)
      return calls_.TooMany(stream->provider(), "open WatchNotices streams");
    open.insert(stream);
    open_streams_.Add(1);
    return grpc::Status::OK;
  }

  void Remove(NoticeStream& stream) {
    const std::lock_guard lock(mutex_);
    const auto open = streams_.find(stream.provider());
    if (open == streams_.end() || open->second.erase(stream.shared_from_this()) == 0) return;
    if (open->second.empty()) streams_.erase(open);
    open_streams_.Add(-1);
  }

  // Copies, so that no stream is called under the registry's lock.
  std::vector<std::shared_ptr<NoticeStream>> AllStreams() {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<NoticeStream>> all;
    for (const auto& [provider, open] : streams_) all.insert(all.end(), open.begin(), open.end());
    return all;
  }

  const Options options_;
  const Parts parts_;
  const ProviderCalls calls_;
  Gauge& open_streams_;
  std::mutex mutex_;
  std::map<ProviderId, std::set<std::shared_ptr<NoticeStream>>> streams_;
  bool stopping_ = false;
};

}  // namespace

std::unique_ptr<CalendarService> CalendarService::Make(const Options& options, Parts parts) {
  return std::make_unique<CalendarServiceImpl>(options, std::move(parts));
}

}  // namespace tvan
