#include "gateway/seal/proofs.h"

#include "gateway/core/json.h"

namespace tvan {
namespace {

void Put(JsonWriter& json, const char* name, const std::string& value) { json.Key(name).String(value); }

bool IsReference(const IdempotencyKey& key) { return key.kind == SubmitIdKind::kClientReference; }

}  // namespace

std::string VoidJson(const VoidFacts& facts) {
  JsonWriter json;
  json.BeginObject();
  if (IsReference(facts.key)) Put(json, "client_reference", facts.key.value);
  Put(json, "durability", ToString(facts.durability));
  Put(json, "incarnation", facts.incarnation);
  Put(json, "provider", facts.key.provider.value());
  if (!IsReference(facts.key)) Put(json, "provider_mtdiep", facts.key.value);
  Put(json, "voided_at", FormatTime(facts.voided_at));
  json.EndObject();
  return json.text();
}

std::string WithdrawalJson(const WithdrawalFacts& facts) {
  JsonWriter json;
  json.BeginObject();
  Put(json, "accepted_at", FormatTime(facts.accepted_at));
  if (IsReference(facts.key)) Put(json, "client_reference", facts.key.value);
  Put(json, "durability", ToString(facts.durability));
  Put(json, "gateway_mtdiep", facts.gateway_id.value());
  Put(json, "incarnation", facts.incarnation);
  Put(json, "provider", facts.key.provider.value());
  if (!IsReference(facts.key)) Put(json, "provider_mtdiep", facts.key.value);
  Put(json, "sha256", facts.digest.Hex());
  Put(json, "withdrawn_at", FormatTime(facts.withdrawn_at));
  json.EndObject();
  return json.text();
}

}  // namespace tvan
