#pragma once
// What a verifier reports of a signature that holds, for fakes that stand in for one: signed by the taxpayer
// 0101234567, covering what was demanded. Pure.

#include "adapters/signature.h"

namespace tvan {

inline SignatureReport HeldReport(const SignatureDemand& demand) {
  SignatureReport report;
  report.role = demand.role;
  report.valid = true;
  report.signer_tax_code = "0101234567";
  for (const XmlNode& node : demand.must_cover)
    if (node) report.covered.push_back(node.range());
  return report;
}

}  // namespace tvan
