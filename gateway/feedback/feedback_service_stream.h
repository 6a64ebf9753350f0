#pragma once
// One StreamFeedback call. What the client says (Open, Credit, Acknowledge) and the reading of its mailbox are done by
// one task at a time on the read pool; gRPC's calls are made outside of the lock. Kept alive by its registry and by
// gRPC until OnDone. Internal to feedback.

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include <grpcpp/grpcpp.h>

#include "gateway/core/allowance.h"
#include "gateway/core/clock.h"
#include "gateway/core/executor.h"
#include "gateway/feedback/feedback_service_pages.h"
#include "tvan/v1/feedback.pb.h"

namespace tvan {

class FeedbackStream : public grpc::ServerBidiReactor<v1::StreamFeedbackRequest, v1::StreamFeedbackResponse>,
                       public std::enable_shared_from_this<FeedbackStream> {
 public:
  struct Parts {
    FeedbackPages& pages;
    Executor& reads;
    Clock& clock;
    Allowance& unread;
    Span retry_delay{};
    std::function<Result<ProviderId>()> caller;    // asked again for every command and every item; does not block
    std::function<void(FeedbackStream&)> on_done;  // gRPC is done with it
  };
  FeedbackStream(ProviderId provider, Parts parts);
  void Start();                          // once, when a shared_ptr owns it
  void Wake();                           // new items in the mailbox; from any thread
  void End(const grpc::Status& status);  // from any thread
  const ProviderId& provider() const { return provider_; }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  struct Step {
    bool read = false, write = false, work = false, finish = false;
  };
  Step Next();
  void TakeNext(Step& step);  // of what is to be written
  Status StillItself() const;
  void Do(const Step& step);
  void ReadStarted();
  void RestAndRetry();
  void WakeFromRest(const std::shared_ptr<FeedbackStream>& self);
  void Rested();
  void Work();
  // The four below run on the read pool, one task at a time.
  Status Obey(const v1::StreamFeedbackRequest& request, std::deque<v1::StreamFeedbackResponse>& out);
  Status Open(const v1::StreamFeedbackRequest::Open& open, std::deque<v1::StreamFeedbackResponse>& out);
  Status AddPosition(std::deque<v1::StreamFeedbackResponse>& out);
  Status ReadPage(std::deque<v1::StreamFeedbackResponse>& out);

  const ProviderId provider_;
  const Parts parts_;
  v1::StreamFeedbackRequest incoming_;
  v1::StreamFeedbackResponse outgoing_;

  // Of the working task alone (handed over by working_ under the lock).
  bool opened_ = false;
  uint64_t sent_through_ = 0;
  uint64_t credit_ = 0;

  std::mutex mutex_;
  std::shared_ptr<FeedbackStream> self_;              // gRPC's share, until OnDone
  std::optional<v1::StreamFeedbackRequest> command_;  // read, not yet obeyed; no further read meanwhile
  std::deque<v1::StreamFeedbackResponse> out_;
  Allowance::Share unread_;  // out_ and outgoing_
  size_t unread_bytes_ = 0;
  std::optional<grpc::Status> ending_;
  bool may_have_more_ = false;  // of the mailbox, since the last page began
  bool wants_items_ = false;    // open and with credit
  bool reading_ = false, writing_ = false, working_ = false;
  bool resting_ = false;  // the read pool or the allowance was full; a timer tries again
  bool half_closed_ = false, finished_ = false;
  int starting_reads_ = 0;  // decided, and not yet handed to gRPC
};

}  // namespace tvan
