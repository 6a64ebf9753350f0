#include "tests/support/libxml_canonical.h"

#include <libxml/c14n.h>

namespace tvan {
namespace {

// libxml2 asks of every node, attribute and namespace whether it belongs.
int IsVisible(void* request, xmlNodePtr node, xmlNodePtr parent) {
  const auto& [apex, left_out, mode, comments, prefix] = *static_cast<const C14nRequest*>(request);
  const bool bound = node == nullptr || node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE;
  for (const xmlNode* up = bound ? parent : node; up != nullptr; up = up->parent) {
    if (up == left_out) return 0;
    if (up == apex) return 1;
  }
  return 0;
}

int ModeOf(C14nMode mode) {
  if (mode == C14nMode::kExclusive) return XML_C14N_EXCLUSIVE_1_0;
  return mode == C14nMode::kInclusive11 ? XML_C14N_1_1 : XML_C14N_1_0;
}

}  // namespace

std::optional<std::string> CanonicalByLibxml(const C14nRequest& request) {
  C14nRequest asked = request;
  xmlChar* prefixes[] = {reinterpret_cast<xmlChar*>(asked.inclusive_prefix.data()), nullptr};
  xmlBufferPtr buffer = xmlBufferCreate();
  xmlOutputBufferPtr out = xmlOutputBufferCreateBuffer(buffer, nullptr);
  const int done = xmlC14NExecute(request.apex->doc, IsVisible, &asked, ModeOf(request.mode),
                                  request.inclusive_prefix.empty() ? nullptr : prefixes, request.comments, out);
  xmlOutputBufferClose(out);
  std::string text(reinterpret_cast<const char*>(xmlBufferContent(buffer)),
                   static_cast<size_t>(xmlBufferLength(buffer)));
  xmlBufferFree(buffer);
  return done < 0 ? std::nullopt : std::optional(text);
}

}  // namespace tvan
