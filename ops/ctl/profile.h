#pragma once
// A connection profile: a flat file of `key: value` lines (a subset of YAML) that names an endpoint and the PEM files
// of one identity. Relative paths start at the profile's folder. Values; any thread.

#include <string>

#include "gateway/core/status.h"

namespace tvan::ctl {

struct Profile {
  std::string file;
  std::string role;  // "provider" or "operator"
  std::string endpoint, ca, certificate, key;
  std::string tax_code;  // a provider's own, for `dev make`
  std::string tvan_mst;  // the gateway's
};

// `name`: a file, a file without its ".yaml", or DIR/NAME for DIR/profiles/NAME.yaml. Errors: ctl.profile, ctl.file.
Result<Profile> LoadProfile(const std::string& name);
Result<Profile> ParseProfile(const std::string& text, const std::string& file);
std::string FormatProfile(const Profile& profile);

}  // namespace tvan::ctl
