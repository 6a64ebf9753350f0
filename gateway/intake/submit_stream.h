#pragma once
// One SubmitMessages call: every request is answered exactly once, in any order; one write is outstanding; reading
// pauses while as many requests as allowed are in flight or unread, and an answer keeps its provider's place in flight
// until its turn to be written, so that clients that do not read hold little memory. Answers count as unread; a
// provider that has no room for more has its streams read one request at a time. Whose certificate has been revoked, or
// given to nobody, is refused message by message, and after kMostRefusals in a row the stream ends with that reason:
// what was begun is answered, what came behind it is not. Deletes itself when gRPC is done with it. Internal to intake.

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/allowance.h"
#include "gateway/intake/pipeline.h"
#include "tvan/v1/relay.pb.h"

namespace tvan {

class SubmitStream : public grpc::ServerBidiReactor<v1::SubmitMessageRequest, v1::SubmitMessageResponse> {
 public:
  static constexpr uint32_t kMostRefusals = 8;  // a rotation that is a moment late ends no stream
  struct Options {
    uint32_t max_in_flight = 64;
    Span retry_delay{};
  };
  struct Payer {
    Allowance& unread;
    ProviderId provider;
  };
  // `place`: of its provider among the open streams, given back at the end.
  SubmitStream(Options options, Pipeline& pipeline, std::string certificate, std::shared_ptr<const void> place,
               Payer payer);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // What to do with gRPC once the lock is gone: its calls are never made under it.
  struct Step {
    bool read = false, write = false, finish = false;
    bool more = false;  // another answer waits behind the one to be written
  };
  Step Next();
  void Do(const Step& step);
  void ReadStarted();
  enum class Entry { kTaken, kBadId, kTooLate };
  Entry Enter(const std::string& request_id);
  void AnswerBadId(const std::string& id);
  void CountRefusal(const Status& failure);
  void Begin(v1::SubmitMessageRequest request);
  // `place`: see SubmitOutcome.
  void Answer(v1::SubmitMessageResponse response, std::shared_ptr<const void> place);
  void Fail(const std::string& request_id, const Status& failure, Span retry_after);

  const Options options_;
  Pipeline& pipeline_;
  const std::string certificate_;
  const std::shared_ptr<const void> place_;
  const Payer payer_;
  v1::SubmitMessageRequest incoming_;   // of the read that is outstanding
  v1::SubmitMessageResponse outgoing_;  // of the write that is outstanding
  std::mutex mutex_;
  std::set<std::string> in_flight_;
  struct Waiting {
    v1::SubmitMessageResponse response;
    std::shared_ptr<const void> place;
    uint64_t bytes = 0;
  };
  void Queue(v1::SubmitMessageResponse response, std::shared_ptr<const void> place);  // mutex_ held
  std::deque<Waiting> answers_;
  Allowance::Share unread_;  // answers_ and outgoing_
  uint64_t waiting_bytes_ = 0, outgoing_bytes_ = 0;
  bool reading_ = false, writing_ = false;
  bool half_closed_ = false;  // nothing more will be read
  bool broken_ = false;       // answers cannot be written any more
  bool finished_ = false;
  int starting_reads_ = 0;              // decided, and not yet handed to gRPC
  uint32_t refusals_ = 0;               // of the certificate, in a row
  std::optional<grpc::Status> ending_;  // nothing more is begun; what was begun is answered before it
};

}  // namespace tvan
