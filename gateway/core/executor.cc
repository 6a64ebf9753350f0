#include "gateway/core/executor.h"

#include <pthread.h>

#include <deque>
#include <exception>
#include <thread>
#include <vector>

#include "gateway/core/log.h"

namespace tvan {
namespace {

class PoolExecutor final : public Executor {
 public:
  PoolExecutor(Options options, Clock& clock, Metrics& metrics)
      : options_(std::move(options)),
        clock_(clock),
        waiting_(metrics.GetGauge("tvan_executor_queued", "Tasks that wait in a pool's queue", Label())),
        done_(metrics.GetCounter("tvan_executor_tasks_total", "Tasks that a pool has run", Label())),
        refused_(metrics.GetCounter("tvan_executor_refused_total", "Tasks refused: queue full or draining", Label())),
        threw_(metrics.GetCounter("tvan_executor_exceptions_total", "Exceptions stopped at a pool's edge", Label())) {
    TVAN_CHECK(options_.threads > 0);
    for (size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { RunTasks(); });
  }

  ~PoolExecutor() override {
    Drain();
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  bool TrySubmit(std::function<void()> task) override {
    TVAN_CHECK(task != nullptr);
    {
      const std::lock_guard lock(mutex_);
      if (!draining_ && queue_.size() < options_.queue_limit) {
        clock_.WorkBegins();
        queue_.push_back(std::move(task));
        waiting_.Set(static_cast<double>(queue_.size()));
        work_.notify_one();
        return true;
      }
    }
    refused_.Add();
    return false;
  }

  void Drain() override {
    std::unique_lock lock(mutex_);
    draining_ = true;
    idle_.wait(lock, [this] { return queue_.empty() && running_ == 0; });
  }

  size_t queued() const override {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }

 private:
  Labels Label() const { return {{"pool", options_.name}}; }

  // Plain waits, not the clock's: a worker between two tasks has nothing to do with time, and its task holds the
  // clock's work count from the moment it was taken.
  void RunTasks() {
    pthread_setname_np(pthread_self(), options_.name.substr(0, 15).c_str());
    std::unique_lock lock(mutex_);
    while (true) {
      work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      std::function<void()> task = std::move(queue_.front());
      queue_.pop_front();
      waiting_.Set(static_cast<double>(queue_.size()));
      ++running_;
      lock.unlock();
      RunOne(std::move(task));
      lock.lock();
      --running_;
      if (queue_.empty() && running_ == 0) idle_.notify_all();
    }
  }

  // The task and all it holds are gone before its work ends.
  void RunOne(std::function<void()> task) {
    try {
      task();
      task = nullptr;
    } catch (const std::exception& thrown) {
      threw_.Add();
      Log(LogLevel::kError, "executor.exception", {{"pool", options_.name}, {"what", thrown.what()}});
    } catch (...) {
      threw_.Add();
      Log(LogLevel::kError, "executor.exception", {{"pool", options_.name}, {"what", "not a std::exception"}});
    }
    task = nullptr;
    done_.Add();
    clock_.WorkEnds();
  }

  const Options options_;
  Clock& clock_;
  Gauge& waiting_;
  Counter& done_;
  Counter& refused_;
  Counter& threw_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> queue_;
  size_t running_ = 0;
  bool draining_ = false;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Executor> Executor::Make(Options options, Clock& clock, Metrics& metrics) {
  return std::make_unique<PoolExecutor>(std::move(options), clock, metrics);
}

}  // namespace tvan
