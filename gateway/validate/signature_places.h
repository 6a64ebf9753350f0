#pragma once
// Which signatures a message must have and what each has to cover (protocol.md section 10): the demands for the
// verifier, and what the verifier's port cannot know: references that wrapping breaks, who ought to have signed.

#include <set>
#include <string>
#include <vector>

#include "adapters/signature.h"
#include "adapters/xml_document.h"
#include "gateway/core/catalogue.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/validator.h"

namespace tvan {

// The same for a message as submitted and as wrapped. `root`: TDiep, or a bare HDon. Missing ones become demands with
// an empty signature. Where the catalogue knows no place, all that are found are demanded, and that there is none is
// said as a warning. Findings: signature.role_twice, signature.misplaced, signature.missing.
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

struct Signers {
  const std::vector<SignatureDemand>& demands;
  const std::vector<SignatureReport>& reports;  // one per demand
  const std::string& mst;                       // of the taxpayer
  Leniency unknown = Leniency::kWarn;
};
// signature.signer_mismatch when the certificate names another taxpayer than `mst` (where the place is not known, a
// warning);
// signature.delegate_unregistered (warning, once) when it is the delegate that the invoice names: nothing but the
// invoice says so; signature.signer_unknown (once, as `unknown` has it) when it names none.
void CheckSigners(const Signers& signers, FindingList& findings);

}  // namespace tvan
