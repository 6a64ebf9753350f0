// The simulated authority on the wire, met by the gateway's own line; and the program itself.
#include "adapters/simulator/server.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "adapters/soap/soap_channel.h"
#include "tests/unit/simulator/world.h"

namespace tvan::test {
namespace {

using namespace std::chrono_literals;

class Wire : public SimulatorTest {
 protected:
  void SetUp() override {
    SimulatorTest::SetUp();
    line_.Issue("server", PkiUse::kServer);
    line_.Issue("client", PkiUse::kClient);
    foreign_.Issue("stranger", PkiUse::kClient);
    options.certificate_file = line_.Certificate("server");
    options.key_file = line_.Key("server");
    options.client_ca_file = line_.Certificate("line");
  }
  void TearDown() override {
    channel.reset();
    server.reset();
  }
  AuthorityChannel& Line() {
    if (!server) server = sim::Server::Start(options, Sim(), clock, *transcript).value();
    if (!channel) channel = Connect("client", line_);
    return *channel;
  }
  std::unique_ptr<AuthorityChannel> Connect(const std::string& name, const Pki& pki, Span read_timeout = 20s) {
    SoapOptions soap;
    soap.line = LineId::Trusted("main");
    soap.host = "127.0.0.1";
    soap.port = server->port();
    soap.ca_file = line_.Certificate("line");
    soap.certificate_file = pki.Certificate(name);
    soap.key_file = pki.Key(name);
    soap.read_timeout = read_timeout;
    return MakeSoapChannel(soap, clock, *metrics).value();
  }
  Status SendCoded(int n) {
    return Line().Send({{MessageId::Trusted(Id(n)), std::make_shared<const std::string>(Coded(n))}}, kSteadyForever).at(0);
  }
  static void Expect(const Status& status, const std::string& reason, Disposition disposition) {
    EXPECT_EQ(status.reason().text(), reason) << status.ToString();
    EXPECT_EQ(status.disposition(), disposition);
  }

