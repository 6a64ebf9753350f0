#include "tests/bench/made_up_traffic.h"

#include <map>

#include "gateway/core/json.h"
#include "gateway/seal/seal.h"
#include "gateway/validate/technical_response.h"
#include "ops/ctl/sample.h"
#include "tests/bench/bench_messages.h"

namespace tvan::bench {
namespace {

constexpr const char* kProvider = "0109999999";
constexpr const char* kTvan = "0309478306";
constexpr const char* kSeller = "0101234567";
constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// None of them in the dictionary of store/dictionary as a phrase.
constexpr const char* kWords[] = {"bàn", "ghế",  "gỗ",   "sồi",  "tủ",   "lạnh", "điều",  "hòa", "quạt",  "máy",
                                  "bơm", "nước", "ống",  "nhựa", "thép", "cuộn", "dây",   "cáp", "sơn",   "tường",
                                  "xi",  "măng", "gạch", "men",  "kính", "vải",  "thun",  "áo",  "khoác", "giày",
                                  "da",  "túi",  "bút",  "bi",   "giấy", "in",   "mực",   "hộp", "bánh",  "kẹo",
                                  "sữa", "tươi", "cà",   "phê",  "trà",  "xanh", "phân",  "bón", "hạt",   "giống",
                                  "lốp", "xe",   "tải",  "nhớt", "phụ",  "tùng", "khuôn", "đúc", "bu",    "lông"};

// The same everywhere; one for each message.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15 + 1) {}
  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  void Letters(std::string_view alphabet, size_t count, std::string& out) {
    for (size_t i = 0; i < count; ++i) out.push_back(alphabet[Next() % alphabet.size()]);
  }
  // About as many bytes.
  void Words(size_t bytes, std::string& out) {
    const size_t begin = out.size();
    while (out.size() - begin < bytes)
      out.append(out.size() == begin ? "" : " ").append(kWords[Next() % std::size(kWords)]);
  }

 private:
  uint64_t state_;
};

ctl::SampleSpec SpecOf(int type, int count, int lines) {
  ctl::SampleSpec spec;
  spec.type = type;
  spec.provider_mst = kProvider;
  spec.tvan_mst = kTvan;
  spec.seller_mst = kSeller;
  spec.mtdiep = ctl::SampleMessageId(kProvider, "sixteen bytes ok");
  spec.count = count;
  spec.lines = lines;
  spec.time = kMessageTime;
  return spec;
}

std::string SampleOf(MadeUpTraffic::Kind kind) {
  const Sellers sellers(PkiKey::kRsa2048);
  const auto seller = sellers.Make();
  const auto make = [&](int type, int count, int lines) {
    return Must(ctl::SignDocument(Must(ctl::MakeSample(SpecOf(type, count, lines))), *seller, kMessageTime));
  };
  if (kind == MadeUpTraffic::Kind::kPackage) return make(206, 12, 2);
  if (kind == MadeUpTraffic::Kind::kNotice) return make(300, 2, 1);
  return MakeMessage(203, *seller);
}

int TypeOf(MadeUpTraffic::Kind kind) {
  if (kind == MadeUpTraffic::Kind::kPackage) return 206;
  return kind == MadeUpTraffic::Kind::kNotice ? 300 : 203;
}

Sha256 DigestOf(uint64_t number, uint8_t of) {
  Sha256 digest;
  Dice dice(number * 4 + of);
  for (uint8_t& byte : digest.bytes) byte = static_cast<uint8_t>(dice.Next());
  return digest;
}

// As large as a real one, and as hard to pack: a seal of what is known of the message.
std::string ReceiptOf(const NewMessage& m, Dice& dice) {
  ReceiptFacts facts;
  facts.provider = m.key.provider;
  facts.gateway_id = m.gateway_id;
  facts.provider_mtdiep = m.provider_mtdiep;
  facts.digest = m.digest;
  facts.accepted_at = m.accepted_at;
  facts.cls = m.cls;
  facts.message_type = m.mltdiep;
  facts.mst = m.mst;
  facts.contract_version = m.contract_version;
  facts.incarnation = std::string(32, 'a');
  std::string jws = Base64UrlEncode(R"({"alg":"EdDSA","kid":"0123456789abcdef","typ":"tvan-receipt+jws"})") + "." +
                    Base64UrlEncode(ReceiptJson(facts)) + ".";
  dice.Letters(kBase64.substr(0, 62), 86, jws);
  return jws;
}

std::string ResponseOf(const NewMessage& m) {
  TechnicalResponse response;
  response.pban = "2.1.0";
  response.mngui = "V" + std::string(kTvan);
  response.mnnhan = kProvider;
  response.mtdiep = m.gateway_id.value();
  response.mtdtchieu = m.provider_mtdiep;
  response.original_mngui = kProvider;
  response.received_at = m.accepted_at;
  return Render999(response);
}

}  // namespace

