#pragma once
// Small rules of one item beyond its fields: what a TTKhac holds (field.ttin_type, field.ttkhac_length), the buyer's
// tax code (field.buyer_mst), and what no field table knows yet (invoice.form_beyond, invoice.nature_beyond). Pure.

#include "gateway/validate/facts.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

// `ttkhac_length`: the profile's; 0: no limit. One DLieu beyond it is an error; a whole TTKhac beyond it (QĐ 1271 says
// "the content of the tag") is a warning.
void CheckExtra(const ItemFacts& item, uint32_t ttkhac_length, FindingList& findings);

}  // namespace tvan
