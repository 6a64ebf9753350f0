#pragma once
// The rows of the rule table, one source file a family; rule_table.cc puts them together. A new family is listed here
// and there. Internal to the table.

#include <span>

#include "gateway/validate/rule_table.h"

namespace tvan {

inline constexpr Severity kInfo = Severity::kInfo, kWarning = Severity::kWarning, kError = Severity::kError;
inline constexpr bool kSwitchable = true;

std::span<const Rule> RulesOfAmounts();
std::span<const Rule> RulesOfAnswers();
std::span<const Rule> RulesOfContracts();
std::span<const Rule> RulesOfEnvelope();
std::span<const Rule> RulesOfFields();
std::span<const Rule> RulesOfGuards();
std::span<const Rule> RulesOfHeader();
std::span<const Rule> RulesOfIntake();
std::span<const Rule> RulesOfInvoices();
std::span<const Rule> RulesOfItems();
std::span<const Rule> RulesOfSignatures();
std::span<const Rule> RulesOfXml();

}  // namespace tvan
