#include "tests/integration/api_world.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tvan {

ApiWorld::ApiWorld() : clock(MakeSystemClock()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "tvan-api-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  const Time now{clock->Now().us / 1'000'000 * 1'000'000};
  wide_ = {now - std::chrono::hours(24 * 30), now + std::chrono::hours(24 * 365)};
  ca_ = Take(SandboxCa::Create("Sandbox CA", PkiKey::kEcP256, wide_));
  WriteFile("ca.pem", ca_->pem().certificate_pem);
  for (const char* name : {"server", "authority"}) Issue(name, PkiUse::kServer, wide_);
  for (const char* name : {"acme", "beta", "stranger", "operator", "line"}) Issue(name, PkiUse::kClient, wide_);
  for (const char* name : {"seller", "authority-sign"}) Issue(name, PkiUse::kSigner, wide_);
  TVAN_CHECK(WritePem(File("seal.key"), Take(MakeEd25519KeyPem()), PemKind::kSecret).ok());
  TVAN_CHECK(WritePem(File("id.key"), RandomBytes(32), PemKind::kSecret).ok());
  seller_ = Take(MakeXmlSigner(File("seller.key"), File("seller.pem")));
  StartAuthority();
  yaml =
      "environment: sandbox\n"
      "gateway: {mst: \"0309478306\"}\n"
      "store: {path: data}\n"
      "provider_api: {listen: 127.0.0.1:0, certificate: server.pem, key: server.key, client_ca: ca.pem}\n"
      "admin_api: {listen: 127.0.0.1:0, certificate: server.pem, key: server.key, client_ca: ca.pem}\n"
      "http: {listen: 127.0.0.1:0}\n"
      "seal: {key_file: seal.key}\n"
      "message_id: {key_file: id.key}\n"
      "trust: {sellers: [ca.pem], authority: [ca.pem]}\n"
      "line: {host: localhost, port: " +
      std::to_string(server_->port()) +
      ", ca: ca.pem, certificate: line.pem, key: line.key}\n"
      "feedback: {poll: 20ms}\n"
      "log: {level: error}\n";
}

ApiWorld::~ApiWorld() {
  gateway.reset();
  server_.reset();
  std::filesystem::remove_all(folder_);
}

void ApiWorld::StartAuthority() {
  sim::Options options;
  options.certificate_file = File("authority.pem");
  options.key_file = File("authority.key");
  options.client_ca_file = File("ca.pem");
  options.ack_delay = options.answer_delay_min = options.answer_delay_max = Span(1000);
  transcript_ = Take(sim::Transcript::Open(File("transcript.jsonl"), *clock));
  TrustOptions trust;
  trust.trust_files = {File("ca.pem")};
  verifier_ = Take(MakeSignatureVerifier(trust, *clock));
  signer_ = Take(MakeXmlSigner(File("authority-sign.key"), File("authority-sign.pem")));
  digester_ = MakeDigester();
  parser_ = MakeXmlParser(XmlLimits());
  authority_ = std::make_unique<sim::Authority>(
      options, sim::Authority::Parts{*clock, *transcript_, *parser_, *verifier_, *signer_, *digester_});
  server_ = Take(sim::Server::Start(options, *authority_, *clock, *transcript_));
}

void ApiWorld::WriteFile(const std::string& name, const std::string& text) const {
  std::ofstream(File(name), std::ios::binary) << text;
}

std::string ApiWorld::ReadText(const std::string& name) const {
  std::ifstream in(File(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void ApiWorld::Issue(const std::string& name, PkiUse use, const PkiValidity& validity) {
  CertificateSpec spec;
  spec.common_name = name;
  spec.tax_code = use == PkiUse::kSigner ? "0101234567" : "";
  spec.use = use;
  spec.validity = validity;
  const KeyAndCertificate issued = Take(ca_->Issue(spec));
  TVAN_CHECK(WritePem(File(name + ".pem"), issued.certificate_pem, PemKind::kPublic).ok());
  TVAN_CHECK(WritePem(File(name + ".key"), issued.key_pem, PemKind::kSecret).ok());
}

Status ApiWorld::Start() {
  const ConfigReport report = Config();
  EXPECT_TRUE(report.ok()) << report.Text();
  if (!report.ok()) return Status::Permanent("config.invalid"_reason, report.Text());
  auto started = Gateway::Start(report.config, *clock, {.files = files, .on_over = {}, .again = false});
  if (!started) return started.status();
  gateway = *std::move(started);
  return {};
}

std::shared_ptr<grpc::Channel> ApiWorld::Channel(const std::string& client, int port) const {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ReadText("ca.pem");
  if (!client.empty()) {
    tls.pem_private_key = ReadText(client + ".key");
    tls.pem_cert_chain = ReadText(client + ".pem");
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  return grpc::CreateCustomChannel("localhost:" + std::to_string(port), grpc::SslCredentials(tls), arguments);
}

std::unique_ptr<v1::RelayService::Stub> ApiWorld::Relay(const std::string& client) const {
  return v1::RelayService::NewStub(Channel(client, gateway->provider_port()));
}
std::unique_ptr<v1::FeedbackService::Stub> ApiWorld::Feedback(const std::string& client) const {
  return v1::FeedbackService::NewStub(Channel(client, gateway->provider_port()));
}
std::unique_ptr<admin::v1::AdminService::Stub> ApiWorld::Admin(const std::string& client) const {
  return admin::v1::AdminService::NewStub(Channel(client, gateway->admin_port()));
}

void ApiWorld::PutContract(const std::string& provider, const std::string& certificate, const std::string& mst) {
  const auto desk = Admin();
  admin::v1::PutProviderContractRequest request;
  auto& contract = *request.mutable_contract();
  contract.set_provider(provider);
  contract.set_name(provider);
  contract.set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
  contract.add_tax_codes("0109999999");
  contract.add_certificates(Take(CertificateSha256(ReadText(certificate + ".pem"))));
  admin::v1::PutProviderContractResponse put;
  grpc::ClientContext first, second;
  const grpc::Status status = desk->PutProviderContract(&first, request, &put);
  ASSERT_TRUE(status.ok()) << status.error_message();
  admin::v1::PutMandateRequest mandate;
  mandate.mutable_mandate()->set_provider(provider);
  mandate.mutable_mandate()->set_mst(mst);
  mandate.mutable_mandate()->set_status(admin::v1::CONTRACT_STATUS_ACTIVE);
  admin::v1::PutMandateResponse mandated;
  const grpc::Status given = desk->PutMandate(&second, mandate, &mandated);
  ASSERT_TRUE(given.ok()) << given.error_message();
}

std::string ApiWorld::Message(int number) const {
  MessageSpec spec = Spec203(1, number);
  spec.number = number;
  spec.signing_time = Time{clock->Now().us / 1'000'000 * 1'000'000};
  spec.invoices.front().nlap = FormatLocal(spec.signing_time).substr(0, 10);
  return MakeTDiep(spec, seller_.get());
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return "";
  google::rpc::ErrorInfo info;
  for (const auto& detail : details.details())
    if (detail.UnpackTo(&info)) return info.reason();
  return "";
}

}  // namespace tvan
