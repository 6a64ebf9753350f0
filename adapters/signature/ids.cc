#include "adapters/signature/ids.h"

#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include <algorithm>

namespace tvan {
namespace {

constexpr size_t kMaxFaults = 20;

bool IsIdName(const xmlChar* name) {
  const std::string_view text(reinterpret_cast<const char*>(name));
  return text == "Id" || text == "ID" || text == "id";
}

std::string ValueOf(const xmlAttr* attribute) {
  std::string value;
  for (const xmlNode* n = attribute->children; n != nullptr; n = n->next) {
    if (n->content != nullptr) value += reinterpret_cast<const char*>(n->content);
  }
  return value;
}

// The child of /TDiep/DLieu that `node` stands in; empty when it stands elsewhere.
XmlNode ItemOf(XmlNode node) {
  for (; node; node = node.parent()) {
    const XmlNode up = node.parent();
    if (up && up.name() == "DLieu" && up.parent() == node.document()->root()) return node;
  }
  return {};
}

// The element after `node` in document order.
XmlNode Next(XmlNode node) {
  if (XmlNode child = node.first_child()) return child;
  while (node) {
    if (XmlNode sibling = node.next_sibling()) return sibling;
    node = node.parent();
  }
  return {};
}

}  // namespace

IdIndex::IdIndex(const XmlDocument& document) {
  for (XmlNode node = document.root(); node; node = Next(node)) {
    for (const xmlAttr* a = static_cast<const xmlNode*>(node.native())->properties; a != nullptr; a = a->next) {
      if (IsIdName(a->name)) Add(ValueOf(a), node);
    }
  }
}

void IdIndex::Add(std::string id, const XmlNode& element) {
  std::vector<XmlNode>& bearers = bearers_[id];
  bearers.push_back(element);
  if (bearers.size() != 2 || faults_.size() >= kMaxFaults) return;
  const XmlNode first = ItemOf(bearers[0]);
  const XmlNode second = ItemOf(bearers[1]);
  const bool across = first && second && !(first == second);
  faults_.push_back(
      {across ? "signature.id_reused_across_items"_reason : "signature.id_not_unique"_reason, element.path(), {id}});
}

XmlNode IdIndex::Find(const std::string& id) const {
  const auto found = bearers_.find(id);
  return found == bearers_.end() || found->second.size() != 1 ? XmlNode() : found->second.front();
}

bool IsPlainId(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || static_cast<unsigned char>(c) >= 0x80;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), plain);
}

std::vector<std::string> AttributeNames(const XmlNode& node) {
  std::vector<std::string> names;
  for (const xmlAttr* a = static_cast<const xmlNode*>(node.native())->properties; a != nullptr; a = a->next) {
    std::string name = a->ns == nullptr ? "" : "{" + std::string(reinterpret_cast<const char*>(a->ns->href)) + "}";
    names.push_back(name + reinterpret_cast<const char*>(a->name));
  }
  return names;
}

bool IsInside(XmlNode node, const XmlNode& ancestor) {
  for (; node; node = node.parent()) {
    if (node == ancestor) return true;
  }
  return false;
}

}  // namespace tvan
