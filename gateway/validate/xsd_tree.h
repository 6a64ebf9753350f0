#pragma once
// The rows of an object as a tree of elements in document order, for the XSD writer. Points into the profile.
// Internal to validate.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/validate/field_table.h"

namespace tvan {

struct XsdNode {
  std::string name;                   // "SHDon", "@Id"; empty: the object itself
  std::vector<const FieldRow*> rows;  // what may hold for it, under any condition
  std::vector<XsdNode> children;
  bool open = false;  // other elements may stand in it ("*")

  bool IsObject() const;
  bool HasWeakForm() const;
  bool MayBeAbsent() const;  // under some condition, or only a weak row asks for it
  uint32_t MostOccurs() const;
};

// Several objects under one name: each in its own order, the second's new names behind what stood before them in it.
XsdNode XsdTree(const Profile& profile, const std::vector<std::string_view>& objects);

}  // namespace tvan
