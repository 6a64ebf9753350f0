// Certificate, key and client CA of a listener that change while it serves, in real handshakes.
#include <gmock/gmock.h>

#include "gateway/app/listener_credentials.h"
#include "gateway/core/allowance.h"
#include "gateway/intake/provider_server.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/integration/raw_client.h"

namespace tvan {
namespace {

using grpc::health::v1::Health;
using testing::HasSubstr;

// A CA beside the world's own, and what it issues.
class OtherCa {
 public:
  explicit OtherCa(const ApiWorld& world)
      : now_{world.clock->Now().us / 1'000'000 * 1'000'000},
        days_{now_ - std::chrono::hours(1), now_ + std::chrono::hours(24)},
        ca_(Take(SandboxCa::Create("other CA", PkiKey::kEcP256, days_))) {}
  KeyAndCertificate Issue(const std::string& name, PkiUse use) const { return Issue(name, use, days_); }
  KeyAndCertificate Issue(const std::string& name, PkiUse use, const PkiValidity& validity) const {
    CertificateSpec spec;
    spec.common_name = name;
    spec.use = use;
    spec.validity = validity;
    return Take(ca_->Issue(spec));
  }
  const std::string& pem() const { return ca_->pem().certificate_pem; }
  PkiValidity Yesterday() const { return {now_ - std::chrono::hours(48), now_ - std::chrono::hours(24)}; }

 private:
  const Time now_;
  const PkiValidity days_;
  const std::unique_ptr<SandboxCa> ca_;
};

class ListenerReload : public testing::Test {
 protected:
  ListenerReload() : other_(world_) {
    server_pem_ = world_.ReadText("ca.pem");
    client_ = {world_.ReadText("acme.key"), world_.ReadText("acme.pem")};
    auto read = ListenerCredentials::Read(world_.Config().config, ProviderListenerFiles(world_.Config().config),
                                          *world_.clock, *metrics_);
    credentials_ = Take(std::move(read));
    ProviderServer::Options options;
    options.listen = "127.0.0.1:0";
    options.connections = {16, 16};
    server_ = Take(ProviderServer::Start(
        options, credentials_->tls(), {},
        {unread_, [](const grpc::ServerContextBase&) { return ProviderId::Trusted("acme"); }}, *metrics_));
    server_->SetHealth(ProviderServer::Health::kServing);
  }
  // A connection of its own: the server must be one of `server_ca`, the client is `client`.
  std::unique_ptr<Health::Stub> Connect(const std::string& server_ca, const KeyAndCertificate& client) const {
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = server_ca;
    tls.pem_private_key = client.key_pem;
    tls.pem_cert_chain = client.certificate_pem;
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return Health::NewStub(grpc::CreateCustomChannel("localhost:" + std::to_string(server_->port()),
                                                     grpc::SslCredentials(tls), arguments));
  }
  static bool Serves(Health::Stub& health) {
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckResponse response;
    return health.Check(&context, {}, &response).ok();
  }
  bool IsShown(const std::string& server_ca) const { return Serves(*Connect(server_ca, client_)); }
  bool IsLetIn(const KeyAndCertificate& client) const { return Serves(*Connect(server_pem_, client)); }
  void WriteServer(const KeyAndCertificate& pair) {
    world_.WriteFile("server.key", pair.key_pem);
    world_.WriteFile("server.pem", pair.certificate_pem);
  }
  std::string Metric(const std::string& name) const {
    const std::string text = metrics_->Render(), line = "\n" + name + "{of=\"provider_api\"} ";
    const size_t at = text.find(line);
    return at == std::string::npos ? "" : text.substr(at + line.size(), text.find('\n', at + 1) - at - line.size());
  }

