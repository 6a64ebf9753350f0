#pragma once
// What signatures need of the whole document, from one walk over it: its ids (every attribute named Id, ID or id, in
// any namespace, xml:id among them), which must be unique whatever element bears them, and what its namespaces are
// like. Private to adapters/signature. Borrows from the document.

#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/xml_document.h"
#include "gateway/core/finding.h"

namespace tvan {

class IdIndex {
 public:
  explicit IdIndex(const XmlDocument& document);

  // The element that bears `id`; empty when none does or when it is not unique.
  XmlNode Find(std::string_view id) const;
  XmlNode First(std::string_view id) const;  // the first of several
  // signature.id_not_unique, or signature.id_reused_across_items when the bearers stand in different children of
  // /TDiep/DLieu; one per id, at most 20.
  const std::vector<Fault>& faults() const { return faults_; }
  // Every namespace name is one that canonicalisation takes (IsPlainNamespaceName).
  bool plain_namespaces() const { return plain_namespaces_; }
  // What an element inherits when it is canonicalised: namespace declarations and xml:* attributes on it and around it.
  // The most of the document.
  struct Context {
    size_t count = 0;
    size_t bytes = 0;  // of names and values
  };
  const Context& most_context() const { return most_context_; }

 private:
  struct Bearer {
    std::string_view id;
    size_t order;  // in the document
    XmlNode element;
  };

  void Walk(const XmlDocument& document, const void* node, Context context);
  void AddBearer(const XmlDocument& document, void* element, const void* attribute);
  void FindRepeated();

  std::vector<Bearer> bearers_;     // sorted by id, then by order
  std::deque<std::string> joined_;  // ids that libxml2 keeps in pieces
  std::vector<Fault> faults_;
  bool plain_namespaces_ = true;
  Context most_context_;
};

// The characters of an NCName; ids that begin with a digit occur in practice (protocol.md 10.2: free text) and pass.
bool IsPlainId(std::string_view text);
// Whether an attribute stands here that is in a namespace or not among `known`. Declarations are no attributes.
bool HasAttributeBeside(const XmlNode& node, std::initializer_list<std::string_view> known);
bool IsInside(XmlNode node, const XmlNode& ancestor);  // node is `ancestor` or stands in it

}  // namespace tvan
