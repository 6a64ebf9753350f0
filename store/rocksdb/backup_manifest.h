#pragma once
// The file BACKUP: what a backup holds, line by line, and a digest over itself. Written last, so that a folder without
// it is no backup. FORMAT.md describes it. Pure functions; private to this folder.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/digest.h"
#include "store/recovery.h"

namespace tvan {

struct BackupManifest {
  struct File {
    std::string name;  // below the folder: "db/000012.sst"
    uint64_t size = 0;
    Sha256 sha256;
  };
  BackupFacts facts;
  std::vector<File> files;
};

std::string Render(const BackupManifest& manifest, const Digester& digester);
// store.backup_damaged: not whole, changed, or naming files elsewhere; store.newer_format.
Result<BackupManifest> ParseBackupManifest(std::string_view text, const Digester& digester);

}  // namespace tvan
