#pragma once
// What DLieu holds, type by type: counts, the minimal fields of each item, invoice keys that the message claims or
// names. Pure functions of the room; every fault is a finding.

#include <vector>

#include "adapters/xml_document.h"
#include "gateway/core/envelope.h"
#include "gateway/validate/catalogue.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

struct Items {
  std::vector<XmlNode> nodes;      // HDon or TBao, in order
  std::vector<InvoiceKey> claims;  // 200, 203, 206
  std::vector<InvoiceKey> refers;  // 300: the invoices named; else those that are replaced or adjusted
  int count = 0;
};

struct ItemRules {
  const MessageType& type;
  const Envelope& header;  // of the message
  int max_items;
};
// `container`: DLieu, or for a bare HDon that element itself.
Items ReadItems(const XmlNode& container, const ItemRules& rules, FindingList& findings);

}  // namespace tvan
