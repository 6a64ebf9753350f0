#pragma once
// Reading fields by path and name, with a finding for what is missing, repeated or no plain text.
// An element that may stand once is looked at only if it stands once: a second one could be what others read.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

inline constexpr std::string_view kXmlDsig = "http://www.w3.org/2000/09/xmldsig#";

std::string PathOf(const XmlNode& parent, std::string_view name);

// The one child of that name; empty when there is none or more than one (field.repeated).
XmlNode OneChild(const XmlNode& parent, std::string_view name, FindingList& findings);
// The same, and field.missing when there is none.
XmlNode RequiredChild(const XmlNode& parent, std::string_view name, FindingList& findings);
// Child by child; empty when one is missing or repeated (one finding).
XmlNode RequiredPath(XmlNode node, std::initializer_list<std::string_view> path, FindingList& findings);

// The text of a child; nullopt: a finding says why (field.missing when absent or empty, field.not_text).
std::optional<std::string> RequiredText(const XmlNode& parent, std::string_view name, FindingList& findings);
// Empty when absent.
std::optional<std::string> OptionalText(const XmlNode& parent, std::string_view name, FindingList& findings);

}  // namespace tvan
