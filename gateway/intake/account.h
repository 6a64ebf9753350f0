#pragma once
// What a provider sees of its own account: its contract, what is left of its quotas, when its certificates end. Free of
// gRPC, reads the store (blocking): run it on the read pool. Thread-safe; borrows its parts.

#include <optional>
#include <string>

#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"
#include "store/store.h"
#include "tvan/v1/relay.pb.h"

namespace tvan {

class Accounts {
 public:
  struct Options {
    uint32_t max_in_flight_per_provider = 256;  // of contracts that say nothing else
  };
  Accounts(Options options, const ContractBook& book, const Store& store, const Clock& clock)
      : options_(options), book_(book), store_(store), clock_(clock) {}

  // The certificate of this call, SHA-256 hex, and when it ends by itself, if that could be read.
  struct Caller {
    std::string certificate;
    std::optional<Time> ends;
  };
  // intake.unknown_certificate; store.*: today's totals cannot be read
  Result<v1::GetAccountResponse> Of(const ProviderId& provider, const Caller& caller) const;

 private:
  Status FillQuota(const ProviderContract& contract, Time now, v1::GetAccountResponse::Quota& quota) const;

  const Options options_;
  const ContractBook& book_;
  const Store& store_;
  const Clock& clock_;
};

}  // namespace tvan
