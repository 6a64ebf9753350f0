// The own canonicaliser: of any element of any document, with or without one subtree, it writes what libxml2 writes, or
// it declines. libxml2 looks at namespaces of the whole document, which the fast engine does before (IdIndex).

#include <libxml/c14n.h>

#include <optional>

#include "adapters/signature/canonical.h"
#include "adapters/signature/ids.h"
#include "tests/fuzz/counter.h"
#include "tests/fuzz/elements.h"

namespace tvan::fuzz {
namespace {

Counter compared("elements that both canonicalise alike");
Counter compared_without_subtree("of these, without a subtree");
Counter compared_below_namespaces("of these, with namespaces or xml: attributes from around");
Counter declined("elements that the own canonicaliser declines");
Counter with_comment("elements with a comment in them");

struct Selection {
  const xmlNode* apex;
  const xmlNode* left_out;
};

bool IsIn(const xmlNode* node, const xmlNode* ancestor) {
  for (; node != nullptr; node = node->parent)
    if (node == ancestor) return true;
  return false;
}

// Namespace nodes have no parent of their own: `parent` is the element on which they are seen.
int IsSelected(void* selection, xmlNodePtr node, xmlNodePtr parent) {
  const auto* selected = static_cast<const Selection*>(selection);
  const xmlNode* element = node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE ? parent : node;
  return IsIn(element, selected->apex) && (selected->left_out == nullptr || !IsIn(element, selected->left_out));
}

std::optional<std::string> ByLibxml(Selection selection) {
  const std::unique_ptr<xmlBuffer, decltype(&xmlBufferFree)> buffer(xmlBufferCreate(), xmlBufferFree);
  xmlOutputBufferPtr out = xmlOutputBufferCreateBuffer(buffer.get(), nullptr);
  const int written =
      xmlC14NExecute(selection.apex->doc, IsSelected, &selection, XML_C14N_1_0, nullptr, /*with_comments=*/0, out);
  xmlOutputBufferClose(out);
  if (written < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(xmlBufferContent(buffer.get())), xmlBufferLength(buffer.get()));
}

bool CommentStandsIn(const xmlNode* node) {
  if (node->type == XML_COMMENT_NODE) return true;
  for (const xmlNode* c = node->type == XML_ELEMENT_NODE ? node->children : nullptr; c != nullptr; c = c->next)
    if (CommentStandsIn(c)) return true;
  return false;
}

bool InheritsSomething(const xmlNode* node) {
  for (const xmlNode* up = node->parent; up != nullptr && up->type == XML_ELEMENT_NODE; up = up->parent) {
    if (up->nsDef != nullptr) return true;
    for (const xmlAttr* a = up->properties; a != nullptr; a = a->next)
      if (a->ns != nullptr && xmlStrEqual(a->ns->prefix, BAD_CAST "xml") != 0) return true;
  }
  return false;
}

void Compare(const Selection& selection, bool plain_namespaces) {
  std::string own = "kept";
  if (!AppendCanonical(selection.apex, selection.left_out, &own)) {
    ++declined;
    return;
  }
  const auto theirs = ByLibxml(selection);
  if (!theirs && !plain_namespaces) return;  // of an element elsewhere, at which libxml2 looks too
  Require(theirs.has_value(), "canonicalised what libxml2 refuses");
  if ("kept" + *theirs != own) std::fprintf(stderr, "libxml2: %s\nown:     %s\n", theirs->c_str(), own.c_str() + 4);
  Require("kept" + *theirs == own, "the canonical forms differ");
  ++compared;
  if (selection.left_out != nullptr) ++compared_without_subtree;
  if (InheritsSomething(selection.apex)) ++compared_below_namespaces;
}

// A few elements of the document, each whole and without some element in it.
void CompareSome(const XmlDocument& document, Dice dice) {
  const std::vector<XmlNode> elements = ElementsOf(document.root());
  const bool plain = IdIndex(document).plain_namespaces();
  for (int i = 0; i < 4; ++i) {
    const XmlNode apex = i == 0 ? document.root() : elements[dice.Below(elements.size())];
    const auto* node = static_cast<const xmlNode*>(apex.native());
    const bool comment = HoldsComment(node);
    Require(comment == CommentStandsIn(node), "a comment is overlooked");
    if (comment) ++with_comment;
    Compare({node, nullptr}, plain);
    const std::vector<XmlNode> inside = ElementsOf(apex);
    if (inside.size() < 2) continue;
    Compare({node, static_cast<const xmlNode*>(inside[1 + dice.Below(inside.size() - 1)].native())}, plain);
  }
}

}  // namespace
}  // namespace tvan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tvan::fuzz;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto document = Parser().Parse(bytes);
  if (document.ok()) CompareSome(**document, Dice(bytes));
  return 0;
}
