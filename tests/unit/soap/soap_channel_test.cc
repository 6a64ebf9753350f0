// How the line tells failures apart, against a server that plays a script.
#include <filesystem>
#include <fstream>

#include "tests/unit/soap/channel_world.h"

namespace tvan::test {
namespace {

TEST_F(Channel, AnAcceptedMessageIsOkAndTheCallHoldsTime) {
  Serve({Answering(FakeServer::Http("200 OK", kXml, kAccepted))});
  EXPECT_TRUE(Send().ok());
  EXPECT_GT(clock.work_begun, 0);
  EXPECT_EQ(clock.work_begun, clock.work_ended);
}

TEST_F(Channel, AMessageThatTheResponseDoesNotNameIsInDoubt) {
  Serve({Answering(FakeServer::Http("200 OK", kXml, kAccepted))});
  auto statuses = channel->Send({{MessageId::Trusted("V1"), std::make_shared<const std::string>("a")},
                                 {MessageId::Trusted("V2"), std::make_shared<const std::string>("b")}},
                                kSteadyForever);
  EXPECT_TRUE(statuses[0].ok());
  Expect(statuses[1], "line.protocol", Disposition::kInDoubt);
}

TEST_F(Channel, ARefusedConnectionIsTransient) {
  Serve({});
  server.reset();
  Expect(Send(), "line.connect", Disposition::kTransient);
}

TEST_F(Channel, AServerThatNeverShakesHandsIsTransient) {
  options.handshake_timeout = 50ms;
  Serve({[](Connection& c) { c.Wait(); }});
  Expect(Send(), "line.timeout", Disposition::kTransient);
}

TEST_F(Channel, ACutInTheHandshakeIsTransient) {
  Serve({[](Connection& c) {
    c.AwaitByte();
    c.Reset();
  }});
  Expect(Send(), "line.tls", Disposition::kTransient);
}

TEST_F(Channel, ASilentServerLeavesAMessageInDoubt) {
  options.read_timeout = 50ms;
  auto silent = [](Connection& c) {
    if (c.Handshake()) c.Request();
    c.Wait();
  };
  Serve({silent, silent});
  Expect(Send(), "line.timeout", Disposition::kInDoubt);
  EXPECT_TRUE(channel->Probe(kSteadyForever).status().is_transient());
}

TEST_F(Channel, ACutAfterTheRequestIsInDoubtForSendAndTransientForReads) {
  auto cut = [](Connection& c) {
    if (c.Handshake()) c.Request();
    c.Reset();
  };
  Serve({cut, cut, cut});
  Expect(Send(), "line.cut", Disposition::kInDoubt);
  Expect(channel->Receive("", 1, kSteadyForever).status(), "line.cut", Disposition::kTransient);
  Expect(channel->Probe(kSteadyForever).status(), "line.cut", Disposition::kTransient);
}

TEST_F(Channel, ACutBeforeTheRequestIsReadIsInDoubtToo) {
  Serve({[](Connection& c) {
    c.Handshake();
    c.Reset();
  }});
  Status status = Send();
  EXPECT_TRUE(status.is_in_doubt()) << status.ToString();
}

TEST_F(Channel, HalfAResponseIsInDoubt) {
  std::string whole = FakeServer::Http("200 OK", kXml, kAccepted);
  Serve({[whole](Connection& c) {
    if (!c.Handshake() || c.Request().empty()) return;
    c.Write(whole.substr(0, whole.size() - 10));
    c.Reset();
  }});
  Expect(Send(), "line.cut", Disposition::kInDoubt);
}

TEST_F(Channel, AnHtmlPageIsABadGateway) {
  auto page = Answering(FakeServer::Http("502 Bad Gateway", "text/html", "<html>", "Connection: close\r\n"));
  Serve({page, page});
  Expect(Send(), "line.bad_gateway", Disposition::kInDoubt);
  Expect(channel->Receive("", 1, kSteadyForever).status(), "line.bad_gateway", Disposition::kTransient);
}

TEST_F(Channel, AClosedFaultIsTransientAClientFaultPermanent) {
  auto fault = [](const std::string& code, const std::string& detail) {
    return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault><faultcode>s:" + code +
           "</faultcode><faultstring>x</faultstring><detail><Code xmlns=\"urn:tvan-gateway:authority-line:1\">" +
           detail + "</Code></detail></s:Fault></s:Body></s:Envelope>";
  };
  Serve({[&](Connection& c) {
    c.Handshake();
    for (const auto& body : {fault("Server", "Closed"), fault("Client", "Bad"), fault("Server", "Oops")}) {
      c.Request();
      c.Write(FakeServer::Http("503 Service Unavailable", kXml, body));
    }
    c.Wait();
  }});
  Expect(Send(), "line.refused", Disposition::kTransient);
  Expect(Send(), "line.refused", Disposition::kPermanent);
  Expect(Send(), "line.protocol", Disposition::kInDoubt);
}

TEST_F(Channel, GarbageIsInDoubt) {
  Serve({Answering("HELLO\r\n\r\n"), Answering(FakeServer::Http("200 OK", kXml, "no xml", "Connection: close\r\n")),
         Answering(FakeServer::Http("200 OK", "text/plain", kAccepted, "Connection: close\r\n"))});
  EXPECT_TRUE(Send().is_in_doubt());
  Expect(Send(), "line.protocol", Disposition::kInDoubt);
  Expect(Send(), "line.protocol", Disposition::kInDoubt);
}

TEST_F(Channel, AHugeResponseIsNotTakenIn) {
  options.max_response_bytes = 1000;
  Serve({Answering(FakeServer::Http("200 OK", kXml, kAccepted, "Connection: close\r\n")),
         Answering("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1001\r\n\r\n" +
                   std::string(1001, ' '))});
  EXPECT_TRUE(Send().ok());
  Status status = Send();
  Expect(status, "line.protocol", Disposition::kInDoubt);
  EXPECT_NE(status.message().find("body limit"), std::string::npos) << status.message();
}

TEST_F(Channel, AnExpiredServerCertificateIsSaidSo) {
  auto shake = [](Connection& c) { c.Handshake(); };
  Serve({shake}, "expired");
  Status status = Send();
  Expect(status, "line.tls", Disposition::kTransient);
  EXPECT_NE(status.message().find("expired on 2021-02-03 04:05:06 UTC"), std::string::npos) << status.message();
}

TEST_F(Channel, CertificatesAreJudgedByTheClock) {
  clock.MoveTo(At("2049-06-01T00:00:00+00:00"));
  Serve({[](Connection& c) { c.Handshake(); }});
  Expect(Send(), "line.tls", Disposition::kTransient);
}

TEST_F(Channel, AServerOfAnotherCaIsRefused) {
  options.ca_file = keys.foreign.Certificate("foreign");
  Serve({[](Connection& c) { c.Handshake(); }});
  Expect(Send(), "line.tls", Disposition::kTransient);
}

TEST_F(Channel, TheHostNameMustBeInTheCertificate) {
  options.host = "localhost";
  Serve({Answering(FakeServer::Http("200 OK", kXml, kAccepted))});
  EXPECT_TRUE(Send().ok());

  Serve({[](Connection& c) { c.Handshake(); }}, "elsewhere");
  Status status = Send();
  Expect(status, "line.tls", Disposition::kTransient);
  EXPECT_NE(status.message().find("is not for localhost"), std::string::npos) << status.message();
}

TEST_F(Channel, TheAddressMustBeInTheCertificate) {
  Serve({[](Connection& c) { c.Handshake(); }}, "elsewhere");
  Expect(Send(), "line.tls", Disposition::kTransient);
}

TEST_F(Channel, OurRefusedCertificateIsTransientAndNamed) {
  UseClient(keys.foreign, "stranger");
  Serve({[](Connection& c) {
    c.Handshake();
    c.Wait();
  }});
  Expect(Send(), "line.tls", Disposition::kTransient);
}

// A server that asks for the certificate anew on a connection in use (TLS 1.2), after it took a request, and refuses
// it.
void RefuseAnew(Connection& c) {
  SSL* tls = c.tls.native_handle();
  SSL_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, [](int, X509_STORE_CTX* store) {
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REVOKED);
    return 0;
  });
  const unsigned char context[] = {1};
  SSL_set_session_id_context(tls, context, sizeof context);
  SSL_renegotiate(tls);
  c.Handshake();
  c.ReadOn();
  c.Wait();
}

