#pragma once
// Check 2 of step 1 (duties.md 1.4): every field that the data standard asks for is there. A short list of the
// simulator's own, of fields of which it is sure; it shares nothing with the tables of the gateway. Pure, thread-safe.

#include <vector>

#include "adapters/simulator/request.h"
#include "adapters/simulator/verdict.h"

namespace tvan::sim {

// One error for each item that lacks something, naming its fields; what a document lacks is of kAllItems.
std::vector<ItemError> MissingFields(const Request& request);

}  // namespace tvan::sim
