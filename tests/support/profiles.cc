#include "tests/support/profiles.h"

#include <cstdio>
#include <cstdlib>

#include "adapters/signature.h"
#include "config/profiles/profiles.h"

namespace tvan {
namespace {

std::shared_ptr<const ProfileSet> Load() {
  auto set = ProfileSet::Make(SourcesOf(EmbeddedProfiles()), *MakeDigester());
  if (set) return *set;
  std::fprintf(stderr, "profiles: %s\n", set.status().ToString().c_str());
  std::abort();
}

}  // namespace

std::shared_ptr<const ProfileSet> TestProfiles() {
  static const std::shared_ptr<const ProfileSet> profiles = Load();
  return profiles;
}

}  // namespace tvan
