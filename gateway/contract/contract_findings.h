#pragma once
// Why a contract verdict says no: rules of the rule table (gateway/validate) with their values. Pure functions of the
// room.

#include <string>
#include <vector>

#include "gateway/contract/taxpayer_facts.h"
#include "gateway/contract/verdict.h"

namespace tvan {

// A dated record as it is judged: the status of the time asked about, all terms.
struct Judged {
  std::string whose;
  ContractStatus status = ContractStatus::kActive;
  Dates dates;
  const std::vector<Dates>* earlier = nullptr;  // none: there are none
  bool HoldsAt(Time at) const;
};

struct DatedRules {
  Reason draft, suspended, terminated, not_started, expired;
};
extern const DatedRules kProviderRules, kMandateRules, kAgreementRules;

// Nothing is added when status and terms allow.
void AddDatedFaults(const DatedRules& rules, const Judged& record, Time at, std::vector<Fault>& out);
// `out` gets what decides, `doubts` what would if the data were fresher, or the rules graver.
void AddTaxpayerFaults(const TaxpayerFacts& facts, const ContractQuestion& question, const ContractRules& rules,
                       std::vector<Fault>& out, std::vector<Fault>& doubts);

Fault ProviderUnknown(const ProviderId& provider);
Fault TypeNotAllowed(const ProviderId& provider, int message_type);
Fault ClassNotAllowed(const ProviderId& provider, MessageClass cls);
Fault TypeNotInMandate(const TaxCode& mst, int message_type);
Fault NoMandate(const ProviderId& provider, const TaxCode& mst);

Fault CertificateUnknown(const std::string& sha256);
// nullopt: it holds.
std::optional<Fault> JudgeDates(const BoundCertificate& certificate, Time at);

}  // namespace tvan
