#include "gateway/validate/rule_table.h"

#include <algorithm>

#include "gateway/validate/finding_list.h"
#include "gateway/validate/rule_rows.h"

namespace tvan {
namespace {

constexpr size_t kShownOfFault = 120;

std::vector<Rule> Assembled() {
  std::vector<Rule> all;
  for (const auto rows :
       {RulesOfAmounts(), RulesOfAnswers(), RulesOfContracts(), RulesOfEnvelope(), RulesOfFields(), RulesOfGuards(), RulesOfHeader(),
        RulesOfIntake(), RulesOfInvoices(), RulesOfItems(), RulesOfSignatures(), RulesOfXml()})
    all.insert(all.end(), rows.begin(), rows.end());
  std::sort(all.begin(), all.end(), [](const Rule& a, const Rule& b) { return a.id.text() < b.id.text(); });
  return all;
}

// The value that a placeholder at the front of `text` ("{0}") stands for; nullptr: there is none.
const std::string_view* ValueAt(std::string_view text, std::span<const std::string_view> values) {
  if (text.size() < 3 || text[2] != '}' || text[1] < '0' || text[1] > '9') return nullptr;
  const size_t at = static_cast<size_t>(text[1] - '0');
  return at < values.size() ? &values[at] : nullptr;
}

// The values are put in once: what looks like a placeholder inside a value stays.
std::string Filled(std::string_view text, std::span<const std::string_view> values) {
  std::string out;
  for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    const std::string_view* value = ValueAt(text.substr(open), values);
    out.append(text.substr(0, open)).append(value != nullptr ? *value : std::string_view("{"));
    text.remove_prefix(open + (value != nullptr ? 3 : 1));
  }
  return out.append(text);
}

Finding InWords(Reason id, std::string path, std::span<const std::string_view> values) {
  Finding finding;
  finding.rule = id;
  finding.path = std::move(path);
  finding.text_vi = finding.text_en = id.text();
  if (const Rule* rule = FindRule(id.text())) {
    finding.severity = rule->severity;
    finding.text_vi = Filled(rule->text_vi, values);
    finding.text_en = Filled(rule->text_en, values);
    finding.authority_code = rule->authority_code;
  }
  return finding;
}

}  // namespace

const std::vector<Rule>& AllRules() {
  static const std::vector<Rule> rules = Assembled();
  return rules;
}

const Rule* FindRule(std::string_view id) {
  const std::vector<Rule>& rules = AllRules();
  const auto found = std::lower_bound(rules.begin(), rules.end(), id, [](const Rule& rule, std::string_view wanted) {
    return rule.id.text() < wanted;
  });
  return found != rules.end() && found->id.text() == id ? &*found : nullptr;
}

Finding FindingOf(Reason rule, std::string path, RuleValues values) {
  return InWords(rule, std::move(path), {values.begin(), values.size()});
}

Finding FindingOf(const Fault& fault) {
  std::vector<std::string> shown;
  for (const std::string& value : fault.values) shown.push_back(FirstCharacters(value, kShownOfFault));
  const std::vector<std::string_view> values(shown.begin(), shown.end());
  return InWords(fault.rule, fault.path, values);
}

}  // namespace tvan
