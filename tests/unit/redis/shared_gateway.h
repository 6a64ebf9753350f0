#pragma once
// One of several gateways of a Redis store, all in one test program: a store of its own that follows the others, and
// what it was told. Line: who works the line as they all were told.

#include <atomic>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "store/redis/redis_store.h"

namespace tvan {

class Line {
 public:
  void Tell(const std::string& gateway, uint64_t turn);
  std::string worker() const;  // "": nobody
  // Never two, and a higher number each time that it changed hands.
  void ExpectOneAtATime() const;

 private:
  mutable std::mutex mutex_;  // guards the rest
  std::set<std::string> workers_;
  size_t most_ = 0;
  bool grew_ = true;
  std::string last_;
  std::vector<uint64_t> turns_;
};

class SharedGateway {
 public:
  SharedGateway(std::string name, const RedisLinkOptions& link, Span lease, Line& line);
  ~SharedGateway() { Let(); }

  Status Open();  // after Close: anew
  void Follow();  // returns when it has subscribed
  void Close();
  std::vector<SharedMember> Members() const;
  std::string Metric(const std::string& name) const;  // its value as text

  // Acts of this gateway.
  void PutRecord();
  void Accept(const std::string& id);
  void Deliver(const std::vector<std::string>& providers);

  std::vector<SharedNews> heard() const;  // but for "missed", which is counted
  size_t missed() const;
  std::vector<Status> over() const;

  // Its thread is stopped in the middle of the next news, as in a process that gets no time.
  void Hold() { held_ = true; }
  void Let() { held_ = false; }
  bool is_held() const { return inside_; }

 private:
  void Hear(const SharedNews& news);

  const std::string name_;
  Line& line_;
  RedisStoreOptions options_;
  std::random_device random_;
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  mutable std::mutex mutex_;  // guards the next three
  std::vector<SharedNews> heard_;
  size_t missed_ = 0;
  std::vector<Status> over_;
  std::atomic<bool> held_{false}, inside_{false};
  int made_ = 0;
  std::unique_ptr<Store> store_;
  SharedStore* shared_ = nullptr;
};

}  // namespace tvan