TEST_F(Channel, ACertificateRefusedOnAConnectionInUseLeavesAMessageInDoubt) {
  Serve({[](Connection& c) {
    SSL_set_max_proto_version(c.tls.native_handle(), TLS1_2_VERSION);
    c.Handshake();
    c.Request();
    c.Write(FakeServer::Http("200 OK", kXml, kAccepted));
    c.Request();
    RefuseAnew(c);
  }});
  EXPECT_TRUE(Send().ok());
  Expect(Send(), "line.tls", Disposition::kInDoubt);
}

TEST_F(Channel, ACertificateRefusedAmidTheResponseLeavesAMessageInDoubt) {
  Serve({[](Connection& c) {
    SSL_set_max_proto_version(c.tls.native_handle(), TLS1_2_VERSION);
    c.Handshake();
    c.Request();
    c.Write("HTTP/1.1 200 OK\r\n");
    RefuseAnew(c);
  }});
  Expect(Send(), "line.tls", Disposition::kInDoubt);
}

TEST_F(Channel, AResponseOfTwentyMegabytesIsTaken) {
  std::string body =
      "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><ReceiveResponse "
      "xmlns=\"urn:tvan-gateway:authority-line:1\">";
  for (const char* position : {"1", "2", "3", "4"})
    body += "<Message Position=\"" + std::string(position) + "\">" + std::string(5 << 20, 'A') + "</Message>";
  body += "<Next>4</Next></ReceiveResponse></s:Body></s:Envelope>";
  Serve({Answering(FakeServer::Http("200 OK", kXml, body))});
  auto batch = channel->Receive("", 4, kSteadyForever);
  ASSERT_TRUE(batch.ok()) << batch.status().ToString();
  EXPECT_EQ(batch->messages.size(), 4U);
}