MadeUpTraffic::Hole MadeUpTraffic::HoleOf(const std::string& element) {
  static const std::map<std::string, Hole> kHoles = {
      {"MTDiep", Hole::kHex},      {"DigestValue", Hole::kBase64}, {"SignatureValue", Hole::kBase64},
      {"SHDon", Hole::kSerial},    {"DGia", Hole::kNumber},        {"ThTien", Hole::kNumber},
      {"TgTCThue", Hole::kNumber}, {"TgTThue", Hole::kNumber},     {"TgTTTBSo", Hole::kNumber},
      {"TThue", Hole::kNumber},    {"THHDVu", Hole::kWords},       {"Ten", Hole::kWords},
      {"DChi", Hole::kWords},      {"TNNT", Hole::kWords},         {"LDo", Hole::kWords}};
  const auto found = kHoles.find(element);
  return found == kHoles.end() ? Hole::kNone : found->second;
}

MadeUpTraffic::MadeUpTraffic(Kind kind) : kind_(kind) { Cut(SampleOf(kind)); }

// Leaves of the elements above become holes; all else stays.
void MadeUpTraffic::Cut(const std::string& sample) {
  size_t from = 0;
  for (size_t open = sample.find('<'); open != std::string::npos; open = sample.find('<', open + 1)) {
    const size_t end = sample.find_first_of(" />", open + 1);
    const Hole hole = HoleOf(sample.substr(open + 1, end - open - 1));
    if (hole == Hole::kNone || sample[end] != '>') continue;
    const size_t begin = end + 1, after = sample.find('<', begin);
    if (after == begin || sample.compare(after, 2, "</") != 0) continue;
    parts_.push_back({sample.substr(from, begin - from), hole, after - begin});
    from = after;
  }
  parts_.push_back({sample.substr(from), Hole::kNone, 0});
}

std::string MadeUpTraffic::Bytes(uint64_t number) const {
  Dice dice(number);
  std::string out;
  uint64_t serial = number * 100;
  for (const Part& part : parts_) {
    out += part.fixed;
    if (part.hole == Hole::kHex) dice.Letters(kHex, part.size, out);
    if (part.hole == Hole::kBase64) dice.Letters(kBase64, part.size, out);
    if (part.hole == Hole::kNumber) out += std::to_string(1 + dice.Next() % 9'999) + "00";
    if (part.hole == Hole::kWords) dice.Words(part.size, out);
    if (part.hole == Hole::kSerial) out += std::to_string(++serial % 100'000'000);
  }
  return out;
}

NewMessage MadeUpTraffic::Message(uint64_t number) const {
  NewMessage m;
  Dice dice(number + (1ULL << 40));
  std::string hex;
  for (const uint64_t half : {dice.Next(), number}) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llX", static_cast<unsigned long long>(half));
    hex += text;
  }
  m.provider_mtdiep = kProvider + hex;
  m.key = {ProviderId::Trusted("acme"), SubmitIdKind::kMTDiep, m.provider_mtdiep};
  m.gateway_id = MessageId::Trusted("V" + std::string(kTvan) + hex);
  m.provider_mngui = kProvider;
  m.digest = DigestOf(number, 1);
  m.sent_digest = DigestOf(number, 2);
  m.cls = kind_ == Kind::kInvoice ? MessageClass::kUncoded : MessageClass::kCashRegister;
  m.mltdiep = TypeOf(kind_);
  m.mst = TaxCode::Trusted(kSeller);
  m.payload = std::make_shared<const std::string>(Bytes(number));
  if (kind_ == Kind::kInvoice) m.claims = {{m.mst, "1", "K26TAA", std::to_string(number)}};
  m.accepted_at = kMessageTime;
  m.contract_version = "acme@1 0101234567@1";
  m.profile = "qd1271@9f86d0818c44";
  m.receipt = ReceiptOf(m, dice);
  m.ack999 = ResponseOf(m);
  return m;
}

}  // namespace tvan::bench
