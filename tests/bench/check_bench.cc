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
#include <filesystem>
#include <map>

#include "adapters/signature/pki.h"
#include "gateway/validate/items.h"
#include "gateway/validate/validator.h"
#include "ops/ctl/sample.h"
#include "tests/support/profiles.h"

namespace tvan::bench {
namespace {

constexpr size_t kBytes = 8192;

template <class T>
T Must(Result<T> result) {
  if (result.ok()) return std::move(*result);
  std::fprintf(stderr, "tvan-bench-check: %s\n", result.status().ToString().c_str());
  std::exit(1);
}

class YesVerifier final : public SignatureVerifier {
 public:
  SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands, Time) const override {
    return {std::vector<SignatureReport>(demands.size()), {}};
  }
};

struct World {
  const Time now = *ParseTime("2026-11-20T10:00:00+07:00");
  const TaxCode us = TaxCode::Trusted("0309478306"), provider = TaxCode::Trusted("0109999999");
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

std::unique_ptr<XmlSigner> MakeSeller() {
  const PkiValidity years{*ParseTime("2025-01-01T00:00:00+07:00"), *ParseTime("2030-01-01T00:00:00+07:00")};
  CertificateSpec spec;
  spec.common_name = "Seller";
  spec.tax_code = "0101234567";
  spec.validity = years;
  const auto made = Must(Must(SandboxCa::Create("Bench CA", PkiKey::kRsa2048, years))->Issue(spec));
  std::string folder = (std::filesystem::temp_directory_path() / "tvan-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) std::exit(1);
  const bool written = WritePem(folder + "/key", made.key_pem, PemKind::kSecret).ok() &&
                       WritePem(folder + "/pem", made.certificate_pem, PemKind::kPublic).ok();
  auto signer = MakeXmlSigner(folder + "/key", folder + "/pem");
  std::filesystem::remove_all(folder);
  if (!written) std::exit(1);
  return Must(std::move(signer));
}

// The longest message of its kind that has at most 8 KiB: a 206 grows by invoices, a 203 by goods lines.
std::string MakeMessage(int type, const XmlSigner& seller) {
  std::string best;
  for (int size = 1;; ++size) {
    ctl::SampleSpec spec;
    spec.type = type;
    spec.provider_mst = W().provider.value();
    spec.tvan_mst = W().us.value();
    spec.seller_mst = "0101234567";
    spec.mtdiep = ctl::SampleMessageId(spec.provider_mst, "sixteen bytes ok");
    (type == 206 ? spec.count : spec.lines) = size;
    spec.time = W().now;
    std::string message = Must(ctl::SignDocument(Must(ctl::MakeSample(spec)), seller, W().now));
    if (message.size() > kBytes) return best;
    best = std::move(message);
  }
}

void DomParse(benchmark::State& state, int type) {
  const std::string& bytes = W().messages[type];
  for (auto _ : state) {
    xmlDoc* const doc = xmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, "UTF-8", XML_PARSE_NONET);
    if (doc == nullptr) return state.SkipWithError("not well-formed");
    xmlFreeDoc(doc);
  }
}

bool IsGood(const XmlDocument& document, int type) {
  Envelope header;
  header.pban = "2.1.0";
  header.mst = "0101234567";
  header.mltdiep = type;
  const XmlNode payload = document.root().Child("DLieu");
  header.sluong = std::to_string(payload.CountChildren("HDon"));
  FindingList findings;
  ReadItems(payload, {*FindMessageType(type), header, 500, *TestProfiles()->ForPBan("2.1.0"), "2026-11-20"}, findings);
  return !findings.has_error();
}

void Walk(benchmark::State& state, int type) {
  const auto document = Must(W().parser->Parse(W().messages[type]));
  for (auto _ : state)
    if (!IsGood(*document, type)) return state.SkipWithError("the message is not accepted");
}

void ParseWalk(benchmark::State& state, int type) {
  for (auto _ : state)
    if (!IsGood(*Must(W().parser->Parse(W().messages[type])), type)) return state.SkipWithError("not accepted");
}

void Gateway(benchmark::State& state, int type) {
  CheckContext context;
  context.our_mst = W().us;
  context.provider_tax_codes = {W().provider};
  context.accepted_at = W().now;
  context.gateway_id = MessageId::Trusted("V" + W().us.value() + std::string(32, 'A'));
  for (auto _ : state) {
    const ReadResult read = W().validator->Read({W().messages[type], 0, {}});
    const bool good =
        read.message && !HasError(read.findings) && !HasError(W().validator->Check(*read.message, context).findings);
    if (!good) return state.SkipWithError("the message is not accepted");
  }
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
  const auto seller = MakeSeller();
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
