#pragma once
// Where an answer departs from the format: said with the id of a rule, never an error. Pure.

#include "gateway/validate/answer.h"
#include "gateway/validate/rule_table.h"

namespace tvan {

// Notes a deviation in the words of its rule ("answer.ltbao: LTBao is …"), within bounds of their number. Values that
// the authority wrote are quoted by the caller.
void Deviates(ParsedAnswer& answer, Reason rule, RuleValues values);

}  // namespace tvan
