#include <array>

#include "gateway/core/json.h"

namespace tvan {
namespace {

constexpr char kStandard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kUrl[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr uint8_t kNone = 0xFF;

constexpr std::array<uint8_t, 256> Reverse(const char* alphabet) {
  std::array<uint8_t, 256> table{};
  for (auto& entry : table) entry = kNone;
  for (uint8_t i = 0; i < 64; ++i) table[static_cast<uint8_t>(alphabet[i])] = i;
  return table;
}
constexpr auto kStandardValues = Reverse(kStandard);
constexpr auto kUrlValues = Reverse(kUrl);

uint32_t ByteAt(std::string_view bytes, size_t i) { return i < bytes.size() ? static_cast<uint8_t>(bytes[i]) : 0; }

std::string Encode(std::string_view bytes, const char* alphabet, bool padded) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const uint32_t group = ByteAt(bytes, i) << 16 | ByteAt(bytes, i + 1) << 8 | ByteAt(bytes, i + 2);
    for (int shift = 18; shift >= 0; shift -= 6) out.push_back(alphabet[group >> shift & 0x3F]);
  }
  const size_t padding = (3 - bytes.size() % 3) % 3;
  out.resize(out.size() - padding);
  if (padded) out.append(padding, '=');
  return out;
}

Status Damaged() { return Status::Permanent("base64.damaged"_reason, "the text is not base64"); }

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct Decoded {
  std::string bytes;
  size_t digits = 0;
  size_t padding = 0;
  uint32_t left_bits = 0;
  bool ok = true;
};

void TakeChar(Decoded& to, char c, const std::array<uint8_t, 256>& values) {
  if (c == '=') {
    ++to.padding;
    return;
  }
  const uint8_t value = values[static_cast<uint8_t>(c)];
  if (value == kNone || to.padding > 0) {
    to.ok = false;
    return;
  }
  to.left_bits = (to.left_bits << 6 | value) & 0xFFF;
  ++to.digits;
  const size_t phase = to.digits % 4;
  if (phase == 1) return;
  const uint32_t unused = phase == 2 ? 4 : phase == 3 ? 2 : 0;
  to.bytes.push_back(static_cast<char>(to.left_bits >> unused));
}

// Whole groups of four digits at the beginning of `text`, which nearly all of it is; answers how many characters they
// are. `d` stands between two groups.
size_t TakeGroups(Decoded& d, std::string_view text, const std::array<uint8_t, 256>& values) {
  size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    uint32_t group = 0;
    uint8_t all = 0;
    for (size_t i = 0; i < 4; ++i) {
      const uint8_t value = values[static_cast<uint8_t>(text[at + i])];
      all |= value;
      group = group << 6 | value;
    }
    if (all >= 64) break;  // kNone among them
    const char bytes[3] = {static_cast<char>(group >> 16), static_cast<char>(group >> 8), static_cast<char>(group)};
    d.bytes.append(bytes, 3);
  }
  d.digits += at;
  return at;
}

// Bits beyond the last byte must be zero, so that one value has one spelling.
bool HasStrayBits(const Decoded& d) {
  const size_t phase = d.digits % 4;
  const uint32_t mask = phase == 2 ? 0xF : phase == 3 ? 0x3 : 0;
  return phase == 1 || (d.left_bits & mask) != 0;
}

}  // namespace

std::string Base64Encode(std::string_view bytes) { return Encode(bytes, kStandard, true); }
std::string Base64UrlEncode(std::string_view bytes) { return Encode(bytes, kUrl, false); }

Result<std::string> Base64Decode(std::string_view text) {
  Decoded d;
  d.bytes.reserve(text.size() / 4 * 3 + 3);
  while (d.ok && !text.empty()) {
    if (d.digits % 4 == 0 && d.padding == 0) text.remove_prefix(TakeGroups(d, text, kStandardValues));
    if (text.empty()) break;
    if (!IsSpace(text.front())) TakeChar(d, text.front(), kStandardValues);
    text.remove_prefix(1);
  }
  if (!d.ok || HasStrayBits(d) || (d.digits + d.padding) % 4 != 0 || d.padding > 2) return Damaged();
  return std::move(d.bytes);
}

Result<std::string> Base64UrlDecode(std::string_view text) {
  Decoded d;
  d.bytes.reserve(text.size() / 4 * 3 + 3);
  for (const char c : text) TakeChar(d, c, kUrlValues);
  if (!d.ok || HasStrayBits(d) || d.padding > 0) return Damaged();
  return std::move(d.bytes);
}

}  // namespace tvan
