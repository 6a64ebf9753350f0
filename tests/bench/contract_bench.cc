// tvan-bench-contract: what the contract book costs with millions of mandates, on this machine, now.
//   bytes_per_mandate   resident memory of the loaded book over its mandates, all in; of them one in twenty has types,
//                       certificates and a delegate of its own, and one taxpayer in five facts of three sources
//   find_ns, decide_ns  one look-up of a random mandate, one whole verdict (allowed; versions written out)
//   put_us              one change of a mandate, from the call to the new snapshot, without the store's flush
//   put_contract_us     the same for a provider's contract, three certificates rotated
//   reader_us           meanwhile two threads take a snapshot and a verdict, again and again: how long one round takes
//   reader_alone_us     the same while nothing changes: what the machine itself does to a reader
// Look-ups and the calibration are in CPU time of their thread, all else as the clock goes.
//   random_read_ns      the calibration: one dependent read anywhere in 256 MiB
#include <unistd.h>

#include <malloc.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <random>
#include <thread>

#include "tests/bench/made_up_contracts.h"

namespace tvan::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double CpuNs() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
}

double NsSince(SteadyClock::time_point began) {
  return std::chrono::duration<double, std::nano>(SteadyClock::now() - began).count();
}

uint64_t ResidentBytes() {
  malloc_trim(0);
  std::ifstream statm("/proc/self/statm");
  uint64_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

std::string Processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown";
}

double RandomReadNs() {
  std::vector<uint32_t> next(64u << 20);
  for (size_t i = 0; i < next.size(); ++i) next[i] = static_cast<uint32_t>(i * 2654435761u % next.size());
  uint32_t at = 1;
  const double began = CpuNs();
  constexpr int kReads = 2'000'000;
  for (int i = 0; i < kReads; ++i) at = next[at ^ (static_cast<uint32_t>(i) & 0xFFFF)];
  const double ns = (CpuNs() - began) / kReads;
  return at == UINT32_MAX ? 0 : ns;
}

struct Spread {
  double p50 = 0, p99 = 0, p999 = 0, most = 0;
};
Spread SpreadOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values[values.size() * 99 / 100], values[values.size() * 999 / 1000],
          values.back()};
}
std::string Json(const Spread& spread) {
  return "{\"p50\": " + std::to_string(spread.p50) + ", \"p99\": " + std::to_string(spread.p99) +
         ", \"p999\": " + std::to_string(spread.p999) + ", \"max\": " + std::to_string(spread.most) + "}";
}

struct Figures {
  uint64_t mandates = 0, providers = 0;
  double random_read_ns = 0, load_s = 0, bytes_per_mandate = 0, find_ns = 0, decide_ns = 0;
  Spread put_us, put_contract_us, reader_us, reader_alone_us;
  std::string wrong;  // empty: what was looked at was as it must be
};

class Bench {
 public:
  Bench(uint64_t mandates, uint64_t providers, uint64_t puts) : store_(mandates, providers), puts_(puts) {
    f_.mandates = mandates;
    f_.providers = providers;
  }

  Figures Run() {
    f_.random_read_ns = RandomReadNs();
    Load();
    if (!f_.wrong.empty()) return f_;
    LookUp();
    Change();
    if (book_->snapshot()->sizes().mandates != f_.mandates) f_.wrong = "mandates are missing";
    if (unexpected_ != 0) f_.wrong = std::to_string(unexpected_) + " answers were not those expected";
    return f_;
  }

 private:
  void Load() {
    const uint64_t before = ResidentBytes();
    const auto began = SteadyClock::now();
    auto book = ContractBook::Load(store_);
    f_.load_s = NsSince(began) / 1e9;
    f_.bytes_per_mandate = static_cast<double>(ResidentBytes() - before) / static_cast<double>(f_.mandates);
    if (!book.ok())
      f_.wrong = book.status().ToString();
    else
      book_ = *std::move(book);
  }
  ContractQuestion Question(uint64_t n) const { return {ProviderOf(n % f_.providers), MstOf(n), 203, "1", kAsked}; }