TEST_F(Channel, AProbeTellsTheAuthoritysTime) {
  Serve({Answering(FakeServer::Http("200 OK", kXml, kProbed, "Date: Sat, 21 Nov 2026 16:50:07 GMT\r\n"))});
  auto report = channel->Probe(kSteadyForever);
  ASSERT_TRUE(report.ok()) << report.status().ToString();
  EXPECT_EQ(report->authority_time, At("2026-11-21T23:50:07+07:00"));
}

TEST_F(Channel, AKeptConnectionIsUsedAgain) {
  Serve({[](Connection& c) {
    c.Handshake();
    for (int i = 0; i < 2; ++i) {
      c.Request();
      c.Write(FakeServer::Http("200 OK", kXml, kAccepted));
    }
    c.Wait();
  }});
  EXPECT_TRUE(Send().ok());
  EXPECT_TRUE(Send().ok());
}

// The server takes the second request on a kept connection and cuts.
std::vector<Act> OnceThenCut(const std::string& first, const std::string& afresh) {
  return {[first](Connection& c) {
            c.Handshake();
            c.Request();
            c.Write(FakeServer::Http("200 OK", kXml, first));
            c.Request();
            c.Reset();
          },
          [afresh](Connection& c) {
            if (!c.Handshake() || c.Request().empty()) return;
            c.Write(FakeServer::Http("200 OK", kXml, afresh));
            c.Wait();
          }};
}

TEST_F(Channel, ASendOnADeadKeptConnectionIsInDoubtAndNotRepeated) {
  Serve(OnceThenCut(kAccepted, kAccepted));
  EXPECT_TRUE(Send().ok());
  Expect(Send(), "line.cut", Disposition::kInDoubt);
}

TEST_F(Channel, AProbeOnADeadKeptConnectionIsTriedOnceAfresh) {
  Serve(OnceThenCut(kProbed, kProbed));
  EXPECT_TRUE(channel->Probe(kSteadyForever).ok());
  EXPECT_TRUE(channel->Probe(kSteadyForever).ok());
}

