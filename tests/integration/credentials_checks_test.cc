// What the files of a listener, and of the line, must be to be taken while the gateway runs; and that what is shown of
// them is what is in force.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "adapters/signature/pki_certificate.h"
#include "gateway/app/line_credentials.h"
#include "gateway/app/listener_credentials.h"
#include "gateway/app/settings.h"
#include "gateway/app/start_checks.h"
#include "tests/integration/raw_client.h"
#include "tvan/admin/v1/contracts.grpc.pb.h"

namespace tvan {
namespace {

using testing::HasSubstr;

// As a CA that is no sandbox's would issue it: without the marker, and signed by itself.
KeyAndCertificate Unmarked(const KeyAndCertificate& pair) {
  const Cert certificate = std::move(CertsFromPem(pair.certificate_pem).front());
  const EvpKey key = PrivateKeyFromPem(pair.key_pem);
  for (int i = X509_get_ext_count(certificate.get()); i-- > 0;) {
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(X509_get_ext(certificate.get(), i)));
    if (nid == NID_undef || nid == NID_authority_key_identifier)
      X509_EXTENSION_free(X509_delete_ext(certificate.get(), i));
  }
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  TVAN_CHECK(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  return {pair.key_pem, PemOf(certificate.get())};
}

class CredentialsChecks : public testing::Test {
 protected:
  CredentialsChecks() : now_{world_.clock->Now().us / 1'000'000 * 1'000'000} {
    config_ = world_.Config().config;
    config_.set_environment("production");
    config_.mutable_trust()->set_sellers(0, Written("sellers.pem", Real().certificate_pem));
    config_.mutable_admin_api()->add_operators()->set_certificate(std::string(64, 'a'));
    Name("providers", *config_.mutable_provider_api());
    Name("operators", *config_.mutable_admin_api());
    auto& line = *config_.mutable_line();
    line.set_certificate(world_.File("line-own.pem"));
    line.set_key(world_.File("line-own.key"));
    line.set_ca(Written("line-ca.pem", Real().certificate_pem));
    Write("line-own", Real());
  }
  template <class Api>
  void Name(const std::string& name, Api& api) {
    api.set_certificate(world_.File(name + ".pem"));
    api.set_key(world_.File(name + ".key"));
    api.set_client_ca(Written(name + "-ca.pem", Real().certificate_pem));
    Write(name, Real());
  }
  std::string Written(const std::string& file, const std::string& text) const {
    world_.WriteFile(file, text);
    return world_.File(file);
  }
  std::string Write(const std::string& name, const KeyAndCertificate& pair) const {
    world_.WriteFile(name + ".key", pair.key_pem);
    world_.WriteFile(name + ".pem", pair.certificate_pem);
    return pair.certificate_pem;
  }
  KeyAndCertificate Issued(const PkiValidity& validity) const {
    CertificateSpec spec;
    spec.common_name = "server";
    spec.use = PkiUse::kServer;
    spec.validity = validity;
    return Take(Take(SandboxCa::Create("CA", PkiKey::kEcP256, validity))->Issue(spec));
  }
  PkiValidity Days(int from, int to) const {
    return {now_ + from * std::chrono::hours(24), now_ + to * std::chrono::hours(24)};
  }
  KeyAndCertificate Real() const { return Unmarked(Issued(Days(-1, 30))); }
  std::unique_ptr<ListenerCredentials> Listener(ListenerCredentials::Files files) const {
    return Take(ListenerCredentials::Read(config_, std::move(files), *world_.clock, *metrics_));
  }

