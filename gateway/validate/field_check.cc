#include "gateway/validate/field_check.h"

#include <algorithm>
#include <string>

#include "gateway/validate/formats.h"
#include "gateway/validate/qr.h"

namespace tvan {
namespace {

void Bad(const FieldValue& value, Reason rule, Mark mark, const std::string& expected, FindingList& findings) {
  const Severity severity = SeverityOf(mark);
  if (findings.full(severity)) return findings.LeaveOut(rule, severity);
  findings.Say(rule, severity, value.node.path(), {value.name, Quote(value.text), expected});
}

void NoInteger(const FieldValue& value, const WalkPlan::Choice& choice, FindingList& findings) {
  const FieldRow& row = *choice.row;
  const Severity severity = SeverityOf(row.mark);
  if (findings.full(severity)) return findings.LeaveOut(choice.form, severity);
  findings.Say(choice.form, severity, value.node.path(),
               {value.name, Quote(value.text), std::to_string(row.min), std::to_string(row.max)});
}

std::string Joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& one : values) text += (text.empty() ? "" : ", ") + one;
  return text;
}

void CheckLength(const FieldValue& value, const FieldRow& row, FindingList& findings) {
  if (row.length == 0 || value.text.size() <= row.length) return;  // never more characters than bytes
  const size_t characters = CountCharacters(value.text);
  if (characters <= row.length) return;
  const Severity severity = SeverityOf(row.mark);
  if (findings.full(severity)) return findings.LeaveOut("field.length"_reason, severity);
  findings.Say("field.length"_reason, severity, value.node.path(),
               {value.name, std::to_string(characters), std::to_string(row.length)});
}

void CheckCode(const FieldValue& value, const WalkPlan::Choice& choice, FindingList& findings) {
  const FieldRow& row = *choice.row;
  if (row.pattern.Matches(value.text) || SameText(value.text, row.pattern.text())) return;
  if (!LooksAlike(value.text, row.pattern.text()))
    return Bad(value, choice.form, row.mark, row.pattern.text(), findings);
  if (findings.full()) return findings.LeaveOut("field.lookalike"_reason);
  findings.Say("field.lookalike"_reason, value.node.path(), {value.name, Quote(value.text), row.pattern.text()});
}

void CheckDigits(const FieldValue& value, const WalkPlan::Choice& choice, FindingList& findings) {
  const Digits digits = choice.row->digits;
  const NumberFault fault = CheckNumber(value.text, digits);
  if (fault == NumberFault::kNone) return;
  if (fault == NumberFault::kForm) return Bad(value, choice.form, choice.row->mark, {}, findings);
  const Severity severity = SeverityOf(choice.row->mark);
  if (findings.full(severity)) return findings.LeaveOut("field.digits"_reason, severity);
  const size_t point = std::min(value.text.find('.'), value.text.size());
  const size_t all = static_cast<size_t>(
      std::count_if(value.text.begin(), value.text.end(), [](char c) { return c >= '0' && c <= '9'; }));
  const size_t decimals = value.text.size() - std::min(value.text.size(), point + 1);
  findings.Say("field.digits"_reason, severity, value.node.path(),
               {value.name, Quote(value.text), std::to_string(all), std::to_string(decimals),
                std::to_string(digits.total), std::to_string(digits.decimals)});
}

// The form of types that a function knows; the others have checks of their own.
bool IsOfForm(const FieldValue& value, const FieldRow& row) {
  switch (row.type) {
    case FieldType::kEnum:
      return std::find(row.values.begin(), row.values.end(), value.text) != row.values.end();
    case FieldType::kDate:
      return IsDay(value.text);
    case FieldType::kDateTime:
      return IsDateTime(value.text);
    case FieldType::kTaxCode:
      return IsTaxCodeForm(value.text);
    case FieldType::kMTDiep:
      return IsMessageIdForm(value.text);
    case FieldType::kMLTDiep:
      return IsMessageTypeForm(value.text);
    case FieldType::kPeriod:
      return IsPeriod(value.period, value.text);
    case FieldType::kId:
      return IsIdForm(value.text);
    default:
      return true;
  }
}

// What a finding says that it must be; most rules say it themselves.
std::string Expected(const FieldValue& value, const FieldRow& row) {
  if (row.type == FieldType::kEnum) return Joined(row.values);
  if (row.type == FieldType::kPeriod) return Quote(value.period);
  if (row.type == FieldType::kMTDiep) return "[!-~]{1,46}";
  if (row.type == FieldType::kMLTDiep) return "-?\\d{1,3}";
  return row.type == FieldType::kId ? "Id" : "";
}

}  // namespace

Severity SeverityOf(Mark mark) { return mark == Mark::kWeak ? Severity::kWarning : Severity::kError; }

void CheckValue(const FieldValue& value, const WalkPlan::Choice& choice, FindingList& findings) {
  const FieldRow& row = *choice.row;
  switch (row.type) {
    case FieldType::kText:
      return CheckLength(value, row, findings);
    case FieldType::kCode:
      return CheckCode(value, choice, findings);
    case FieldType::kNumber:
      return CheckDigits(value, choice, findings);
    case FieldType::kInt:
      if (!IsWhole(value.text, row.min, row.max, row.length)) NoInteger(value, choice, findings);
      return;
    case FieldType::kQr:
      CheckLength(value, row, findings);
      return CheckQr(value.node, value.text, SeverityOf(row.mark), findings);
    default:
      if (!IsOfForm(value, row)) Bad(value, choice.form, row.mark, Expected(value, row), findings);
  }
}

}  // namespace tvan
