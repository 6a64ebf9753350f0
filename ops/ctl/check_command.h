#pragma once
// The half of `tvanctl check` that asks no gateway: with --as, files are judged here. One thread.

#include <memory>
#include <string>
#include <vector>

#include "ops/ctl/file_check.h"
#include "ops/ctl/tool.h"

namespace tvan::ctl {

struct FileCheckFlags {
  FileCheckOptions options;
  std::string at;
  bool asked = false;  // --as was given
};
// Adds --as, --trust, --at and --legacy-sha1 to `check`.
std::shared_ptr<FileCheckFlags> AddFileCheckFlags(CLI::App* check);
// One object a file with --json, a table otherwise. kOk, kCheckRejected, kCheckUsage.
int CheckFiles(const Tool& tool, FileCheckFlags& flags, const std::vector<std::string>& files);

}  // namespace tvan::ctl
