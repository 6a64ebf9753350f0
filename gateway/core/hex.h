#pragma once
// Hex digits, both ways. Pure functions of core, for ids and digests.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tvan {

std::string HexLower(std::span<const uint8_t> bytes);
std::string HexUpper(std::span<const uint8_t> bytes);
// Fills `out` from exactly 2 * out.size() digits of either case; false when `text` is anything else.
bool ParseHex(std::string_view text, std::span<uint8_t> out);

}  // namespace tvan
