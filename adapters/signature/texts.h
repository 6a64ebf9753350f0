#pragma once
// What each finding of this room says, in both languages: one table. Private to adapters/signature. Pure.

#include <string>

#include "adapters/xml_document.h"
#include "gateway/core/finding.h"

namespace tvan {

// An error finding at `path`; `detail` (a URI, an id, a size) is appended to both texts. Every one of them carries the
// authority's code for a bad signature, 2011 (protocol.md section 9).
Finding SignatureFinding(Reason rule, std::string path, const std::string& detail = {});

}  // namespace tvan
