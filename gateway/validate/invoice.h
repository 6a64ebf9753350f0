#pragma once
// The key of an invoice from its parts as they stand in a message or an answer. Pure.

#include <optional>
#include <string_view>

#include "gateway/core/ids.h"

namespace tvan {

// nullopt: a part is unusable. SHDon loses leading zeros.
std::optional<InvoiceKey> MakeInvoiceKey(std::string_view mst, std::string_view khmshdon, std::string_view khhdon,
                                         std::string_view shdon);

}  // namespace tvan
