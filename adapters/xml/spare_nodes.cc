#include "adapters/xml/spare_nodes.h"

#include <libxml/valid.h>

#include <utility>

namespace tvan {
namespace {

// Without a destructor: documents of static objects are freed after the main thread's own.
struct Spare {
  xmlNode* first;  // linked by `next`, as libxml2 wants them
  size_t count;
  bool closed;  // the thread ends
};
thread_local Spare spare{};

struct AtEndOfThread {
  ~AtEndOfThread() {
    spare.closed = true;
    spare.count = 0;
    while (spare.first != nullptr) xmlFree(std::exchange(spare.first, spare.first->next));
  }
  void Register() {}
};
thread_local AtEndOfThread at_end_of_thread;

void Keep(xmlNode* node) {
  if (spare.count == kMostSpareNodes || spare.closed) return xmlFree(node);
  node->next = std::exchange(spare.first, node);
  ++spare.count;
}

// Its children are gone. Names are the dictionary's or libxml2's own; short texts stand in the node.
void FreeNode(xmlNode* node, xmlDict* dict) {
  if (node->type == XML_ELEMENT_NODE && node->_private != nullptr) {
    if (node->properties != nullptr) xmlFreePropList(node->properties);
    if (node->nsDef != nullptr) xmlFreeNsList(node->nsDef);
  } else if (node->type == XML_TEXT_NODE) {
    const bool short_text = node->content == reinterpret_cast<xmlChar*>(&node->properties);
    if (!short_text && xmlDictOwns(dict, node->content) == 0) xmlFree(node->content);
  } else {
    return xmlFreeNode(node);
  }
  Keep(node);
}

xmlNode* Innermost(xmlNode* node) {
  while (node->type == XML_ELEMENT_NODE && node->children != nullptr) node = node->children;
  return node;
}

// Frees `node`, which has no children left; says which comes next. nullptr: none.
xmlNode* FreeAndStep(xmlNode* node) {
  xmlNode* const parent = node->parent;
  xmlNode* const next = node->next;
  FreeNode(node, node->doc->dict);
  if (next != nullptr) return Innermost(next);
  if (parent->type != XML_ELEMENT_NODE) return nullptr;
  parent->children = nullptr;
  return parent;
}

}  // namespace

xmlDoc* ReadDocument(xmlParserCtxt* context, std::string_view text, int options) {
  context->freeElems = std::exchange(spare.first, nullptr);
  context->freeElemsNr = static_cast<int>(std::exchange(spare.count, 0));
  xmlDoc* const document =
      xmlCtxtReadMemory(context, text.data(), static_cast<int>(text.size()), nullptr, nullptr, options);
  spare.first = std::exchange(context->freeElems, nullptr);
  spare.count = static_cast<size_t>(std::exchange(context->freeElemsNr, 0));
  return document;
}

void FreeDocument(xmlDoc* document) {
  at_end_of_thread.Register();
  if (document->ids != nullptr) xmlFreeIDTable(static_cast<xmlIDTable*>(std::exchange(document->ids, nullptr)));
  xmlNode* node = std::exchange(document->children, nullptr);
  document->last = nullptr;
  if (node != nullptr) node = Innermost(node);
  while (node != nullptr) node = FreeAndStep(node);
  xmlFreeDoc(document);
}

}  // namespace tvan
