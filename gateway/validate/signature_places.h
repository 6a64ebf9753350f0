#pragma once
// Which signatures a message must have and what each has to cover (protocol.md section 10): the demands for the
// verifier, and what its port cannot know: references that wrapping breaks.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/signature.h"
#include "adapters/xml_document.h"
#include "gateway/core/catalogue.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/validator.h"

namespace tvan {

// The same for a message as submitted and as wrapped. `root`: TDiep, or a bare HDon. Missing ones become demands with
// an empty signature. Where the catalogue knows no place, all that are found are demanded, and that there is none is
// said as a warning. Each names four nodes to cover at most. Findings: signature.role_twice (no more are demanded than
// may stand there), signature.misplaced, signature.missing.
std::vector<SignatureDemand> FindDemands(const XmlNode& root, const MessageType& type, FindingList& findings);

// Whether a signature of this role is the taxpayer's own.
bool IsTaxpayers(std::string_view role);

// What wrapping leaves behind: the document as a whole, TDiep and TTChung. A signature that refers to any of them does
// not verify in the message as it will be sent. `root`: of the document as submitted.
class LeftBehind {
 public:
  explicit LeftBehind(const XmlNode& root);
  bool Breaks(const XmlNode& signature) const;

 private:
  std::set<std::string> ids_;
};

}  // namespace tvan
