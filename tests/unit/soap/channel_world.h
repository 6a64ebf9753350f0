#pragma once
// A channel with its keys in front of a server that plays a script; time stands still unless the test moves it.

#include <gtest/gtest.h>

#include "adapters/soap/soap_channel.h"
#include "tests/unit/simulator/sandbox.h"
#include "tests/unit/soap/fake_server.h"

namespace tvan::test {

using namespace std::chrono_literals;
using Act = FakeServer::Act;
using Connection = FakeServer::Connection;

inline const std::string kAccepted =
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><SendResponse "
    "xmlns=\"urn:tvan-gateway:authority-line:1\"><Result MTDiep=\"V1\" "
    "Status=\"ACCEPTED\"/></SendResponse></s:Body></s:Envelope>";
inline const std::string kProbed =
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><ProbeResponse "
    "xmlns=\"urn:tvan-gateway:authority-line:1\"><Status>OPEN</Status></ProbeResponse></s:Body></s:Envelope>";
constexpr const char* kXml = "text/xml; charset=utf-8";

struct Keys {
  TempFolder folder;
  Pki line{folder, "line"}, foreign{folder, "foreign"};
  Keys() {
    line.Issue("server", PkiUse::kServer);
    line.Issue("client", PkiUse::kClient);
    line.Issue("expired", PkiUse::kServer, "", PkiKey::kEcP256,
               {At("2020-01-01T00:00:00+00:00"), At("2021-02-03T04:05:06+00:00")});
    line.IssueFor("elsewhere", {"authority.invalid"}, {"127.0.0.2"});
    foreign.Issue("stranger", PkiUse::kClient);
  }
  static Keys& Get() {
    static Keys keys;
    return keys;
  }
};

class Channel : public ::testing::Test {
 protected:
  Channel() {
    options.line = LineId::Trusted("main");
    options.host = "127.0.0.1";
    options.ca_file = keys.line.Certificate("line");
    UseClient(keys.line, "client");
    options.connect_timeout = options.handshake_timeout = options.write_timeout = options.read_timeout = 10s;
  }
  void UseClient(const Pki& pki, const std::string& name) {
    options.certificate_file = pki.Certificate(name);
    options.key_file = pki.Key(name);
  }
  void Serve(std::vector<Act> acts, const std::string& certificate = "server") {
    channel.reset();
    server = std::make_unique<FakeServer>(keys.line.Certificate(certificate), keys.line.Key(certificate),
                                          keys.line.Certificate("line"), std::move(acts));
    options.port = server->port();
    channel = MakeSoapChannel(options, clock, *metrics).value();
  }
  Status Send(Steady not_after = kSteadyForever) {
    return channel->Send({{MessageId::Trusted("V1"), std::make_shared<const std::string>("<TDiep/>")}}, not_after)
        .at(0);
  }
  static void Expect(const Status& status, const std::string& reason, Disposition disposition) {
    EXPECT_EQ(status.reason().text(), reason) << status.ToString();
    EXPECT_EQ(status.disposition(), disposition) << status.ToString();
  }
  // Shakes hands, takes one request, answers it.
  static Act Answering(const std::string& response) {
    return [response](Connection& c) {
      if (!c.Handshake() || c.Request().empty()) return;
      c.Write(response);
      c.Wait();
    };
  }

  Keys& keys = Keys::Get();
  StillClock clock{At("2026-11-21T22:00:00+07:00")};
  std::unique_ptr<Metrics> metrics = Metrics::Make();
  SoapOptions options;
  std::unique_ptr<FakeServer> server;
  std::unique_ptr<AuthorityChannel> channel;  // goes first: its connections end the server's acts
};

}  // namespace tvan::test
