// tvan-bench-redis: what the shared store costs on one redis-server, on this machine, now. The server (appendfsync
// always, unix socket) is started by this program in a temporary folder; TMPDIR says on which disk.
//   pack_*            CPU to pack a payload record (receipt and 999 in front) and what is left of it, without and with
//                     the dictionary: a 203 of 8 KiB, a 206 of 12 invoices, a 300 of 2; goods are made up, none alike
//   xadd_per_s        pipelined XADD of the packed 203s: a connection for each gateway, pipelines as long as batches
//   xadd_together_per_s  the same with each pipeline in one transaction, which Redis flushes once, as it does an act
//   accept_per_s      Store::Accept of those 203s, packing and all; medians of rounds, ratios against the two above
//   accept_*_cpu_us   CPU of this process (gateway's part of the store) and of Redis, per accepted message
//   xadd_one_us       one XADD after the other: what a flush costs here
//   bytes_per_message_*  of Redis' memory and of its append-only file, all keys of a buffered 203, without and with the
//                     dictionary; payload: of the key that holds the payload records
//   buffer            with --buffer N instead: N messages of 8 KiB buffered, then drained as dispatch does it
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>

#include "store/codec.h"
#include "store/pack.h"
#include "tests/bench/made_up_traffic.h"
#include "tests/bench/redis_runs.h"

namespace tvan::bench {
namespace {

struct Options {
  uint64_t messages = 20'000, buffer = 0;
  size_t rounds = 3, gateways = 1, batch = 128, in_flight = 512;
};

std::string FirstLine(const char* file, const std::string& begin) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.rfind(begin, 0) == 0) return line.substr(begin.empty() ? 0 : line.find(':') + 2);
  return "unknown";
}

