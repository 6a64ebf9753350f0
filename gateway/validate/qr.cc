#include "gateway/validate/qr.h"

#include <array>
#include <string>

#include "gateway/core/utf8.h"

namespace tvan {
namespace {

constexpr std::array<uint16_t, 256> MakeCrcTable() {
  std::array<uint16_t, 256> table{};
  for (uint32_t byte = 0; byte < table.size(); ++byte) {
    uint32_t value = byte << 8;
    for (int bit = 0; bit < 8; ++bit) value = value << 1 ^ ((value & 0x8000) != 0 ? 0x1021u : 0u);
    table[byte] = static_cast<uint16_t>(value);
  }
  return table;
}
constexpr auto kCrcTable = MakeCrcTable();

uint16_t Crc16(std::string_view bytes) {
  uint16_t crc = 0xFFFF;
  for (const char byte : bytes)
    crc = static_cast<uint16_t>(crc << 8 ^ kCrcTable[static_cast<uint8_t>(crc >> 8 ^ static_cast<uint8_t>(byte))]);
  return crc;
}

std::string HexOf(uint16_t value) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  for (int shift = 12; shift >= 0; shift -= 4) text.push_back(kDigits[value >> shift & 0xF]);
  return text;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

struct Element {
  std::string_view id, value;
  size_t characters = 0;  // of the whole element
};

// Takes the next element off `rest`; nullopt: there is none.
std::optional<Element> TakeElement(std::string_view& rest) {
  if (rest.size() < 4) return std::nullopt;
  for (size_t i = 0; i < 4; ++i)
    if (!IsDigit(rest[i])) return std::nullopt;
  const auto length = static_cast<size_t>((rest[2] - '0') * 10 + (rest[3] - '0'));
  if (length == 0) return std::nullopt;
  size_t end = 4;
  for (size_t i = 0; i < length; ++i) {
    const size_t size = FirstUtf8Char(rest.substr(end)).size;
    if (size == 0) return std::nullopt;
    end += size;
  }
  const Element element{rest.substr(0, 2), rest.substr(4, end - 4), 4 + length};
  rest.remove_prefix(end);
  return element;
}

}  // namespace

size_t QrFaultAt(std::string_view utf8) {
  size_t at = 1;
  if (utf8.empty()) return at;
  while (!utf8.empty()) {
    const std::optional<Element> element = TakeElement(utf8);
    if (!element) return at;
    at += element->characters;
  }
  return 0;
}

bool QrChecksum::right() const {
  if (written.size() != 4) return false;
  const std::string expected = HexOf(computed);
  for (size_t i = 0; i < expected.size(); ++i) {
    const char upper = written[i] >= 'a' && written[i] <= 'f' ? static_cast<char>(written[i] - 'a' + 'A') : written[i];
    if (upper != expected[i]) return false;
  }
  return true;
}

std::optional<QrChecksum> FindQrChecksum(std::string_view utf8) {
  std::string_view rest = utf8;
  while (const std::optional<Element> element = TakeElement(rest)) {
    if (element->id != "63") continue;
    const auto before = static_cast<size_t>(element->value.data() - utf8.data());
    return QrChecksum{element->value, Crc16(utf8.substr(0, before))};
  }
  return std::nullopt;
}

void CheckQr(const XmlNode& node, std::string_view text, Severity severity, FindingList& findings) {
  if (const size_t at = QrFaultAt(text); at != 0)
    return findings.Say("qr.form"_reason, severity, node.path(), {std::to_string(at)});
  const std::optional<QrChecksum> checksum = FindQrChecksum(text);
  if (checksum && !checksum->right())
    findings.Say("qr.crc"_reason, node.path(), {Quote(checksum->written), HexOf(checksum->computed)});
}

}  // namespace tvan
