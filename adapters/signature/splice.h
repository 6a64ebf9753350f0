#pragma once
// Puts text into an XML document at the end of an element named by a path, creating the last steps of the path when
// they are missing; all other bytes stay as they are. Private to adapters/signature. Pure.

#include <string>
#include <string_view>

#include "adapters/xml_document.h"

namespace tvan {

// `path`: "/TDiep/DLieu/HDon[2]/DSCKS/NBan", local names, an index from 1 where siblings share the name. Missing steps
// are created as plain elements; one with an index is not. signature.parent
Result<std::string> InsertAtEndOf(const XmlDocument& document, std::string_view path, std::string_view text);

// The element that `path` names, or its deepest ancestor that exists; empty when the path is malformed.
XmlNode DeepestAlong(const XmlDocument& document, std::string_view path);

}  // namespace tvan
