#pragma once
// UTF-8, strictly (RFC 3629): no overlong form, no surrogate, nothing beyond U+10FFFF. Pure.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tvan {

struct Utf8Char {
  uint32_t code = 0;
  size_t size = 0;  // 1..4 bytes; 0: the text does not begin with a character
};
Utf8Char FirstUtf8Char(std::string_view text);

// The whole characters that `text` begins with, at most `most` bytes of them: always UTF-8, whatever `text` is.
std::string_view CutUtf8(std::string_view text, size_t most);

}  // namespace tvan
