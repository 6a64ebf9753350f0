#pragma once
// What a document that cannot be read is told: the refusals of the XML port (adapters/xml_document.h) are rules, and
// what the parser said goes into their texts.

#include "gateway/core/status.h"
#include "gateway/validate/rule_table.h"

namespace tvan {

inline Finding XmlRefusal(const Status& refused) { return FindingOf(Fault{refused.reason(), {}, {refused.message()}}); }

}  // namespace tvan
