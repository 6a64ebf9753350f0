#include <libxml/tree.h>

#include <algorithm>

#include "adapters/xml/scan.h"
#include "adapters/xml_document.h"

namespace tvan {
namespace {

xmlNode* Native(const XmlNode& node) { return static_cast<xmlNode*>(node.native()); }

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

xmlNode* ElementFrom(xmlNode* node) {
  while (node != nullptr && node->type != XML_ELEMENT_NODE) node = node->next;
  return node;
}

const ElementSpan& SpanOf(const XmlNode& node) {
  TVAN_CHECK(Native(node) != nullptr && Native(node)->_private != nullptr);
  return *static_cast<const ElementSpan*>(Native(node)->_private);
}

// The place of `node` among siblings of its name, from 1; 0 when it is the only one.
size_t IndexAmongSiblings(xmlNode* node) {
  size_t before = 0;
  for (xmlNode* n = node->prev; n != nullptr; n = n->prev) {
    if (n->type == XML_ELEMENT_NODE && View(n->name) == View(node->name)) ++before;
  }
  if (before > 0) return before + 1;
  for (xmlNode* n = node->next; n != nullptr; n = n->next) {
    if (n->type == XML_ELEMENT_NODE && View(n->name) == View(node->name)) return 1;
  }
  return 0;
}

}  // namespace

std::string_view XmlNode::name() const { return native_ == nullptr ? std::string_view() : View(Native(*this)->name); }

std::string_view XmlNode::namespace_uri() const {
  if (native_ == nullptr || Native(*this)->ns == nullptr) return {};
  return View(Native(*this)->ns->href);
}

XmlNode XmlNode::parent() const {
  if (native_ == nullptr) return {};
  xmlNode* up = Native(*this)->parent;
  if (up == nullptr || up->type != XML_ELEMENT_NODE) return {};
  return {document_, up};
}

XmlNode XmlNode::first_child() const {
  if (native_ == nullptr) return {};
  return {document_, ElementFrom(Native(*this)->children)};
}

XmlNode XmlNode::next_sibling() const {
  if (native_ == nullptr) return {};
  return {document_, ElementFrom(Native(*this)->next)};
}

XmlNode XmlNode::Child(std::string_view name) const { return Child(name, {}); }

XmlNode XmlNode::Child(std::string_view name, std::string_view namespace_uri) const {
  for (XmlNode c = first_child(); c; c = c.next_sibling()) {
    if (c.name() == name && c.namespace_uri() == namespace_uri) return c;
  }
  return {};
}

std::vector<XmlNode> XmlNode::Children(std::string_view name) const {
  std::vector<XmlNode> found;
  for (XmlNode c = first_child(); c; c = c.next_sibling()) {
    if (c.name() == name && c.namespace_uri().empty()) found.push_back(c);
  }
  return found;
}

size_t XmlNode::CountChildren(std::string_view name) const {
  size_t count = 0;
  for (XmlNode c = first_child(); c; c = c.next_sibling()) {
    if (c.name() == name && c.namespace_uri().empty()) ++count;
  }
  return count;
}

XmlNode XmlNode::Descend(std::initializer_list<std::string_view> path) const {
  XmlNode node = *this;
  for (std::string_view step : path) {
    if (!node) return {};
    node = node.Child(step);
  }
  return node;
}

std::string XmlNode::Text() const {
  std::string text;
  if (native_ == nullptr) return text;
  for (xmlNode* n = Native(*this)->children; n != nullptr; n = n->next) {
    if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) text += View(n->content);
  }
  return text;
}

bool XmlNode::has_child_elements() const { return static_cast<bool>(first_child()); }

std::optional<std::string> XmlNode::Attribute(std::string_view name) const {
  if (native_ == nullptr) return std::nullopt;
  for (xmlAttr* a = Native(*this)->properties; a != nullptr; a = a->next) {
    if (a->ns != nullptr || View(a->name) != name) continue;
    std::string value;
    for (xmlNode* n = a->children; n != nullptr; n = n->next) value += View(n->content);
    return value;
  }
  return std::nullopt;
}

ByteRange XmlNode::range() const {
  const ElementSpan& span = SpanOf(*this);
  return {span.start, span.end - span.start};
}

ByteRange XmlNode::start_tag() const {
  const ElementSpan& span = SpanOf(*this);
  return {span.start, span.tag_end - span.start};
}

std::string XmlNode::path() const {
  std::vector<std::string> steps;
  for (XmlNode n = *this; n; n = n.parent()) {
    std::string step = "/" + std::string(n.name());
    if (const size_t index = IndexAmongSiblings(Native(n)); index > 0) step += "[" + std::to_string(index) + "]";
    steps.push_back(std::move(step));
  }
  std::reverse(steps.begin(), steps.end());
  std::string path;
  for (const std::string& step : steps) path += step;
  return path;
}

}  // namespace tvan
