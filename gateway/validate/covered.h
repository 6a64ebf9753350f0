#pragma once
// The last look before a message may be forwarded, in bytes instead of nodes: what had to be signed lies within the
// ranges that the verifier says its signatures cover (DESIGN P2).

#include <vector>

#include "adapters/signature.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

// `reports`: one per demand, of the document that the demands' nodes are of. signature.not_covered where a valid
// signature does not cover a node it must cover.
void CheckCovered(const std::vector<SignatureDemand>& demands, const std::vector<SignatureReport>& reports,
                  FindingList& findings);

}  // namespace tvan
