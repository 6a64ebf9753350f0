#pragma once
// Long records are packed before they reach the committer, on the thread that hands them in: the log, memory and files
// then carry a third. One zstd frame a record, so that every record can be read alone. Any thread.

#include <optional>
#include <string>
#include <string_view>

namespace tvan {

// What a packed record may grow to; more is damage.
inline constexpr size_t kMostUnpacked = 64 << 20;

// A zstd frame, or `record` itself where that is not longer. `record` must not begin with zstd's magic number.
std::string Pack(std::string record);
bool IsPacked(std::string_view record);
// nullopt: damaged, or larger than kMostUnpacked.
std::optional<std::string> Unpack(std::string_view record);

}  // namespace tvan
