#pragma once
// A bounded list of findings under construction, and the quoting of what a sender wrote. One thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/finding.h"
#include "gateway/validate/rule_switches.h"
#include "gateway/validate/rule_table.h"

namespace tvan {

// Every finding passes Admit, so that a rule that is switched off adds nothing and is no error, whoever says it.
class FindingList {
 public:
  static constexpr size_t kLimit = 200;

  FindingList() = default;
  explicit FindingList(const RuleSwitches* switches) : switches_(switches) {}  // borrowed; nullptr: none

  // In the words of the rule table; the severity is the rule's unless one is given.
  void Say(Reason rule, std::string path, RuleValues values = {});
  void Say(Reason rule, Severity severity, std::string path, RuleValues values = {});
  void Say(const std::vector<Fault>& faults);
  void Add(Finding finding);
  bool has_error() const { return error_; }
  // Full: what comes now is counted, not listed. Loops over a sender's elements then use LeaveOut, so that a hostile
  // message does not make the gateway write texts and paths that nobody will read.
  // An error takes the place of a warning, so a list is full for errors only when it holds nothing else.
  bool full(Severity severity = Severity::kWarning) const {
    return findings_.size() >= kLimit && (severity != Severity::kError || errors_ >= kLimit);
  }
  void LeaveOut(Reason rule);
  void LeaveOut(Reason rule, Severity severity);
  // At the limit one more finding says that others were left out; it is an error when one of those was.
  std::vector<Finding> Take();

 private:
  // What the switches make of it; nullopt: it is not said.
  std::optional<Severity> Admit(Reason rule, Severity severity) const {
    return switches_ == nullptr ? severity : switches_->Of(rule, severity);
  }
  void Count(Severity severity);
  void MakeRoom();

  const RuleSwitches* switches_ = nullptr;
  std::vector<Finding> findings_;
  size_t left_out_ = 0;
  size_t errors_ = 0;
  bool error_ = false, left_out_error_ = false;
};

// `text` in quotation marks for a finding: at most 80 characters, control characters and broken UTF-8 made visible.
std::string Quote(std::string_view text);
// The first `characters` characters of a UTF-8 text.
std::string FirstCharacters(std::string_view text, size_t characters);

}  // namespace tvan
