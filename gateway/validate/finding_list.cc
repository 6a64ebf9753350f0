#include "gateway/validate/finding_list.h"

#include <iterator>

#include "gateway/core/utf8.h"

namespace tvan {
namespace {

constexpr size_t kQuoted = 80;

bool IsPrintable(uint32_t code) { return code >= 0x20 && (code < 0x7F || code > 0x9F); }

}  // namespace

void FindingList::Add(Finding finding) {
  if (full()) return LeaveOut(finding.severity);
  error_ = error_ || finding.severity == Severity::kError;
  findings_.push_back(std::move(finding));
}

void FindingList::LeaveOut(Severity severity) {
  const bool error = severity == Severity::kError;
  error_ = error_ || error;
  left_out_error_ = left_out_error_ || error;
  ++left_out_;
}

void FindingList::Append(std::vector<Finding> findings) {
  for (Finding& finding : findings) Add(std::move(finding));
}

std::vector<Finding> FindingList::Take() {
  if (left_out_ > 0) {
    const std::string count = std::to_string(left_out_);
    findings_.push_back({"findings.truncated"_reason,
                         left_out_error_ ? Severity::kError : Severity::kWarning,
                         {},
                         "Còn ít nhất " + count + " kết quả kiểm tra khác không được liệt kê.",
                         "At least " + count + " more findings are not listed.",
                         {}});
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
