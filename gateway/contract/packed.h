#pragma once
// Small forms of what the book holds millions of. Pure. Internal to the room.

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/contract/contracts.h"

namespace tvan {

// A tax code in a number, in the order of its text; also of the first part of one. 0: it is empty, or no part of one.
uint64_t PackTaxCode(std::string_view code);
TaxCode UnpackTaxCode(uint64_t packed);

// Midnights of +07:00 as days since 1970-01-01 there; "since ever" and "open" have numbers of their own. nullopt: it is
// none of these.
std::optional<int32_t> PackDay(Time t);
Time UnpackDay(int32_t day);

}  // namespace tvan
