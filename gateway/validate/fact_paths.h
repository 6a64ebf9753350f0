#pragma once
// Which field of which object is which fact: where the rules beyond fields find their values. A path that a profile
// does not have is never filled. Constant data.

#include <string_view>

#include "gateway/validate/facts.h"

namespace tvan {

struct FactPlace {
  Fact fact = Fact::kCount;            // kCount: none
  RowFact row_fact = RowFact::kCount;  // of the row that is being read; kCount: none
  RowGroup group = RowGroup::kNone;    // the element begins a row of this group
};

// `object` and `path` as in the field tables.
FactPlace PlaceOfFact(std::string_view object, std::string_view path);

}  // namespace tvan
