#pragma once
// The rule table for people: the page config/RULES.md, and names for who misspelt one. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace tvan {

std::string RulesPage();
// Where the page says more of a rule: "config/RULES.md#field.missing".
std::string RuleLink(std::string_view id);
// Rules whose names are like `text`, the nearest first; none when nothing is like it.
std::vector<std::string_view> RulesLike(std::string_view text);

}  // namespace tvan
