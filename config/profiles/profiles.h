#pragma once
// The profiles that are built in: what each folder below config/profiles holds, as it was when this was built. Constant
// data; no dependencies.

#include <string_view>
#include <vector>

namespace tvan {

struct EmbeddedProfile {
  std::string_view id;  // the name of its folder
  std::string_view profile_tsv;
  std::string_view fields_tsv;
};
// In order of id.
const std::vector<EmbeddedProfile>& EmbeddedProfiles();

}  // namespace tvan
