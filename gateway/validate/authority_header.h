#pragma once
// The header table of the authority hop (DESIGN section 3, "Two header tables"): strict, and checked on what we
// rendered, read back from the message as it will be sent. Pure.

#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

// envelope.authority_header for every field of TTChung that the authority would not take. `root`: the rendered TDiep;
// `authority_code`: whom it must be addressed to.
void CheckAuthorityHeader(const XmlNode& root, std::string_view authority_code, FindingList& findings);

}  // namespace tvan
