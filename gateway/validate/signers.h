#pragma once
// Who signed, and what was let pass for it: what the verifier reports, held against taxpayer, mandate and contract
// (protocol.md section 10.1). Pure.

#include <set>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/validator.h"

namespace tvan {

struct Signers {
  const std::vector<SignatureDemand>& demands;
  const std::vector<SignatureReport>& reports;  // one per demand
  const std::string& mst;                       // of the taxpayer
  const CheckContext& context;
};
// A registered certificate is the taxpayer's, whatever it names. Of the others: signature.signer_mismatch when it names
// another taxpayer than `mst` (where the place is not known, a warning); signature.signer_unknown (once) when it names
// none. An invoice may be signed by a delegate of the mandate, unless the invoice names another one: the field is
// optional and the mandate the better witness, but two that contradict show nothing. A delegate that the invoice alone
// names is signature.delegate_unregistered (once): whoever signs can write that, so it is as grave as an unknown
// signer.
void CheckSigners(const Signers& signers, FindingList& findings);

// Says each allowance that a valid signature needed, once: what `marks` holds already was said before.
void SayMarks(const Signers& signers, std::set<std::string>& marks, FindingList& findings);

}  // namespace tvan
