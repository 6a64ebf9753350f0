#include "ops/load/lane_pool.h"

#include <algorithm>

namespace tvan::load {

Status LanePool::Connect(const Peer& peer, uint32_t lanes) {
  for (uint32_t i = 0; i < lanes; ++i) {
    auto channel = ConnectTo(peer);
    if (!channel.ok()) return channel.status();
    channels_.push_back(*std::move(channel));
  }
  return {};
}

void LanePool::Start(const Options& options, const Corpus& corpus, LaneUser& user) {
  for (unsigned t = 0; t < std::max(1u, options.threads); ++t)
    queues_.push_back(std::make_unique<grpc::CompletionQueue>());
  for (size_t i = 0; i < channels_.size(); ++i) {
    const Lane::Options lane{options.in_flight, &corpus, &user, queues_[i % queues_.size()].get(), channels_[i]};
    lanes_.push_back(options.kind == LaneKind::kStream ? MakeStreamLane(lane) : MakeUnaryLane(lane));
    lanes_.back()->Start();
  }
  for (const auto& queue : queues_)
    threads_.emplace_back([&queue] {
      void* tag = nullptr;
      for (bool ok = false; queue->Next(&tag, &ok);) static_cast<Event*>(tag)->Happened(ok);
    });
}

void LanePool::Close() {
  for (const auto& lane : lanes_) lane->Close();
}

void LanePool::Cancel() {
  for (const auto& lane : lanes_) lane->Cancel();
}

LanePool::~LanePool() {
  for (const auto& queue : queues_) queue->Shutdown();  // nothing may begin after this: all lanes have ended
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace tvan::load
