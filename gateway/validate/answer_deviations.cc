#include "gateway/validate/answer_deviations.h"

namespace tvan {
namespace {

constexpr size_t kMaxDeviations = 32;

}  // namespace

void Deviates(ParsedAnswer& answer, Reason rule, RuleValues values) {
  if (answer.deviations.size() >= kMaxDeviations) return;
  answer.findings.push_back(FindingOf(rule, {}, values));
  answer.deviations.push_back(std::string(rule.text()) + ": " + answer.findings.back().text_en);
}

}  // namespace tvan