TEST_F(Channel, ALargeBatchGoesAsSeveralRequestsAndStopsAtTheFirstFailure) {
  options.max_batch_bytes = 100;
  Serve({[](Connection& c) {
    c.Handshake();
    c.Request();
    c.Write(FakeServer::Http("200 OK", kXml, kAccepted));
    c.Request();
    c.Reset();
  }});
  auto bytes = std::make_shared<const std::string>(60, 'x');
  std::vector<OutboundMessage> batch;
  for (const char* id : {"V1", "V2", "V3"}) batch.push_back({MessageId::Trusted(id), bytes});
  auto statuses = channel->Send(batch, kSteadyForever);
  EXPECT_TRUE(statuses[0].ok());
  Expect(statuses[1], "line.cut", Disposition::kInDoubt);
  Expect(statuses[2], "line.cut", Disposition::kTransient);
}

// The authority lets only the second of our certificates in; what is half written changes nothing.
TEST_F(Channel, ARotatedCertificateIsUsedByTheNextConnection) {
  const auto put = [&](const std::string& certificate, const std::string& key) {
    for (const auto& [from, to] : {std::pair{certificate, "own.crt"}, std::pair{key, "own.key"}})
      std::filesystem::copy_file(from, keys.folder.File(to), std::filesystem::copy_options::overwrite_existing);
  };
  put(keys.foreign.Certificate("stranger"), keys.foreign.Key("stranger"));
  options.certificate_file = keys.folder.File("own.crt");
  options.key_file = keys.folder.File("own.key");
  const Act refusing = [](Connection& c) {
    c.Handshake();
    c.Wait();
  };
  Serve({refusing, Answering(FakeServer::Http("200 OK", kXml, kAccepted))});
  auto made = MakeSoapChannel(options, clock, *metrics).value();
  SoapChannel& soap = *made;
  channel = std::move(made);
  EXPECT_FALSE(*soap.ReloadCredentials()) << "nothing changed";
  Expect(Send(), "line.tls", Disposition::kTransient);
  put(keys.line.Certificate("client"), keys.foreign.Key("stranger"));
  Expect(soap.ReloadCredentials().status(), "line.credentials", Disposition::kPermanent);
  put(keys.line.Certificate("client"), keys.line.Key("client"));
  EXPECT_TRUE(*soap.ReloadCredentials());
  EXPECT_TRUE(Send().ok());
  EXPECT_FALSE(*soap.ReloadCredentials());
}

// One that is asked every second would else never end.
TEST_F(Channel, AKeptConnectionIsNotUsedWithACertificateThatWasReplaced) {
  for (const auto& [from, to] :
       {std::pair{keys.line.Certificate("client"), "own.crt"}, std::pair{keys.line.Key("client"), "own.key"}})
    std::filesystem::copy_file(from, keys.folder.File(to), std::filesystem::copy_options::overwrite_existing);
  options.certificate_file = keys.folder.File("own.crt");
  options.key_file = keys.folder.File("own.key");
  const Act once = [](Connection& c) {  // a second request on it gets no answer
    c.Handshake();
    c.Request();
    c.Write(FakeServer::Http("200 OK", kXml, kAccepted));
    c.ReadOn();
  };
  Serve({once, once});
  auto made = MakeSoapChannel(options, clock, *metrics).value();
  SoapChannel& soap = *made;
  channel = std::move(made);
  EXPECT_TRUE(Send().ok());
  std::ofstream(options.certificate_file, std::ios::app) << "\n";  // another text, the same certificate
  EXPECT_TRUE(*soap.ReloadCredentials());
  EXPECT_TRUE(Send().ok());
}

TEST_F(Channel, WrongFilesAreNamedAtTheStart) {
  options.key_file = keys.line.Key("server");
  Expect(MakeSoapChannel(options, clock, *metrics).status(), "line.credentials", Disposition::kPermanent);
  options.key_file = keys.folder.File("missing");
  auto missing = MakeSoapChannel(options, clock, *metrics);
  EXPECT_NE(missing.status().message().find("missing: cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace tvan::test
