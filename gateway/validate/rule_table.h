#pragma once
// Every rule that a message can break, as data: what it says in both languages, how grave it is, where it comes from
// and what to do about it. Findings take their texts from here; config/RULES.md is printed from it. Constant data.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/finding.h"

namespace tvan {

struct Rule {
  Reason id;
  Severity severity;         // of a finding that does not say otherwise
  std::string_view text_vi;  // {0}, {1} … {9} stand for the values of the finding
  std::string_view text_en;
  std::string_view authority_code;  // the authority's MLoi for the same fault; empty: unknown
  std::string_view source;          // "protocol §3", "seed 1.8", "QĐ 1271" …
  std::string_view todo_vi, todo_en;
  bool switchable = false;  // its severity may be configured (validate.rules)
};

const std::vector<Rule>& AllRules();  // in order of id
const Rule* FindRule(std::string_view id);

// A finding in the words of its rule; severity and authority's code are the rule's. Values that a sender wrote are
// quoted by the caller (Quote). A rule without a row, which a test rules out, is said by its id alone.
using RuleValues = std::initializer_list<std::string_view>;
Finding FindingOf(Reason rule, std::string path, RuleValues values = {});
// The values of a fault are cut to 120 characters and made printable here.
Finding FindingOf(const Fault& fault);

}  // namespace tvan
