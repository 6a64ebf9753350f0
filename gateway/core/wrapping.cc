#include "gateway/core/wrapping.h"

#include "gateway/core/tagged.h"

namespace tvan {
namespace {

// Tags of a stored plan (FORMAT.md): never reuse one.
enum : uint32_t {
  kForm = 1,
  kPayloadOffset = 2,
  kPayloadSize = 3,
  kCksnntOffset = 4,
  kCksnntSize = 5,
  kRootAttributes = 6,
  kPBan = 7,
  kMLTDiep = 8,
  kMST = 9,
  kSLuong = 10,
};

// Which numbers a record held, and whether each of them fits.
struct Numbers {
  std::optional<uint64_t> form, payload_offset, payload_size, cksnnt_offset, cksnnt_size;
};

void TakeField(const TaggedField& field, WrappingPlan& plan, Numbers& numbers) {
  switch (field.tag) {
    case kForm:
      numbers.form = field.Unsigned();
      break;
    case kPayloadOffset:
      numbers.payload_offset = field.Unsigned();
      break;
    case kPayloadSize:
      numbers.payload_size = field.Unsigned();
      break;
    case kCksnntOffset:
      numbers.cksnnt_offset = field.Unsigned();
      break;
    case kCksnntSize:
      numbers.cksnnt_size = field.Unsigned();
      break;
    case kRootAttributes:
      plan.root_attributes = field.String();
      break;
    case kPBan:
      plan.pban = field.String();
      break;
    case kMLTDiep:
      plan.mltdiep = static_cast<int>(field.Signed());
      break;
    case kMST:
      plan.mst = field.String();
      break;
    case kSLuong:
      plan.sluong = field.String();
      break;
    default:
      break;
  }
}

std::optional<ByteRange> RangeOf(std::optional<uint64_t> offset, std::optional<uint64_t> size) {
  if (!offset || !size || *offset > UINT32_MAX || *size > UINT32_MAX) return std::nullopt;
  return ByteRange{static_cast<uint32_t>(*offset), static_cast<uint32_t>(*size)};
}

bool SetNumbers(const Numbers& numbers, WrappingPlan& plan) {
  if (!numbers.form || (*numbers.form != 1 && *numbers.form != 2)) return false;
  plan.form = static_cast<WrappingPlan::Form>(*numbers.form);
  const auto payload = RangeOf(numbers.payload_offset, numbers.payload_size);
  if (!payload) return false;
  plan.payload = *payload;
  if (!numbers.cksnnt_offset && !numbers.cksnnt_size) return true;
  plan.cksnnt = RangeOf(numbers.cksnnt_offset, numbers.cksnnt_size);
  return plan.cksnnt.has_value();
}

void AppendEscaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out.append("&amp;");
        break;
      case '<':
        out.append("&lt;");
        break;
      case '>':
        out.append("&gt;");
        break;
      case '"':
        out.append("&quot;");
        break;
      case '\'':
        out.append("&apos;");
        break;
      default:
        out.push_back(c);
    }
  }
}

void AppendElement(std::string& out, std::string_view name, std::string_view value) {
  out.append(1, '<').append(name).append(1, '>');
  AppendEscaped(out, value);
  out.append("</").append(name).append(1, '>');
}

void AppendHeader(std::string& out, const WrappingPlan& plan, const HopHeader& header) {
  out.append("<TTChung>");
  AppendElement(out, "PBan", plan.pban);
  AppendElement(out, "MNGui", header.mngui);
  AppendElement(out, "MNNhan", header.mnnhan);
  AppendElement(out, "MLTDiep", std::to_string(plan.mltdiep));
  AppendElement(out, "MTDiep", header.mtdiep);
  if (header.mtdtchieu.empty())
    out.append("<MTDTChieu/>");
  else
    AppendElement(out, "MTDTChieu", header.mtdtchieu);
  if (!plan.mst.empty()) AppendElement(out, "MST", plan.mst);
  if (!plan.sluong.empty()) AppendElement(out, "SLuong", plan.sluong);
  out.append("</TTChung>");
}

std::string_view Cut(const ByteRange& range, std::string_view bytes) {
  TVAN_CHECK(uint64_t{range.offset} + range.size <= bytes.size());
  return range.In(bytes);
}

}  // namespace

std::string WrappingPlan::Encode() const {
  TaggedWriter out;
  out.Unsigned(kForm, static_cast<uint64_t>(form));
  out.Unsigned(kPayloadOffset, payload.offset).Unsigned(kPayloadSize, payload.size);
  if (cksnnt) out.Unsigned(kCksnntOffset, cksnnt->offset).Unsigned(kCksnntSize, cksnnt->size);
  out.Bytes(kRootAttributes, root_attributes).Bytes(kPBan, pban).Signed(kMLTDiep, mltdiep);
  out.Bytes(kMST, mst).Bytes(kSLuong, sluong);
  return out.Take();
}

Result<WrappingPlan> WrappingPlan::Decode(std::string_view bytes) {
  WrappingPlan plan;
  Numbers numbers;
  const Status read = ReadTagged(bytes, [&](const TaggedField& field) { TakeField(field, plan, numbers); });
  if (!read.ok() || !SetNumbers(numbers, plan))
    return Status::Permanent("wrapping.damaged"_reason, "a stored wrapping plan cannot be read");
  return plan;
}

std::string RenderWrapped(const WrappingPlan& plan, std::string_view bytes, const HopHeader& header) {
  constexpr size_t kFixedParts = 400;  // tags and the numbers in them
  const std::string_view payload = Cut(plan.payload, bytes);
  const std::string_view cksnnt = plan.cksnnt ? Cut(*plan.cksnnt, bytes) : std::string_view();
  std::string out;
  out.reserve(kFixedParts + payload.size() + cksnnt.size() + plan.root_attributes.size() + plan.pban.size() +
              plan.mst.size() + plan.sluong.size() + header.mngui.size() + header.mnnhan.size() + header.mtdiep.size() +
              header.mtdtchieu.size());
  out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TDiep").append(plan.root_attributes).append(1, '>');
  AppendHeader(out, plan, header);
  const bool bare = plan.form == WrappingPlan::Form::kBareHDon;
  if (bare) out.append("<DLieu>");
  out.append(payload);
  if (bare) out.append("</DLieu>");
  out.append(cksnnt).append("</TDiep>");
  return out;
}

std::string EscapeXml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  AppendEscaped(out, text);
  return out;
}

}  // namespace tvan
