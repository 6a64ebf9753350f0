#pragma once
// The facts of an invoice as the walk would find them, without any check: for tests of the rules beyond fields.

#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/xml_document.h"
#include "gateway/validate/facts.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

struct ParsedInvoice {
  std::unique_ptr<XmlDocument> document;
  ItemFacts facts;
};
// `hdon`: an element HDon.
ParsedInvoice FactsOfInvoice(std::string hdon);

// "amount.line /HDon/…/ThTien" for each finding, sorted; errors begin with "!".
std::vector<std::string> Told(FindingList& findings);

}  // namespace tvan
