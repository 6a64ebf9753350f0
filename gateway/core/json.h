#pragma once
// A small JSON writer for log lines, receipts and evidence; reading JSON is left to the rooms' own libraries.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/status.h"

namespace tvan {

class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);
  JsonWriter& String(std::string_view value);
  JsonWriter& Number(int64_t value);
  JsonWriter& Bool(bool value);  // NOLINT: the value itself is boolean
  const std::string& text() const { return out_; }

 private:
  void Comma();
  std::string out_;
  std::vector<bool> first_;
  bool after_key_ = false;
};

std::string JsonEscape(std::string_view text);  // without the quotes; invalid UTF-8 becomes U+FFFD
std::string Base64Encode(std::string_view bytes);
Result<std::string> Base64Decode(std::string_view text);     // standard alphabet, white space skipped; base64.damaged
std::string Base64UrlEncode(std::string_view bytes);         // without padding (RFC 7515)
Result<std::string> Base64UrlDecode(std::string_view text);  // base64.damaged

}  // namespace tvan
