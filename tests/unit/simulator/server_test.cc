// The simulated authority on the wire, met by the gateway's own line; and the program itself.
#include "adapters/simulator/server.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <thread>

#include "adapters/soap/soap_channel.h"
#include "gateway/core/clock_page.h"
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
    sim::Authority& here = Sim();  // first: it opens the transcript
    if (!server) server = sim::Server::Start(options, here, clock, *transcript).value();
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
    return Line()
        .Send({{MessageId::Trusted(Id(n)), std::make_shared<const std::string>(Coded(n))}}, kSteadyForever)
        .at(0);
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
  auto batch = Line().Receive("", 10, kSteadyForever);
  ASSERT_TRUE(batch.ok()) << batch.status().ToString();
  ASSERT_EQ(batch->messages.size(), 2u);
  EXPECT_EQ(Type(batch->messages[1].bytes), "202");
  EXPECT_EQ(batch->next, "2");
  auto nothing = Line().Receive("2", 10, kSteadyForever);
  EXPECT_TRUE(nothing->messages.empty());
  EXPECT_EQ(nothing->next, "2");
  auto report = Line().Probe(kSteadyForever);
  EXPECT_EQ(report->authority_time, clock.Now());
  EXPECT_EQ(Events("connect").size(), 2u);  // kept, but not for an hour
  EXPECT_EQ(Events("connect")[0]["client_sha256"], CertificateSha256(ReadAll(line_.Certificate("client"))).value());
  TearDown();
  EXPECT_EQ(clock.work_begun, clock.work_ended);
}

TEST_F(Wire, AStrangersCertificateIsRefusedAndWrittenDown) {
  Line();
  auto stranger = Connect("stranger", foreign_);
  Expect(stranger->Probe(kSteadyForever).status(), "line.tls", Disposition::kTransient);
  TearDown();
  EXPECT_EQ(LastDisposition("connect"), "tls_failed");
  EXPECT_TRUE(Events("probe").empty());
}

