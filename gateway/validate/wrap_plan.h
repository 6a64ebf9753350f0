#pragma once
// The wrapping plan of a message (DESIGN section 3): which bytes go on as they are, what is declared on the new TDiep.

#include <string>
#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/core/envelope.h"
#include "gateway/core/wrapping.h"

namespace tvan {

// `document`: a TDiep with one DLieu, or a bare HDon.
WrappingPlan MakePlan(const XmlDocument& document, WrappingPlan::Form form, const Envelope& header);

// The namespace declarations and xml:* attributes of a start tag of well-formed XML, each as it stands in the source
// with one leading space.
std::string CopiedAttributes(std::string_view start_tag);

}  // namespace tvan
