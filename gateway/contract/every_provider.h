#pragma once
// Whose messages the store may hold: every provider that ever had a contract, whether it is deleted or not. Blocking.

#include <vector>

#include "gateway/core/ids.h"
#include "store/record_store.h"

namespace tvan {

Result<std::vector<ProviderId>> EveryProvider(const RecordStore& store);
Result<bool> EverHadContract(const RecordStore& store, const ProviderId& provider);

}  // namespace tvan
