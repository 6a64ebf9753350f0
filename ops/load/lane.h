#pragma once
// One connection to the gateway, with at most `in_flight` messages on the way; what is offered beyond waits its turn in
// the lane. Events of a completion queue drive it; Offer and Close may come from any thread. The user is called on the
// queue's thread (never under the lane's lock), and must outlive the queue's last event.

#include <functional>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/time.h"
#include "ops/load/agenda.h"
#include "ops/load/corpus.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan::load {

inline constexpr uint32_t kNoJob = UINT32_MAX;  // in OnTrouble: an answer that belongs to nothing on its way

// Why a message got neither receipt nor rejection.
struct Trouble {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string reason;  // room.what, or gRPC's message
  Span retry_after{0};
  // The server refused for lack of room and nothing happened; to be offered again after retry_after.
  bool overload() const { return code == grpc::StatusCode::RESOURCE_EXHAUSTED || retry_after.count() > 0; }
};

class Lane;
class LaneUser {
 public:
  virtual ~LaneUser() = default;
  virtual void OnAnswer(Lane& lane, const Job& job, const v1::SubmitMessageResponse& answer) = 0;
  virtual void OnTrouble(Lane& lane, const Job& job, const Trouble& trouble) = 0;
  // The lane is at its end and makes no more events; OK after Close and all answers.
  virtual void OnEnd(Lane& lane, const grpc::Status& status) = 0;
};

// What a completion queue hands back.
class Event {
 public:
  virtual ~Event() = default;
  virtual void Happened(bool ok) = 0;
};

class Lane {
 public:
  struct Options {
    uint32_t in_flight = 64;
    const Corpus* corpus = nullptr;
    LaneUser* user = nullptr;
    grpc::CompletionQueue* queue = nullptr;
    std::shared_ptr<grpc::Channel> channel;
  };
  virtual ~Lane() = default;
  virtual void Start() = 0;
  virtual void Offer(const Job& job) = 0;
  virtual void Close() = 0;   // after what was offered is answered
  virtual void Cancel() = 0;  // at once; what is on the way is never answered
};
std::unique_ptr<Lane> MakeStreamLane(const Lane::Options& options);  // SubmitMessages
std::unique_ptr<Lane> MakeUnaryLane(const Lane::Options& options);   // SubmitMessage

// Of a failed call: code, google.rpc ErrorInfo and RetryInfo. Pure.
Trouble TroubleOf(const grpc::Status& status);

}  // namespace tvan::load
