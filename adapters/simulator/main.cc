// tvan-authority-sim: see --help, adapters/simulator/TRANSCRIPT.md and adapters/soap/tvan_authority.wsdl.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>

#include "adapters/simulator/rotating_signer.h"
#include "adapters/simulator/server.h"

namespace tvan::sim {
namespace {

int Fail(const Status& status, int code) {
  std::cerr << "tvan-authority-sim: " << status.message() << " (" << status.reason().text() << ")\n";
  return code;
}

// A reader of the file never sees half of a number.
Status WritePort(const std::string& file, uint16_t port) {
  if (file.empty()) return {};
  std::string fresh = file + ".new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << port << "\n";
    out.flush();
    if (!out) return Status::Permanent("sim.port_file"_reason, "cannot write " + fresh);
  }
  if (std::rename(fresh.c_str(), file.c_str()) != 0)
    return Status::Permanent("sim.port_file"_reason, "cannot write " + file);
  return {};
}

// Catches signals from its construction on, so that none that comes after the port file is lost.
class Signals {
 public:
  Signals() {
    boost::system::error_code ignored;
    signals_.add(SIGHUP, ignored);
  }
  // SIGTERM, SIGINT: calls `report` and returns. SIGUSR1: calls `report` and goes on. SIGHUP: calls `change`.
  void AwaitEnd(const std::function<void()>& report, const std::function<void()>& change) {
    Await(report, change);
    io_.run();
  }

 private:
  void Await(const std::function<void()>& report, const std::function<void()>& change) {
    signals_.async_wait([this, &report, &change](const boost::system::error_code& error, int signal) {
      if (error) return;
      signal == SIGHUP ? change() : report();
      if (signal == SIGUSR1 || signal == SIGHUP) Await(report, change);
    });
  }

  boost::asio::io_context io_;
  boost::asio::signal_set signals_{io_, SIGTERM, SIGINT, SIGUSR1};
};

int Play(const Options& options) {
  Signals signals;
  auto clock = MakeClock(options.clock);
  if (!clock) return Fail(clock.status(), 1);
  auto transcript = Transcript::Open(options.transcript_file, **clock);
  if (!transcript) return Fail(transcript.status(), 1);
  TrustOptions trust;
  trust.trust_files = options.trust_files;
  auto verifier = MakeSignatureVerifier(trust, **clock);
  if (!verifier) return Fail(verifier.status(), 1);
  auto signer = MakeAuthoritySigner(options);
  if (!signer) return Fail(signer.status(), 1);
  std::unique_ptr<Keeper> keeper;
  if (!options.keep_folder.empty()) {
    auto opened = Keeper::Open({options.keep_folder, options.keep_max_files, options.keep_max_bytes}, **transcript);
    if (!opened) return Fail(opened.status(), 1);
    keeper = std::move(*opened);
  }
  auto digester = MakeDigester();
  auto parser = MakeXmlParser({});
  (*transcript)
      ->Write(Event("start")
                  .Number("format", 1)
                  .Number("seed", int64_t(options.seed))
                  .Text("duplicate_policy", ToString(options.duplicate_policy)));
  Authority authority(options, {**clock, **transcript, *parser, **verifier, **signer, *digester, keeper.get()});
  auto server = Server::Start(options, authority, **clock, **transcript);
  if (!server) return Fail(server.status(), 1);
  if (Status status = WritePort(options.port_file, (*server)->port()); !status) return Fail(status, 1);
  std::cerr << "tvan-authority-sim: listening on " << options.listen_host << ":" << (*server)->port() << "\n";
  signals.AwaitEnd([&authority] { authority.ReportMissingAcks(); },
                   [&authority, &options] { authority.Follow(ReadPlan(options.control_file)); });
  server->reset();
  (*transcript)->Write(Event("stop"));
  return keeper != nullptr && keeper->missed() > 0 ? 3 : 0;
}

}  // namespace
}  // namespace tvan::sim

int main(int argc, char** argv) {
  auto options = tvan::sim::ParseOptions({argv + 1, argv + argc});
  if (!options) return tvan::sim::Fail(options.status(), 2);
  if (options->help) return std::cout << tvan::sim::HelpText(), 0;
  return tvan::sim::Play(*options);
}
