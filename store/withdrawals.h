#pragma once
// Giving an id up before a message came under it (Void), and taking a message back before any attempt (Withdraw): the
// arguments and answers of both; plain values. Both are decided by the committer, so that neither can race with an
// acceptance or an attempt.

#include <optional>
#include <string>

#include "store/records.h"

namespace tvan {

// What stands under an idempotency key that was given up: nothing was accepted under it, and nothing will be.
struct Voided {
  Time at;
  StorePosition position;  // of the act that wrote it
  std::string proof;       // sealed before the act (JWS), the same for every later answer
};

struct VoidRequest {
  IdempotencyKey key;
  Time at;
  std::string proof;
};
struct VoidAnswer {
  enum class Outcome {
    kVoided,         // by this request
    kAlreadyVoided,  // by an earlier one: `voided` is that one's
    kSeen,           // a message was accepted under this key; nothing written
  };
  Outcome outcome = Outcome::kSeen;
  Voided voided;                       // kVoided, kAlreadyVoided
  std::optional<MessageMeta> message;  // kSeen
};

struct WithdrawRequest {
  ProviderId provider;  // whose message it must be
  MessageId gateway_id;
  Time at;
  std::string proof;  // sealed before the act
};
struct WithdrawAnswer {
  enum class Outcome {
    kWithdrawn,         // by this request
    kAlreadyWithdrawn,  // by an earlier one: `proof` is that one's
    kTooLate,           // an attempt was recorded, or it is past waiting; nothing written
    kNotSeen,           // no message of this provider has this id; nothing written
  };
  Outcome outcome = Outcome::kNotSeen;
  std::string proof;  // kWithdrawn, kAlreadyWithdrawn
  Time at;            // of the withdrawal, likewise
  StorePosition position;
  std::optional<MessageMeta> message;  // as it is now; kNotSeen: none
};

}  // namespace tvan