  // The questions are made before the clock runs.
  void LookUp() {
    std::mt19937_64 random(1);
    std::vector<ContractQuestion> questions;
    for (int i = 0; i < 500'000; ++i) questions.push_back(Question(random() % f_.mandates));
    const auto book = book_->snapshot();
    uint64_t found = 0, allowed = 0;
    double began = CpuNs();
    for (const auto& q : questions) found += book->FindMandate(q.provider, q.mst).has_value() ? 1 : 0;
    f_.find_ns = (CpuNs() - began) / static_cast<double>(questions.size());
    began = CpuNs();
    for (const auto& q : questions) allowed += book->Decide(q).allowed() ? 1 : 0;
    f_.decide_ns = (CpuNs() - began) / static_cast<double>(questions.size());
    unexpected_ += questions.size() * 2 - found - allowed;
    if (book->FindMandate(ProviderOf(0), MstOf(1))) ++unexpected_;
    if (!book->Decide({ProviderOf(0), MstOf(f_.mandates + 1), 203, "", kAsked}).faults.size()) ++unexpected_;
  }

  void Read(std::vector<double>& rounds) {
    std::mt19937_64 random(3);
    while (!done_) {
      const ContractQuestion q = Question(random() % f_.mandates);
      const auto began = SteadyClock::now();
      if (!book_->snapshot()->Decide(q).allowed()) ++unexpected_;
      rounds.push_back(NsSince(began) / 1e3);
    }
  }
  double PutUs(const ContractItem& item) {
    const auto began = SteadyClock::now();
    if (!book_->Put(item, {"bench", "bench", kAsked}).ok()) ++unexpected_;
    return NsSince(began) / 1e3;
  }
  // What two readers meet for as long as `work` runs.
  template <class Work>
  Spread ReadersDuring(Work work) {
    std::vector<double> rounds[2];
    done_ = false;
    std::thread readers[] = {std::thread([&] { Read(rounds[0]); }), std::thread([&] { Read(rounds[1]); })};
    work();
    done_ = true;
    for (std::thread& reader : readers) reader.join();
    rounds[0].insert(rounds[0].end(), rounds[1].begin(), rounds[1].end());
    return SpreadOf(rounds[0]);
  }
  void Change() {
    std::vector<double> puts, contracts;
    std::mt19937_64 random(2);
    f_.reader_us = ReadersDuring([&] {
      for (uint64_t i = 0; i < puts_; ++i) puts.push_back(PutUs(store_.MandateOf(random() % f_.mandates)));
      for (uint64_t i = 0; i < std::min<uint64_t>(puts_, 2'000); ++i)
        contracts.push_back(PutUs(store_.ContractOf(random() % f_.providers, 1 + i)));
    });
    // For comparison something that burns as much of the machine, and changes nothing.
    f_.reader_alone_us = ReadersDuring([&] {
      const auto book = book_->snapshot();
      for (uint64_t i = 0; i < puts_ * 10; ++i)
        if (!book->Decide(Question(random() % f_.mandates)).allowed()) ++unexpected_;
    });
    f_.put_us = SpreadOf(puts);
    f_.put_contract_us = SpreadOf(contracts);
  }

  MadeUpStore store_;
  const uint64_t puts_;
  Figures f_;
  std::unique_ptr<ContractBook> book_;
  std::atomic<bool> done_ = false;
  std::atomic<uint64_t> unexpected_ = 0;
};

void Print(const Figures& f, bool json) {
  std::cout << (json ? "" : "machine: " + Processor() + "\n");
  std::cout << "{\"mandates\": " << f.mandates << ", \"providers\": " << f.providers << ", \"load_s\": " << f.load_s
            << ", \"bytes_per_mandate\": " << f.bytes_per_mandate << ", \"find_ns\": " << f.find_ns
            << ", \"decide_ns\": " << f.decide_ns << ", \"random_read_ns\": " << f.random_read_ns
            << ", \"put_us\": " << Json(f.put_us) << ", \"put_contract_us\": " << Json(f.put_contract_us)
            << ", \"reader_us\": " << Json(f.reader_us) << ", \"reader_alone_us\": " << Json(f.reader_alone_us)
            << "}\n";
}

}  // namespace
}  // namespace tvan::bench

int main(int argc, char** argv) {
  CLI::App app("what the contract book costs");
  uint64_t mandates = 1'000'000, providers = 1'000, puts = 20'000;
  bool json = false, check = false;
  app.add_option("--mandates", mandates)->check(CLI::Range(1'000, 50'000'000))->capture_default_str();
  app.add_option("--providers", providers)->check(CLI::Range(1, 100'000))->capture_default_str();
  app.add_option("--puts", puts)->capture_default_str();
  app.add_flag("--json", json, "one object, nothing else");
  app.add_flag("--check", check, "fail if an answer is not the one expected; speed is not looked at");
  CLI11_PARSE(app, argc, argv);
  const tvan::bench::Figures figures = tvan::bench::Bench(mandates, providers, puts).Run();
  tvan::bench::Print(figures, json);
  if (figures.wrong.empty()) return 0;
  std::cerr << figures.wrong << '\n';
  return check ? 1 : 0;
}
