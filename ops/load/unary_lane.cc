#include <deque>
#include <mutex>
#include <unordered_map>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "ops/load/lane.h"

namespace tvan::load {
namespace {

class UnaryLane final : public Lane {
 public:
  explicit UnaryLane(const Options& options) : options_(options), stub_(v1::RelayService::NewStub(options.channel)) {}

  void Start() override {}
  void Offer(const Job& job) override {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(job);
    Next();
  }
  void Close() override {
    bool ended = false;
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      ended = EndsNow();
    }
    if (ended) options_.user->OnEnd(*this, grpc::Status::OK);
  }
  void Cancel() override {
    {
      const std::lock_guard lock(mutex_);
      waiting_.clear();
      for (const auto& [call, owned] : calls_) call->context.TryCancel();
    }
    Close();
  }

 private:
  struct Call final : Event {
    explicit Call(UnaryLane& owner) : lane(owner) {}
    void Happened(bool) override { lane.Ended(*this); }
    UnaryLane& lane;
    Job job;
    grpc::ClientContext context;
    v1::SubmitMessageResponse response;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<v1::SubmitMessageResponse>> reader;
  };

  // Begins calls while there is room; under the lock.
  void Next() {
    while (!waiting_.empty() && calls_.size() < options_.in_flight) {
      auto call = std::make_unique<Call>(*this);
      call->job = waiting_.front();
      waiting_.pop_front();
      request_.set_request_id(std::to_string(call->job.index));
      request_.mutable_document()->set_tdiep(std::string(options_.corpus->At(call->job.index).bytes));
      call->reader = stub_->AsyncSubmitMessage(&call->context, request_, options_.queue);
      call->reader->Finish(&call->response, &call->status, call.get());
      Call* const key = call.get();
      calls_.emplace(key, std::move(call));
    }
  }

  void Ended(Call& call) {
    if (call.status.ok())
      options_.user->OnAnswer(*this, call.job, call.response);
    else
      options_.user->OnTrouble(*this, call.job, TroubleOf(call.status));
    bool ended = false;
    {
      const std::lock_guard lock(mutex_);
      calls_.erase(&call);
      Next();
      ended = EndsNow();
    }
    if (ended) options_.user->OnEnd(*this, grpc::Status::OK);
  }

  bool EndsNow() {
    if (!closing_ || ended_ || !calls_.empty() || !waiting_.empty()) return false;
    ended_ = true;
    return true;
  }

  const Options options_;
  const std::unique_ptr<v1::RelayService::Stub> stub_;
  std::mutex mutex_;  // guards what follows
  v1::SubmitMessageRequest request_;
  std::deque<Job> waiting_;
  std::unordered_map<Call*, std::unique_ptr<Call>> calls_;
  bool closing_ = false, ended_ = false;
};

}  // namespace

Trouble TroubleOf(const grpc::Status& status) {
  Trouble trouble{status.error_code(), status.error_message(), {}};
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return trouble;
  for (const auto& any : details.details()) {
    google::rpc::RetryInfo retry;
    google::rpc::ErrorInfo info;
    if (any.UnpackTo(&retry))
      trouble.retry_after =
          Span(retry.retry_delay().seconds() * 1'000'000 + int64_t{retry.retry_delay().nanos()} / 1000);
    else if (any.UnpackTo(&info))
      trouble.reason = info.reason();
  }
  return trouble;
}

std::unique_ptr<Lane> MakeUnaryLane(const Lane::Options& options) { return std::make_unique<UnaryLane>(options); }

}  // namespace tvan::load
