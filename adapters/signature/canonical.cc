#include "adapters/signature/canonical.h"

#include <libxml/tree.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

namespace tvan {
namespace {

const char* Chars(const xmlChar* text) { return text == nullptr ? "" : reinterpret_cast<const char*>(text); }

bool IsEmpty(const xmlChar* text) { return text == nullptr || *text == 0; }

// A namespace node that stands in the output: on the element that is written, or on one around it.
struct Binding {
  const char* prefix;  // "" for the default namespace
  const char* name;    // "" undeclares the default one
};

bool IsXmlPrefix(const char* prefix) { return std::strcmp(prefix, "xml") == 0; }

bool IsXmlAttribute(const xmlAttr* attribute) {
  return attribute->ns != nullptr && IsXmlPrefix(Chars(attribute->ns->prefix));
}

// Unqualified ones first, then by namespace name and local name, byte by byte (C14N section 2.2).
bool Precedes(const xmlAttr* a, const xmlAttr* b) {
  const bool a_qualified = a->ns != nullptr, b_qualified = b->ns != nullptr;
  if (a_qualified != b_qualified) return b_qualified;
  const int names = a_qualified ? std::strcmp(Chars(a->ns->href), Chars(b->ns->href)) : 0;
  return names != 0 ? names < 0 : std::strcmp(Chars(a->name), Chars(b->name)) < 0;
}

bool IsSameName(const xmlAttr* a, const xmlAttr* b) { return !Precedes(a, b) && !Precedes(b, a); }

class Writer {
 public:
  Writer(const xmlNode* left_out, std::string* out) : left_out_(left_out), out_(*out) {}

  bool Apex(const xmlNode* apex) {
    for (const xmlNode* up = apex; up != nullptr && up->type == XML_ELEMENT_NODE; up = up->parent)
      for (const xmlNs* ns = up->nsDef; ns != nullptr; ns = ns->next) Consider(ns);
    for (const xmlAttr* a = apex->properties; a != nullptr; a = a->next) attributes_.push_back(a);
    for (const xmlNode* up = apex->parent; up != nullptr && up->type == XML_ELEMENT_NODE; up = up->parent)
      for (const xmlAttr* a = up->properties; a != nullptr; a = a->next) Inherit(a);
    return Write(apex);
  }

 private:
  // Nearest declaration first: a prefix that was considered already hides this one.
  void Consider(const xmlNs* ns) {
    const Binding binding{Chars(ns->prefix), Chars(ns->href)};
    if (!IsPlainNamespaceName(binding.name)) plain_ = false;
    const auto same = [&](const Binding& other) { return std::strcmp(other.prefix, binding.prefix) == 0; };
    if (IsXmlPrefix(binding.prefix) || std::any_of(new_.begin(), new_.end(), same)) return;
    new_.push_back(binding);
  }

  void Inherit(const xmlAttr* attribute) {
    const auto same = [&](const xmlAttr* other) { return IsSameName(attribute, other); };
    if (!IsXmlAttribute(attribute) || std::any_of(attributes_.begin(), attributes_.end(), same)) return;
    attributes_.push_back(attribute);
  }

  bool Element(const xmlNode* node) {
    for (const xmlNs* ns = node->nsDef; ns != nullptr; ns = ns->next) Consider(ns);
    for (const xmlAttr* a = node->properties; a != nullptr; a = a->next) attributes_.push_back(a);
    return Write(node);
  }

  // The element, whose namespaces are in `new_` and attributes in `attributes_`.
  bool Write(const xmlNode* node) {
    const size_t scope = scope_.size();
    out_.push_back('<');
    Name(node->ns, node->name);
    Namespaces();
    if (!Attributes()) return false;
    out_.push_back('>');
    for (const xmlNode* child = node->children; child != nullptr; child = child->next)
      if (!Child(child)) return false;
    out_.append("</");
    Name(node->ns, node->name);
    out_.push_back('>');
    scope_.resize(scope);
    return plain_;
  }

  bool Child(const xmlNode* node) {
    if (node->type == XML_ELEMENT_NODE) return node == left_out_ || Element(node);  // depth is bounded by the parser
    if (node->type == XML_COMMENT_NODE) return true;
    if (node->type != XML_TEXT_NODE && node->type != XML_CDATA_SECTION_NODE) return false;
    Escape(Chars(node->content), "<>&\r");
    return true;
  }

