#pragma once
// What every change by an operator has: a line in the log, and the version that it was made from. Internal to admin.

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/core/log.h"

namespace tvan {

inline void Audit(const std::string& what, const std::string& id, uint64_t version, const std::string& author,
                  const std::string& reason) {
  Log(LogLevel::kInfo, "admin.change",
      {{"what", what}, {"id", id}, {"version", std::to_string(version)}, {"author", author}, {"reason", reason}});
}

// A version in a request is the one that the change was made from; 0, as in a file written by hand: none.
inline std::optional<uint64_t> Expected(uint64_t version) {
  return version == 0 ? std::nullopt : std::optional(version);
}

}  // namespace tvan
