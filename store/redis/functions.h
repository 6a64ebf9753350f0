#pragma once
// The library of Redis Functions (functions.lua) as it was when this program was built. Pure data.

#include <string_view>

namespace tvan {

std::string_view RedisFunctions();                // the whole text, in one piece
inline constexpr int64_t kFunctionsRevision = 1;  // that of the text

}  // namespace tvan
