#pragma once
// Walking the elements of a document, and cutting its bytes, for the fuzz targets. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/xml_document.h"

namespace tvan::fuzz {

// A parser of the limits that messages have, one for the process.
const XmlParser& Parser();

// `node` and all elements in it, in document order.
std::vector<XmlNode> ElementsOf(const XmlNode& node);
std::string_view BytesOf(const XmlNode& node);
std::string_view StartTagOf(const XmlNode& node);
std::string_view QualifiedName(const XmlNode& node);
size_t DepthOf(const XmlNode& node);  // of the root: 1

// A document of `node` alone: the start tags around it, its bytes, their end tags.
std::string Alone(const XmlNode& node);

struct Edit {
  size_t offset, size;  // of the bytes that go
  std::string text;     // what comes instead
};
// `text` instead of what stands between the tags of `node`.
Edit ContentEdit(const XmlNode& node, const std::string& text);
// `edits` do not overlap; one that stands there twice is done once.
std::string Edited(std::string_view bytes, std::vector<Edit> edits);

}  // namespace tvan::fuzz