TEST_F(Wire, AWindowResetsAndWritesDownWhatCame) {
  options.windows = {{clock.Now(), clock.Now() + 1h, sim::LineMode::kReset},
                     {clock.Now() + 1h, clock.Now() + 2h, sim::LineMode::kHtml502},
                     {clock.Now() + 2h, clock.Now() + 3h, sim::LineMode::kClosedFault}};
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

TEST_F(Wire, AnOutageMayRefuseConnectionsBeforeTls) {
  options.outages = {{clock.Now(), clock.Now() + 1h, sim::LineMode::kRefuse}};
  auto refused = Line().Probe(kSteadyForever);
  EXPECT_TRUE(refused.status().is_transient()) << refused.status().ToString();
  TearDown();
  EXPECT_EQ(LastDisposition("connect"), "refused_down");
  EXPECT_TRUE(Events("probe").empty());
  Pass(1h);
  EXPECT_TRUE(Line().Probe(kSteadyForever).ok());
}

TEST_F(Wire, AHalfOpenLineReadsAProbeAndNeverAnswers) {
  options.outages = {{clock.Now(), clock.Now() + 1h, sim::LineMode::kHalfOpen}};
  Line();
  channel = Connect("client", line_, 100ms);
  EXPECT_EQ(Line().Probe(kSteadyForever).status().reason().text(), "line.timeout");
  EXPECT_EQ(LastDisposition("probe"), "down");
  Pass(1h);
  EXPECT_TRUE(Line().Probe(kSteadyForever).ok());
}

TEST_F(Wire, ASlowLineAnswersInTimeOrTooLate) {
  options.outages = {{clock.Now(), clock.Now() + 1h, sim::LineMode::kSlow, 300ms}};
  EXPECT_TRUE(Line().Probe(kSteadyForever).ok());
  channel = Connect("client", line_, 50ms);
  Expect(SendCoded(1), "line.timeout", Disposition::kInDoubt);
  EXPECT_EQ(LastDisposition(), "processed");
}

TEST_F(Wire, TooMuchIsAFaultOr503) {
  options.capacity = 0;
  Expect(SendCoded(1), "line.refused", Disposition::kTransient);
  EXPECT_EQ(LastDisposition(), "overload");
  sim::Plan other = options;
  other.overload = sim::Overload::kHttp503;
  Sim().Follow(other);
  Expect(SendCoded(1), "line.bad_gateway", Disposition::kInDoubt);
  EXPECT_TRUE(Line().Probe(kSteadyForever).ok());
  Sim().Follow(sim::Plan());
  EXPECT_TRUE(SendCoded(1).ok());
}

TEST_F(Wire, ItsDateIsThatOfItsOwnClockAndMayBeAhead) {
  EXPECT_EQ(Line().Probe(kSteadyForever)->authority_time, clock.Now());
  sim::Plan skewed;
  for (Span skew : {31s, -31s}) {
    skewed.date_skew = skew;
    Sim().Follow(skewed);
    EXPECT_EQ(Line().Probe(kSteadyForever)->authority_time, clock.Now() + skew);
    EXPECT_EQ(Events("probe").back()["date"], FormatTime(clock.Now() + skew));
  }
  Pass(1h);
  EXPECT_EQ(Line().Probe(kSteadyForever)->authority_time, clock.Now() - 31s);
}

TEST_F(Wire, ACutAfterProcessingIsInDoubtAndTheAnswerIsThere) {
  options.faults = {{"cut_after_processing", 1}};
  Expect(SendCoded(1), "line.cut", Disposition::kInDoubt);
  Pass(1h);
  EXPECT_EQ(Line().Receive("", 10, kSteadyForever)->messages.size(), 2u);
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
  EXPECT_TRUE(Line().Probe(kSteadyForever).ok());
  auto second = Connect("client", line_);
  EXPECT_TRUE(second->Probe(kSteadyForever).status().is_transient());
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

// The program in a process of its own; the port file tells that it listens.
class Program : public Wire {
 protected:
  void Start(std::vector<std::string> more) {
    SharedPki& pki = SharedPki::Get();
    std::vector<std::string> arguments = {"tvan-authority-sim",
                                          "--cert",
                                          options.certificate_file,
                                          "--key",
                                          options.key_file,
                                          "--client-ca",
                                          options.client_ca_file,
                                          "--sign-cert",
                                          pki.authority.Certificate("tct"),
                                          "--sign-key",
                                          pki.authority.Key("tct"),
                                          "--trust",
                                          pki.sellers.Certificate("sellers"),
                                          "--transcript",
                                          folder.File("transcript"),
                                          "--port-file",
                                          folder.File("port")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& a : arguments) argv.push_back(a.data());
    argv.push_back(nullptr);
    const std::string program = std::string(std::getenv("TVAN_BINARY_DIR")) + "/bin/tvan-authority-sim";
    ASSERT_EQ(posix_spawn(&pid_, program.c_str(), nullptr, nullptr, argv.data(), environ), 0);
  }
  void AwaitPort() {
    int status = 0;
    while (!std::filesystem::exists(folder.File("port"))) {
      ASSERT_EQ(waitpid(pid_, &status, WNOHANG), 0) << "it ended";
      std::this_thread::yield();
    }
  }
  int End(int signal) {
    if (signal != 0) kill(pid_, signal);
    int status = -1;
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  pid_t pid_ = 0;
};

TEST_F(Program, StartsListensAndEndsCleanly) {
  Start({});
  AwaitPort();
  EXPECT_EQ(End(SIGTERM), 0);
  EXPECT_EQ(Events("start").size(), 1u);
  EXPECT_EQ(Events("stop").size(), 1u);
}

TEST_F(Program, SaysByItsExitCodeWhatIsWrong) {
  Start({"--nonsense", "1"});
  EXPECT_EQ(End(0), 2);
  Start({"--listen", "192.0.2.1:1"});
  EXPECT_EQ(End(0), 1);
}

TEST_F(Program, KeepsItsWindowsByASharedClockPage) {
  auto driver = ClockDriver::Create(folder.File("page"), clock.Now()).value();
  Time start = clock.Now() + 2h, end = start + 3h + 45min;
  Start({"--clock", "file:" + folder.File("page"), "--window", FormatTime(start) + "/" + FormatTime(end)});
  AwaitPort();
  ASSERT_TRUE(driver->AdvanceTo(end + 1h, 2ms, 20s));
  EXPECT_EQ(End(SIGTERM), 0);
  ASSERT_EQ(Events("window_open").size(), 1u);
  EXPECT_EQ(Events("window_open")[0]["time"], FormatTime(start));
  EXPECT_EQ(Events("window_close")[0]["time"], FormatTime(end));
}

TEST_F(Program, ItsStopIsExtendedWhileItRunsByAControlFile) {
  auto driver = ClockDriver::Create(folder.File("page"), clock.Now()).value();
  const Time start = clock.Now() + 2h, end = start + 3h + 45min;
  const std::string window = FormatTime(start) + "/" + FormatTime(end);
  Start({"--clock", "file:" + folder.File("page"), "--window", window, "--control", folder.File("control")});
  AwaitPort();
  ASSERT_TRUE(driver->AdvanceTo(end - 1h, 2ms, 20s));
  auto hang_up = [&](const std::string& lines, size_t nth) {
    std::ofstream(folder.File("control"), std::ios::trunc) << lines << "\n";
    kill(pid_, SIGHUP);
    while (Events("control").size() < nth && waitpid(pid_, nullptr, WNOHANG) == 0) std::this_thread::yield();
    return LastDisposition("control");
  };
  EXPECT_EQ(hang_up("window=" + window + "/late=1d", 1), "refused");
  EXPECT_EQ(hang_up("window=" + window + "/late=1h", 2), "ok");
  ASSERT_TRUE(driver->AdvanceTo(end + 2h, 2ms, 20s));
  EXPECT_EQ(End(SIGTERM), 0);
  ASSERT_EQ(Events("window_close").size(), 1u);
  EXPECT_EQ(Events("window_close")[0]["time"], FormatTime(end + 1h));
}

}  // namespace
}  // namespace tvan::test
