#pragma once
// The simple types of an XSD: the form of a field as facets, each form once and under a name. Internal to validate.

#include <map>
#include <string>

#include "gateway/validate/xsd_tree.h"

namespace tvan {

class XsdTypes {
 public:
  // The name of the type that takes whatever any row of the leaf takes; an optional one takes empty too. Where a row is
  // weak, or rows differ in type, it is any text.
  std::string NameFor(const XsdNode& leaf);
  std::string Text() const;  // all that were named, in order of name

 private:
  // "text400" of the body <xs:restriction …>; the same body keeps its first name.
  std::string Name(const std::string& wanted, const std::string& body);
  std::map<std::string, std::string> names_;   // body → name
  std::map<std::string, std::string> bodies_;  // name → body
};

// As it stands in an attribute or a text.
std::string XmlEscaped(std::string_view text);

}  // namespace tvan
