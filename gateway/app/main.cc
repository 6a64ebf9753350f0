// tvan-gateway: reads its configuration, starts, says that it is ready, ends on SIGTERM or SIGINT.
#include <grpc/support/log.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

#include "config/loader.h"
#include "gateway/app/command_line.h"
#include "gateway/app/gateway.h"
#include "gateway/app/settings.h"
#include "gateway/core/catalogue.h"
#include "gateway/core/failpoint.h"
#include "gateway/core/json.h"

namespace tvan {
namespace {

enum ExitCode { kEnded = 0, kUsageOrConfig = 1, kCannotStart = 2, kDied = 3 };

constexpr int kAnew = SIGUSR1;  // ours, to ourselves: the store must be opened again, and all that stands on it

sigset_t EndSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

sigset_t AllSignals() {
  sigset_t set = EndSignals();
  sigaddset(&set, kAnew);
  return set;
}

int Refuse(const Status& status, ExitCode code) {
  std::cerr << "tvan-gateway: cannot start: " << status.reason().text() << ": " << status.message() << "\n";
  return code;
}

std::string HostOf(const std::string& listen) { return listen.substr(0, listen.rfind(':')); }

std::string ReadyJson(const config::v1::Config& config, const Gateway& gateway) {
  const auto address = [](const std::string& listen, int port) { return HostOf(listen) + ":" + std::to_string(port); };
  JsonWriter json;
  json.BeginObject();
  json.Key("provider_api").String(address(config.provider_api().listen(), gateway.provider_port()));
  json.Key("admin_api").String(address(config.admin_api().listen(), gateway.admin_port()));
  json.Key("http").String(address(config.http().listen(), gateway.http_port()));
  json.Key("pid").Number(getpid());
  json.EndObject();
  return json.text() + "\n";
}

// Written beside and renamed, so that who sees the file sees all of it.
Status WriteReadyFile(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out || std::rename(beside.c_str(), path.c_str()) != 0)
    return Status::Permanent("app.ready_file"_reason, "cannot write " + path);
  return {};
}

// The second signal does not wait for the drain: all that was promised is durable already.
void EndAtOnceOnNextSignal() {
  std::thread([] {
    const sigset_t set = EndSignals();
    int signal = 0;
    sigwait(&set, &signal);
    _exit(kDied);
  }).detach();
}

// gRPC's own words go into our log, as detail; what matters of them is said by a reason of ours.
void TakeGrpcLog() {
  gpr_set_log_function([](gpr_log_func_args* line) { Log(LogLevel::kDebug, "grpc", {{"text", line->message}}); });
}

enum class Ended { kAsTold, kToStartAnew };

// A gateway from its start to its end; the exit code is that of a start that failed.
Result<Ended> ServeOnce(const config::v1::Config& config, const CommandLine& line, Clock& clock, bool again) {
  Gateway::Around around;
  around.on_over = [](const Status&) { kill(getpid(), kAnew); };
  around.again = again;
  auto gateway = Gateway::Start(config, clock, around);
  if (!gateway) return gateway.status();
  const std::string ready = ReadyJson(config, **gateway);
  if (!line.ready_file.empty())
    if (Status status = WriteReadyFile(line.ready_file, ready); !status.ok()) return status;
  Log(LogLevel::kInfo, "app.ready",
      {{"provider_port", std::to_string((*gateway)->provider_port())},
       {"admin_port", std::to_string((*gateway)->admin_port())},
       {"http_port", std::to_string((*gateway)->http_port())}});
  const sigset_t set = AllSignals();
  int signal = 0;
  sigwait(&set, &signal);
  Log(LogLevel::kInfo, "app.signal", {{"signal", std::to_string(signal)}});
  if (signal != kAnew) EndAtOnceOnNextSignal();
  (*gateway)->Stop();
  if (!line.ready_file.empty()) std::remove(line.ready_file.c_str());
  return signal == kAnew ? Ended::kToStartAnew : Ended::kAsTold;
}

// What served once and does not start now is waited for: behind a failover a store is out of reach, and then too weak
// until its replicas follow, for seconds or until a person mends it. Only what nobody can mend ends it.
bool IsForGood(const Status& status) {
  return status.reason() == "store.in_use"_reason || status.reason() == "store.newer_format"_reason;
}

int Serve(const config::v1::Config& config, const CommandLine& line, Clock& clock) {
  TakeGrpcLog();
  for (bool again = false;; again = true) {
    const Result<Ended> ended = ServeOnce(config, line, clock, again);
    if (ended.ok() && *ended == Ended::kAsTold) return kEnded;
    if (ended.ok()) continue;
    if (!again || IsForGood(ended.status())) return Refuse(ended.status(), kCannotStart);
    Log(LogLevel::kError, "app.not_started_again", {{"status", ended.status().ToString()}});
    const timespec second{1, 0};
    const sigset_t set = EndSignals();
    if (sigtimedwait(&set, nullptr, &second) > 0) return kEnded;
  }
}

Status TakeFailpoints(const config::v1::Config& config, const CommandLine& line) {
  if (line.failpoint.empty() && line.failpoint_page.empty()) return {};
  if (config.environment() != "sandbox")
    return Status::Permanent("app.failpoint_in_production"_reason, "failpoints are for sandboxes only");
  return TurnOnFailpoints(line.failpoint_page, line.failpoint);
}

int RunGateway(config::v1::Config config, const CommandLine& line) {
  if (!line.clock.empty()) config.set_clock(line.clock);
  if (config.environment() == "production" && config.clock() != "system")
    return Refuse(Status::Permanent("app.clock_in_production"_reason, "production runs on the system clock only"),
                  kUsageOrConfig);
  if (Status status = TakeFailpoints(config, line); !status.ok()) return Refuse(status, kUsageOrConfig);
  auto clock = MakeClock(config.clock());
  if (!clock) return Refuse(clock.status(), kCannotStart);
  if (line.action == CommandLine::Action::kCheckConfig) {
    if (Status status = CheckStart(config, **clock); !status.ok()) return Refuse(status, kUsageOrConfig);
    std::cout << line.config_file << ": good\n";
    return kEnded;
  }
  SetLogLevel(LogSettings(config.log()));
  if (!config.log().file().empty())
    if (Status status = LogToFile(config.log().file()); !status.ok()) return Refuse(status, kCannotStart);
  return Serve(config, line, **clock);
}

int Main(const std::vector<std::string>& arguments) {
  const CommandLine line = ParseCommandLine(arguments);
  if (!line.error.empty()) {
    std::cerr << "tvan-gateway: " << line.error << "\n" << kUsage;
    return kUsageOrConfig;
  }
  if (line.action == CommandLine::Action::kHelp) return std::cout << kUsage, kEnded;
  if (line.action == CommandLine::Action::kVersion) return std::cout << "tvan-gateway " TVAN_VERSION "\n", kEnded;
  if (line.action == CommandLine::Action::kPrintReference) return std::cout << ConfigReference(), kEnded;
  if (line.action == CommandLine::Action::kPrintCatalogue) return std::cout << CataloguePage(), kEnded;
  const ConfigReport report = LoadConfig(line.config_file);
  std::cerr << report.Text();
  return report.ok() ? RunGateway(report.config, line) : kUsageOrConfig;
}

}  // namespace
}  // namespace tvan

// Read by jemalloc, when it is linked: memory of a crowd that is over goes back within seconds, not at the next crowd.
extern "C" const char* const malloc_conf;
const char* const malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";

int main(int argc, char** argv) {
  // Before any thread: all of them leave these signals to sigwait.
  signal(SIGPIPE, SIG_IGN);
  const sigset_t set = tvan::AllSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  try {
    return tvan::Main({argv + 1, argv + argc});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tvan-gateway: died: %s\n", e.what());
    return tvan::kDied;
  }
}
