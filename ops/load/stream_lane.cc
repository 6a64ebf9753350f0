#include <charconv>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "ops/load/lane.h"

namespace tvan::load {
namespace {

class StreamLane final : public Lane {
 public:
  explicit StreamLane(const Options& options) : options_(options), stub_(v1::RelayService::NewStub(options.channel)) {}

  void Start() override { stream_ = stub_->AsyncSubmitMessages(&context_, options_.queue, &started_); }

  void Offer(const Job& job) override {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(job);
    Next();
  }
  void Close() override {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    Next();
  }
  void Cancel() override { context_.TryCancel(); }

 private:
  // An event of this lane, as a tag of the queue.
  struct Call final : Event {
    using Handler = void (StreamLane::*)(bool);
    Call(StreamLane& lane, Handler handler) : lane_(lane), handler_(handler) {}
    void Happened(bool ok) override { (lane_.*handler_)(ok); }
    StreamLane& lane_;
    const Handler handler_;
  };

  // Writes the next message if there is room, or half-closes; under the lock. One write at a time.
  void Next() {
    if (!open_ || writing_ || half_closed_) return;
    if (!waiting_.empty() && on_the_way_.size() < options_.in_flight) {
      const Job job = waiting_.front();
      waiting_.pop_front();
      on_the_way_.emplace(job.index, job);
      request_.set_request_id(std::to_string(job.index));
      request_.mutable_document()->set_tdiep(std::string(options_.corpus->At(job.index).bytes));
      writing_ = true;
      const bool more = !waiting_.empty() && on_the_way_.size() < options_.in_flight;
      stream_->Write(request_, more ? grpc::WriteOptions().set_buffer_hint() : grpc::WriteOptions(), &written_);
    } else if (closing_ && waiting_.empty() && on_the_way_.empty()) {
      half_closed_ = writing_ = true;
      stream_->WritesDone(&written_);
    }
  }

  void OnStarted(bool ok) {
    {
      const std::lock_guard lock(mutex_);
      open_ = ok;
      Next();
    }
    stream_->Read(&response_, &read_);  // not ok: ends at once, and Finish says why
  }

  void OnWritten(bool ok) {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) open_ = false;  // the read ends as well
    Next();
  }

  void OnRead(bool ok) {
    if (!ok) return End();
    Job job{kNoJob, {}};
    if (!Take(job)) {
      options_.user->OnTrouble(*this, job, {grpc::StatusCode::INTERNAL, "an answer to nothing that is on its way", {}});
    } else if (response_.has_error()) {
      const v1::StreamError& error = response_.error();
      options_.user->OnTrouble(*this, job,
                               {static_cast<grpc::StatusCode>(error.code()), error.reason(),
                                std::chrono::milliseconds(error.retry_after_ms())});
    } else {
      options_.user->OnAnswer(*this, job, response_);
    }
    {
      const std::lock_guard lock(mutex_);
      Next();
    }
    stream_->Read(&response_, &read_);
  }

  // Nothing is written any more; what is on its way stays unanswered.
  void End() {
    {
      const std::lock_guard lock(mutex_);
      open_ = false;
    }
    stream_->Finish(&status_, &finished_);
  }

  // The job that the response in hand answers.
  bool Take(Job& job) {
    uint32_t index = 0;
    const std::string& id = response_.request_id();
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), index);
    if (error != std::errc() || end != id.data() + id.size()) return false;
    const std::lock_guard lock(mutex_);
    const auto found = on_the_way_.find(index);
    if (found == on_the_way_.end()) return false;
    job = found->second;
    on_the_way_.erase(found);
    return true;
  }

  void OnFinished(bool) { options_.user->OnEnd(*this, status_); }

  const Options options_;
  const std::unique_ptr<v1::RelayService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<v1::SubmitMessageRequest, v1::SubmitMessageResponse>> stream_;
  Call started_{*this, &StreamLane::OnStarted}, written_{*this, &StreamLane::OnWritten};
  Call read_{*this, &StreamLane::OnRead}, finished_{*this, &StreamLane::OnFinished};
  v1::SubmitMessageResponse response_;  // of the read under way
  grpc::Status status_;

  std::mutex mutex_;  // guards what follows, and that there is one write at a time
  v1::SubmitMessageRequest request_;
  std::deque<Job> waiting_;
  std::unordered_map<uint32_t, Job> on_the_way_;
  bool open_ = false, writing_ = false, closing_ = false, half_closed_ = false;
};

}  // namespace

std::unique_ptr<Lane> MakeStreamLane(const Lane::Options& options) { return std::make_unique<StreamLane>(options); }

}  // namespace tvan::load