  void Name(const xmlNs* ns, const xmlChar* name) {
    if (ns != nullptr && !IsEmpty(ns->prefix)) out_.append(Chars(ns->prefix)).push_back(':');
    out_.append(Chars(name));
  }

  // Those that the elements around it have not written with this very name.
  void Namespaces() {
    if (new_.empty()) return;
    std::sort(new_.begin(), new_.end(),
              [](const Binding& a, const Binding& b) { return std::strcmp(a.prefix, b.prefix) < 0; });
    const size_t around = scope_.size();
    for (const Binding& binding : new_)
      if (!IsWritten(binding, around)) Namespace(binding);
    new_.clear();
  }

  bool IsWritten(const Binding& binding, size_t around) const {
    for (size_t i = around; i > 0; --i)
      if (std::strcmp(scope_[i - 1].prefix, binding.prefix) == 0)
        return std::strcmp(scope_[i - 1].name, binding.name) == 0;
    return *binding.name == 0;
  }

  void Namespace(const Binding& binding) {
    out_.append(" xmlns");
    if (*binding.prefix != 0) out_.append(":").append(binding.prefix);
    out_.append("=\"");
    Escape(binding.name, kInAttribute);
    out_.push_back('"');
    scope_.push_back(binding);
  }

  bool Attributes() {
    if (attributes_.empty()) return true;
    if (attributes_.size() > 1) std::sort(attributes_.begin(), attributes_.end(), Precedes);
    for (const xmlAttr* attribute : attributes_) {
      out_.push_back(' ');
      Name(attribute->ns, attribute->name);
      out_.append("=\"");
      for (const xmlNode* piece = attribute->children; piece != nullptr; piece = piece->next) {
        if (piece->type != XML_TEXT_NODE) return false;
        Escape(Chars(piece->content), kInAttribute);
      }
      out_.push_back('"');
    }
    attributes_.clear();
    return true;
  }

  void Escape(const char* text, const char* special) {
    for (;;) {
      const size_t run = std::strcspn(text, special);
      out_.append(text, run);
      text += run;
      if (*text == 0) return;
      out_.append(Reference(*text++));
    }
  }

  static const char* Reference(char c) {
    switch (c) {
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '&':
        return "&amp;";
      case '"':
        return "&quot;";
      case '\t':
        return "&#x9;";
      case '\n':
        return "&#xA;";
      default:
        return "&#xD;";
    }
  }

  static constexpr const char* kInAttribute = "<&\"\t\n\r";

  const xmlNode* const left_out_;
  std::string& out_;
  std::vector<Binding> scope_;              // written by the elements around, the nearest last
  std::vector<Binding> new_;                // of the element to be written
  std::vector<const xmlAttr*> attributes_;  // likewise
  bool plain_ = true;
};

}  // namespace

// Canonical XML is undefined for relative namespace names and libxml2 refuses them; which names it takes for relative
// is its own affair, so only those are taken here that are absolute beyond doubt.
bool IsPlainNamespaceName(std::string_view name) {
  if (name.empty()) return true;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  const auto all = [](std::string_view text, auto&& fits) { return std::all_of(text.begin(), text.end(), fits); };
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (name.substr(0, scheme.size()) != scheme) continue;
    const std::string_view rest = name.substr(scheme.size());
    const std::string_view host = rest.substr(0, rest.find_first_of("/#"));
    const bool one_fragment = std::count(rest.begin(), rest.end(), '#') <= 1;
    return !host.empty() && one_fragment && all(host, plain) &&
           all(rest, [&](char c) { return plain(c) || c == '/' || c == '#' || c == '_'; });
  }
  return name.size() > 4 && name.substr(0, 4) == "urn:" &&
         all(name.substr(4), [&](char c) { return plain(c) || c == ':' || c == '_'; });
}

bool AppendCanonical(const xmlNode* apex, const xmlNode* left_out, std::string* out) {
  return Writer(left_out, out).Apex(apex);
}

bool HoldsComment(const xmlNode* node) {
  if (node->type == XML_COMMENT_NODE) return true;
  if (node->type != XML_ELEMENT_NODE) return false;
  for (const xmlNode* child = node->children; child != nullptr; child = child->next)
    if (HoldsComment(child)) return true;
  return false;
}

}  // namespace tvan
