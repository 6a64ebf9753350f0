// tvan-bench-calibrate: what the parts of a message's way cost on this machine, now, on the very messages of a corpus.
//   verify_engine        parse and the signature engine in use (adapters/signature), warm caches; CPU per message
//   parse_c14n_sha_rsa   the floor of floor.h
//   fdatasync            8 KiB appended and flushed, in the folder --disk
// The first two run on two threads at a time, as in the gateway: cores share caches and memory.
#include <fcntl.h>
#include <unistd.h>

#include <benchmark/benchmark.h>
#include <CLI/CLI.hpp>
#include <iostream>

#include "adapters/signature.h"
#include "gateway/core/clock.h"
#include "ops/load/corpus.h"
#include "tests/bench/floor.h"

namespace tvan::bench {
namespace {

struct World {
  std::unique_ptr<Clock> clock = MakeSystemClock();
  std::unique_ptr<load::Corpus> corpus;
  std::unique_ptr<SignatureVerifier> verifier;
  std::unique_ptr<XmlParser> parser = MakeXmlParser(XmlLimits());
  std::string disk;
};
World& TheWorld() {
  static World world;
  return world;
}

constexpr std::string_view kDsig = "http://www.w3.org/2000/09/xmldsig#";

// What the gateway asks of a 200 or 203, and of a 206.
std::vector<SignatureDemand> DemandsOf(const XmlNode& root) {
  std::vector<SignatureDemand> demands;
  if (const XmlNode package = root.Child("CKSNNT")) {
    SignatureDemand demand;
    demand.role = "CKSNNT";
    demand.signature = package.Child("Signature", kDsig);
    demand.must_cover = {root.Child("DLieu")};
    return {demand};
  }
  for (const XmlNode& invoice : root.Child("DLieu").Children("HDon")) {
    SignatureDemand demand;
    demand.role = "NBan";
    demand.signature = invoice.Descend({"DSCKS", "NBan"}).Child("Signature", kDsig);
    demand.must_cover = {invoice.Child("DLHDon")};
    demands.push_back(demand);
  }
  return demands;
}

bool VerifiesByEngine(std::string_view message) {
  const World& world = TheWorld();
  const auto document = world.parser->Parse(std::string(message));
  if (!document.ok()) return false;
  const auto demands = DemandsOf((*document)->root());
  const SignatureCheck check = world.verifier->Verify(**document, demands, world.clock->Now());
  return !demands.empty() && check.faults.empty();
}

// Walks over the corpus, each thread over messages of its own.
template <class Verify>
void OverCorpus(benchmark::State& state, Verify verify) {
  const load::Corpus& corpus = *TheWorld().corpus;
  size_t i = static_cast<size_t>(state.thread_index());
  for (auto _ : state) {
    if (!verify(corpus.At(i % corpus.size()).bytes)) return state.SkipWithError("a message does not verify");
    i += static_cast<size_t>(state.threads());
  }
}

void VerifyEngine(benchmark::State& state) { OverCorpus(state, VerifiesByEngine); }

void ParseC14nShaRsa(benchmark::State& state) {
  Floor floor;
  OverCorpus(state, [&](std::string_view message) { return floor.Verify(message); });
}

void Fdatasync(benchmark::State& state) {
  const std::string file = TheWorld().disk + "/calibrate.fdatasync";
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::string block(8192, 'x');
  for (auto _ : state) {
    const bool done = write(fd, block.data(), block.size()) == static_cast<ssize_t>(block.size()) && fdatasync(fd) == 0;
    if (!done) {
      state.SkipWithError("write or fdatasync failed");
      break;
    }
  }
  close(fd);
  unlink(file.c_str());
}

BENCHMARK(VerifyEngine)->Name("verify_engine")->Threads(2)->Unit(benchmark::kMicrosecond);
BENCHMARK(ParseC14nShaRsa)->Name("parse_c14n_sha_rsa")->Threads(2)->Unit(benchmark::kMicrosecond);
BENCHMARK(Fdatasync)->Name("fdatasync")->UseRealTime()->Unit(benchmark::kMicrosecond);

int Main(int argc, char** argv) {
  CLI::App app("tvan-bench-calibrate: costs of the parts, by Google Benchmark (its --benchmark_… flags go with it)");
  std::string corpus, trust;
  app.allow_extras();
  app.add_option("--corpus", corpus, "folder that tvan-load make printed")->required();
  app.add_option("--trust", trust, "PEM of who issued the sellers' certificates")->required();
  app.add_option("--disk", TheWorld().disk, "folder whose disk is measured")->required();
  CLI11_PARSE(app, argc, argv);
  auto opened = load::Corpus::Open(corpus);
  TrustOptions options;
  options.trust_files = {trust};
  auto verifier = MakeSignatureVerifier(options, *TheWorld().clock);
  for (const Status& status : {opened.status(), verifier.status()})
    if (!status.ok()) return std::cerr << "tvan-bench-calibrate: " << status.message() << '\n', 1;
  TheWorld().corpus = *std::move(opened);
  TheWorld().verifier = *std::move(verifier);
  std::vector<std::string> rest = app.remaining();
  std::vector<char*> left{argv[0]};
  for (std::string& one : rest) left.push_back(one.data());
  int count = static_cast<int>(left.size());
  benchmark::Initialize(&count, left.data());
  if (benchmark::ReportUnrecognizedArguments(count, left.data())) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace tvan::bench

int main(int argc, char** argv) { return tvan::bench::Main(argc, argv); }
