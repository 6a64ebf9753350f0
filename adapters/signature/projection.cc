#include "adapters/signature/projection.h"

#include <algorithm>

namespace tvan {
namespace {

// The smallest element that holds the Signature and every target.
XmlNode CommonElement(const SignatureShape& shape) {
  XmlNode common = shape.signature;
  for (const SignedReference& r : shape.references) {
    while (common && !IsInside(r.target, common)) common = common.parent();
  }
  return common;
}

// The element of `document` whose start tag begins at `offset`; empty when there is none.
XmlNode ElementAt(const XmlDocument& document, size_t offset) {
  XmlNode node = document.root();
  while (node && node.range().offset != offset) {
    const ByteRange range = node.range();
    const bool inside = range.offset < offset && offset < range.offset + range.size;
    node = inside ? node.first_child() : node.next_sibling();
  }
  return node;
}

// Of the whole document instead: then there is nothing to be saved.
bool IsWorthIt(const XmlNode& common, std::string_view bytes) {
  return common && common.range().size <= bytes.size() / 2;
}

std::vector<XmlNode> AncestorsOf(const XmlNode& node) {
  std::vector<XmlNode> ancestors;
  for (XmlNode up = node.parent(); up; up = up.parent()) ancestors.push_back(up);
  return ancestors;
}

std::string_view EndTagName(std::string_view start_tag) {
  return start_tag.substr(1, start_tag.find_first_of(" \t\r\n/>") - 1);
}

}  // namespace

size_t ProjectedSize(const SignatureShape& shape) {
  const std::string_view bytes = shape.signature.document()->bytes();
  const XmlNode common = CommonElement(shape);
  if (!IsWorthIt(common, bytes)) return bytes.size();
  size_t size = common.range().size;
  for (const XmlNode& up : AncestorsOf(common))
    size += up.start_tag().size + EndTagName(up.start_tag().In(bytes)).size() + 3;
  return size;
}

Projection ProjectSignature(const SignatureShape& shape, const XmlParser& parser) {
  const std::string_view bytes = shape.signature.document()->bytes();
  const XmlNode common = CommonElement(shape);
  if (!IsWorthIt(common, bytes)) return {nullptr, shape.signature};
  const std::vector<XmlNode> ancestors = AncestorsOf(common);
  std::string text;
  for (auto up = ancestors.rbegin(); up != ancestors.rend(); ++up) text += up->start_tag().In(bytes);
  const size_t place = text.size();
  text += common.range().In(bytes);
  for (const XmlNode& up : ancestors) text.append("</").append(EndTagName(up.start_tag().In(bytes))).append(">");
  auto document = parser.Parse(std::move(text));
  if (!document.ok()) return {nullptr, shape.signature};
  const size_t offset = place + shape.signature.range().offset - common.range().offset;
  const XmlNode signature = ElementAt(**document, offset);
  if (!signature) return {nullptr, shape.signature};
  return {std::move(*document), signature};
}

}  // namespace tvan
