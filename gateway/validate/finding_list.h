#pragma once
// A bounded list of findings under construction, and the quoting of what a sender wrote. One thread.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/finding.h"

namespace tvan {

// The text of a finding, in both languages.
struct Said {
  std::string vi, en;
};

class FindingList {
 public:
  static constexpr size_t kLimit = 200;

  void Error(Reason rule, std::string path, Said said, std::string authority_code = {}) {
    Add({rule, Severity::kError, std::move(path), std::move(said.vi), std::move(said.en), std::move(authority_code)});
  }
  void Warn(Reason rule, std::string path, Said said) {
    Add({rule, Severity::kWarning, std::move(path), std::move(said.vi), std::move(said.en), {}});
  }
  void Add(Finding finding);
  void Append(std::vector<Finding> findings);
  bool has_error() const { return error_; }
  // Full: what comes now is counted, not listed. Loops over a sender's elements then use LeaveOut, so that a hostile
  // message does not make the gateway write texts and paths that nobody will read.
  bool full() const { return findings_.size() >= kLimit; }
  void LeaveOut(Severity severity);
  // At the limit one more finding says that others were left out; it is an error when one of those was.
  std::vector<Finding> Take();

 private:
  std::vector<Finding> findings_;
  size_t left_out_ = 0;
  bool error_ = false, left_out_error_ = false;
};

// `text` in quotation marks for a finding: at most 80 characters, control characters and broken UTF-8 made visible.
std::string Quote(std::string_view text);
// The first `characters` characters of a UTF-8 text.
std::string FirstCharacters(std::string_view text, size_t characters);

}  // namespace tvan
