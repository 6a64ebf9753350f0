#include "gateway/seal/seal.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/core/json.h"

namespace tvan {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxJws = 1024 * 1024;

std::string KidOf(std::string_view public_key) { return MakeDigester()->Sha256Of(public_key).Hex().substr(0, 16); }

class KeySealer final : public Sealer {
 public:
  explicit KeySealer(std::unique_ptr<SealKey> key) : key_(std::move(key)), kid_(KidOf(key_->public_key())) {}

  std::string Seal(std::string_view type, std::string_view payload_json) const override {
    JsonWriter header;
    header.BeginObject().Key("alg").String("EdDSA").Key("kid").String(kid_).Key("typ").String(type).EndObject();
    std::string jws = Base64UrlEncode(header.text()) + "." + Base64UrlEncode(payload_json);
    const std::string signature = key_->Sign(jws);
    return jws + "." + Base64UrlEncode(signature);
  }
  std::string kid() const override { return kid_; }
  std::string KeySetJson() const override {
    JsonWriter json;
    json.BeginObject().Key("keys").BeginArray().BeginObject();
    json.Key("kty").String("OKP").Key("crv").String("Ed25519").Key("kid").String(kid_);
    json.Key("x").String(Base64UrlEncode(key_->public_key()));
    json.Key("alg").String("EdDSA").Key("use").String("sig").EndObject().EndArray().EndObject();
    return json.text();
  }

 private:
  std::unique_ptr<SealKey> key_;
  std::string kid_;
};

Status BadFormat(const char* what) { return Status::Permanent("seal.format"_reason, what); }

// The string member `name`; empty when it is absent or no string.
std::string StringOf(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// An object without repeated members: of two equal names readers disagree which one counts.
std::optional<Json> ParseObject(std::string_view text) {
  std::vector<std::vector<std::string>> open;
  bool repeated = false;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event != Json::parse_event_t::key) return true;
    for (const std::string& name : open.back()) repeated = repeated || name == parsed.get_ref<const std::string&>();
    open.back().push_back(parsed.get<std::string>());
    return true;
  };
  Json json = Json::parse(text, watch, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object() || repeated) return std::nullopt;
  return json;
}

struct Parts {
  std::string_view signed_text;  // header.payload
  std::string header;
  std::string payload;
  std::string signature;
};

Result<Parts> Split(std::string_view jws) {
  const size_t first = jws.find('.');
  const size_t second = first == std::string_view::npos ? first : jws.find('.', first + 1);
  if (jws.size() > kMaxJws || second == std::string_view::npos || jws.find('.', second + 1) != std::string_view::npos) {
    return BadFormat("not a compact JWS of three parts");
  }
  auto header = Base64UrlDecode(jws.substr(0, first));
  auto payload = Base64UrlDecode(jws.substr(first + 1, second - first - 1));
  auto signature = Base64UrlDecode(jws.substr(second + 1));
  if (!header.ok() || !payload.ok() || !signature.ok()) return BadFormat("a part is not base64url");
  return Parts{jws.substr(0, second), std::move(*header), std::move(*payload), std::move(*signature)};
}

// Only what we write: alg EdDSA, typ as expected, kid, nothing critical. Answers the kid.
Result<std::string> CheckHeader(const std::string& text, std::string_view type) {
  const auto header = ParseObject(text);
  if (!header) return BadFormat("the header is not a JSON object");
  if (StringOf(*header, "alg") != "EdDSA") return BadFormat("the algorithm is not EdDSA");
  if (header->contains("crit")) return BadFormat("critical header parameters are not understood");
  if (StringOf(*header, "typ") != type) {
    return Status::Permanent("seal.type"_reason, "the seal is of another type than " + std::string(type));
  }
  return StringOf(*header, "kid");
}

Result<std::string> PublicKeyOf(std::string_view key_set_json, const std::string& kid) {
  const auto set = ParseObject(key_set_json);
  if (!set || !set->contains("keys") || !(*set)["keys"].is_array()) return BadFormat("the key set is not a JWK set");
  for (const Json& key : (*set)["keys"]) {
    if (!key.is_object() || kid.empty() || StringOf(key, "kid") != kid) continue;
    if (StringOf(key, "kty") != "OKP" || StringOf(key, "crv") != "Ed25519") continue;
    auto bytes = Base64UrlDecode(StringOf(key, "x"));
    if (!bytes.ok()) return BadFormat("the key is not base64url");
    return std::move(*bytes);
  }
  return Status::Permanent("seal.unknown_key"_reason, "no key of the set has the kid " + JsonEscape(kid));
}

}  // namespace

Result<std::unique_ptr<Sealer>> Sealer::Load(const std::string& key_file) {
  auto key = LoadSealKey(key_file);
  if (!key.ok()) return Status::Permanent("seal.key"_reason, key.status().message());
  return std::unique_ptr<Sealer>(std::make_unique<KeySealer>(std::move(*key)));
}

Result<std::string> Unseal(std::string_view jws, std::string_view type, std::string_view key_set_json) {
  auto parts = Split(jws);
  if (!parts.ok()) return parts.status();
  const auto kid = CheckHeader(parts->header, type);
  if (!kid.ok()) return kid.status();
  const auto key = PublicKeyOf(key_set_json, *kid);
  if (!key.ok()) return key.status();
  if (!VerifyEd25519(*key, parts->signed_text, parts->signature)) {
    return Status::Permanent("seal.bad_signature"_reason, "the seal's signature is wrong");
  }
  if (!ParseObject(parts->payload)) return BadFormat("the payload is not a JSON object");
  return std::move(parts->payload);
}

std::string ReceiptJson(const ReceiptFacts& facts) {
  JsonWriter json;
  json.BeginObject();
  json.Key("accepted_at").String(FormatTime(facts.accepted_at));
  json.Key("class").String(ToString(facts.cls));
  if (!facts.client_reference.empty()) json.Key("client_reference").String(facts.client_reference);
  json.Key("contract_version").String(facts.contract_version);
  json.Key("durability").String(ToString(facts.durability));
  json.Key("gateway_mtdiep").String(facts.gateway_id.value());
  json.Key("incarnation").String(facts.incarnation);
  json.Key("message_type").Number(facts.message_type);
  json.Key("mst").String(facts.mst.value());
  json.Key("provider").String(facts.provider.value());
  if (!facts.provider_mtdiep.empty()) json.Key("provider_mtdiep").String(facts.provider_mtdiep);
  json.Key("sha256").String(facts.digest.Hex());
  if (!facts.signature_marks.empty()) {
    json.Key("signature_marks").BeginArray();
    for (const std::string& mark : facts.signature_marks) json.String(mark);
    json.EndArray();
  }
  json.EndObject();
  return json.text();
}

}  // namespace tvan
