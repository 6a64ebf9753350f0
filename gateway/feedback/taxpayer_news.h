#pragma once
// What an answer of the authority says of taxpayers, as facts for the contract book: tax-code status (505), decisions
// to stop and to continue (506, 108, 114), registrations (507, 103). Pure.

#include <set>
#include <vector>

#include "gateway/contract/contracts.h"
#include "gateway/validate/answer.h"
#include "store/records.h"

namespace tvan {

// Notices without fields of their own that we know: which of them stop, which let go on (catalogues disagree on
// numbers).
struct NewsTypes {
  std::set<int> stop = {108}, go_on = {114};
};

// Each with `source` and `known_at`; nothing for a taxpayer that is not named beyond doubt. `request`: the message that
// is answered, of which a 103 speaks; empty ids: none.
std::vector<Taxpayer> NewsOf(const ParsedAnswer& answer, const MessageMeta& request, const std::string& source,
                             Time known_at, const NewsTypes& types);

}  // namespace tvan
