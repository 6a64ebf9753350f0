#pragma once
// Paths for findings, and the namespace of signatures.

#include <string>
#include <string_view>

#include "adapters/xml_document.h"

namespace tvan {

inline constexpr std::string_view kXmlDsig = "http://www.w3.org/2000/09/xmldsig#";

std::string PathOf(const XmlNode& parent, std::string_view name);

}  // namespace tvan
