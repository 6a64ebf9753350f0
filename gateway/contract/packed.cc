#include "gateway/contract/packed.h"

#include <limits>
#include <string>

namespace tvan {
namespace {

constexpr size_t kLongest = 14;  // "0101234567-001"
constexpr uint64_t kBase = 12;   // nothing, the dash, ten digits

constexpr int64_t kDay = 86'400'000'000, kZone = 7 * 3'600'000'000;
constexpr int32_t kSinceEver = std::numeric_limits<int32_t>::min(), kOpen = std::numeric_limits<int32_t>::max();

uint64_t Digit(char c) {
  if (c == '-') return 1;
  return c >= '0' && c <= '9' ? static_cast<uint64_t>(c - '0') + 2 : 0;
}

}  // namespace

uint64_t PackTaxCode(std::string_view code) {
  if (code.size() > kLongest) return 0;
  uint64_t packed = 0;
  for (size_t i = 0; i < kLongest; ++i) {
    const uint64_t digit = i < code.size() ? Digit(code[i]) : 0;
    if (i < code.size() && digit == 0) return 0;
    packed = packed * kBase + digit;
  }
  return packed;
}

TaxCode UnpackTaxCode(uint64_t packed) {
  std::string text(kLongest, '\0');
  size_t size = 0;
  for (size_t i = kLongest; i-- > 0; packed /= kBase) {
    const uint64_t digit = packed % kBase;
    if (digit == 0) continue;
    text[i] = digit == 1 ? '-' : static_cast<char>('0' + digit - 2);
    if (size == 0) size = i + 1;
  }
  text.resize(size);
  return TaxCode::Trusted(std::move(text));
}

std::optional<int32_t> PackDay(Time t) {
  if (t.us == 0) return kSinceEver;
  if (t == kForever) return kOpen;
  if (t.us < -kZone || t.us > kForever.us - kZone || (t.us + kZone) % kDay != 0) return std::nullopt;
  return static_cast<int32_t>((t.us + kZone) / kDay);
}

Time UnpackDay(int32_t day) {
  if (day == kSinceEver) return {};
  return day == kOpen ? kForever : Time{day * kDay - kZone};
}

}  // namespace tvan
