#pragma once
// The field tables that tvanctl judges by.

#include <string>
#include <vector>

#include "config/profiles/profiles.h"
#include "gateway/validate/field_table.h"

namespace tvan::ctl {

inline std::vector<ProfileSource> BuiltInProfiles() {
  std::vector<ProfileSource> sources;
  for (const EmbeddedProfile& profile : EmbeddedProfiles())
    sources.push_back({std::string(profile.id), std::string(profile.profile_tsv), std::string(profile.fields_tsv)});
  return sources;
}

}  // namespace tvan::ctl
