#pragma once
// A profile as XSD 1.0, for those who check with a schema validator before they send. It says less than the walk: order
// is the documented one, what depends on a condition takes the weakest of its rows, weak rows are any text that may be
// absent, optional fields may be empty. What the walk finds nothing in, and stands in documented order, is valid.
// Of types whose content is not checked deeper (catalogue) it says no more than of the others. Pure.

#include <string>

#include "gateway/validate/field_table.h"

namespace tvan {

// One schema of TDiep with every payload that goes up through this gateway; a bare HDon, TBao … is valid too.
std::string WriteXsd(const Profile& profile);

}  // namespace tvan
