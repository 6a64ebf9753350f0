#pragma once
// One HDon of a 200, 203 or 206: the fields that make its key, its authority code, the invoice it replaces or adjusts.
// Pure functions of the room.

#include <optional>
#include <string>

#include "adapters/xml_document.h"
#include "gateway/core/ids.h"
#include "gateway/validate/catalogue.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

struct Invoice {
  std::optional<InvoiceKey> key;      // nullopt: findings say why
  std::optional<InvoiceKey> related;  // TTHDLQuan
  std::string code;                   // MCCQT, empty: none
};
// `mst`: the header's; the seller's must be the same.
Invoice ReadInvoice(const XmlNode& hdon, const MessageType& type, const std::string& mst, FindingList& findings);

// An invoice key from its parts as they stand in a message; nullopt: a part is unusable. SHDon loses leading zeros.
std::optional<InvoiceKey> MakeInvoiceKey(const std::string& mst, const std::string& khmshdon, const std::string& khhdon,
                                         const std::string& shdon);

}  // namespace tvan
