#include "tests/fuzz/elements.h"

#include <algorithm>

namespace tvan::fuzz {

const XmlParser& Parser() {
  static const std::unique_ptr<XmlParser> parser = MakeXmlParser({});
  return *parser;
}

std::vector<XmlNode> ElementsOf(const XmlNode& node) {
  std::vector<XmlNode> found = {node};
  for (XmlNode c = node.first_child(); c; c = c.next_sibling()) {
    const std::vector<XmlNode> more = ElementsOf(c);
    found.insert(found.end(), more.begin(), more.end());
  }
  return found;
}

std::string_view BytesOf(const XmlNode& node) {
  return node.document()->bytes().substr(node.range().offset, node.range().size);
}

std::string_view StartTagOf(const XmlNode& node) {
  return node.document()->bytes().substr(node.start_tag().offset, node.start_tag().size);
}

std::string_view QualifiedName(const XmlNode& node) {
  const std::string_view tag = StartTagOf(node).substr(1);
  return tag.substr(0, tag.find_first_of(" \t\r\n/>"));
}

size_t DepthOf(const XmlNode& node) {
  size_t depth = 0;
  for (XmlNode n = node; n; n = n.parent()) ++depth;
  return depth;
}

std::string Alone(const XmlNode& node) {
  std::string text(BytesOf(node));
  for (XmlNode n = node.parent(); n; n = n.parent())
    text = std::string(StartTagOf(n)) + text + "</" + std::string(QualifiedName(n)) + ">";
  return text;
}

Edit ContentEdit(const XmlNode& node, const std::string& text) {
  const ByteRange whole = node.range(), tag = node.start_tag();
  if (whole.size == tag.size)  // <X/>
    return {tag.offset + tag.size - 2, 2, ">" + text + "</" + std::string(QualifiedName(node)) + ">"};
  const size_t end_tag = BytesOf(node).rfind('<');
  return {tag.offset + tag.size, end_tag - tag.size, text};
}

std::string Edited(std::string_view bytes, std::vector<Edit> edits) {
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.offset > b.offset; });
  std::string text(bytes);
  size_t done = bytes.size() + 1;
  for (const Edit& edit : edits) {
    if (edit.offset != done) text.replace(edit.offset, edit.size, edit.text);
    done = edit.offset;
  }
  return text;
}

}  // namespace tvan::fuzz
