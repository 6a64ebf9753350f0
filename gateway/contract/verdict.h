#pragma once
// May this message be taken, may it leave: allow, hold or refuse, with the rules that say so and the versions that
// decided. Pure over one snapshot (DESIGN section 3.3).

#include <string>
#include <vector>

#include "gateway/contract/contracts.h"
#include "gateway/core/finding.h"

namespace tvan {

struct ContractQuestion {
  ProviderId provider;
  TaxCode mst;
  int message_type = 0;
  std::string kinds;  // KHMSHDon digits of its invoices, each once; empty: not asked
  Time at;            // intake: now. release: when it was accepted
};

struct ContractVerdict {
  enum class Kind { kAllow, kHold, kRefuse } kind = Kind::kRefuse;
  struct Decider {
    ContractKind kind = ContractKind::kAgreement;
    std::string id;
    uint64_t version = 0;
    Time changed_at;  // age of the data
  };
  std::string version;            // "provider_contract/acme@3,mandate/acme/0101234567@1"; of all deciders, in this order
  std::vector<Decider> deciders;  // the same, one by one
  std::vector<Fault> faults;      // why it is not allowed: contract.provider_expired, contract.no_mandate, …
  std::vector<Fault> warnings;    // what would be a fault were the data fresher, or the switch set
  bool of_agreement = false;      // kHold: because ours with the authority lapsed (owner: the T-VAN's management)
  bool allowed() const { return kind == Kind::kAllow; }
};

enum class Gravity : uint8_t { kOff, kWarning, kError };

// What the data decides, from the configuration (config.proto Contracts).
struct ContractRules {
  std::vector<std::string> passing_tax_status = {"00", "02", "04"};
  Span tax_status_trusted = std::chrono::hours(24 * 30);
  Gravity tax_status = Gravity::kError, stopped = Gravity::kError, unregistered = Gravity::kWarning;
};

// By cause, at release (at = accepted): what speaks of the provider alone stops nothing that was taken; a taxpayer stopped
// with effect before acceptance, a mandate that did not hold then, or our own agreement lapsed by `now`, holds.
//   intake : provider, certificate, mandate, taxpayer → refuse; agreement → hold (it is taken and waits)
//   release: provider → nothing; mandate, taxpayer as of `at` → hold; agreement as of `now` → hold

}  // namespace tvan
