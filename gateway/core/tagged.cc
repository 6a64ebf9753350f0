#include "gateway/core/tagged.h"

#include <optional>

namespace tvan {
namespace {

void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

size_t VarintSize(uint64_t value) {
  size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

// Takes a varint off the front of `in`; nullopt when it is cut short or does not fit 64 bits.
std::optional<uint64_t> TakeVarint(std::string_view& in) {
  uint64_t value = 0;
  for (size_t i = 0; i < in.size() && i < 10; ++i) {
    const auto byte = static_cast<uint8_t>(in[i]);
    if (i == 9 && byte > 1) return std::nullopt;
    value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      in.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

std::optional<TaggedField> TakeField(std::string_view& in) {
  const auto tag = TakeVarint(in);
  if (!tag || *tag > UINT32_MAX) return std::nullopt;
  const auto size = TakeVarint(in);
  if (!size || *size > in.size()) return std::nullopt;
  TaggedField field{static_cast<uint32_t>(*tag), in.substr(0, *size)};
  in.remove_prefix(*size);
  return field;
}

}  // namespace

TaggedWriter& TaggedWriter::Bytes(uint32_t tag, std::string_view value) {
  AppendVarint(out_, tag);
  AppendVarint(out_, value.size());
  out_.append(value);
  return *this;
}

TaggedWriter& TaggedWriter::Unsigned(uint32_t tag, uint64_t value) {
  AppendVarint(out_, tag);
  AppendVarint(out_, VarintSize(value));
  AppendVarint(out_, value);
  return *this;
}

TaggedWriter& TaggedWriter::Signed(uint32_t tag, int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  return Unsigned(tag, (bits << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

uint64_t TaggedField::Unsigned() const {
  std::string_view rest = bytes;
  const auto value = TakeVarint(rest);
  return value && rest.empty() ? *value : 0;
}

int64_t TaggedField::Signed() const {
  const uint64_t zigzag = Unsigned();
  return static_cast<int64_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
}

Status ReadTagged(std::string_view record, const std::function<void(const TaggedField&)>& visit) {
  while (!record.empty()) {
    const auto field = TakeField(record);
    if (!field) return Status::Permanent("record.damaged"_reason, "a field of a stored record ends beyond the record");
    visit(*field);
  }
  return {};
}

}  // namespace tvan
