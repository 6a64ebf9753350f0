#include "adapters/soap/connection_pool.h"

namespace tvan::soap {

ConnectionPool::Lease ConnectionPool::Take() {
  std::vector<std::unique_ptr<HttpsConnection>> old;  // closed outside of the lock
  std::unique_lock lock(mutex_);
  clock_.WaitUntil(freed_, lock, kSteadyForever, [this] { return in_use_ < limit_; });
  ++in_use_;
  Steady oldest = clock_.SteadyNow() - idle_limit_;
  while (!idle_.empty() && idle_.front()->idle_since < oldest) {
    old.push_back(std::move(idle_.front()));
    idle_.erase(idle_.begin());
  }
  std::unique_ptr<HttpsConnection> connection;
  if (!idle_.empty()) {
    connection = std::move(idle_.back());
    idle_.pop_back();
  }
  const uint64_t life = life_;
  lock.unlock();
  if (!connection) connection = make_();
  return Lease(*this, std::move(connection), life);
}

void ConnectionPool::Renew() {
  std::vector<std::unique_ptr<HttpsConnection>> old;  // closed outside of the lock
  const std::lock_guard lock(mutex_);
  ++life_;
  old.swap(idle_);
}

void ConnectionPool::Return(std::unique_ptr<HttpsConnection> connection, uint64_t life) {
  if (!connection->reusable()) connection.reset();
  {
    std::lock_guard lock(mutex_);
    --in_use_;
    if (connection && life == life_) {
      connection->idle_since = clock_.SteadyNow();
      idle_.push_back(std::move(connection));
    }
  }
  freed_.notify_one();
}

}  // namespace tvan::soap
