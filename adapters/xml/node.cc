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

bool IsText(const xmlNode* node) { return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE; }

xmlNode* ElementFrom(xmlNode* node, bool* stray) {
  for (; node != nullptr && node->type != XML_ELEMENT_NODE; node = node->next)
    if (IsText(node) && View(node->content).find_first_not_of(" \t\r\n") != std::string_view::npos) *stray = true;
  return node;
}

const ElementSpan& SpanOf(const XmlNode& node) {
  TVAN_CHECK(Native(node) != nullptr && Native(node)->_private != nullptr);
  return *static_cast<const ElementSpan*>(Native(node)->_private);
}

// A path costs at most this many steps over siblings, and half of its bytes are for the steps at either end.
constexpr size_t kMostSiblings = 20'000;
constexpr size_t kHalfPath = 512;  // one step at its longest fits in

// The place of `node` among siblings of its name as "[2]"; empty when it is the only one. Looks at `*budget` siblings
// at most; "[900+]": so many at least.
std::string IndexAmongSiblings(const xmlNode* node, size_t* budget) {
  const auto same = [&](const xmlNode* n) { return n->type == XML_ELEMENT_NODE && View(n->name) == View(node->name); };
  size_t place = 1;
  const xmlNode* n = node->prev;
  for (; n != nullptr && *budget > 0; n = n->prev, --*budget) place += same(n) ? 1 : 0;
  if (n != nullptr) return "[" + std::to_string(place) + "+]";
  if (place > 1) return "[" + std::to_string(place) + "]";
  for (n = node->next; n != nullptr && *budget > 0; n = n->next, --*budget)
    if (same(n)) return "[1]";
  return {};
}

// Steps from the root; what does not fit is left out in the middle.
std::string Joined(const std::vector<std::string>& steps) {
  std::string head, tail;
  size_t first = 0, last = steps.size();
  while (first < last && head.size() + steps[first].size() <= kHalfPath) head += steps[first++];
  while (last > first && tail.size() + steps[last - 1].size() <= kHalfPath) tail.insert(0, steps[--last]);
  return head + (first < last ? "/…" : "") + tail;
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

XmlNode XmlNode::first_child(bool* stray) const {
  if (native_ == nullptr) return {};
  return {document_, ElementFrom(Native(*this)->children, stray)};
}

XmlNode XmlNode::next_sibling(bool* stray) const {
  if (native_ == nullptr) return {};
  return {document_, ElementFrom(Native(*this)->next, stray)};
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
    if (IsText(n)) text += View(n->content);
  }
  return text;
}

std::string_view XmlNode::TextView(std::string* pieces) const {
  if (native_ == nullptr || Native(*this)->children == nullptr) return {};
  const xmlNode* only = Native(*this)->children;
  if (only->next == nullptr) return IsText(only) ? View(only->content) : std::string_view();
  *pieces = Text();
  return *pieces;
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
  size_t budget = kMostSiblings;
  for (XmlNode n = *this; n; n = n.parent())
    steps.push_back("/" + std::string(n.name()) + IndexAmongSiblings(Native(n), &budget));
  std::reverse(steps.begin(), steps.end());
  return Joined(steps);
}

}  // namespace tvan
