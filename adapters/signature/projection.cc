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

}  // namespace

Projection ProjectSignature(const SignatureShape& shape, const XmlParser& parser) {
  const XmlDocument& whole = *shape.signature.document();
  const XmlNode common = CommonElement(shape);
  const std::string_view bytes = whole.bytes();
  if (!common || common.range().size > bytes.size() / 2) return {nullptr, shape.signature, bytes.size()};
  std::vector<XmlNode> ancestors;
  for (XmlNode up = common.parent(); up; up = up.parent()) ancestors.push_back(up);
  std::string text;
  for (auto up = ancestors.rbegin(); up != ancestors.rend(); ++up) text += up->start_tag().In(bytes);
  const size_t place = text.size();
  text += common.range().In(bytes);
  for (const XmlNode& up : ancestors) {
    const std::string_view tag = up.start_tag().In(bytes);
    text.append("</").append(tag.substr(1, tag.find_first_of(" \t\r\n>") - 1)).append(">");
  }
  const size_t size = text.size();
  auto document = parser.Parse(std::move(text));
  if (!document.ok()) return {nullptr, shape.signature, bytes.size()};
  const size_t offset = place + shape.signature.range().offset - common.range().offset;
  const XmlNode signature = ElementAt(**document, offset);
  if (!signature) return {nullptr, shape.signature, bytes.size()};
  return {std::move(*document), signature, size};
}

}  // namespace tvan
