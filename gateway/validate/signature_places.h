#pragma once
// Which signatures a message must have and what each has to cover (protocol.md section 10): the demands for the
// verifier, and what the verifier's port cannot know: references that wrapping breaks, who ought to have signed.

#include <set>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/xml_document.h"
#include "gateway/validate/catalogue.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

// In document order, the same for a message as submitted and as wrapped. `root`: TDiep, or a bare HDon.
// Findings: signature.role_twice, signature.misplaced. Missing ones become demands with an empty signature.
std::vector<SignatureDemand> FindDemands(const XmlNode& root, const MessageType& type, FindingList& findings);

// What wrapping leaves behind: the document as a whole, TDiep and TTChung. A signature that refers to any of them does
// not verify in the message as it will be sent. `root`: of the document as submitted.
class LeftBehind {
 public:
  explicit LeftBehind(const XmlNode& root);
  bool Breaks(const XmlNode& signature) const;

 private:
  std::set<std::string> ids_;
};

// signature.signer_mismatch (error) when the certificate names another taxpayer than `mst` (or, for an invoice, its
// delegate); signature.signer_unknown (warning, once) when it names none.
void CheckSigners(const std::vector<SignatureDemand>& demands, const std::vector<SignatureReport>& reports,
                  const std::string& mst, FindingList& findings);

}  // namespace tvan
