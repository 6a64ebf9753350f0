#pragma once
// Which rules are off, or graver or milder than the rule table has them (validate.rules). A value; immutable once a
// validator has it.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/finding.h"

namespace tvan {

class RuleSwitches {
 public:
  void TurnOff(std::string_view rule) { rules_.insert_or_assign(std::string(rule), std::nullopt); }
  void Set(std::string_view rule, Severity severity) { rules_.insert_or_assign(std::string(rule), severity); }
  // What a finding of `rule` is that would be `severity`; nullopt: it is not said and is no error.
  std::optional<Severity> Of(Reason rule, Severity severity) const {
    const auto found = rules_.find(rule.text());
    return found == rules_.end() ? severity : found->second;
  }

 private:
  std::map<std::string, std::optional<Severity>, std::less<>> rules_;
};

}  // namespace tvan
