#pragma once
// Elements grown from the rows of a field table. For lawful_message.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/lawful_values.h"

namespace tvan {

struct LawfulElement {
  std::string name;
  const FieldRow* row = nullptr;  // that it was grown from; nullptr: of the envelope
  std::string text, id;
  std::string raw;       // XML that stands in it as it is
  bool decides = false;  // conditions ask for its value
  std::vector<LawfulElement> children;
};

struct GrowthOf {
  const Profile& profile;
  int type = 0;      // MLTDiep
  std::string form;  // KHMSHDon
};
// Fills `parent` with what the rows of `object` below `path` (empty: all of it) ask for and allow.
void Grow(LawfulElement& parent, std::string_view object, const std::string& path, const GrowthOf& growth, Dice& dice);

// A field that must be absent here, with a text in it; empty name: there is none right below `path`.
LawfulElement ForbiddenField(const LawfulElement& parent, std::string_view object, const std::string& path,
                             const GrowthOf& growth);

std::string XmlOf(const LawfulElement& element);

}  // namespace tvan
