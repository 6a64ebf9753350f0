#pragma once
// A gateway among the others of one Redis store: hears what they did (redis_news.h), beats, and has the line while it
// is its turn (KEYS.md: members, line). One thread from Follow to Close, with two links of its own; on_owner comes from
// another one, because a server that does not answer holds the first one up. Owned by the store, which outlives it.
// All spans here are real time: they are compared with Redis' clock, which knows no other.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "store/redis/line_lease.h"
#include "store/redis/redis_backend.h"
#include "store/shared.h"

namespace tvan {

class RedisMembers {
 public:
  struct Options {
    RedisLinkOptions link;
    std::string name, gateway, process;  // as of the backend
    Span lease{3'000'000};               // who is silent for so long has lost the line, and its name
  };
  RedisMembers(const Options& options, const RedisBackend& backend, Clock& clock, Metrics* metrics);
  ~RedisMembers() { Close(); }

  // store.in_use (permanent): another process that lives has this gateway's name. One that was killed is waited for
  // until its lease is over. store.unreachable
  Status AwaitName() const;
  void Follow(SharedStore::Watch watch);
  Result<std::vector<SharedMember>> List() const;
  // Gives line and name up, if Redis answers; else they are free when the lease is over. Takes what a link's deadlines
  // take at most. Not from a callback.
  void Close();

 private:
  struct Found {  // in tvan:{NAME}:members and :line
    std::string owner;
    std::vector<SharedMember> members;
  };
  Result<Found> Find() const;
  void Run();
  Status Serve();
  Status Connect();
  Status Beat();
  Status Hear(Span wait);
  void Tell(const SharedNews& news);
  void Over(const Status& why);
  void Leave();
  void Rest();

  const Options options_;
  const RedisBackend& backend_;
  const RedisCalls calls_;
  const std::unique_ptr<Clock> real_;
  Clock& clock_;
  Metrics* metrics_;
  Counter* foreign_ = nullptr;
  SharedStore::Watch watch_;
  std::unique_ptr<LineLease> line_;
  std::unique_ptr<RedisLink> news_, beats_;  // of the thread
  std::mutex mutex_;                         // for changed_
  std::condition_variable changed_;
  std::atomic<bool> ended_{false};
  std::mutex close_mutex_;
  std::thread thread_;  // guarded by close_mutex_
};

}  // namespace tvan
