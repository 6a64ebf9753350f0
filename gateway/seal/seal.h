#pragma once
// Seal: the one place that makes and checks JWS (RFC 7515, compact, EdDSA/Ed25519) with key ids and a published key
// set (RFC 7517/8037). Receipts now; snapshots, statements and notices later. Thread-safe.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/signature.h"
#include "gateway/core/envelope.h"
#include "gateway/core/ids.h"
#include "gateway/core/position.h"

namespace tvan {

class Sealer {
 public:
  // `key_file`: PEM of an Ed25519 private key. kid = first 16 hex of SHA-256 of the public key. seal.key
  static Result<std::unique_ptr<Sealer>> Load(const std::string& key_file);
  virtual ~Sealer() = default;
  // Seals a JSON object; `type` becomes the header's "typ", e.g. "tvan-receipt+jws".
  virtual std::string Seal(std::string_view type, std::string_view payload_json) const = 0;
  virtual std::string kid() const = 0;
  virtual std::string KeySetJson() const = 0;  // {"keys":[{"kty":"OKP","crv":"Ed25519","kid":…,"x":…}]}
};

// Checks a JWS against a key set. Errors: seal.format, seal.type, seal.unknown_key, seal.bad_signature.
// Answers the payload JSON.
Result<std::string> Unseal(std::string_view jws, std::string_view type, std::string_view key_set_json);

// The facts a receipt states, nothing else (DESIGN section 5, Receipts).
struct ReceiptFacts {
  ProviderId provider;
  MessageId gateway_id;
  std::string provider_mtdiep;   // or empty
  std::string client_reference;  // or empty
  Sha256 digest;
  Time accepted_at;
  MessageClass cls = MessageClass::kUncoded;
  int message_type = 0;
  TaxCode mst;
  Durability durability = Durability::kFlushedLocal;
  std::string contract_version;
  std::string incarnation;
  std::vector<std::string> signature_marks;  // allowances that signatures needed, sorted; empty: not stated
};
inline constexpr std::string_view kReceiptType = "tvan-receipt+jws";
std::string ReceiptJson(const ReceiptFacts& facts);  // keys sorted, stable

}  // namespace tvan
