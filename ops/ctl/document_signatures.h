#pragma once
// Which signatures a document has, whatever document it is, and what each has to cover. Pure.

#include <vector>

#include "adapters/signature.h"
#include "adapters/xml_document.h"

namespace tvan::ctl {

// A document without any signature has no demands. An invoice or invoice message that has one needs the signatures of
// its type. One that stands in X/DSCKS/role must cover the first element of X; any other must cover the root. A
// SigningTime is not asked for, but one that is there must be signed.
std::vector<SignatureDemand> DemandsOfDocument(const XmlNode& root);

}  // namespace tvan::ctl
