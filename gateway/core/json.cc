#include "gateway/core/json.h"

#include "gateway/core/utf8.h"

namespace tvan {
namespace {

void AppendUnicodeEscape(std::string& out, uint32_t code) {
  constexpr char kDigits[] = "0123456789abcdef";
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kDigits[code >> shift & 0xF]);
}

void AppendAscii(std::string& out, char c) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      break;
  }
  if (static_cast<uint8_t>(c) < 0x20 || c == 0x7F)
    AppendUnicodeEscape(out, static_cast<uint8_t>(c));
  else
    out.push_back(c);
}

// Control characters beyond ASCII (C1) and the two line separators are escaped as well: a line stays one line.
bool IsHiddenControl(uint32_t code) { return (code >= 0x80 && code < 0xA0) || code == 0x2028 || code == 0x2029; }

}  // namespace

std::string JsonEscape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  while (!text.empty()) {
    const Utf8Char c = FirstUtf8Char(text);
    if (c.size == 0)
      out.append("\xEF\xBF\xBD");
    else if (c.code < 0x80)
      AppendAscii(out, text.front());
    else if (IsHiddenControl(c.code))
      AppendUnicodeEscape(out, c.code);
    else
      out.append(text.substr(0, c.size));
    text.remove_prefix(c.size == 0 ? 1 : c.size);
  }
  return out;
}

void JsonWriter::Comma() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (first_.empty()) return;
  if (!first_.back()) out_.push_back(',');
  first_.back() = false;
}

JsonWriter& JsonWriter::BeginObject() {
  Comma();
  out_.push_back('{');
  first_.push_back(true);
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  TVAN_CHECK(!first_.empty());
  first_.pop_back();
  out_.push_back('}');
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  Comma();
  out_.push_back('[');
  first_.push_back(true);
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  TVAN_CHECK(!first_.empty());
  first_.pop_back();
  out_.push_back(']');
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  Comma();
  out_.append(1, '"').append(JsonEscape(key)).append("\":");
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  Comma();
  out_.append(1, '"').append(JsonEscape(value)).append(1, '"');
  return *this;
}

JsonWriter& JsonWriter::Number(int64_t value) {
  Comma();
  out_.append(std::to_string(value));
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  Comma();
  out_.append(value ? "true" : "false");
  return *this;
}

}  // namespace tvan
