#pragma once
// Long records are packed before they reach the committer, on the thread that hands them in: the log, memory and files
// then carry a third; with a dictionary of what messages have in common, where memory is dear, a quarter. One zstd
// frame a record, which names its dictionary, so that every record can be read alone. Any thread.

#include <string>
#include <string_view>

#include "gateway/core/status.h"

namespace tvan {

// What a packed record may grow to; more is damage.
inline constexpr size_t kMostUnpacked = 64 << 20;

// Versions of the dictionary (store/dictionary). Every version that was ever written with can be read for ever.
inline constexpr uint32_t kNoDictionary = 0, kNewestDictionary = 1;

// A zstd frame, or `record` itself where that is not longer. `record` must not begin with zstd's magic number.
std::string Pack(std::string record, uint32_t dictionary = kNoDictionary);
bool IsPacked(std::string_view record);
// store.damaged: damaged, larger than kMostUnpacked, or packed with a dictionary that this program does not know.
Result<std::string> Unpack(std::string_view record);

}  // namespace tvan
