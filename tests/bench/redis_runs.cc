#include "tests/bench/redis_runs.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <semaphore>
#include <thread>

#include "gateway/core/metrics.h"
#include "store/redis/redis_store.h"

namespace tvan::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "redis bench: %s\n", why.c_str());
  std::_Exit(1);  // on any thread; the server ends with this process
}
template <class T>
T Got(Result<T> result) {
  if (!result.ok()) Fail(result.status().ToString());
  return std::move(result).value();
}

double SecondsSince(SteadyClock::time_point began) {
  return std::chrono::duration<double>(SteadyClock::now() - began).count();
}

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  std::ifstream("/dev/urandom", std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(size));
  return bytes;
}

// Runs `work(place)` on a thread for each place, and answers how long all took.
double Together(size_t count, const std::function<void(size_t place)>& work) {
  const auto began = SteadyClock::now();
  std::vector<std::thread> threads;
  for (size_t place = 0; place < count; ++place) threads.emplace_back([&work, place] { work(place); });
  for (std::thread& thread : threads) thread.join();
  return SecondsSince(began);
}

struct Share {
  size_t begin, end, batch;
  Appends how;
};
void AppendShare(RedisLink& link, const std::vector<std::string>& values, const Share& share) {
  const auto [begin, end, batch, how] = share;
  for (size_t from = begin; from < end; from += batch) {
    std::vector<RedisCommand> commands;
    if (how == Appends::kTogether) commands.push_back({"MULTI"});
    for (size_t i = from; i < std::min(end, from + batch); ++i)
      commands.push_back({"XADD", "bench", "*", "p", values[i]});
    if (how == Appends::kTogether) commands.push_back({"EXEC"});
    for (const RedisReply& reply : Got(link.Pipeline(commands)))
      if (const Status status = StatusOf(reply); !status.ok()) Fail(status.ToString());
  }
}

void AcceptShare(Store& store, const MakeNumbered& make, uint64_t begin, uint64_t end, size_t in_flight) {
  std::counting_semaphore<> places(static_cast<ptrdiff_t>(in_flight));
  for (uint64_t number = begin; number < end; ++number) {
    NewMessage message = make(number);
    places.acquire();
    store.Accept(std::move(message), [&places](const Result<AcceptAnswer>& answer) {
      if (!answer.ok()) Fail("not accepted: " + answer.status().ToString());
      if (answer->outcome != AcceptAnswer::Outcome::kAccepted) Fail("not accepted: another message is there already");
      places.release();
    });
  }
  for (size_t i = 0; i < in_flight; ++i) places.acquire();
}

void Send(Store& store, const Fence& fence, const std::vector<MessageMeta>& page) {
  std::vector<AttemptIntent> intents;
  std::vector<Settlement> settlements;
  for (const MessageMeta& meta : page) {
    if (Got(store.LoadPayload(meta.gateway_id))->size() != meta.payload_size) Fail("a payload of another size");
    intents.push_back({meta.gateway_id, meta.accepted_at, kForever, LineId::Trusted("line"), ""});
    settlements.push_back({meta.gateway_id, meta.attempts + 1, Settlement::Outcome::kSent, meta.accepted_at, "", ""});
  }
  for (const Status& status : Got(store.RecordAttempts(fence, intents)))
    if (!status.ok()) Fail("no attempt: " + status.ToString());
  if (const Status status = store.Settle(fence, settlements); !status.ok()) Fail("not settled: " + status.ToString());
}

}  // namespace

Gateways::Gateways(const RedisServer& server, size_t count, uint32_t dictionary)
    : clock_(MakeSystemClock()), metrics_(Metrics::Make()) {
  for (size_t place = 0; place < count; ++place) {
    RedisStoreOptions options;
    options.link.server = server.address();
    options.gateway = "g" + std::to_string(place + 1);
    options.create_if_missing = true;
    options.random_bytes = RandomBytes;
    options.dictionary = dictionary;
    stores_.push_back(std::move(Got(OpenRedisStore(std::move(options), *clock_, *metrics_)).store));
  }
}

Gateways::~Gateways() {
  for (const auto& store : stores_)
    if (const Status closed = store->Close(); !closed.ok()) Fail(closed.ToString());
}

double AppendAll(const RedisServer& server, const std::vector<std::string>& values, const AppendOptions& options) {
  const auto clock = MakeSystemClock();
  const size_t all = options.connections;
  std::vector<std::unique_ptr<RedisLink>> links;
  for (size_t i = 0; i < all; ++i) {
    RedisLinkOptions link;
    link.server = server.address();
    links.push_back(Got(RedisLink::Connect(link, *clock, nullptr)));
  }
  return Together(all, [&](size_t place) {
    const size_t begin = values.size() * place / all, end = values.size() * (place + 1) / all;
    AppendShare(*links[place], values, {begin, end, options.batch, options.how});
  });
}

double AcceptAll(const Gateways& gateways, const MakeNumbered& make, uint64_t first, uint64_t count, size_t in_flight) {
  const size_t all = gateways.count();
  return Together(all, [&](size_t place) {
    AcceptShare(gateways.at(place), make, first + count * place / all, first + count * (place + 1) / all, in_flight);
  });
}

uint64_t Drain(Store& store, uint32_t batch) {
  const Fence fence = store.TakeOwnership();
  uint64_t sent = 0;
  for (const QueueKey& queue : Got(store.Queues())) {
    uint64_t after = 0;
    for (auto page = Got(store.ReadQueue(queue, after, batch)); !page.empty();
         page = Got(store.ReadQueue(queue, after, batch))) {
      Send(store, fence, page);
      sent += page.size();
      after = page.back().acceptance;
    }
  }
  return sent;
}

std::string WrongIn(const Store& store, uint64_t accepted, uint64_t sent, const MakeNumbered& make,
                    const std::vector<uint64_t>& numbers) {
  const Measures measures = Got(store.Measure());
  uint64_t in_sent = 0;
  for (const auto& [stage, messages] : measures.stages) in_sent += stage == Stage::kSent ? messages : 0;
  if (measures.accepted_total != accepted)
    return std::to_string(accepted) + " accepted, but the store says " + std::to_string(measures.accepted_total);
  if (in_sent != sent) return std::to_string(sent) + " sent, but the store says " + std::to_string(in_sent);
  for (const uint64_t number : numbers) {
    const NewMessage message = make(number);
    if (*Got(store.LoadPayload(message.gateway_id)) != *message.payload)
      return "message " + std::to_string(number) + " is not what was handed in";
  }
  return "";
}

}  // namespace tvan::bench
