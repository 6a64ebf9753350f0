#include "tests/bench/bench_messages.h"

#include <filesystem>
#include <map>

#include "gateway/validate/items.h"
#include "ops/ctl/sample.h"
#include "tests/support/profiles.h"

namespace tvan::bench {
namespace {

constexpr const char* kProvider = "0109999999";
constexpr const char* kTvan = "0309478306";
constexpr const char* kSeller = "0101234567";
const PkiValidity kYears{*ParseTime("2025-01-01T00:00:00+07:00"), *ParseTime("2030-01-01T00:00:00+07:00")};

void Write(const std::string& path, const std::string& pem, PemKind kind) {
  const Status written = WritePem(path, pem, kind);
  if (written.ok()) return;
  std::fprintf(stderr, "bench: %s\n", written.ToString().c_str());
  std::exit(1);
}

std::string MakeSized(int type, int size, const XmlSigner& seller, int number) {
  ctl::SampleSpec spec;
  spec.type = type;
  spec.provider_mst = kProvider;
  spec.tvan_mst = kTvan;
  spec.seller_mst = kSeller;
  spec.mtdiep = ctl::SampleMessageId(spec.provider_mst, "sixteen bytes ok");
  spec.number = number;
  (type == 206 ? spec.count : spec.lines) = size;
  spec.time = kMessageTime;
  return Must(ctl::SignDocument(Must(ctl::MakeSample(spec)), seller, kMessageTime));
}

}  // namespace

Sellers::Sellers(PkiKey key) : key_(key), ca_(Must(SandboxCa::Create("Bench CA", key, kYears))) {
  folder_ = (std::filesystem::temp_directory_path() / "tvan-bench-XXXXXX").string();
  if (mkdtemp(folder_.data()) == nullptr) std::exit(1);
  Write(File("ca.pem"), ca_->pem().certificate_pem, PemKind::kPublic);
}

Sellers::~Sellers() { std::filesystem::remove_all(folder_); }

std::unique_ptr<XmlSigner> Sellers::Make() const {
  CertificateSpec spec;
  spec.common_name = "Seller";
  spec.tax_code = kSeller;
  spec.key = key_;
  spec.validity = kYears;
  const KeyAndCertificate made = Must(ca_->Issue(spec));
  Write(File("key"), made.key_pem, PemKind::kSecret);
  Write(File("pem"), made.certificate_pem, PemKind::kPublic);
  return Must(MakeXmlSigner(File("key"), File("pem")));
}

TrustOptions Sellers::trust() const {
  TrustOptions trust;
  trust.trust_files = {File("ca.pem")};
  return trust;
}

std::string MakeMessage(int type, const XmlSigner& seller, int number) {
  static std::map<int, int> sizes;  // by type
  int& size = sizes[type];
  if (size == 0)
    while (MakeSized(type, size + 1, seller, number).size() <= kMessageBytes) ++size;
  return MakeSized(type, size, seller, number);
}

CheckContext ContextOfMessages() {
  CheckContext context;
  context.our_mst = TaxCode::Trusted(kTvan);
  context.provider_tax_codes = {TaxCode::Trusted(kProvider)};
  context.accepted_at = kMessageTime;
  context.gateway_id = MessageId::Trusted("V" + std::string(kTvan) + std::string(32, 'A'));
  return context;
}

bool FieldsAreGood(const XmlDocument& document, int type) {
  Envelope header;
  header.pban = "2.1.0";
  header.mst = kSeller;
  header.mltdiep = type;
  const XmlNode payload = document.root().Child("DLieu");
  header.sluong = std::to_string(payload.CountChildren("HDon"));
  FindingList findings;
  ReadItems(payload, {*FindMessageType(type), header, 500, *TestProfiles()->ForPBan("2.1.0"), "2026-11-20"}, findings);
  return !findings.has_error();
}

bool PassesGateway(const Validator& validator, const std::string& message) {
  const ReadResult read = validator.Read({message, 0, {}});
  return read.message && !HasError(read.findings) &&
         !HasError(validator.Check(*read.message, ContextOfMessages()).findings);
}

}  // namespace tvan::bench
