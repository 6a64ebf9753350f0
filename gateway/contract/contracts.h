#pragma once
// The dated, versioned data behind every verdict (duties F5): (A) our agreement with the tax authority, (B) contracts
// with solution providers, (C) mandates of taxpayers and what is known of a taxpayer, (D) delegation to issue. Plain
// values.

#include <string>
#include <variant>
#include <vector>

#include "gateway/contract/taxpayer.h"
#include "gateway/contract/terms.h"
#include "gateway/core/envelope.h"
#include "gateway/core/ids.h"
#include "gateway/core/time.h"

namespace tvan {

// 0: no limit of its own.
struct Quotas {
  uint32_t per_second = 0;                  // submits and checks
  uint32_t burst = 0;                       // at once; 0: one second's
  uint64_t per_day = 0, bytes_per_day = 0;  // accepted messages of a day in +07:00
  friend bool operator==(const Quotas&, const Quotas&) = default;
};
struct ContractContact {
  std::string role, name, email, phone;
  friend bool operator==(const ContractContact&, const ContractContact&) = default;
};

// (A) There is one: id "authority". None: not judged.
struct Agreement {
  ContractStatus status = ContractStatus::kActive;
  Dates dates;
  std::vector<Dates> earlier;  // terms before `dates`, in order, without overlap
  std::string number, note;
};
inline constexpr const char* kAgreementId = "authority";

// (B) T-VAN with a solution provider, or with somebody who sends its own data.
struct ProviderContract {
  ProviderId provider;
  std::string name, number;
  ContractStatus status = ContractStatus::kActive;
  Dates dates;
  std::vector<Dates> earlier;
  std::vector<TaxCode> tax_codes;  // MNGui of its messages
  std::vector<BoundCertificate> certificates;
  std::vector<int> message_types;     // allowed MLTDiep; empty: all relayed ones
  std::vector<MessageClass> classes;  // allowed ones; empty: all
  Quotas quotas;
  std::vector<ContractContact> contacts;
  bool direct_sender = false;              // K…: its own data only; a mandate may name its own tax codes alone
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
  std::vector<Dates> earlier;
  std::vector<int> message_types;                // empty: all the contract allows
  std::vector<std::string> signer_certificates;  // SHA-256 hex, as the taxpayer registered them (message 100)
  std::vector<TaxCode> delegates;                // may sign invoices for as long as the mandate holds
  std::string id() const { return provider.value() + "/" + mst.value(); }
};

// (D) Who else may issue for a taxpayer (ủy nhiệm).
struct Delegation {
  TaxCode mst, delegate;
  ContractStatus status = ContractStatus::kActive;
  Dates dates;
  std::vector<Dates> earlier;
  std::vector<int> message_types;  // empty: all that may be delegated
  std::string id() const { return mst.value() + "/" + delegate.value(); }
};

using ContractItem = std::variant<Agreement, ProviderContract, Mandate, Taxpayer, Delegation>;
enum class ContractKind : uint8_t { kAgreement, kProviderContract, kMandate, kTaxpayer, kDelegation };
ContractKind KindOf(const ContractItem& item);
std::string IdOf(const ContractItem& item);  // of its record
const char* RecordKindOf(
    ContractKind kind);  // "authority_agreement", "provider_contract", "mandate", "taxpayer", "delegation"

}  // namespace tvan