  const ApiWorld world_;
  const Time now_;
  config::v1::Config config_;
  const std::unique_ptr<Metrics> metrics_ = Metrics::Make();
};

TEST_F(CredentialsChecks, AListenerIsReloadedWhateverBecameOfTheFilesOfTheOtherAndOfTheLine) {
  const auto providers = Listener(ProviderListenerFiles(config_)), operators = Listener(AdminListenerFiles(config_));
  std::filesystem::remove(world_.File("line-own.pem"));
  std::filesystem::remove(world_.File("operators.pem"));
  std::filesystem::remove(world_.File("operators-ca.pem"));
  const std::string provider_pem = Write("providers", Real());
  providers->Look();
  EXPECT_EQ(providers->InForce().refused, "");
  EXPECT_EQ(providers->tls().shown()->certificate_pem, provider_pem);
  Name("operators", *config_.mutable_admin_api());
  std::filesystem::remove(world_.File("providers.pem"));
  std::filesystem::remove(world_.File("providers-ca.pem"));
  const std::string operator_pem = Write("operators", Real());
  operators->Look();
  EXPECT_EQ(operators->InForce().refused, "");
  EXPECT_EQ(operators->tls().shown()->certificate_pem, operator_pem);
}

TEST_F(CredentialsChecks, ProductionTakesNoListenersCertificateOfASandbox) {
  const auto providers = Listener(ProviderListenerFiles(config_));
  const std::string before = providers->InForce().certificate_pem;
  Write("providers", Issued(Days(-1, 30)));
  providers->Look();
  EXPECT_THAT(providers->InForce().refused, HasSubstr("app.sandbox_in_production"));
  EXPECT_EQ(providers->InForce().certificate_pem, before);
}

TEST_F(CredentialsChecks, WhoMayConnectMayNotSignAfterAReloadEither) {
  const auto providers = Listener(ProviderListenerFiles(config_)), operators = Listener(AdminListenerFiles(config_));
  const std::string sellers = world_.ReadText("sellers.pem");
  world_.WriteFile("providers-ca.pem", sellers);
  providers->Look();
  EXPECT_THAT(providers->InForce().refused, HasSubstr("app.sellers_trust"));
  world_.WriteFile("operators-ca.pem", sellers);
  operators->Look();
  EXPECT_EQ(operators->InForce().refused, "") << "operators may be whoever they are";
}

class LineChecks : public CredentialsChecks {
 protected:
  LineChecks() { Load(); }
  void Load() {
    channel_ = Take(MakeSoapChannel(LineSettings(config_.line()), *world_.clock, *metrics_));
    line_ = std::make_unique<LineCredentials>(config_, *channel_, *world_.clock, *metrics_);
  }
  std::string Metric() const {
    const std::string page = metrics_->Render(), mark = "\ntvan_credentials_refused{of=\"line\"} ";
    const size_t at = page.find(mark);
    return at == std::string::npos ? "" : page.substr(at + mark.size(), page.find('\n', at + 1) - at - mark.size());
  }
  // What is in force stays, and it is said why.
  void ExpectRefused(const std::string& why) {
    const std::string before = channel_->loaded()->certificate_pem;
    line_->Look();
    const std::string said = line_->InForce().refused;
    EXPECT_THAT(said, HasSubstr(why));
    line_->Look();
    EXPECT_EQ(line_->InForce().refused, said) << "the same, so that it is said once";
    EXPECT_EQ(line_->InForce().certificate_pem, before);
    EXPECT_EQ(channel_->loaded()->certificate_pem, before);
    EXPECT_EQ(Metric(), "1");
  }
  std::unique_ptr<SoapChannel> channel_;
  std::unique_ptr<LineCredentials> line_;
};

TEST_F(LineChecks, WhatAStartWouldRefuseLeavesTheOldOneAndRaisesTheAlarmUntilItIsMended) {
  line_->Look();
  EXPECT_EQ(Metric(), "0");
  Write("line-own", Issued(Days(-1, 30)));
  ExpectRefused("app.sandbox_in_production");
  Write("line-own", Unmarked(Issued(Days(-30, -1))));
  ExpectRefused("app.certificate_expired");
  Write("line-own", Unmarked(Issued(Days(1, 30))));
  ExpectRefused("app.certificate_expired");
  Write("line-own", {Real().key_pem, Real().certificate_pem});
  ExpectRefused("line.credentials");
  world_.WriteFile("line-own.pem", "half");
  ExpectRefused("app.certificate");
  const std::string good = Write("line-own", Real());
  line_->Look();
  EXPECT_EQ(line_->InForce().refused, "");
  EXPECT_EQ(line_->InForce().certificate_pem, good);
  EXPECT_EQ(Metric(), "0");
}

TEST_F(LineChecks, ACaOfASandboxIsNotTakenInProductionAndAnotherIs) {
  world_.WriteFile("line-ca.pem", Take(SandboxCa::Create("CA", PkiKey::kEcP256, Days(-1, 30)))->pem().certificate_pem);
  ExpectRefused("app.sandbox_in_production");
  const std::string good = Real().certificate_pem;
  world_.WriteFile("line-ca.pem", good);
  line_->Look();
  EXPECT_EQ(line_->InForce().ca_pem, good);
}

TEST_F(LineChecks, AStartIsNotRefusedForAnExpiredOne) {
  Write("line-own", Unmarked(Issued(Days(-30, -1))));
  EXPECT_TRUE(CheckTrust(world_.Config().config, *world_.clock).ok());
  Load();
  line_->Look();
  EXPECT_EQ(line_->InForce().refused, "") << "nothing changed since";
}

// The whole gateway: what operators are told.
class ShownEnds : public testing::Test {
 protected:
  ShownEnds() {
    const std::string trust = "trust: {";
    world_.yaml.replace(world_.yaml.find(trust), trust.size(), "trust: {reload_every: 5s, ");
  }
  // Of our own certificates: "provider_api 2027-11-22", or the name with its fault.
  std::vector<std::string> Ends() const {
    const auto stub = admin::v1::ContractService::NewStub(world_.Channel("operator", world_.gateway->admin_port()));
    admin::v1::ForecastExpiryRequest request;
    request.set_days(3660);
    admin::v1::ForecastExpiryResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub->ForecastExpiry(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::vector<std::string> ends;
    for (const auto& ending : response.endings())
      ends.push_back(ending.name() + " " + std::to_string(ending.at().seconds()));
    return ends;
  }
  ApiWorld world_;
};

TEST_F(ShownEnds, AreThoseInForceAndThatTheFilesAreNotIsSaid) {
  ASSERT_TRUE(world_.Start().ok());
  const auto before = Ends();
  ASSERT_GE(before.size(), 6u);
  const Time now{world_.clock->Now().us / 1'000'000 * 1'000'000};
  const std::string server = world_.ReadText("server.pem"), line = world_.ReadText("line.pem");
  const PkiValidity over = {now - std::chrono::hours(48), now - std::chrono::hours(24)};
  world_.Issue("server", PkiUse::kServer, over);
  world_.Issue("line", PkiUse::kClient, over);
  const auto said = [&](const std::string& name) {
    const auto ends = Ends();
    return std::any_of(ends.begin(), ends.end(), [&](const std::string& end) {
      return end.find("certificate " + name + ": the files are not in force: ") == 0 &&
             end.find("app.certificate_expired") != std::string::npos;
    });
  };
  for (const char* name : {"provider_api", "admin_api", "line"})
    EXPECT_TRUE(Eventually([&] { return said(name); })) << name;
  const auto after = Ends();
  for (const std::string& end : before) EXPECT_THAT(after, testing::Contains(end));
  EXPECT_EQ(after.size(), before.size() + 3);
}

}  // namespace
}  // namespace tvan
