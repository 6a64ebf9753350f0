#include "gateway/app/rule_settings.h"

#include "gateway/validate/rule_table.h"
#include "tvan/config/v1/options.pb.h"

namespace tvan {

RuleSwitches RuleSettings(const config::v1::Rules& rules) {
  RuleSwitches switches;
  const auto& schema = *rules.GetDescriptor();
  for (int i = 0; i < schema.field_count(); ++i) {
    const std::string& id = schema.field(i)->options().GetExtension(config::v1::rule).key();
    const std::string said = rules.GetReflection()->GetString(rules, schema.field(i));
    const Rule* rule = FindRule(id);
    if (said.empty() || rule == nullptr || said == ToString(rule->severity)) continue;
    if (said == "off")
      switches.TurnOff(id);
    else
      switches.Set(id, said == "error" ? Severity::kError : Severity::kWarning);
  }
  return switches;
}

}  // namespace tvan
