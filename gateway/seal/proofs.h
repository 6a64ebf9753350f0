#pragma once
// The facts that the proofs of giving up state: an id voided before anything came under it, a message withdrawn before
// any attempt. Sealed before the durable act, so that they name no position in the store. Pure.

#include <string>
#include <string_view>

#include "gateway/core/ids.h"
#include "gateway/core/position.h"
#include "gateway/core/time.h"

namespace tvan {

struct VoidFacts {
  IdempotencyKey key;
  Time voided_at;
  Durability durability = Durability::kFlushedLocal;
  std::string incarnation;
};
inline constexpr std::string_view kVoidType = "tvan-void+jws";
std::string VoidJson(const VoidFacts& facts);  // keys sorted, stable

struct WithdrawalFacts {
  IdempotencyKey key;
  MessageId gateway_id;
  Sha256 digest;  // of the submitted bytes
  Time accepted_at, withdrawn_at;
  Durability durability = Durability::kFlushedLocal;
  std::string incarnation;
};
inline constexpr std::string_view kWithdrawalType = "tvan-withdrawal+jws";
std::string WithdrawalJson(const WithdrawalFacts& facts);  // keys sorted, stable

}  // namespace tvan
