#pragma once
// Messages of a stage, page by page. Internal to admin.

#include <vector>

#include "store/store.h"

namespace tvan {

// As Store::InStage, stepping over what cannot be read: the queue lists that by itself.
Result<std::vector<MessageMeta>> PageOf(const Store& store, Stage stage, uint64_t& after);

}  // namespace tvan
