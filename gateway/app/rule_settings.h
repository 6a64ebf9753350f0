#pragma once
// validate.rules of the configuration as the switches of a validator. Pure.

#include "gateway/validate/rule_switches.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

// Only what differs from the rule table: a rule that is said milder on an uncertain source stays so.
RuleSwitches RuleSettings(const config::v1::Rules& rules);

}  // namespace tvan
