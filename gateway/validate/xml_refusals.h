#pragma once
// What a document that cannot be read is told, in both languages, for the refusals of the XML port.

#include "gateway/core/finding.h"
#include "gateway/core/status.h"

namespace tvan {

Finding XmlRefusal(const Status& refused);

}  // namespace tvan
