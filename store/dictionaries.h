#pragma once
// The dictionaries of store/dictionary, built in. Constant data; private to pack.cc and tests.

#include <cstdint>
#include <string_view>

namespace tvan {

// The id that zstd's frames carry for a version; lower ones are zstd's own.
inline constexpr uint32_t kFirstDictionaryId = 0x8000;
// Versions begin at 1. Empty: there is no such version.
std::string_view DictionaryBytes(uint32_t version);

}  // namespace tvan
