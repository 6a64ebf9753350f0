#pragma once
// The authority's technical checks: header by the strict table, contract list, shape, counts, signatures. What fails
// here is answered by a 999 with TTTNhan 1, but counts and signatures of a cash-register package, which are step 1's
// (checks 6 and 4). Codes are those known from protocol.md section 9. Thread-safe.

#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/simulator/contracts.h"
#include "adapters/simulator/request.h"

namespace tvan::sim {

struct ContentCheck {
  Refusal shape, count, signature;  // what is looked at no more has nothing to say
};

class RequestCheck {
 public:
  RequestCheck(const SignatureVerifier& verifier, const Contracts& contracts)
      : verifier_(verifier), contracts_(contracts) {}

  // Of any readable request, our 999 included; `arrived` decides contracts and certificates.
  Refusal Header(const Request& request, Time arrived) const;
  // Of a request whose header is right.
  ContentCheck Content(const Request& request, Time arrived) const;

 private:
  Refusal Signatures(const Request& request, Time arrived) const;

  const SignatureVerifier& verifier_;
  const Contracts& contracts_;
};

}  // namespace tvan::sim
