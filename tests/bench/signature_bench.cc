// tvan-bench-signature: what verifying the signature of a message of 8 KiB costs (a 203, RSA-2048, one CA), against
// what libxml2 and OpenSSL cost alone, in the same run. Parts:
//   c14n_sha_rsa        the calibration: libxml2 C14N of data, Object and SignedInfo where they stand, SHA-256 of each,
//                       one RSA verify with the key at hand
//   c14n_copy_sha_rsa   the same from copied subtrees, libxml2's cheapest way
//   verify              the verifier as the gateway has it, caches warm, on a parsed document
//   verify_xmlsec       the same policy, xmlsec1 as the engine, caches warm: the key is given
//   verify_xmlsec_chain the same without caches: certificate, key and chain are read and proven each time
//   fields, fields_chain    parse, walk over the fields, verify / verify_xmlsec_chain
//   gateway, gateway_chain  all that Read and Check do with them: outline, header, wrapping, the parse of what is sent
//   one_thread, two_threads verify on one and on two threads, by the wall clock: only on cores that nobody else uses
//   two_threads_cpu     CPU of both threads a message: what they cost each other, waiting left out, on any machine
//   hits_100, _90, _0   verify with so many of a hundred certificates found in the cache
// usage: tvan-bench-signature [--json] [--quick] [Google Benchmark's flags]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <vector>

#include "gateway/validate/signature_places.h"
#include "tests/bench/bench_messages.h"
#include "tests/bench/floor.h"
#include "tests/support/profiles.h"

#include "adapters/signature/verifier.h"

namespace tvan::bench {
namespace {

constexpr int kMessages = 16;
// Of the hot sellers every one stays in a small cache; of the cold ones each has left it when its turn comes again.
constexpr size_t kHot = 8, kCold = 32, kSmallCache = 16;

struct Signed {
  explicit Signed(std::string message) : bytes(std::move(message)) {
    document = Must(MakeXmlParser(XmlLimits())->Parse(bytes));
    FindingList unsaid;
    demands = FindDemands(document->root(), *FindMessageType(203), unsaid);
  }
  std::string bytes;
  std::unique_ptr<XmlDocument> document;
  std::vector<SignatureDemand> demands;
};
using Messages = std::vector<Signed>;

struct World {
  std::unique_ptr<Clock> clock = MakeSystemClock();
  Sellers sellers{PkiKey::kRsa2048};
  std::unique_ptr<XmlParser> parser = MakeXmlParser(XmlLimits()),
                             rendered = MakeXmlParser(LimitsOfRendered(XmlLimits()));
  std::unique_ptr<Digester> digester = MakeDigester();
  std::unique_ptr<SignatureVerifier> both, xmlsec, xmlsec_chain, small;
  std::unique_ptr<Validator> gateway, gateway_chain;
  Messages messages, hot, cold;  // of one seller; each of its own

  World() {
    both = Verifier(EngineChoice::kBoth, TrustOptions().cache_entries);
    xmlsec = Verifier(EngineChoice::kXmlsec, TrustOptions().cache_entries);
    xmlsec_chain = Verifier(EngineChoice::kXmlsec, 0);
    small = Verifier(EngineChoice::kBoth, kSmallCache);
    Validator::Options options;
    options.rendered = rendered.get();
    options.profiles = TestProfiles();
    gateway = Validator::Make(options, *parser, *both, *digester);
    gateway_chain = Validator::Make(options, *parser, *xmlsec_chain, *digester);
    const auto seller = sellers.Make();
    for (int i = 1; i <= kMessages; ++i) messages.emplace_back(MakeMessage(203, *seller, i));
    for (size_t i = 0; i < kHot; ++i) hot.emplace_back(MakeMessage(203, *sellers.Make()));
    for (size_t i = 0; i < kCold; ++i) cold.emplace_back(MakeMessage(203, *sellers.Make()));
  }
  std::unique_ptr<SignatureVerifier> Verifier(EngineChoice engine, size_t cache_entries) const {
    TrustOptions trust = sellers.trust();
    trust.cache_entries = cache_entries;
    return Must(MakeVerifierOf({{}, engine}, trust, *clock));
  }
};
World& W() {
  static World world;
  return world;
}

bool Verifies(const SignatureVerifier& verifier, const Signed& message) {
  return verifier.Verify(*message.document, message.demands, kMessageTime).faults.empty();
}
bool ParsesAndVerifies(const SignatureVerifier& verifier, const Signed& message) {
  const auto document = Must(W().parser->Parse(message.bytes));
  FindingList findings;
  const auto demands = FindDemands(document->root(), *FindMessageType(203), findings);
  return FieldsAreGood(*document, 203) && verifier.Verify(*document, demands, kMessageTime).faults.empty();
}

// Goes over the messages, each thread from a place of its own; the first round is not measured.
template <class Good>
void Over(benchmark::State& state, const Messages& messages, Good good) {
  size_t i = static_cast<size_t>(state.thread_index()) * messages.size() / 2;
  for (const Signed& message : messages)
    if (!good(message)) return state.SkipWithError("a message does not verify");
  for (auto _ : state)
    if (!good(messages[i++ % messages.size()])) return state.SkipWithError("a message does not verify");
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

void Calibrate(benchmark::State& state, C14nOf how) {
  Floor floor(how);
  Over(state, W().messages,
       [&](const Signed& one) { return floor.VerifyParsed(static_cast<_xmlDoc*>(one.document->native())); });
}
void Verify(benchmark::State& state, const SignatureVerifier* verifier) {
  Over(state, W().messages, [&](const Signed& one) { return Verifies(*verifier, one); });
}
void Fields(benchmark::State& state, const SignatureVerifier* verifier) {
  Over(state, W().messages, [&](const Signed& one) { return ParsesAndVerifies(*verifier, one); });
}
void Gateway(benchmark::State& state, const Validator* validator) {
  Over(state, W().messages, [&](const Signed& one) { return PassesGateway(*validator, one.bytes); });
}

// `hits` of a hundred messages are of sellers whose certificates are in the cache.
void Hits(benchmark::State& state, int hits) {
  for (const Signed& one : W().hot)
    if (!Verifies(*W().small, one)) return state.SkipWithError("a message does not verify");
  size_t hot = 0, cold = 0;
  for (auto _ : state) {
    const bool hit = static_cast<int>((hot + cold) % 10) * 10 < hits;
    const Signed& one = hit ? W().hot[hot++ % kHot] : W().cold[cold++ % kCold];
    if (!Verifies(*W().small, one)) return state.SkipWithError("a message does not verify");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

// The fastest repetition of each: microseconds a message, of CPU, or by the wall clock where there are threads.
class Table final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) failed_ = true;
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const double us = 1e6 / run.counters.at("items_per_second").value;
      const auto [place, fresh] = us_.emplace(run.run_name.function_name, us);
      if (!fresh) place->second = std::min(place->second, us);
    }
  }
  bool failed() const { return failed_; }

