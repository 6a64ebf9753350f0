#pragma once
// What is learned of a taxpayer, put together with what is known. Pure. Internal to the room.

#include "gateway/contract/contracts.h"

namespace tvan {

// Facts that say the same are one, with the newest source of it; each sort stands in order of when it begins, the
// oldest fall out of a full one. Whatever order news come in, and however often, the outcome is the same.
Taxpayer Merge(Taxpayer known, const Taxpayer& news);

// In order of when it begins, and what was known later behind it.
void SortFacts(Taxpayer& taxpayer);

}  // namespace tvan
