#pragma once
// The way of a submit from bytes to receipt (DESIGN section 3), without gRPC: identity, provider contract, one parse,
// duplicate look-up, mandate, full checks, receipt sealed, Accept. Submit may be called from any thread and never
// blocks: checks run on the compute pool, the answer comes on a thread of the pool or of the store. `done` runs exactly
// once, whatever a library throws (intake.internal). A rejected message leaves no trace in the store.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "gateway/contract/contract_book.h"
#include "gateway/core/digest.h"
#include "gateway/core/executor.h"
#include "gateway/core/metrics.h"
#include "gateway/intake/in_flight.h"
#include "gateway/intake/submit.h"
#include "gateway/seal/seal.h"
#include "gateway/validate/validator.h"
#include "store/store.h"

namespace tvan {

class Pipeline {
 public:
  struct Options {
    TaxCode our_mst;
    std::string message_id_key;                 // HMAC key of our MTDieps (P3), outside the store
    uint32_t max_in_flight_per_provider = 256;  // unless the contract says otherwise
    Span retry_delay = std::chrono::seconds(1);
    // A certificate without a tax code, or of a delegate that no mandate names; production refuses.
    Leniency unknown_signer = Leniency::kWarn;
    std::string authority_code = "TCT";  // MNNhan of what goes up, as dispatch renders it
    // Bytes of messages on their way to a receipt: of one provider, of all.
    uint64_t max_bytes_per_provider = 64 << 20;
    uint64_t max_bytes = 256 << 20;
    std::map<MessageClass, Span> signing_time_behind = {};  // of classes that have a bound of their own
  };
  struct Parts {
    ContractBook& contracts;
    const Validator& validator;
    const Sealer& sealer;
    const Digester& digester;
    Store& store;
    Executor& compute;
    Clock& clock;
    Metrics& metrics;
    std::function<void(const Status&)> on_store;   // the outcome of every Accept, for health
    std::function<void(Rejection)> on_rejected{};  // for the ring of rejections; short
    // How long new messages of a class are refused for now (intake.refuse_new); none: never.
    std::function<std::optional<Span>(MessageClass, Time)> refused_for{};
  };
  static std::unique_ptr<Pipeline> Make(Options options, Parts parts);
  virtual ~Pipeline() = default;

  // The provider that a certificate is bound to now, whatever its contract's dates. intake.unknown_certificate
  virtual Result<ProviderId> Identify(const std::string& certificate) const = 0;
  virtual void Submit(SubmitInput input, SubmitDone done) = 0;
  // All checks of a submit, nothing stored.
  virtual void Check(SubmitInput input, CheckDone done) = 0;
  // Refuses from now on (intake.shutting_down) and waits for what has no outcome yet; answers how many remain. Whether
  // outcomes are read is not waited for.
  virtual uint64_t Drain(Span patience) = 0;
};

}  // namespace tvan