double CpuUs(clockid_t of = CLOCK_THREAD_CPUTIME_ID) {
  timespec used{};
  clock_gettime(of, &used);
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// One object of JSON; numbers as short as people like them.
class Row {
 public:
  template <class T>
  Row& Put(const char* name, const T& value) {
    text_ << (text_.tellp() > 0 ? ", " : "") << '"' << name << "\": " << value;
    return *this;
  }
  std::string Text() const { return "{" + text_.str() + "}"; }

 private:
  std::ostringstream text_;
};

std::string PackRow(MadeUpTraffic::Kind kind) {
  const MadeUpTraffic traffic(kind);
  std::vector<NewMessage> messages;
  for (uint64_t n = 1; n <= 500; ++n) messages.push_back(traffic.Message(n));
  const double count = static_cast<double>(messages.size());
  double message = 0, record = 0;
  for (const NewMessage& m : messages) {
    message += static_cast<double>(m.payload->size());
    record += static_cast<double>(m.payload->size() + m.receipt.size() + m.ack999.size());
  }
  Row row;
  row.Put("message_bytes", message / count).Put("record_bytes", record / count);
  for (const uint32_t dictionary : {kNoDictionary, kNewestDictionary}) {
    std::vector<SharedBytes> packed;
    double bytes = 0, began = CpuUs();
    for (const NewMessage& m : messages) packed.push_back(PayloadRecord(m, dictionary));
    const double pack_us = (CpuUs() - began) / count;
    began = CpuUs();
    for (const SharedBytes& one : packed)
      bytes += static_cast<double>(one->size() + (DecodePayload(*one).ok() ? 0 : 1));
    const double read_us = (CpuUs() - began) / count;
    Row half;
    half.Put("bytes", bytes / count).Put("pack_us", pack_us).Put("read_us", read_us);
    row.Put(dictionary == kNoDictionary ? "without" : "with", half.Text());
  }
  return row.Text();
}

class Bench {
 public:
  explicit Bench(const Options& options) : options_(options), server_(WithoutRewrites()) {}

  std::string wrong() const { return wrong_; }

  std::string Rates() {
    std::vector<NewMessage> messages;
    std::vector<std::string> values;
    for (uint64_t n = 0; n < options_.messages; ++n) {
      messages.push_back(traffic_.Message(n));
      values.push_back(*PayloadRecord(messages.back(), kNewestDictionary));
    }
    const MakeNumbered make = [&](uint64_t n) { return messages[n]; };
    std::vector<double> xadd, together, accept, own_us, redis_us;
    for (size_t round = 0; round < options_.rounds; ++round) {
      xadd.push_back(Append(values, Appends::kSingly));
      together.push_back(Append(values, Appends::kTogether));
      const double own = CpuUs(CLOCK_PROCESS_CPUTIME_ID), redis = RedisCpuUs();
      accept.push_back(PerSecond(Accept(make, kNewestDictionary)));
      own_us.push_back((CpuUs(CLOCK_PROCESS_CPUTIME_ID) - own) / static_cast<double>(options_.messages));
      redis_us.push_back((RedisCpuUs() - redis) / static_cast<double>(options_.messages));
      Empty();
    }
    const std::vector<std::string> few(values.begin(), values.begin() + 100);
    const double one_us = AppendAll(server_, few, {}) / static_cast<double>(few.size()) * 1e6;
    Empty();
    Row row;
    row.Put("xadd_per_s", Median(xadd)).Put("accept_per_s", Median(accept));
    row.Put("ratio", Median(accept) / Median(xadd)).Put("xadd_together_per_s", Median(together));
    row.Put("ratio_together", Median(accept) / Median(together)).Put("xadd_one_us", one_us);
    row.Put("accept_own_cpu_us", Median(own_us)).Put("accept_redis_cpu_us", Median(redis_us));
    return row.Text();
  }

  std::string Bytes(uint32_t dictionary) {
    const double memory = Number("used_memory"), file = Number("aof_current_size");
    Accept([&](uint64_t n) { return traffic_.Message(n); }, dictionary);
    const double count = static_cast<double>(options_.messages);
    Row row;
    row.Put("memory", (Number("used_memory") - memory) / count);
    row.Put("payload", static_cast<double>(server_.Tell("MEMORY USAGE tvan:{tvan}:payload SAMPLES 0").number) / count);
    row.Put("append_only_file", (Number("aof_current_size") - file) / count);
    Empty();
    return row.Text();
  }

  std::string BufferAndDrain() {
    const MakeNumbered make = [&](uint64_t n) { return traffic_.Message(n); };
    const Gateways gateways(server_, options_.gateways, kNewestDictionary);
    const double count = static_cast<double>(options_.buffer), memory = Number("used_memory");
    const double accept_s = AcceptAll(gateways, make, 0, options_.buffer, options_.in_flight);
    const double buffered = Number("used_memory") - memory;
    wrong_ = WrongIn(gateways.at(0), options_.buffer, 0, make, Samples(options_.buffer));
    const auto began = std::chrono::steady_clock::now();
    const uint64_t sent = Drain(gateways.at(0), static_cast<uint32_t>(options_.batch));
    const double drain_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (sent != options_.buffer) wrong_ = "drained " + std::to_string(sent);
    if (wrong_.empty()) wrong_ = WrongIn(gateways.at(0), options_.buffer, sent, make, {});
    Row row;
    row.Put("messages", options_.buffer).Put("accept_per_s", count / accept_s).Put("drain_per_s", count / drain_s);
    row.Put("memory_mb", buffered / 1048576).Put("memory_per_message", buffered / count);
    row.Put("memory_mb_drained", (Number("used_memory") - memory) / 1048576);
    row.Put("append_only_file_mb", Number("aof_current_size") / 1048576);
    return row.Text();
  }

 private:
  static RedisServer::Options WithoutRewrites() {
    RedisServer::Options options;
    options.lines = {"auto-aof-rewrite-percentage 0"};  // a rewrite in the middle would be measured too
    return options;
  }
  static std::vector<uint64_t> Samples(uint64_t messages) {
    std::vector<uint64_t> numbers;
    for (uint64_t i = 0; i < 50; ++i) numbers.push_back(messages * i / 50);
    return numbers;
  }
  double PerSecond(double seconds) const { return static_cast<double>(options_.messages) / seconds; }
  double RedisCpuUs() const { return (Number("used_cpu_user") + Number("used_cpu_sys")) * 1e6; }
  double Number(const char* field) const { return std::atof(server_.Info(field).c_str()); }
  void Empty() {
    if (server_.Tell("FLUSHALL SYNC").is_error("ERR")) wrong_ = "the server cannot be emptied";
  }
  double Append(const std::vector<std::string>& values, Appends how) {
    const double seconds = AppendAll(server_, values, {options_.gateways, options_.batch, how});
    Empty();
    return PerSecond(seconds);
  }
  double Accept(const MakeNumbered& make, uint32_t dictionary) {
    const Gateways gateways(server_, options_.gateways, dictionary);
    const double seconds = AcceptAll(gateways, make, 0, options_.messages, options_.in_flight);
    if (wrong_.empty()) wrong_ = WrongIn(gateways.at(0), options_.messages, 0, make, Samples(options_.messages));
    return seconds;
  }

  const Options options_;
  const MadeUpTraffic traffic_{MadeUpTraffic::Kind::kInvoice};
  RedisServer server_;
  std::string wrong_;
};

std::string Settings(const Options& o) {
  Row row;
  row.Put("cpu", "\"" + FirstLine("/proc/cpuinfo", "model name") + "\"").Put("cores", sysconf(_SC_NPROCESSORS_ONLN));
  row.Put("load", "\"" + FirstLine("/proc/loadavg", "") + "\"").Put("messages", o.messages).Put("rounds", o.rounds);
  row.Put("gateways", o.gateways).Put("batch", o.batch).Put("in_flight", o.in_flight);
  row.Put("durability", "\"appendfsync always\"").Put("link", "\"unix socket\"");
  return row.Text();
}

// The last line is the whole, for machines.
int Run(const Options& options, bool check) {
  Row all;
  const auto say = [&](const char* name, const std::string& row) {
    std::cout << name << ' ' << row << std::endl;
    all.Put(name, row);
  };
  say("settings", Settings(options));
  Bench bench(options);
  if (options.buffer > 0) {
    say("buffer", bench.BufferAndDrain());
  } else {
    say("pack_203", PackRow(MadeUpTraffic::Kind::kInvoice));
    say("pack_206", PackRow(MadeUpTraffic::Kind::kPackage));
    say("pack_300", PackRow(MadeUpTraffic::Kind::kNotice));
    say("rates", bench.Rates());
    say("bytes_per_message_without", bench.Bytes(kNoDictionary));
    say("bytes_per_message_with", bench.Bytes(kNewestDictionary));
  }
  std::cout << all.Text() << std::endl;
  if (!bench.wrong().empty()) std::cerr << bench.wrong() << '\n';
  return check && !bench.wrong().empty() ? 1 : 0;
}

}  // namespace
}  // namespace tvan::bench

int main(int argc, char** argv) {
  CLI::App app("what the shared store costs on one redis-server");
  tvan::bench::Options options;
  bool check = false;
  app.add_option("--messages", options.messages)->check(CLI::Range(200, 200'000))->capture_default_str();
  app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 99))->capture_default_str();
  app.add_option("--gateways", options.gateways, "and connections of XADD")
      ->check(CLI::Range(1, 16))
      ->capture_default_str();
  app.add_option("--batch", options.batch)->check(CLI::Range(1, 128))->capture_default_str();
  app.add_option("--in-flight", options.in_flight, "of each gateway")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  app.add_option("--buffer", options.buffer, "buffer and drain so many instead")->check(CLI::Range(1, 10'000'000));
  app.add_flag("--check", check, "fail if what is stored is not what was handed in; speed is not looked at");
  CLI11_PARSE(app, argc, argv);
  return tvan::bench::Run(options, check);
}
