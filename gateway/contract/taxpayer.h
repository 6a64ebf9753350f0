#pragma once
// What is known of a taxpayer, from answers of the authority or from operators. Plain values.

#include <string>
#include <vector>

#include "gateway/contract/terms.h"
#include "gateway/core/envelope.h"
#include "gateway/core/ids.h"

namespace tvan {

// (C) What is known of a taxpayer: facts, each with where it came from and since when we know it.
struct TaxStatus {
  std::string code;  // two digits
  Time since;
  std::string source;  // the answer's MTDiep, or the operator
  Time known_at;
};
enum class StopKind : uint8_t { kUnsaid = 0, kUse = 1, kEnforcement = 2 };  // numbers are stored
struct StopDecision {
  bool stop = true;  // false: may continue
  Time from;
  std::string number, source;
  Time known_at;
  StopKind kind = StopKind::kUnsaid;
  Time to = kForever;     // of a stop, half-open
  std::string answers{};  // number of the stop that a continue lifts; empty: the only one of its kind
};
struct Registration {
  bool accepted = true;
  Time from;
  std::vector<MessageClass> classes;  // kCoded, kUncoded, kCashRegister; empty: not known
  std::string kinds;                  // KHMSHDon digits, "12"; empty: not known
  std::string register_range;         // five characters of cash-register codes, or empty
  std::string source;
  Time known_at;
};
struct Taxpayer {
  TaxCode mst;
  std::vector<TaxStatus> statuses;          // by `since`
  std::vector<StopDecision> decisions;      // by `from`
  std::vector<Registration> registrations;  // by `from`
  std::vector<BoundCertificate> signers;    // registered signing certificates
};

}  // namespace tvan
