#pragma once
// A finding: one thing that is wrong (or doubtful) with a message, said to its sender in both languages.

#include <string>
#include <vector>

#include "gateway/core/status.h"

namespace tvan {

enum class Severity { kWarning, kError };

struct Finding {
  Reason rule;  // stable rule id "room.what", listed in ops/REASONS.md
  Severity severity = Severity::kError;
  std::string path;  // "/TDiep/DLieu/HDon[2]/DLHDon"; empty: the message as a whole
  std::string text_vi;
  std::string text_en;
  std::string authority_code;  // the authority's MLoi for the same fault, if known
};

inline bool HasError(const std::vector<Finding>& findings) {
  for (const Finding& f : findings)
    if (f.severity == Severity::kError) return true;
  return false;
}

}  // namespace tvan
