#pragma once
// What the authority found in one message, item by item. Plain values.

#include <cstddef>
#include <string>
#include <vector>

namespace tvan::sim {

inline constexpr size_t kAllItems = static_cast<size_t>(-1);  // of the message as a whole
inline constexpr size_t kNoRow = static_cast<size_t>(-1);

struct ItemError {
  size_t item = 0;  // index into Request::items, or kAllItems
  std::string mloi, text, advice;
  size_t row = kNoRow;  // of a summary table: one of its rows
};

struct BusinessResult {
  std::vector<ItemError> errors;
  bool whole_package = false;  // refused as a whole: every error is of kAllItems
  size_t good = 0;             // how many items are good; a 200 or 206 is good or bad as a whole
  std::string register_code;   // an accepted 100: the taxpayer's five characters of cash-register codes, or none
};

}  // namespace tvan::sim