  void Print(bool json) {
    const std::vector<std::pair<const char*, double>> ratios = {
        {"verify_to_c14n_sha_rsa", Ratio("verify", "c14n_sha_rsa")},
        {"verify_to_c14n_copy_sha_rsa", Ratio("verify", "c14n_copy_sha_rsa")},
        {"xmlsec_to_verify", Ratio("verify_xmlsec", "verify")},
        {"xmlsec_chain_to_verify", Ratio("verify_xmlsec_chain", "verify")},
        {"fields_chain_to_fields", Ratio("fields_chain", "fields")},
        {"gateway_chain_to_gateway", Ratio("gateway_chain", "gateway")},
        {"two_threads_to_one", Ratio("one_thread", "two_threads")},
        {"two_threads_to_one_by_cpu", 2 * Ratio("verify", "two_threads_cpu")}};
    const char* const row = json ? "%s\"%s\": %.2f" : "%s%-28s %8.2f\n";
    const char* const comma = json ? ", " : "";
    std::printf(json ? "{\"message_bytes\": %zu, \"us\": {" : "%zu bytes; microseconds a message, ratios:\n",
                W().messages[0].bytes.size());
    const char* before = "";
    for (const auto& [name, us] : us_) std::printf(row, std::exchange(before, comma), name.c_str(), us);
    std::printf("%s", json ? "}, \"ratios\": {" : "\n");
    before = "";
    for (const auto& [name, ratio] : ratios) std::printf(row, std::exchange(before, comma), name, ratio);
    std::printf("%s", json ? "}}\n" : "");
  }

 private:
  double Ratio(const char* a, const char* b) { return us_[b] > 0 ? us_[a] / us_[b] : 0; }

  std::map<std::string, double> us_;
  bool failed_ = false;
};

void RegisterAll(int repetitions, double seconds) {
  const auto add = [&](const char* name, auto run, auto with) {
    return benchmark::RegisterBenchmark(name, run, with)->Repetitions(repetitions)->MinTime(seconds);
  };
  add("c14n_sha_rsa", Calibrate, C14nOf::kInPlace);
  add("c14n_copy_sha_rsa", Calibrate, C14nOf::kCopy);
  add("verify", Verify, W().both.get());
  add("verify_xmlsec", Verify, W().xmlsec.get());
  add("verify_xmlsec_chain", Verify, W().xmlsec_chain.get());
  add("fields", Fields, W().both.get());
  add("fields_chain", Fields, W().xmlsec_chain.get());
  add("gateway", Gateway, W().gateway.get());
  add("gateway_chain", Gateway, W().gateway_chain.get());
  add("one_thread", Verify, W().both.get())->Threads(1)->UseRealTime();
  add("two_threads", Verify, W().both.get())->Threads(2)->UseRealTime();
  add("two_threads_cpu", Verify, W().both.get())->Threads(2);
  add("hits_100", Hits, 100);
  add("hits_90", Hits, 90);
  add("hits_0", Hits, 0);
}

int Main(std::vector<char*> arguments) {
  const auto take = [&](std::string_view flag) {
    const auto found = std::find(arguments.begin(), arguments.end(), flag);
    if (found == arguments.end()) return false;
    arguments.erase(found);
    return true;
  };
  const bool json = take("--json"), quick = take("--quick");
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  RegisterAll(quick ? 1 : 7, quick ? 0.005 : 0.2);
  Table table;
  benchmark::RunSpecifiedBenchmarks(&table);
  benchmark::Shutdown();
  table.Print(json);
  return table.failed() ? 1 : 0;
}

}  // namespace
}  // namespace tvan::bench

int main(int argc, char** argv) { return tvan::bench::Main({argv, argv + argc}); }
