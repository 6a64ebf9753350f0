#pragma once
// The error notice of a 300 (04/SS-HĐĐT, protocol.md section 7.8): whose it is and which invoices it names.

#include <vector>

#include "adapters/xml_document.h"
#include "gateway/core/envelope.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

// The invoices that DLieu/TBao/DLTBao/DSHDon names. SLuong may be the count of notices (one) or of these invoices:
// the protocol does not say which, so only what is neither is refused.
std::vector<InvoiceKey> ReadNotice(const XmlNode& dlieu, const Envelope& header, int max_items, FindingList& findings);

}  // namespace tvan
