// A process that the store's fault tests start, kill and starve.
//   store_child accept PATH FIRST      accepts FIRST, FIRST+1, … until it is killed; a line per acknowledged number
//   store_child fill PATH [FSIZE]      accepts until a write fails, then says how the store behaves
//   store_child open PATH [UID]        opens and says what it found
//   store_child bench PATH COUNT SIZE OUTSTANDING   prints accepts per second
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>

#include "gateway/core/clock.h"
#include "gateway/core/log.h"
#include "gateway/core/metrics.h"
#include "store/rocksdb/rocks_store.h"
#include "tests/faults/store_messages.h"

namespace tvan {
namespace {

constexpr size_t kSize = 8000;

// Accepts wait here so that several are outstanding, as under load.
class Window {
 public:
  explicit Window(size_t size) : size_(size) {}
  void Begin() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return outstanding_ < size_; });
    ++outstanding_;
  }
  void End() {
    std::lock_guard lock(mutex_);
    --outstanding_;
    room_.notify_all();
  }
  void Drain() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return outstanding_ == 0; });
  }

 private:
  const size_t size_;
  size_t outstanding_ = 0;
  std::mutex mutex_;
  std::condition_variable room_;
};

void Say(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) _exit(3);
}

struct Parts {
  std::unique_ptr<Clock> clock = MakeSystemClock();
  std::unique_ptr<Metrics> metrics = Metrics::Make();
  std::unique_ptr<Store> store;
};

Status Open(const std::string& path, Parts& parts) {
  RocksStoreOptions options;
  options.path = path;
  options.create_if_missing = true;
  options.random_bytes = [](size_t size) { return std::string(size, '\x11'); };
  auto store = OpenRocksStore(options, *parts.clock, *parts.metrics);
  if (!store.ok()) return store.status();
  parts.store = std::move(store).value();
  return {};
}

std::string Named(const Status& status) { return std::string(status.reason().text()) + " " + status.message(); }

int AcceptForever(Parts& parts, int first) {
  Window window(32);
  for (int n = first;; ++n) {
    window.Begin();
    parts.store->Accept(FaultMessage(n, kSize), [&window, n](Result<AcceptAnswer> answer) {
      if (answer.ok() && answer->outcome == AcceptAnswer::Outcome::kAccepted) Say(std::to_string(n));
      window.End();
    });
  }
}

Result<AcceptAnswer> AcceptOne(Store& store, int n) {
  std::promise<Result<AcceptAnswer>> done;
  store.Accept(FaultMessage(n, kSize), [&](Result<AcceptAnswer> answer) { done.set_value(std::move(answer)); });
  return done.get_future().get();
}

int Fill(Parts& parts) {
  for (int n = 1; n < 1000000; ++n) {
    auto answer = AcceptOne(*parts.store, n);
    if (answer.ok()) {
      Say(std::to_string(n));
      continue;
    }
    Say(std::string("failed ") + (answer.status().is_in_doubt() ? "in_doubt " : "known ") + Named(answer.status()));
    const Status later = AcceptOne(*parts.store, n + 1).status();
    Say(std::string("later ") + (later.is_transient() ? "transient " : "other ") + Named(later));
    const bool readable = n == 1 || parts.store->LoadPayload(FaultMessage(1, 8).gateway_id).ok();
    Say(readable ? "readable yes" : "readable no");
    return 0;
  }
  return 1;
}

int Bench(Parts& parts, int count, size_t size, size_t outstanding) {
  std::vector<NewMessage> messages;
  for (int n = 1; n <= count; ++n) messages.push_back(FaultMessage(n, size));
  Window window(outstanding);
  const Steady begin = parts.clock->SteadyNow();
  for (NewMessage& message : messages) {
    window.Begin();
    parts.store->Accept(std::move(message), [&window](Result<AcceptAnswer> answer) {
      if (!answer.ok()) Say("failed " + Named(answer.status()));
      window.End();
    });
  }
  window.Drain();
  const double seconds = static_cast<double>((parts.clock->SteadyNow() - begin).count()) / 1e6;
  const double commits = static_cast<double>(parts.store->position().sequence);
  std::printf("%d accepts of %zu bytes, %zu outstanding: %.0f/s, %.1f a flush\n", count, size, outstanding,
              count / seconds, count / commits);
  return 0;
}

int Run(int argc, char** argv) {
  const std::string command = argv[1], path = argv[2];
  const long number = argc > 3 ? std::atol(argv[3]) : 0;
  if (command == "open" && argc > 3 && setuid(static_cast<uid_t>(number)) != 0) return 4;
  Parts parts;
  Status opened = Open(path, parts);
  if (!opened.ok()) return Say("refused " + Named(opened)), 0;
  if (command == "fill" && argc > 3) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{static_cast<rlim_t>(number), static_cast<rlim_t>(number)};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 4;
  }
  if (command == "accept") return AcceptForever(parts, static_cast<int>(number));
  if (command == "fill") return Fill(parts);
  if (command == "bench" && argc > 5)
    return Bench(parts, static_cast<int>(number), std::strtoul(argv[4], nullptr, 10),
                 std::strtoul(argv[5], nullptr, 10));
  Say("opened " + std::to_string(parts.store->Measure()->accepted_total));
  return 0;
}

}  // namespace
}  // namespace tvan

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  tvan::SetLogLevel(tvan::LogLevel::kError);
  return tvan::Run(argc, argv);
}
