#pragma once
// The lanes of a run with the completion queues and threads that drive them. Made, started and ended by one thread.

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ops/load/connect.h"
#include "ops/load/lane.h"

namespace tvan::load {

enum class LaneKind { kStream, kUnary };

class LanePool {
 public:
  struct Options {
    LaneKind kind = LaneKind::kStream;
    uint32_t lanes = 1, in_flight = 64;  // in_flight: of each
    unsigned threads = 1;
  };
  LanePool() = default;
  ~LanePool();  // all lanes have ended (LaneUser::OnEnd)
  LanePool(const LanePool&) = delete;
  LanePool& operator=(const LanePool&) = delete;

  // Errors: load.connect.
  Status Connect(const Peer& peer, uint32_t lanes);
  void Start(const Options& options, const Corpus& corpus, LaneUser& user);
  void Close();
  void Cancel();

  size_t size() const { return lanes_.size(); }
  Lane& at(size_t i) { return *lanes_[i % lanes_.size()]; }
  const std::shared_ptr<grpc::Channel>& first_channel() const { return channels_.front(); }

 private:
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<grpc::CompletionQueue>> queues_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<std::thread> threads_;
};

}  // namespace tvan::load