  ApiWorld world_;
  const OtherCa other_;
  std::string server_pem_;
  KeyAndCertificate client_;
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  Allowance unread_{1 << 20};
  std::unique_ptr<ListenerCredentials> credentials_;
  std::unique_ptr<ProviderServer> server_;
};

TEST_F(ListenerReload, NewConnectionsSeeTheNewCertificateAndOpenOnesGoOn) {
  const auto open = Connect(server_pem_, client_);
  EXPECT_TRUE(Serves(*open));
  EXPECT_FALSE(IsShown(other_.pem()));
  WriteServer(other_.Issue("server", PkiUse::kServer));
  EXPECT_TRUE(IsShown(server_pem_)) << "nobody has looked yet";
  credentials_->Look();
  EXPECT_TRUE(IsShown(other_.pem()));
  EXPECT_FALSE(IsShown(server_pem_));
  EXPECT_TRUE(Serves(*open));
  EXPECT_EQ(Metric("tvan_credentials_loads_total"), "2");
  credentials_->Look();
  EXPECT_EQ(Metric("tvan_credentials_loads_total"), "2") << "nothing changed";
}

TEST_F(ListenerReload, AnotherClientCaLetsItsClientsInAndNoOthers) {
  const KeyAndCertificate theirs = other_.Issue("gamma", PkiUse::kClient);
  const auto open = Connect(server_pem_, client_);
  EXPECT_TRUE(Serves(*open));
  EXPECT_FALSE(IsLetIn(theirs));
  world_.WriteFile("ca.pem", server_pem_ + other_.pem());
  credentials_->Look();
  EXPECT_TRUE(IsLetIn(theirs));
  EXPECT_TRUE(IsLetIn(client_));
  world_.WriteFile("ca.pem", other_.pem());
  credentials_->Look();
  EXPECT_TRUE(IsLetIn(theirs));
  EXPECT_FALSE(IsLetIn(client_));
  EXPECT_TRUE(Serves(*open));
}

TEST_F(ListenerReload, WhatAStartWouldRefuseLeavesTheOldOneAndIsCounted) {
  const KeyAndCertificate good = other_.Issue("server", PkiUse::kServer);
  const std::string old_key = world_.ReadText("server.key");
  const auto refused = [&](const std::string& certificate, const std::string& key) {
    world_.WriteFile("server.pem", certificate);
    world_.WriteFile("server.key", key);
    const std::string before = Metric("tvan_credentials_load_failures_total");
    credentials_->Look();
    return IsShown(server_pem_) && Metric("tvan_credentials_load_failures_total") != before;
  };
  EXPECT_TRUE(refused(good.certificate_pem, old_key)) << "the key comes later";
  EXPECT_TRUE(refused(good.certificate_pem.substr(0, 200), good.key_pem)) << "half written";
  EXPECT_TRUE(refused("", good.key_pem));
  const KeyAndCertificate old = other_.Issue("server", PkiUse::kServer, other_.Yesterday());
  EXPECT_TRUE(refused(old.certificate_pem, old.key_pem)) << "expired";
  WriteServer(good);
  credentials_->Look();
  EXPECT_TRUE(IsShown(other_.pem()));
  EXPECT_EQ(Metric("tvan_credentials_load_failures_total"), "4");
}

// The whole gateway, by itself.
TEST(ListenerReloadOfAGateway, BothListenersAreLookedAtInTheRhythmOfTrust) {
  ApiWorld world;
  const OtherCa other(world);
  const std::string trust = "trust: {";
  world.yaml.replace(world.yaml.find(trust), trust.size(), "trust: {reload_every: 5s, ");
  ASSERT_TRUE(world.Start().ok());
  const std::string ca = world.ReadText("ca.pem");
  const auto shown = [&](int port) {
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = other.pem();
    tls.pem_private_key = world.ReadText("operator.key");
    tls.pem_cert_chain = world.ReadText("operator.pem");
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel =
        grpc::CreateCustomChannel("localhost:" + std::to_string(port), grpc::SslCredentials(tls), arguments);
    return channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(1));
  };
  EXPECT_FALSE(shown(world.gateway->admin_port()));
  EXPECT_FALSE(shown(world.gateway->provider_port()));
  const KeyAndCertificate pair = other.Issue("server", PkiUse::kServer);
  world.WriteFile("server.key", pair.key_pem);
  world.WriteFile("server.pem", pair.certificate_pem);
  EXPECT_TRUE(Eventually([&] { return shown(world.gateway->admin_port()); }));
  EXPECT_TRUE(Eventually([&] { return shown(world.gateway->provider_port()); }));
}

}  // namespace
}  // namespace tvan
