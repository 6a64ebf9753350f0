#pragma once
// What tvan-bench-redis measures, each on one redis-server that it is given. What does not work ends the program.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/store.h"
#include "tests/support/redis_server.h"

namespace tvan::bench {

using MakeNumbered = std::function<NewMessage(uint64_t number)>;  // thread-safe

// One process's place in the shared store, as gateway/app would open it.
class Gateways {
 public:
  Gateways(const RedisServer& server, size_t count, uint32_t dictionary);
  ~Gateways();
  Gateways(const Gateways&) = delete;
  Gateways& operator=(const Gateways&) = delete;
  size_t count() const { return stores_.size(); }
  Store& at(size_t place) const { return *stores_[place]; }

 private:
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<Metrics> metrics_;
  std::vector<std::unique_ptr<Store>> stores_;
};

// Appends every value to a stream: `connections` at once, each with `batch` commands in one pipeline. kSingly: Redis
// flushes whenever it has read a part of them; kTogether: one transaction, one flush, as an act of the store. Seconds.
enum class Appends { kSingly, kTogether };
struct AppendOptions {
  size_t connections = 1, batch = 1;
  Appends how = Appends::kSingly;
};
double AppendAll(const RedisServer& server, const std::vector<std::string>& values, const AppendOptions& options);

// Accepts messages `first` to `first + count - 1`, split over the gateways, each with up to `in_flight` on their way.
// Seconds, from the first call to the last answer.
double AcceptAll(const Gateways& gateways, const MakeNumbered& make, uint64_t first, uint64_t count, size_t in_flight);

// Sends what waits, as dispatch does: reads queues, loads each payload, records attempts, settles. Answers how many.
uint64_t Drain(Store& store, uint32_t batch);

// Empty: the store holds `accepted` messages, `sent` of them sent, and those of `numbers` are what was handed in.
std::string WrongIn(const Store& store, uint64_t accepted, uint64_t sent, const MakeNumbered& make,
                    const std::vector<uint64_t>& numbers);

}  // namespace tvan::bench
