#pragma once
// The authority's technical checks: header by the strict table, contract list, counts, signatures. What fails here is
// answered by a 999 with TTTNhan 1. Codes are those known from protocol.md section 9. Thread-safe.

#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/simulator/options.h"
#include "adapters/simulator/request.h"

namespace tvan::sim {

struct Refusal {
  std::string mloi;  // empty: nothing is wrong
  std::string text;
  bool is_system = false;  // speaks of the service or the agreement: the MTDiep does not count as seen
};

class RequestCheck {
 public:
  RequestCheck(const SignatureVerifier& verifier, std::vector<ContractEntry> contracts)
      : verifier_(verifier), contracts_(std::move(contracts)) {}

  // Of any readable request, our 999 included; `arrived` decides contracts and certificates.
  Refusal Header(const Request& request, Time arrived) const;
  // Of a request whose header is right: items and signatures.
  Refusal Content(const Request& request, Time arrived) const;

 private:
  Refusal Contract(const std::string& mngui, Time arrived) const;
  Refusal Signatures(const Request& request, Time arrived) const;

  const SignatureVerifier& verifier_;
  const std::vector<ContractEntry> contracts_;
};

}  // namespace tvan::sim
