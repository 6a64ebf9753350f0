#include "gateway/core/utf8.h"

namespace tvan {

Utf8Char FirstUtf8Char(std::string_view text) {
  if (text.empty()) return {};
  const auto lead = static_cast<uint8_t>(text.front());
  if (lead < 0x80) return {lead, 1};
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  uint32_t code = lead & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    code = code << 6 | (byte & 0x3F);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[size] || code > 0x10FFFF || surrogate) return {};
  return {code, size};
}

std::string_view CutUtf8(std::string_view text, size_t most) {
  size_t end = 0;
  while (const size_t size = FirstUtf8Char(text.substr(end)).size) {
    if (end + size > most) break;
    end += size;
  }
  return text.substr(0, end);
}

}  // namespace tvan
