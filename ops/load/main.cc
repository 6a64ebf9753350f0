// tvan-load: measures how a gateway takes in messages, and makes the signed messages for it.
#include <iostream>
#include <thread>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "ops/ctl/files.h"
#include "ops/ctl/profile.h"
#include "ops/load/corpus.h"
#include "ops/load/corpus_maker.h"
#include "ops/load/report.h"
#include "ops/load/run.h"

namespace tvan::load {
namespace {

constexpr int kOk = 0, kWrong = 1, kUsage = 2;

constexpr const char* kFooter =
    "Exit codes: 0 the run adds up; 1 rejections, missing answers, wrong receipts, no connection; 2 usage, unreadable "
    "file.\nThe last line of standard output is one JSON object; what is said meanwhile goes to standard error.\n"
    "A corpus is accepted once by a store: start each run on a fresh one, or pass over what was used with --skip.";

struct Flags {
  std::string profile, sandbox, corpus_root, key = "rsa", mode = "stream", arrivals = "even", endpoint;
  CorpusSpec spec;
  size_t make = 0;
  double duration_s = 0, patience_s = 30, answers_s = 120;
  bool feedback = false, echo = false;
  std::vector<std::string> watched;
  RunOptions run;
};

int Report(const Status& status, int code = kUsage) {
  std::cerr << "tvan-load: " << status.message() << " [" << status.reason().text() << "]\n";
  return code;
}

Span Seconds(double seconds) { return Span(static_cast<int64_t>(seconds * 1e6)); }

// Makes what is missing of the corpus; says where it is.
Result<std::string> PrepareCorpus(const Flags& flags, const ctl::Profile& profile, size_t count, Clock& clock,
                                  CorpusMade& made) {
  CorpusSpec spec = flags.spec;
  spec.sandbox = flags.sandbox;
  spec.provider_mst = profile.tax_code;
  spec.tvan_mst = profile.tvan_mst;
  spec.key = flags.key == "ec" ? PkiKey::kEcP256 : PkiKey::kRsa2048;
  const auto folder = CorpusFolder(flags.corpus_root.empty() ? flags.sandbox + "/corpus" : flags.corpus_root, spec);
  if (!folder.ok()) return folder;
  MakeOptions options{count, std::max(1u, std::thread::hardware_concurrency()), [](size_t done, size_t of) {
                        if (done % 10'240 == 0 || done == of) std::cerr << "signed " << done << " of " << of << '\n';
                      }};
  const auto result = MakeCorpus(*folder, spec, options, clock);
  if (!result.ok()) return result.status();
  made = *result;
  return folder;
}

int Make(const Flags& flags) {
  const auto clock = MakeSystemClock();
  const auto profile = ctl::LoadProfile(flags.profile);
  if (!profile.ok()) return Report(profile.status());
  CorpusMade made;
  const auto folder = PrepareCorpus(flags, *profile, flags.make, *clock, made);
  if (!folder.ok()) return Report(folder.status());
  const auto corpus = Corpus::Open(*folder);
  if (!corpus.ok()) return Report(corpus.status());
  nlohmann::ordered_json out;
  out["folder"] = *folder;
  out["messages"] = (*corpus)->size();
  out["made"] = made.made;
  const double seconds = static_cast<double>(made.signing.count()) / 1e6;
  out["made_per_s"] = seconds <= 0 ? 0 : static_cast<int64_t>(static_cast<double>(made.made) / seconds);
  out["first_bytes"] = (*corpus)->At(0).bytes.size();
  out["key"] = flags.key;
  out["sellers"] = (*corpus)->sellers();
  std::cout << out.dump() << std::endl;
  return kOk;
}

Status ReadIdentity(const Flags& flags, const ctl::Profile& profile, RunOptions& run) {
  run.endpoint = flags.endpoint.empty() ? profile.endpoint : flags.endpoint;
  for (const auto& [path, text] :
       {std::pair{&profile.ca, &run.ca_pem}, std::pair{&profile.certificate, &run.certificate_pem},
        std::pair{&profile.key, &run.key_pem}}) {
    auto read = ctl::ReadFile(*path);
    if (!read.ok()) return read.status();
    *text = *std::move(read);
  }
  return {};
}

Status ReadFlags(const Flags& flags, RunOptions& run) {
  run.mode = flags.mode == "unary" ? RunOptions::Mode::kUnary : RunOptions::Mode::kStream;
  run.peer = flags.echo ? RunOptions::Peer::kEcho : RunOptions::Peer::kGateway;
  run.feedback = flags.feedback ? RunOptions::Feedback::kRead : RunOptions::Feedback::kIgnore;
  run.schedule.arrivals = flags.arrivals == "poisson" ? Arrivals::kPoisson : Arrivals::kEven;
  run.duration = Seconds(flags.duration_s);
  run.patience = Seconds(flags.patience_s);
  run.answers_patience = Seconds(flags.answers_s);
  run.watched["tvan-load"] = "self";
  for (const std::string& watched : flags.watched) {
    const size_t equals = watched.find('=');
    if (equals == std::string::npos)
      return Status::Permanent("load.run"_reason, "--watch wants NAME=PID, not " + watched);
    run.watched[watched.substr(0, equals)] = watched.substr(equals + 1);
  }
  return {};
}

// Enough for a count; by duration what is there must do, and is made of --make.
int Load(const Flags& flags) {
  const auto clock = MakeSystemClock();
  const auto profile = ctl::LoadProfile(flags.profile);
  if (!profile.ok()) return Report(profile.status());
  RunOptions run = flags.run;
  if (const Status read = ReadFlags(flags, run); !read.ok()) return Report(read);
  if (const Status read = ReadIdentity(flags, *profile, run); !read.ok()) return Report(read);
  CorpusMade made;
  const size_t needed = std::max<size_t>(flags.make, run.count == 0 ? 1 : run.skip + run.count);
  const auto folder = PrepareCorpus(flags, *profile, needed, *clock, made);
  if (!folder.ok()) return Report(folder.status());
  const auto corpus = Corpus::Open(*folder);
  if (!corpus.ok()) return Report(corpus.status());
  const auto report = RunLoad(run, **corpus, *clock);
  if (!report.ok()) return Report(report.status(), report.status().is_transient() ? kWrong : kUsage);
  for (const std::string& problem : report->Problems(run)) std::cerr << "tvan-load: " << problem << '\n';
  std::cout << ReportJson(run, *report) << std::endl;
  return report->Problems(run).empty() ? kOk : kWrong;
}

void AddCorpusFlags(CLI::App* command, Flags& flags) {
  command->add_option("--sandbox", flags.sandbox, "folder of `tvanctl dev init`: its CA issues the sellers")
      ->required()
      ->envname("TVAN_SANDBOX");
  command->add_option("--profile", flags.profile, "the provider: DIR/NAME of a sandbox, or a file")
      ->required()
      ->envname("TVANCTL_PROFILE");
  command->add_option("--corpus", flags.corpus_root, "where corpora are kept; default: SANDBOX/corpus");
  command->add_option("--sellers", flags.spec.sellers, "how many sellers sign")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command->add_option("--bytes", flags.spec.bytes, "size of a message, about")
      ->capture_default_str()
      ->check(CLI::Range(1, 1 << 20));
  command->add_option("--type", flags.spec.type, "200, 203 or 206")
      ->capture_default_str()
      ->check(CLI::IsMember({200, 203, 206}));
  command->add_option("--key", flags.key, "the sellers' keys: rsa (2048) or ec (P-256)")
      ->capture_default_str()
      ->check(CLI::IsMember({"rsa", "ec"}));
}

void AddLoopFlags(CLI::App* command, Flags& flags) {
  RunOptions& run = flags.run;
  command->add_option("--mode", flags.mode, "stream (SubmitMessages) or unary (SubmitMessage)")
      ->capture_default_str()
      ->check(CLI::IsMember({"stream", "unary"}));
  command->add_option("--connections", run.connections, "TCP connections")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command->add_option("--in-flight", run.in_flight, "messages on the way in each connection")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command->add_option("--threads", run.threads, "that drive the connections")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  command->add_option("--rate", run.schedule.rate_per_s, "messages a second, an open loop; default: a closed loop")
      ->check(CLI::PositiveNumber);
  command->add_option("--arrivals", flags.arrivals, "of an open loop: even or poisson")
      ->capture_default_str()
      ->check(CLI::IsMember({"even", "poisson"}));
  command->add_option("--seed", run.schedule.seed, "of poisson arrivals")->capture_default_str();
  CLI::Option* count = command->add_option("--count", run.count, "messages; those that miss are made first")
                           ->check(CLI::Range(1, 100'000'000));
  command->add_option("--duration", flags.duration_s, "seconds, instead of a count; the corpus must last")
      ->check(CLI::PositiveNumber)
      ->excludes(count);
  command->add_option("--warmup", run.warmup, "messages at the beginning that are not measured");
  command->add_option("--skip", run.skip, "messages of the corpus that are passed over");
}

void AddRunFlags(CLI::App* command, Flags& flags) {
  command->add_flag("--feedback", flags.feedback, "read and acknowledge the authority's answers as they come");
  command->add_option("--patience", flags.patience_s, "seconds for what is on the way at the end")
      ->capture_default_str();
  command->add_option("--answers-patience", flags.answers_s, "seconds for the authority's answers at the end")
      ->capture_default_str();
  command->add_option("--watch", flags.watched, "NAME=PID of a process whose CPU and memory are reported; repeatable");
  command->add_option("--endpoint", flags.endpoint, "HOST:PORT, instead of the profile's");
  command->add_flag("--echo", flags.echo, "the other end is tvan-bench-echo: its receipts are not checked");
}

int Main(int argc, char** argv) {
  CLI::App app("tvan-load: load for a T-VAN gateway, from distinct signed messages made once and kept", "tvan-load");
  Flags flags;
  int (*action)(const Flags&) = nullptr;
  app.require_subcommand(1);
  app.footer(kFooter);
  CLI::App* make = app.add_subcommand("make", "make a corpus, or make it longer; nothing is sent");
  AddCorpusFlags(make, flags);
  make->add_option("--count", flags.make, "messages that there shall be")
      ->required()
      ->check(CLI::Range(1, 100'000'000));
  make->callback([&] { action = Make; });
  CLI::App* run = app.add_subcommand("run", "send messages and measure");
  AddCorpusFlags(run, flags);
  AddLoopFlags(run, flags);
  AddRunFlags(run, flags);
  run->callback([&] { action = Load; });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  return action(flags);
}

}  // namespace
}  // namespace tvan::load

int main(int argc, char** argv) { return tvan::load::Main(argc, argv); }
