#pragma once
// The folder of validate.profiles_dir: the profiles that are read instead of those built in. Files only; what stands in
// them is the field tables' matter. Called at start.

#include <string>
#include <vector>

#include "gateway/core/status.h"

namespace tvan {

// As gateway/validate/field_table.h takes them.
struct ProfileFiles {
  std::string id;  // name of the folder
  std::string profile_tsv;
  std::string fields_tsv;
};

// Every folder below that holds a profile.tsv, in order of id. config.profiles_dir (permanent): the folder or a file
// cannot be read, a fields.tsv is missing, a file has more than 4 MiB, or no profile is there.
Result<std::vector<ProfileFiles>> ReadProfilesFolder(const std::string& folder);

}  // namespace tvan
