#pragma once
// How much room is left where the store lies, and what the store takes of it. Any thread; reads the folder's entries.

#include <cstdint>
#include <optional>
#include <string>

namespace tvan {

struct DiskFacts {
  uint64_t free_bytes = 0;   // for us: without what is kept back for root
  uint64_t total_bytes = 0;  // of the file system
  uint64_t store_bytes = 0;  // of the folder, with all that lies in it
};
std::optional<DiskFacts> DiskOf(const std::string& folder);  // nullopt: it cannot be asked

}  // namespace tvan
