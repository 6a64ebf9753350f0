#pragma once
// Findings at nodes and their paths, and the namespace of signatures.

#include <string>
#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

inline constexpr std::string_view kXmlDsig = "http://www.w3.org/2000/09/xmldsig#";

std::string PathOf(const XmlNode& parent, std::string_view name);

// Says it of `node`; where the list is full it is only counted, and no path is worked out. For loops over what a sender
// wrote as often as it liked.
void SayAt(const XmlNode& node, Reason rule, Severity severity, FindingList& findings, RuleValues values = {});

}  // namespace tvan
