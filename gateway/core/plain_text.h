#pragma once
// Texts that people type and others read on a screen. Pure.

#include <string_view>

#include "gateway/core/utf8.h"

namespace tvan {

// UTF-8 of 1 to `most` bytes, with nothing that moves a cursor: no control character but, where allowed, the line feed.
enum class Lines { kOne, kMany };
inline bool IsPlainText(std::string_view text, size_t most, Lines lines = Lines::kOne) {
  if (text.empty() || text.size() > most) return false;
  while (!text.empty()) {
    const Utf8Char c = FirstUtf8Char(text);
    const bool control = c.code < 0x20 || (c.code >= 0x7f && c.code < 0xa0);
    if (c.size == 0 || (control && !(c.code == '\n' && lines == Lines::kMany))) return false;
    text.remove_prefix(c.size);
  }
  return true;
}

}  // namespace tvan
