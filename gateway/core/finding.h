#pragma once
// A finding: one thing that is wrong (or doubtful) with a message, said to its sender in both languages.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/status.h"

namespace tvan {

// kInfo: for information only; like a warning it never refuses.
enum class Severity { kInfo, kWarning, kError };
inline std::string_view ToString(Severity severity) {
  if (severity == Severity::kInfo) return "info";
  return severity == Severity::kWarning ? "warning" : "error";
}

struct Finding {
  Reason rule;  // stable rule id "room.what", listed in ops/REASONS.md
  Severity severity = Severity::kError;
  std::string path;  // "/TDiep/DLieu/HDon[2]/DLHDon"; empty: the message as a whole
  std::string text_vi;
  std::string text_en;
  std::string authority_code;  // the authority's MLoi for the same fault, if known
};

// The same before it is put into words: what rooms say that do not know the rule table (contracts, signatures).
struct Fault {
  Reason rule;
  std::string path;
  std::vector<std::string> values = {};  // what the rule's texts name, as it came; made printable when put into words
};

inline bool HasError(const std::vector<Finding>& findings) {
  for (const Finding& f : findings)
    if (f.severity == Severity::kError) return true;
  return false;
}

}  // namespace tvan
