#include "ops/load/answers.h"

#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "tvan/v1/feedback.grpc.pb.h"

namespace tvan::load {
namespace {

constexpr uint32_t kCredit = 2000;
constexpr uint64_t kAcknowledgeEvery = 100;

class Reader final : public AnswerReader {
 public:
  Reader(std::shared_ptr<grpc::Channel> channel, const Corpus& corpus, size_t from, size_t to, Clock& clock)
      : stub_(v1::FeedbackService::NewStub(channel)), clock_(clock) {
    for (size_t i = from; i < to && i < corpus.size(); ++i) ours_.emplace(corpus.At(i).mtdiep, false);
    stream_ = stub_->StreamFeedback(&context_);
    thread_ = std::thread([this] { Read(); });
  }
  ~Reader() override {
    if (thread_.joinable()) static_cast<void>(Stop());
  }

  void WaitFor(uint64_t finals, Steady deadline) override {
    std::unique_lock lock(mutex_);
    clock_.WaitUntil(changed_, lock, deadline, [&] { return counts_.finals >= finals || ended_; });
  }

  AnswerCounts Stop() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    AcknowledgeLast();
    context_.TryCancel();
    thread_.join();
    return counts_;
  }

 private:
  void Read() {
    v1::StreamFeedbackRequest request;
    request.mutable_open()->set_credit(kCredit);
    bool open = stream_->Write(request);
    v1::StreamFeedbackResponse response;
    while (open && stream_->Read(&response)) {
      if (!response.has_item()) continue;
      const uint64_t items = Take(response.item());
      if (items % kAcknowledgeEvery != 0) continue;
      request.set_acknowledge(response.item().cursor());
      open = stream_->Write(request);
      if (open) Acknowledged(items);
      request.set_credit(kAcknowledgeEvery);
      open = open && stream_->Write(request);
    }
    const grpc::Status status = stream_->Finish();
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (!stopping_) counts_.error = status.ok() ? "the stream ended" : status.error_message();
    changed_.notify_all();
  }

  // Answers how many items came so far.
  uint64_t Take(const v1::FeedbackItem& item) {
    const Steady now = clock_.SteadyNow();
    const std::lock_guard lock(mutex_);
    if (sequence_ != 0 && item.sequence() != sequence_ + 1) ++counts_.gaps;
    sequence_ = item.sequence();
    cursor_ = item.cursor();
    const auto found = ours_.find(item.provider_mtdiep());
    const v1::AnswerVerdict verdict = item.parsed().verdict();
    const bool result = verdict != v1::ANSWER_VERDICT_RECEIVED && verdict != v1::ANSWER_VERDICT_UNSPECIFIED;
    if (found == ours_.end())
      ++counts_.foreign;
    else if (result)
      Final(found->second, now);
    changed_.notify_all();
    return ++counts_.items;
  }

  void Final(bool& seen, Steady now) {
    if (seen) {
      ++counts_.repeated;
      return;
    }
    seen = true;
    if (counts_.finals++ == 0) counts_.first_final = now;
    counts_.last_final = now;
  }

  void Acknowledged(uint64_t items) {
    const std::lock_guard lock(mutex_);
    counts_.acknowledged = items;
  }

  void AcknowledgeLast() {
    v1::AcknowledgeFeedbackRequest request;
    uint64_t items = 0;
    {
      const std::lock_guard lock(mutex_);
      request.set_cursor(cursor_);
      items = counts_.items;
    }
    if (items == 0) return;
    grpc::ClientContext context;
    v1::AcknowledgeFeedbackResponse response;
    // real deadline: of one call at the end of a run
    context.set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_seconds(10, GPR_TIMESPAN)));
    if (stub_->AcknowledgeFeedback(&context, request, &response).ok()) Acknowledged(items);
  }

  const std::unique_ptr<v1::FeedbackService::Stub> stub_;
  Clock& clock_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::StreamFeedbackRequest, v1::StreamFeedbackResponse>> stream_;
  std::thread thread_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::unordered_map<std::string_view, bool> ours_;  // MTDiep → its result has come
  AnswerCounts counts_;
  std::string cursor_;
  uint64_t sequence_ = 0;
  bool ended_ = false, stopping_ = false;
};

}  // namespace

std::unique_ptr<AnswerReader> AnswerReader::Start(std::shared_ptr<grpc::Channel> channel, const Corpus& corpus,
                                                  size_t from, size_t to, Clock& clock) {
  return std::make_unique<Reader>(std::move(channel), corpus, from, to, clock);
}

}  // namespace tvan::load
