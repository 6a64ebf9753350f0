#include "gateway/validate/profile_set.h"

#include <algorithm>
#include <set>

namespace tvan {
namespace {

bool Lists(const Profile& profile, std::string_view pban) {
  return std::find(profile.pban.begin(), profile.pban.end(), pban) != profile.pban.end();
}

}  // namespace

Result<std::shared_ptr<const ProfileSet>> ProfileSet::Make(const std::vector<ProfileSource>& sources,
                                                           const Digester& digester, std::string_view only) {
  auto profiles = LoadProfiles(sources, digester);
  if (!profiles) return profiles.status();
  std::shared_ptr<ProfileSet> set(new ProfileSet());
  std::set<std::string> pbans;
  std::string faults;
  for (const std::shared_ptr<const Profile>& profile : *profiles) {
    for (const std::string& pban : profile->pban)
      if (!pbans.insert(pban).second) faults += profile->id + ": PBan " + pban + " is another profile's too\n";
    auto plan = WalkPlan::Make(*profile);
    if (plan)
      set->entries_.push_back({profile, std::move(*plan)});
    else
      faults += plan.status().message() + "\n";
  }
  for (const Entry& entry : set->entries_)
    if (!entry.profile->pban.empty() &&
        (set->newest_ == nullptr || set->newest_->profile->valid_from < entry.profile->valid_from))
      set->newest_ = &entry;
  if (set->newest_ == nullptr) faults += "no profile lists a PBan\n";
  if (!only.empty() && (set->only_ = set->Find(only)) == nullptr)
    faults += "there is no profile " + std::string(only) + "\n";
  if (!faults.empty()) return Status::Permanent("validate.profile"_reason, faults);
  return std::shared_ptr<const ProfileSet>(std::move(set));
}

const ProfileSet::Entry* ProfileSet::ForPBan(std::string_view pban) const {
  if (only_ != nullptr) return only_;
  for (const Entry& entry : entries_)
    if (Lists(*entry.profile, pban)) return &entry;
  return nullptr;
}

const ProfileSet::Entry* ProfileSet::Find(std::string_view id) const {
  for (const Entry& entry : entries_)
    if (entry.profile->id == id) return &entry;
  return nullptr;
}

std::string ProfileSet::KnownPBans() const {
  std::set<std::string> sorted;
  for (const Entry& entry : entries_) sorted.insert(entry.profile->pban.begin(), entry.profile->pban.end());
  std::string text;
  for (const std::string& pban : sorted) text += (text.empty() ? "" : ", ") + pban;
  return text;
}

void CheckPBan(std::string_view pban, const std::string& path, const ProfileSet& profiles, FindingList& findings) {
  if (profiles.ForPBan(pban) == nullptr) findings.Say("header.pban"_reason, path, {Quote(pban), profiles.KnownPBans()});
}

void CheckProfile(const Profile& profile, const MessageType& type, Time at, const std::string& path,
                  FindingList& findings) {
  const std::string day = FormatLocal(at).substr(0, 10);
  const bool early = !profile.valid_from.empty() && day < profile.valid_from;
  const bool late = !profile.valid_to.empty() && day > profile.valid_to;
  if (early || late)
    findings.Say("header.pban_date"_reason, early ? Severity::kError : Severity::kWarning, path, {profile.id, day});
  if (profile.pban.empty()) return;  // which types it had is not known
  if (std::find(profile.lineage.begin(), profile.lineage.end(), type.since.profile) != profile.lineage.end()) return;
  const Severity severity = type.since.mark == Mark::kSure ? Severity::kError : Severity::kWarning;
  findings.Say("catalogue.type_not_in_profile"_reason, severity, path, {std::to_string(type.code), profile.id});
}

}  // namespace tvan
