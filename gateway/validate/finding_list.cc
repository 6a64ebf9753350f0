#include "gateway/validate/finding_list.h"

#include <algorithm>
#include <iterator>

#include "gateway/core/utf8.h"

namespace tvan {
namespace {

constexpr size_t kQuoted = 80;

bool IsPrintable(uint32_t code) { return code >= 0x20 && (code < 0x7F || code > 0x9F); }

}  // namespace

void FindingList::Say(Reason rule, std::string path, RuleValues values) {
  Add(FindingOf(rule, std::move(path), values));
}

void FindingList::Say(Reason rule, Severity severity, std::string path, RuleValues values) {
  Finding finding = FindingOf(rule, std::move(path), values);
  finding.severity = severity;
  Add(std::move(finding));
}

void FindingList::Say(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults)
    if (full(Severity::kError))
      LeaveOut(fault.rule);
    else
      Add(FindingOf(fault));
}

void FindingList::Add(Finding finding) {
  const std::optional<Severity> severity = Admit(finding.rule, finding.severity);
  if (!severity) return;
  if (full(*severity)) return Count(*severity);
  if (full()) MakeRoom();
  finding.severity = *severity;
  if (*severity == Severity::kError) {
    error_ = true;
    ++errors_;
  }
  findings_.push_back(std::move(finding));
}

// The last that is no error is only counted.
void FindingList::MakeRoom() {
  const auto last = std::find_if(findings_.rbegin(), findings_.rend(),
                                 [](const Finding& finding) { return finding.severity != Severity::kError; });
  Count(last->severity);
  findings_.erase(std::next(last).base());
}

void FindingList::LeaveOut(Reason rule) {
  const Rule* row = FindRule(rule.text());
  LeaveOut(rule, row != nullptr ? row->severity : Severity::kError);
}

void FindingList::LeaveOut(Reason rule, Severity severity) {
  if (const auto admitted = Admit(rule, severity)) Count(*admitted);
}

void FindingList::Count(Severity severity) {
  const bool error = severity == Severity::kError;
  error_ = error_ || error;
  left_out_error_ = left_out_error_ || error;
  ++left_out_;
}

std::vector<Finding> FindingList::Take() {
  if (left_out_ > 0) {
    findings_.push_back(FindingOf("findings.truncated"_reason, {}, {std::to_string(left_out_)}));
    if (left_out_error_) findings_.back().severity = Severity::kError;
  }
  left_out_ = 0;
  return std::move(findings_);
}

std::string FirstCharacters(std::string_view text, size_t characters) {
  std::string out;
  while (!text.empty() && characters-- > 0) {
    const Utf8Char next = FirstUtf8Char(text);
    const size_t size = next.size == 0 ? 1 : next.size;
    if (next.size == 0 || !IsPrintable(next.code))
      out.push_back('?');
    else
      out.append(text.substr(0, size));
    text.remove_prefix(size);
  }
  return out;
}

std::string Quote(std::string_view text) {
  const std::string shown = FirstCharacters(text.substr(0, 4 * kQuoted + 4), kQuoted);
  // A shown character takes as many bytes as it had, a replaced one at most those, so "all of it" shows in the size.
  const bool cut = FirstCharacters(text.substr(0, 4 * kQuoted + 4), kQuoted + 1).size() > shown.size();
  return "\"" + shown + (cut ? "…\"" : "\"");
}

}  // namespace tvan
