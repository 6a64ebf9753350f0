#include "adapters/signature/ids.h"

#include <libxml/tree.h>

#include <algorithm>

#include "adapters/signature/canonical.h"

namespace tvan {
namespace {

constexpr size_t kMaxFaults = 20;

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

bool IsIdName(const xmlChar* name) {
  return (name[0] == 'I' || name[0] == 'i') && (name[1] == 'd' || (name[0] == 'I' && name[1] == 'D')) && name[2] == 0;
}

// The child of /TDiep/DLieu that `node` stands in; empty when it stands elsewhere.
XmlNode ItemOf(XmlNode node) {
  for (; node; node = node.parent()) {
    const XmlNode up = node.parent();
    if (up && up.name() == "DLieu" && up.parent() == node.document()->root()) return node;
  }
  return {};
}

}  // namespace

IdIndex::IdIndex(const XmlDocument& document) {
  Walk(document, document.root().native(), {});
  std::sort(bearers_.begin(), bearers_.end(),
            [](const Bearer& a, const Bearer& b) { return a.id != b.id ? a.id < b.id : a.order < b.order; });
  FindRepeated();
}

void IdIndex::Walk(const XmlDocument& document, const void* native, Context context) {
  auto* node = static_cast<xmlNode*>(const_cast<void*>(native));
  for (const xmlNs* ns = node->nsDef; ns != nullptr; ns = ns->next) {
    ++context.count;
    context.bytes += View(ns->prefix).size() + View(ns->href).size();
    plain_namespaces_ = plain_namespaces_ && IsPlainNamespaceName(View(ns->href));
  }
  for (const xmlAttr* a = node->properties; a != nullptr; a = a->next) {
    if (IsIdName(a->name)) AddBearer(document, node, a);
    if (a->ns == nullptr || View(a->ns->prefix) != "xml") continue;
    ++context.count;
    context.bytes += View(a->name).size() + (a->children == nullptr ? 0 : View(a->children->content).size());
  }
  most_context_.count = std::max(most_context_.count, context.count);
  most_context_.bytes = std::max(most_context_.bytes, context.bytes);
  for (const xmlNode* child = node->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) Walk(document, child, context);  // depth is bounded by the parser
}

void IdIndex::AddBearer(const XmlDocument& document, void* element, const void* attribute) {
  const xmlNode* value = static_cast<const xmlAttr*>(attribute)->children;
  std::string_view id = value == nullptr ? std::string_view() : View(value->content);
  if (value != nullptr && value->next != nullptr) {
    std::string& whole = joined_.emplace_back();
    for (; value != nullptr; value = value->next) whole += View(value->content);
    id = whole;
  }
  bearers_.push_back({id, bearers_.size(), XmlNode(&document, element)});
}

void IdIndex::FindRepeated() {
  std::vector<const Bearer*> seconds;
  for (size_t i = 1; i < bearers_.size(); ++i)
    if (bearers_[i].id == bearers_[i - 1].id && (i == 1 || bearers_[i - 2].id != bearers_[i].id))
      seconds.push_back(&bearers_[i]);
  std::sort(seconds.begin(), seconds.end(), [](const Bearer* a, const Bearer* b) { return a->order < b->order; });
  if (seconds.size() > kMaxFaults) seconds.resize(kMaxFaults);
  for (const Bearer* second : seconds) {
    const XmlNode one = ItemOf((second - 1)->element), other = ItemOf(second->element);
    const bool across = one && other && !(one == other);
    faults_.push_back({across ? "signature.id_reused_across_items"_reason : "signature.id_not_unique"_reason,
                       second->element.path(),
                       {std::string(second->id)}});
  }
}

XmlNode IdIndex::Find(std::string_view id) const {
  const auto [begin, end] = std::equal_range(bearers_.begin(), bearers_.end(), Bearer{id, 0, {}},
                                             [](const Bearer& a, const Bearer& b) { return a.id < b.id; });
  return end - begin == 1 ? begin->element : XmlNode();
}

XmlNode IdIndex::First(std::string_view id) const {
  const auto found = std::lower_bound(bearers_.begin(), bearers_.end(), id,
                                      [](const Bearer& bearer, std::string_view wanted) { return bearer.id < wanted; });
  return found == bearers_.end() || found->id != id ? XmlNode() : found->element;
}

bool IsPlainId(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || static_cast<unsigned char>(c) >= 0x80;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), plain);
}

bool HasAttributeBeside(const XmlNode& node, std::initializer_list<std::string_view> known) {
  for (const xmlAttr* a = static_cast<const xmlNode*>(node.native())->properties; a != nullptr; a = a->next)
    if (a->ns != nullptr || std::find(known.begin(), known.end(), View(a->name)) == known.end()) return true;
  return false;
}

bool IsInside(XmlNode node, const XmlNode& ancestor) {
  for (; node; node = node.parent()) {
    if (node == ancestor) return true;
  }
  return false;
}

}  // namespace tvan
