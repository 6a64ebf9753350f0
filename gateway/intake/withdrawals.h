#pragma once
// What a provider gives up of its own: an id that nothing came under (void), a message that no attempt was recorded for
// (withdraw). The proof is sealed before the durable act and handed out after it; an answer without a proof licenses
// nothing. Free of gRPC, blocks on the store: run it on the read pool. Thread-safe; borrows its parts.

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "gateway/seal/seal.h"
#include "store/store.h"
#include "tvan/v1/relay.pb.h"

namespace tvan {

class Withdrawals {
 public:
  Withdrawals(Store& store, const Sealer& sealer, const Clock& clock, Metrics& metrics)
      : store_(store), sealer_(sealer), clock_(clock), metrics_(metrics) {}
  // Both: intake.bad_request (permanent): no id, or one that no submit can have. store.*: never an outcome; what was
  // left in doubt answers transient, since the same call again finds out.
  Result<v1::VoidMessageResponse> Void(const ProviderId& provider, const v1::VoidMessageRequest& request) const;
  // A foreign message is NOT_SEEN.
  Result<v1::WithdrawMessageResponse> Withdraw(const ProviderId& provider,
                                               const v1::WithdrawMessageRequest& request) const;

 private:
  Result<v1::WithdrawMessageResponse> TakeBack(const ProviderId& provider, const Found& found) const;
  std::string Seal(const MessageMeta& meta, Time at) const;
  void Count(const char* what, const std::string& outcome) const;

  Store& store_;
  const Sealer& sealer_;
  const Clock& clock_;
  Metrics& metrics_;
};

}  // namespace tvan
