#pragma once
// The contract book: provider contracts and taxpayer mandates as dated, versioned data; an immutable snapshot answers
// "may this caller send this, for this taxpayer, at this time" with the version that decided (DESIGN section 3.3, F5).
// Snapshots are shared and thread-safe; the book swaps them when a record changes, effective with the next message.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/envelope.h"
#include "gateway/core/finding.h"
#include "gateway/core/ids.h"
#include "gateway/core/time.h"
#include "store/store.h"

namespace tvan {

// Half-open [from, to) at midnight +07:00; to = kForever: open.
struct Dates {
  Time from;
  Time to = kForever;
  bool Holds(Time t) const { return from <= t && t < to; }
};

enum class ContractStatus : uint8_t { kDraft = 1, kActive = 2, kSuspended = 3, kTerminated = 4 };
const char* ToString(ContractStatus status);

// (B) T-VAN with a solution provider.
struct ProviderContract {
  ProviderId provider;
  std::string name;
  ContractStatus status = ContractStatus::kActive;
  Dates dates;
  std::vector<TaxCode> tax_codes;          // MNGui of its messages
  std::vector<std::string> certificates;   // SHA-256 hex of client certificates, several at a time
  std::vector<int> message_types;          // allowed MLTDiep; empty: all relayed ones
  bool refuse_authority_header = false;    // switch authority_header = refuse
  bool warn_breaks_on_forward = false;     // switch breaks_on_forward = warn
  bool allow_legacy_sha1 = false;          // signatures with SHA-1 or RSA keys from 1024 bit pass, marked
  bool allow_enveloped_on_object = false;  // the quirk of protocol.md 10.4 (a) passes, marked
  uint32_t max_in_flight = 0;              // submits at a time; 0: the configured default
};

// (C) A taxpayer's mandate to be served through this provider.
struct Mandate {
  ProviderId provider;
  TaxCode mst;
  ContractStatus status = ContractStatus::kActive;
  Dates dates;
  std::vector<int> message_types;                // empty: all the contract allows
  std::vector<std::string> signer_certificates;  // SHA-256 hex, as the taxpayer registered them (message 100)
  std::vector<TaxCode> delegates;                // may sign invoices for the taxpayer (ủy nhiệm, message 101)
  std::string id() const { return provider.value() + "/" + mst.value(); }
};

struct ContractVerdict {
  enum class Kind { kAllow, kHold, kRefuse } kind = Kind::kRefuse;
  std::string version;        // e.g. "provider_contract/acme@3,mandate/acme/0101234567@1"
  std::vector<Fault> faults;  // why not: contract.provider_expired, contract.no_mandate, …
};

class ContractSnapshot {
 public:
  virtual ~ContractSnapshot() = default;
  // The provider that a client certificate is bound to, whatever its contract's dates say; nullptr: nobody.
  virtual const ProviderContract* FindByCertificate(const std::string& sha256_hex) const = 0;
  virtual const ProviderContract* Find(const ProviderId& provider) const = 0;
  // Whatever its dates say; nullptr: none. Decide says whether it holds; ask the same snapshot for both.
  virtual const Mandate* FindMandate(const ProviderId& provider, const TaxCode& mst) const = 0;
  // Provider contract alone: before anything is parsed.
  virtual ContractVerdict DecideProvider(const ProviderId& provider, Time at) const = 0;
  // Provider contract and mandate for a message.
  virtual ContractVerdict Decide(const ProviderId& provider, const TaxCode& mst, int message_type, Time at) const = 0;
  // Providers that hold a mandate for this taxpayer at that time (unasked answers, P4).
  virtual std::vector<ProviderId> ProvidersOf(const TaxCode& mst, Time at) const = 0;
};

class ContractBook {
 public:
  static Result<std::unique_ptr<ContractBook>> Load(Store& store);  // contract.damaged
  virtual ~ContractBook() = default;
  virtual std::shared_ptr<const ContractSnapshot> snapshot() const = 0;

  // Durable, then visible. `expected_version` is the version that the change was made from; none: whatever there is.
  // Errors: contract.invalid, contract.certificate_taken, store.conflict (another version stands there by now).
  virtual Result<uint64_t> Put(const ProviderContract& contract, const std::string& author, const std::string& reason,
                               Time now, std::optional<uint64_t> expected_version = std::nullopt) = 0;
  virtual Result<uint64_t> Put(const Mandate& mandate, const std::string& author, const std::string& reason, Time now,
                               std::optional<uint64_t> expected_version = std::nullopt) = 0;
  virtual std::vector<ProviderContract> Contracts() const = 0;
  virtual std::vector<Mandate> Mandates(const ProviderId& provider) const = 0;  // empty id: all
};

}  // namespace tvan
