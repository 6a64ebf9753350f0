#pragma once
// The wrapping plan and its rendering: what goes to the authority is a pure function of the stored bytes, the stored
// ids and the stored plan (DESIGN P2, P3 and section 3). What is signed is spliced, never re-serialised.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/ids.h"

namespace tvan {

struct ByteRange {
  uint32_t offset = 0;
  uint32_t size = 0;
  std::string_view In(std::string_view bytes) const { return bytes.substr(offset, size); }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct WrappingPlan {
  enum class Form : uint8_t { kTDiep = 1, kBareHDon = 2 };
  Form form = Form::kTDiep;
  // kTDiep: the whole DLieu element, start tag and attributes included. kBareHDon: the whole HDon element, which is
  // put between <DLieu> and </DLieu>.
  ByteRange payload;
  std::optional<ByteRange> cksnnt;  // the whole CKSNNT element, if the message has one
  // Namespace declarations and xml:* attributes of the sender's TDiep as they stand in the source, each with one
  // leading space; re-declared on the new TDiep, none else.
  std::string root_attributes;
  // Copied header fields, XML-escaped on rendering. MTDTChieu is always rendered empty upward.
  std::string pban;
  int mltdiep = 0;
  std::string mst;
  std::string sluong;

  std::string Encode() const;
  static Result<WrappingPlan> Decode(std::string_view bytes);  // wrapping.damaged
  friend bool operator==(const WrappingPlan&, const WrappingPlan&) = default;
};

// The header fields that are ours to set on the hop.
struct HopHeader {
  std::string mngui;
  std::string mnnhan;
  std::string mtdiep;
  std::string mtdtchieu;  // empty: an empty element
};

// One TDiep, with an XML declaration, ready for the line (or, downward, for the provider).
// `bytes` are those the plan was made from; ranges outside of them are a broken invariant.
std::string RenderWrapped(const WrappingPlan& plan, std::string_view bytes, const HopHeader& header);

std::string EscapeXml(std::string_view text);  // & < > " '

}  // namespace tvan
