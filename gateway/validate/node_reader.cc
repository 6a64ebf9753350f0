#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

void Missing(const XmlNode& parent, std::string_view name, FindingList& findings) {
  findings.Say("field.missing"_reason, PathOf(parent, name), {name});
}

}  // namespace

std::string PathOf(const XmlNode& parent, std::string_view name) { return parent.path() + "/" + std::string(name); }

XmlNode OneChild(const XmlNode& parent, std::string_view name, FindingList& findings) {
  const size_t count = parent.CountChildren(name);
  if (count <= 1) return parent.Child(name);
  findings.Say("field.repeated"_reason, PathOf(parent, name), {name, std::to_string(count), "1"});
  return {};
}

XmlNode RequiredChild(const XmlNode& parent, std::string_view name, FindingList& findings) {
  XmlNode child = OneChild(parent, name, findings);
  if (!child && parent.CountChildren(name) == 0) Missing(parent, name, findings);
  return child;
}

XmlNode RequiredPath(XmlNode node, std::initializer_list<std::string_view> path, FindingList& findings) {
  for (const std::string_view name : path) {
    node = RequiredChild(node, name, findings);
    if (!node) break;
  }
  return node;
}

std::optional<std::string> OptionalText(const XmlNode& parent, std::string_view name, FindingList& findings) {
  const XmlNode child = OneChild(parent, name, findings);
  if (!child) return parent.CountChildren(name) == 0 ? std::optional<std::string>("") : std::nullopt;
  if (!child.has_child_elements()) return child.Text();
  findings.Say("field.not_text"_reason, child.path(), {name});
  return std::nullopt;
}

std::optional<std::string> RequiredText(const XmlNode& parent, std::string_view name, FindingList& findings) {
  std::optional<std::string> text = OptionalText(parent, name, findings);
  if (!text || !text->empty()) return text;
  Missing(parent, name, findings);
  return std::nullopt;
}

}  // namespace tvan
