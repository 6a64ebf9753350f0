#pragma once
// The few kept connections of one line: at most `limit` in use at a time, idle ones reused newest first, old ones
// dropped. A caller waits for a free place; each call in flight is bounded by its own deadlines. Thread-safe.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "adapters/soap/https_connection.h"

namespace tvan::soap {

class ConnectionPool {
 public:
  using Factory = std::function<std::unique_ptr<HttpsConnection>()>;
  ConnectionPool(size_t limit, Span idle_limit, Clock& clock, Factory make)
      : limit_(limit == 0 ? 1 : limit), idle_limit_(idle_limit), clock_(clock), make_(std::move(make)) {}

  // A connection and the place it takes; gives both back at its end.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<HttpsConnection> connection, uint64_t life)
        : pool_(&pool), connection_(std::move(connection)), life_(life) {}
    Lease(Lease&& other) noexcept : pool_(other.pool_), connection_(std::move(other.connection_)), life_(other.life_) {
      other.pool_ = nullptr;
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ != nullptr) pool_->Return(std::move(connection_), life_);
    }
    HttpsConnection& operator*() { return *connection_; }
    HttpsConnection* operator->() { return connection_.get(); }

   private:
    ConnectionPool* pool_;
    std::unique_ptr<HttpsConnection> connection_;
    uint64_t life_;
  };
  Lease Take();
  // No connection that was made before is used for another call.
  void Renew();

 private:
  void Return(std::unique_ptr<HttpsConnection> connection, uint64_t life);

  const size_t limit_;
  const Span idle_limit_;
  Clock& clock_;
  const Factory make_;
  std::mutex mutex_;
  std::condition_variable freed_;
  size_t in_use_ = 0;
  uint64_t life_ = 0;  // counts Renew
  std::vector<std::unique_ptr<HttpsConnection>> idle_;
};

}  // namespace tvan::soap
