#pragma once
// One value against its row: is it of the form that the field table asks for. Pure functions of the room.

#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/walk_plan.h"

namespace tvan {

// What only weak rows ask for is a warning.
Severity SeverityOf(Mark mark);

struct FieldValue {
  const XmlNode& node;  // for the path of a finding
  std::string_view name;
  std::string_view text;    // not empty
  std::string_view period;  // kPeriod: the kind (T, Q, N)
};
// Says what is wrong with the form of a value; nothing for types that hold elements.
void CheckValue(const FieldValue& value, const WalkPlan::Choice& choice, FindingList& findings);

}  // namespace tvan
