// tvan-bench-check: what all checks of a message but its signatures cost, against one libxml2 DOM parse of it, in the
// same run. Messages of 8 KiB, signed: a 203 of one invoice with many lines, a 206 of several invoices.
//   dom_parse    libxml2 alone: from the bytes to a tree
//   walk         what our checks add to a parsed document: every field, the rules beyond fields
//   parse_walk   both, our parser with its limits and policy: the checks of one message without signature
//   gateway      all that the gateway does before the verifier: the outline and the header of what came, the wrapping,
//                the parse of what will be sent, the walk; the verifier says yes
// The ratios are to dom_parse, each the fastest of its repetitions.
#include <benchmark/benchmark.h>
#include <libxml/parser.h>

#include <cstdio>
#include <map>

#include "tests/bench/bench_messages.h"
#include "tests/support/profiles.h"

namespace tvan::bench {
namespace {

class YesVerifier final : public SignatureVerifier {
 public:
  SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands,
                        const VerifyContext&) const override {
    return {std::vector<SignatureReport>(demands.size()), {}};
  }
};

struct World {
  std::unique_ptr<XmlParser> parser = MakeXmlParser(XmlLimits());
  std::unique_ptr<XmlParser> rendered = MakeXmlParser(LimitsOfRendered(XmlLimits()));
  std::unique_ptr<Digester> digester = MakeDigester();
  YesVerifier verifier;
  std::unique_ptr<Validator> validator;
  std::map<int, std::string> messages;  // type to bytes
};
World& W() {
  static World world;
  return world;
}

void DomParse(benchmark::State& state, int type) {
  const std::string& bytes = W().messages[type];
  for (auto _ : state) {
    xmlDoc* const doc = xmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr, XML_PARSE_NONET);
    if (doc == nullptr) return state.SkipWithError("not well-formed");
    xmlFreeDoc(doc);
  }
}

void Walk(benchmark::State& state, int type) {
  const auto document = Must(W().parser->Parse(W().messages[type]));
  for (auto _ : state)
    if (!FieldsAreGood(*document, type)) return state.SkipWithError("the message is not accepted");
}

void ParseWalk(benchmark::State& state, int type) {
  for (auto _ : state)
    if (!FieldsAreGood(*Must(W().parser->Parse(W().messages[type])), type)) return state.SkipWithError("not accepted");
}

void Gateway(benchmark::State& state, int type) {
  for (auto _ : state)
    if (!PassesGateway(*W().validator, W().messages[type])) return state.SkipWithError("the message is not accepted");
}

// The fastest repetition of each, and its ratio to the parse of the same message.
class Ratios final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) failed_ = true;
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const std::string& name = run.run_name.function_name;
      const double time = run.GetAdjustedCPUTime();
      if (fastest_.count(name) == 0 || time < fastest_[name]) fastest_[name] = time;
    }
  }
  void Finalize() override {
    for (const auto& [name, time] : fastest_) {
      const double parse = fastest_["dom_parse" + name.substr(name.find('/'))];
      std::printf("%-16s %8.1f us CPU %6.2f x dom_parse\n", name.c_str(), time, time / parse);
    }
  }
  bool failed() const { return failed_; }

 private:
  std::map<std::string, double> fastest_;
  bool failed_ = false;
};

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  Validator::Options options;
  options.rendered = W().rendered.get();
  options.profiles = TestProfiles();
  W().validator = Validator::Make(options, *W().parser, W().verifier, *W().digester);
  const auto seller = Sellers(PkiKey::kEcP256).Make();
  for (const int type : {203, 206}) {
    W().messages[type] = MakeMessage(type, *seller);
    const std::string tail = "/" + std::to_string(type);
    std::printf("%d: %zu bytes\n", type, W().messages[type].size());
    const std::map<std::string, void (*)(benchmark::State&, int)> all = {
        {"dom_parse", DomParse}, {"walk", Walk}, {"parse_walk", ParseWalk}, {"gateway", Gateway}};
    for (const auto& [name, run] : all)
      benchmark::RegisterBenchmark((name + tail).c_str(), run, type)->Unit(benchmark::kMicrosecond)->Repetitions(5);
  }
  Ratios ratios;
  benchmark::RunSpecifiedBenchmarks(&ratios);
  benchmark::Shutdown();
  return ratios.failed() ? 1 : 0;
}

}  // namespace
}  // namespace tvan::bench

int main(int argc, char** argv) { return tvan::bench::Main(argc, argv); }
