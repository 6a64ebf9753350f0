#pragma once
// Tagged fields: the one record encoding used on disk (FORMAT.md): a field is tag (varint), size (varint), bytes.
// Unknown tags are skipped on reading, so that a record may grow; a size beyond the end is damage.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "gateway/core/status.h"

namespace tvan {

class TaggedWriter {
 public:
  TaggedWriter& Bytes(uint32_t tag, std::string_view value);
  TaggedWriter& Unsigned(uint32_t tag, uint64_t value);  // varint
  TaggedWriter& Signed(uint32_t tag, int64_t value);     // zigzag varint
  std::string Take() { return std::move(out_); }
  const std::string& bytes() const { return out_; }

 private:
  std::string out_;
};

struct TaggedField {
  uint32_t tag = 0;
  std::string_view bytes;
  uint64_t Unsigned() const;  // 0 when damaged
  int64_t Signed() const;
  std::string String() const { return std::string(bytes); }
};

// Calls `visit` for each field in order; fields may repeat. record.damaged
Status ReadTagged(std::string_view record, const std::function<void(const TaggedField&)>& visit);

}  // namespace tvan
