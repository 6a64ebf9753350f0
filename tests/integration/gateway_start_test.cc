// Starting, refusing to start, stopping: each refusal has one clear message and leaves nothing behind.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "gateway/app/start_checks.h"
#include "tests/integration/api_world.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan {
namespace {

using testing::HasSubstr;

std::string Changed(std::string text, const std::string& what, const std::string& by) {
  const size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

// GET over a plain socket: status line, headers, body.
std::string HttpGet(int port, const std::string& request) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(write(fd, request.data(), request.size()), static_cast<ssize_t>(request.size()));
  std::string answer;
  std::array<char, 4096> chunk;
  for (ssize_t n = read(fd, chunk.data(), chunk.size()); n > 0; n = read(fd, chunk.data(), chunk.size()))
    answer.append(chunk.data(), static_cast<size_t>(n));
  close(fd);
  return answer;
}

TEST(GatewayStart, StartsStopsAndStartsAgainOnTheSameStore) {
  ApiWorld world;
  ASSERT_TRUE(world.Start().ok());
  world.PutContract("acme", "acme", "0101234567");
  v1::SubmitMessageRequest request;
  request.mutable_document()->set_tdiep(world.Message(1));
  v1::SubmitMessageResponse first, second;
  {
    grpc::ClientContext context;
    ASSERT_TRUE(world.Relay("acme")->SubmitMessage(&context, request, &first).ok());
  }
  world.Stop();
  ASSERT_TRUE(world.Start().ok());
  grpc::ClientContext context;
  const grpc::Status status = world.Relay("acme")->SubmitMessage(&context, request, &second);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(second.already_accepted());
  EXPECT_EQ(first.receipt().jws(), second.receipt().jws());
}

TEST(GatewayStart, AnswersMachinesInPlainHttp) {
  ApiWorld world;
  ASSERT_TRUE(world.Start().ok());
  const int port = world.gateway->http_port();
  EXPECT_THAT(HttpGet(port, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("200 OK"));
  EXPECT_THAT(HttpGet(port, "GET /keys.json HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("\"kid\""));
  EXPECT_THAT(HttpGet(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("\ntvan_serving 1\n"));
  EXPECT_THAT(HttpGet(port, "GET /else HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("404"));
  EXPECT_THAT(HttpGet(port, "POST /healthz HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("405"));
  EXPECT_EQ(HttpGet(port, "\r\n\r\nnonsense\r\n\r\n").find("200"), std::string::npos);
}

TEST(GatewayStart, RefusesAStoreInUse) {
  ApiWorld world;
  ASSERT_TRUE(world.Start().ok());
  auto second = Gateway::Start(world.Config().config, *world.clock);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().reason(), "store.in_use"_reason) << second.status().ToString();
}

TEST(GatewayStart, RefusesAPortInUse) {
  ApiWorld world;
  ASSERT_TRUE(world.Start().ok());
  const std::string port = std::to_string(world.gateway->provider_port());
  const std::string other_store = Changed(world.yaml, "path: data", "path: data2");
  const auto start = [&](const std::string& yaml) {
    const ConfigReport report = ParseConfig(yaml, "gateway.yaml", world.File(""));
    EXPECT_TRUE(report.ok()) << report.Text();
    auto gateway = Gateway::Start(report.config, *world.clock);
    return gateway.ok() ? Status() : gateway.status();
  };
  EXPECT_TRUE(start(other_store).ok());
  const Status taken =
      start(Changed(other_store, "provider_api: {listen: 127.0.0.1:0", "provider_api: {listen: 127.0.0.1:" + port));
  EXPECT_EQ(taken.reason(), "intake.listen"_reason) << taken.ToString();
  const Status admin =
      start(Changed(other_store, "admin_api: {listen: 127.0.0.1:0", "admin_api: {listen: 127.0.0.1:" + port));
  EXPECT_EQ(admin.reason(), "admin.listen"_reason) << admin.ToString();
  const Status http = start(Changed(other_store, "http: {listen: 127.0.0.1:0", "http: {listen: 127.0.0.1:" + port));
  EXPECT_EQ(http.reason(), "admin.http_listen"_reason) << http.ToString();
}

TEST(GatewayStart, RefusesAnExpiredServerCertificateAndNamesItsDates) {
  ApiWorld world;
  world.Issue("old", PkiUse::kServer, {*ParseTime("2024-01-01T00:00:00Z"), *ParseTime("2024-06-01T00:00:00Z")});
  world.yaml = Changed(world.yaml, "certificate: server.pem, key: server.key", "certificate: old.pem, key: old.key");
  const Status status = world.Start();
  EXPECT_EQ(status.reason(), "app.certificate_expired"_reason);
  EXPECT_THAT(status.message(), HasSubstr("2024-06-01"));
}

TEST(GatewayStart, ProductionRefusesTheSandbox) {
  ApiWorld world;
  world.yaml = Changed(world.yaml, "environment: sandbox", "environment: production");
  EXPECT_EQ(world.Start().reason(), "app.sandbox_in_production"_reason);
}

TEST(GatewayStart, RefusesAShortMessageIdKey) {
  ApiWorld world;
  world.WriteFile("id.key", std::string(31, 'k'));
  EXPECT_EQ(world.Start().reason(), "app.message_id_key"_reason);
  world.WriteFile("id.key", std::string(32, 'k'));
  EXPECT_TRUE(world.Start().ok());
}

TEST(GatewayStart, RefusesAFolderItCannotWrite) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  ApiWorld world;
  std::filesystem::create_directory(world.File("data"));
  std::filesystem::permissions(world.File("data"), std::filesystem::perms(0500));
  EXPECT_EQ(world.Start().reason(), "store.unwritable"_reason);
  std::filesystem::permissions(world.File("data"), std::filesystem::perms(0700));
}

TEST(GatewayStart, OperatorsAreThoseOfTheListWhenThereIsOne) {
  ApiWorld world;
  const std::string digest = Take(CertificateSha256(world.ReadText("operator.pem")));
  world.yaml = Changed(world.yaml, "admin_api: {listen",
                       "admin_api: {operators: [{certificate: " + digest + ", role: operator}], listen");
  ASSERT_TRUE(world.Start().ok());
  admin::v1::GetQueueResponse queue;
  grpc::ClientContext first, second;
  EXPECT_TRUE(world.Admin("operator")->GetQueue(&first, {}, &queue).ok());
  EXPECT_EQ(queue.lines_size(), 1);
  const grpc::Status refused = world.Admin("acme")->GetQueue(&second, {}, &queue);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(refused), "admin.not_operator");
}

TEST(GatewayStart, AProvidersCertificateIsNoOperators) {
  ApiWorld world;  // both listeners trust one CA, and no operators are named
  ASSERT_TRUE(world.Start().ok());
  admin::v1::GetQueueResponse queue;
  grpc::ClientContext before, after, still;
  EXPECT_TRUE(world.Admin("acme")->GetQueue(&before, {}, &queue).ok()) << "nobody's yet";
  world.PutContract("acme", "acme", "0101234567");
  const grpc::Status refused = world.Admin("acme")->GetQueue(&after, {}, &queue);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(refused), "admin.provider_certificate");
  EXPECT_TRUE(world.Admin("operator")->GetQueue(&still, {}, &queue).ok());
}

TEST(GatewayStart, TheNightIsForOperatorsOnly) {
  ApiWorld world;
  ASSERT_TRUE(world.Start().ok());
  world.PutContract("acme", "acme", "0101234567");
  const auto ask = [&world](const std::string& client) {
    const auto night = admin::v1::NightService::NewStub(world.Channel(client, world.gateway->admin_port()));
    grpc::ClientContext line, drain;
    admin::v1::GetLineResponse response;
    admin::v1::Drain board;
    const auto watch = night->WatchDrain(&drain, {});
    const bool shown = watch->Read(&board);
    if (shown) drain.TryCancel();  // else it would go on for ever
    const grpc::Status watched = watch->Finish();
    const grpc::Status status = night->GetLine(&line, {}, &response);
    EXPECT_EQ(status.ok(), shown);
    EXPECT_EQ(response.line(), shown ? "main" : "");
    EXPECT_EQ(ReasonOf(watched), ReasonOf(status));
    return ReasonOf(status);
  };
  EXPECT_EQ(ask("operator"), "");
  EXPECT_EQ(ask("acme"), "admin.provider_certificate");
}

TEST(GatewayStart, AnOperatorDoesNotLockItselfOut) {
  ApiWorld world;
  ASSERT_TRUE(world.Start().ok());
  const auto put = [&](const std::string& certificate) {
    admin::v1::PutProviderContractRequest request;
    request.mutable_contract()->set_provider("acme");
    request.mutable_contract()->set_name("acme");
    request.mutable_contract()->set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
    request.mutable_contract()->add_tax_codes("0109999999");
    request.mutable_contract()->add_certificates(Take(CertificateSha256(world.ReadText(certificate))));
    admin::v1::PutProviderContractResponse response;
    grpc::ClientContext context;
    return world.Admin("operator")->PutProviderContract(&context, request, &response);
  };
  EXPECT_EQ(ReasonOf(put("operator.pem")), "admin.bad_request");
  EXPECT_TRUE(put("acme.pem").ok());
}

TEST(GatewayStart, ProductionKeepsProvidersSellersAndOperatorsApart) {
  ApiWorld world;
  const PkiValidity days{world.clock->Now() - std::chrono::hours(24), world.clock->Now() + std::chrono::hours(24)};
  const auto other = [&] { return Take(SandboxCa::Create("other", PkiKey::kEcP256, days))->pem().certificate_pem; };
  const std::string providers = world.ReadText("ca.pem"), sellers = other(), operators = other();
  const auto verdict = [&](const std::string& trust, const std::string& rulers, const std::string& named) {
    world.WriteFile("sellers.pem", trust);
    world.WriteFile("operators.pem", rulers);
    config::v1::Config config = world.Config().config;
    config.set_environment("production");
    config.mutable_trust()->set_sellers(0, world.File("sellers.pem"));
    config.mutable_admin_api()->set_client_ca(world.File("operators.pem"));
    if (!named.empty()) config.mutable_admin_api()->add_operators()->set_certificate(named);
    const Status production = CheckTrustApart(config);
    config.set_environment("sandbox");
    EXPECT_TRUE(CheckTrustApart(config).ok());
    return std::string(production.reason().text());
  };
  const std::string named(64, 'a');
  EXPECT_EQ(verdict(sellers, operators, named), "");
  EXPECT_EQ(verdict(sellers, providers, named), "");
  EXPECT_EQ(verdict(sellers + providers, operators, named), "app.sellers_trust");
  EXPECT_EQ(verdict(sellers, operators, ""), "app.operators_open");
  EXPECT_EQ(verdict("none", operators, named), "app.certificate");
}

TEST(GatewayStart, ReadsKeysCertificatesAndTrustBeforeItOpensAnything) {
  ApiWorld world;
  const std::string good = world.yaml;
  EXPECT_TRUE(CheckStart(world.Config().config, *world.clock).ok());
  world.WriteFile("empty.pem", "nothing\n");
  const auto reason = [&](const std::string& what, const std::string& by) {
    world.yaml = Changed(good, what, by);
    const ConfigReport report = world.Config();
    EXPECT_TRUE(report.ok()) << report.Text();
    return std::string(CheckStart(report.config, *world.clock).reason().text());
  };
  EXPECT_EQ(reason("certificate: server.pem, key: server.key", "certificate: server.pem, key: line.key"),
            "app.key_mismatch");
  EXPECT_EQ(reason("key: server.key, client_ca: ca.pem", "key: server.key, client_ca: empty.pem"), "app.certificate");
  EXPECT_EQ(reason("sellers: [ca.pem]", "sellers: [empty.pem]"), "signature.trust");
  EXPECT_EQ(reason("authority: [ca.pem]", "authority: [empty.pem]"), "signature.trust");
  EXPECT_EQ(reason("certificate: line.pem, key: line.key", "certificate: line.pem, key: server.key"),
            "line.credentials");
  EXPECT_EQ(reason("seal: {key_file: seal.key}", "seal: {key_file: seal.key, old_key_sets: [empty.pem]}"),
            "app.key_set");
  EXPECT_FALSE(std::filesystem::exists(world.File("data")));
}

}  // namespace
}  // namespace tvan
