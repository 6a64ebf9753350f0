#pragma once
// The profiles that this gateway knows, ready for the walk, and which of them a message is judged by: the one that
// lists its PBan (DESIGN section 3, duties.md F1). Immutable, shared.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/catalogue.h"
#include "gateway/core/digest.h"
#include "gateway/core/time.h"
#include "gateway/validate/field_table.h"
#include "gateway/validate/finding_list.h"
#include "gateway/validate/walk_plan.h"

namespace tvan {

class ProfileSet {
 public:
  struct Entry {
    std::shared_ptr<const Profile> profile;
    std::unique_ptr<const WalkPlan> plan;
  };
  // validate.profile (permanent): every fault of every table; also when no profile lists a PBan, or two the same.
  // `only`: the id of the profile by which everything is judged, whatever a message names; empty: by its PBan.
  static Result<std::shared_ptr<const ProfileSet>> Make(const std::vector<ProfileSource>& sources,
                                                        const Digester& digester, std::string_view only = {});

  const Entry* ForPBan(std::string_view pban) const;  // nullptr: no profile lists it
  const Entry* Find(std::string_view id) const;
  // The one in force last: by which is judged what names no version that is known.
  const Entry& newest() const { return only_ != nullptr ? *only_ : *newest_; }
  std::string KnownPBans() const;  // "2.0.0, 2.0.1, 2.1.0"

 private:
  ProfileSet() = default;
  std::vector<Entry> entries_;
  const Entry* newest_ = nullptr;
  const Entry* only_ = nullptr;
};

// header.pban: no profile lists it.
void CheckPBan(std::string_view pban, const std::string& path, const ProfileSet& profiles, FindingList& findings);

// header.pban_date: the profile is not yet in force at `at` (error), or not any more (warning).
// catalogue.type_not_in_profile: it has no such type; an error when that is sure.
void CheckProfile(const Profile& profile, const MessageType& type, Time at, const std::string& path,
                  FindingList& findings);

}  // namespace tvan