  Pki line_{folder, "line"}, foreign_{folder, "foreign"};
  std::unique_ptr<Metrics> metrics = Metrics::Make();
  std::unique_ptr<sim::Server> server;
  std::unique_ptr<AuthorityChannel> channel;
};

TEST_F(Wire, AMessageGoesUpAndItsAnswersComeDown) {
  EXPECT_TRUE(SendCoded(1).ok());
  Pass(1h);
  auto batch = Line().Receive("", 10);
  ASSERT_TRUE(batch.ok()) << batch.status().ToString();
  ASSERT_EQ(batch->messages.size(), 2u);
  EXPECT_EQ(Type(batch->messages[1].bytes), "202");
  EXPECT_EQ(batch->next, "2");
  auto nothing = Line().Receive("2", 10);
  EXPECT_TRUE(nothing->messages.empty());
  EXPECT_EQ(nothing->next, "2");
  auto report = Line().Probe();
  EXPECT_EQ(report->authority_time, clock.Now());
  EXPECT_EQ(Events("connect").size(), 1u);  // one kept connection
  EXPECT_EQ(Events("connect")[0]["client_sha256"], CertificateSha256(ReadAll(line_.Certificate("client"))).value());
  TearDown();
  EXPECT_EQ(clock.work_begun, clock.work_ended);
}

TEST_F(Wire, AStrangersCertificateIsRefusedAndWrittenDown) {
  Line();
  auto stranger = Connect("stranger", foreign_);
  Expect(stranger->Probe().status(), "line.tls", Disposition::kTransient);
  TearDown();
  EXPECT_EQ(LastDisposition("connect"), "tls_failed");
  EXPECT_TRUE(Events("probe").empty());
}

TEST_F(Wire, AWindowResetsAndWritesDownWhatCame) {
  options.windows = {{clock.Now(), clock.Now() + 1h, sim::WindowMode::kReset},
                     {clock.Now() + 1h, clock.Now() + 2h, sim::WindowMode::kHtml502},
                     {clock.Now() + 2h, clock.Now() + 3h, sim::WindowMode::kClosedFault}};
  Expect(SendCoded(1), "line.cut", Disposition::kInDoubt);
  EXPECT_EQ(LastDisposition(), "closed");
  EXPECT_EQ(Events("connect").back()["window"], 1);
  Pass(1h);
  Expect(SendCoded(1), "line.bad_gateway", Disposition::kInDoubt);
  Pass(1h);
  Expect(SendCoded(1), "line.refused", Disposition::kTransient);
  Pass(1h);
  EXPECT_TRUE(SendCoded(1).ok());
}

TEST_F(Wire, ACutAfterProcessingIsInDoubtAndTheAnswerIsThere) {
  options.faults = {{"cut_after_processing", 1}};
  Expect(SendCoded(1), "line.cut", Disposition::kInDoubt);
  Pass(1h);
  EXPECT_EQ(Line().Receive("", 10)->messages.size(), 2u);
}

TEST_F(Wire, ABusyLineDidNotTakeTheMessage) {
  options.faults = {{"busy", 1}};
  Expect(SendCoded(1), "line.refused", Disposition::kTransient);
  EXPECT_TRUE(SendCoded(1).ok());
}

TEST_F(Wire, AHalfOpenServerTimesOutInDoubt) {
  options.faults = {{"half_open", 1}};
  Line();
  channel = Connect("client", line_, 100ms);
  Expect(SendCoded(1), "line.timeout", Disposition::kInDoubt);
}

TEST_F(Wire, ASlowAnswerIsStillAnAnswer) {
  options.faults = {{"slow", 1}};
  options.slow_delay = 20ms;
  EXPECT_TRUE(SendCoded(1).ok());
  EXPECT_EQ(Events("send").back()["faults"], Json::array({"slow"}));
}

TEST_F(Wire, FullMeansTheNextConnectionIsTurnedAway) {
  options.max_connections = 1;
  EXPECT_TRUE(Line().Probe().ok());
  auto second = Connect("client", line_);
  EXPECT_TRUE(second->Probe().status().is_transient());
  EXPECT_EQ(LastDisposition("connect"), "refused_full");
}

TEST_F(Wire, APortInUseIsSaidSo) {
  Line();
  sim::Options again = options;
  again.listen_port = server->port();
  auto second = sim::Server::Start(again, Sim(), clock, *transcript);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().reason().text(), "sim.listen");
}

TEST_F(Wire, TheProgramStartsListensAndEndsCleanly) {
  Line();  // only for its files
  SharedPki& pki = SharedPki::Get();
  std::vector<std::string> arguments = {"tvan-authority-sim", "--cert", options.certificate_file, "--key", options.key_file,
                                        "--client-ca", options.client_ca_file, "--sign-cert", pki.authority.Certificate("tct"),
                                        "--sign-key", pki.authority.Key("tct"), "--trust", pki.sellers.Certificate("sellers"),
                                        "--transcript", folder.File("program.jsonl"), "--port-file", folder.File("port")};
  std::vector<char*> argv;
  for (std::string& a : arguments) argv.push_back(a.data());
  argv.push_back(nullptr);
  const std::string program = std::string(std::getenv("TVAN_BINARY_DIR")) + "/bin/tvan-authority-sim";
  pid_t pid = 0;
  ASSERT_EQ(posix_spawn(&pid, program.c_str(), nullptr, nullptr, argv.data(), environ), 0);
  while (!std::filesystem::exists(folder.File("port")) && waitpid(pid, nullptr, WNOHANG) == 0) std::this_thread::yield();
  ASSERT_EQ(kill(pid, SIGTERM), 0);
  int status = -1;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  std::string lines = ReadAll(folder.File("program.jsonl"));
  EXPECT_NE(lines.find("\"kind\":\"start\""), std::string::npos);
  EXPECT_NE(lines.find("\"kind\":\"stop\""), std::string::npos);
}

}  // namespace
}  // namespace tvan::test
