#pragma once
// The walk: one pass over an item that checks every field against the field table of its profile, whatever the order of
// elements, and collects the facts for the rules beyond fields. Pure; a plan may be used by many threads.

#include "adapters/xml_document.h"
#include "gateway/validate/facts.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/walk_plan.h"

namespace tvan {

struct WalkJob {
  const WalkPlan& plan;
  std::string_view object;  // "hdon", "notice300" …; one that the profile lacks is not looked into
  int message_type = 0;
  bool lenient = false;  // an answer: fields of another case than its own are not said
};
// `item`: the element whose children are the object's fields.
ItemFacts WalkItem(const XmlNode& item, const WalkJob& job, FindingList& findings);

}  // namespace tvan
