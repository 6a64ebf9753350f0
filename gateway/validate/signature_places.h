#pragma once
// Which signatures a message must have and what each has to cover (protocol.md section 10): the demands for the
// verifier, and what the verifier's port cannot know: references that wrapping breaks, who ought to have signed.

#include <vector>

#include "adapters/signature.h"
#include "adapters/xml_document.h"
#include "gateway/validate/catalogue.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

// In document order, the same for a message as submitted and as wrapped. `root`: TDiep, or a bare HDon.
// Findings: signature.role_twice, signature.misplaced. Missing ones become demands with an empty signature.
std::vector<SignatureDemand> FindDemands(const XmlNode& root, const MessageType& type, FindingList& findings);

// Whether a reference of this signature names the whole document, TDiep or TTChung: none of them stays as it was
// signed when the message is wrapped anew. `root`: the document as submitted.
bool BreaksOnForward(const XmlNode& root, const XmlNode& signature);

// signature.signer_mismatch (error) when the certificate names another taxpayer than `mst` (or, for an invoice, its
// delegate); signature.signer_unknown (warning, once) when it names none.
void CheckSigners(const std::vector<SignatureDemand>& demands, const std::vector<SignatureReport>& reports,
                  const std::string& mst, FindingList& findings);

}  // namespace tvan
