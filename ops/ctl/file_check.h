#pragma once
// All rules on one file, without a server: what `tvanctl check` does. Nobody is calling, so the message itself says who
// sends it and to whom; what needs contracts or history is left out. Thread-safe.

#include <memory>
#include <string>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/finding.h"
#include "gateway/core/status.h"

namespace tvan::ctl {

enum class CheckAs {
  kSubmit,    // what a solution provider hands in: a TDiep or a bare HDon
  kAnswer,    // what the authority sends: read leniently, only what cannot be read at all is refused
  kDocument,  // any XML: the parse, and every signature that is in it
};

struct FileCheckOptions {
  CheckAs as = CheckAs::kSubmit;
  std::string profile;                   // "qd635": judged by this one; empty: by PBan
  int type = 0;                          // of a bare HDon; 0: 200 or 203, as its KHHDon says
  std::vector<std::string> trust_files;  // PEM; none: no signature is trusted
  bool legacy_sha1 = false;
  Time at;  // the time of acceptance
};

struct FileVerdict {
  bool accepted = false;
  std::string stage;  // the first that refuses: "parse", "header", "fields", "rules", "signature"; "-": none
  std::vector<Finding> findings;
};

class FileChecker {
 public:
  // Errors: signature.trust (a trust file that cannot be read), validate.profile (no such profile).
  static Result<std::unique_ptr<FileChecker>> Make(const FileCheckOptions& options, const Clock& clock);
  virtual ~FileChecker() = default;
  virtual FileVerdict Check(const std::string& bytes) const = 0;
};

}  // namespace tvan::ctl
