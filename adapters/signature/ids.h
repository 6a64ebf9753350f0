#pragma once
// The ids of one document: every attribute named Id, ID or id (in any namespace, xml:id among them), which must be
// unique over the whole document, whatever element bears them. Private to adapters/signature. Borrows from the
// document.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/xml_document.h"
#include "gateway/core/finding.h"

namespace tvan {

class IdIndex {
 public:
  explicit IdIndex(const XmlDocument& document);

  // The element that bears `id`; empty when none does or when it is not unique.
  XmlNode Find(const std::string& id) const;
  bool Has(const std::string& id) const { return bearers_.count(id) != 0; }
  // signature.id_not_unique, or signature.id_reused_across_items when the bearers stand in different children of
  // /TDiep/DLieu; one per id, at most 20.
  const std::vector<Fault>& faults() const { return faults_; }

 private:
  void Add(std::string id, const XmlNode& element);

  std::unordered_map<std::string, std::vector<XmlNode>> bearers_;
  std::vector<Fault> faults_;
};

// The characters of an NCName; ids that begin with a digit occur in practice (protocol.md 10.2: free text) and pass.
bool IsPlainId(std::string_view text);
// Qualified: "URI", or "{urn:x}URI" in a namespace. Namespace declarations are no attributes.
std::vector<std::string> AttributeNames(const XmlNode& node);
bool IsInside(XmlNode node, const XmlNode& ancestor);  // node is `ancestor` or stands in it

}  // namespace tvan
