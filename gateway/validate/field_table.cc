#include "gateway/validate/field_table.h"

#include <algorithm>
#include <set>

#include "gateway/validate/field_table_reader.h"

namespace tvan {
namespace {

bool Below(const FieldRow& row, const std::string& path) {
  return row.path.size() > path.size() && row.path[path.size()] == '/' && row.path.compare(0, path.size(), path) == 0;
}

// Behind the row of `path` and all that stands below it; an empty path is the object itself.
size_t EndOf(const std::vector<FieldRow>& rows, const std::string& path) {
  if (path.empty()) return rows.size();
  size_t end = rows.size();
  for (size_t i = 0; i < rows.size(); ++i)
    if (rows[i].path == path || Below(rows[i], path)) end = i + 1;
  return end;
}

bool Holds(const std::vector<FieldRow>& rows, const std::string& path) {
  return std::any_of(rows.begin(), rows.end(), [&](const FieldRow& row) { return row.path == path; });
}

// One holds elements and the other a value, or other elements.
bool HoldsOthers(const FieldRow& a, const FieldRow& b) {
  return (a.type == FieldType::kObject) != (b.type == FieldType::kObject) || a.reference != b.reference;
}

// Puts the rows of one profile into the tables it inherits, and looks at what they mean together.
class Merger {
 public:
  Merger(Profile& profile, TableFaults& faults) : profile_(profile), faults_(faults) {}

  void Merge(std::vector<ObjectRow> rows) {
    for (ObjectRow& row : rows) {
      ObjectTable& table = profile_.objects[row.object];
      table.name = row.object;
      Place(table.rows, std::move(row.row));
    }
    for (const auto& [name, table] : profile_.objects)
      for (const FieldRow& row : table.rows)
        if (IsOwn(row)) Check(table.rows, row);
  }

 private:
  bool IsOwn(const FieldRow& row) const { return row.place.compare(0, profile_.id.size() + 1, profile_.id + "/") == 0; }

  void Place(std::vector<FieldRow>& rows, FieldRow row) {
    if (!Holds(rows, row.path)) return PlaceNew(rows, std::move(row));
    if (!row.after.empty()) faults_.Add(row.place, "after: " + row.path + " has its place already");
    size_t first = rows.size(), behind_own = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].path != row.path) continue;
      if (rows[i].applies == row.applies && IsOwn(rows[i]))
        return faults_.Add(row.place, row.path + " stands twice under the same conditions, first at " + rows[i].place);
      if (rows[i].applies == row.applies) {
        rows[i] = std::move(row);
        return;
      }
      first = std::min(first, i);
      if (IsOwn(rows[i])) behind_own = i + 1;
    }
    const size_t at = behind_own > 0 ? behind_own : first;
    rows.insert(rows.begin() + static_cast<ptrdiff_t>(at), std::move(row));
  }

  void PlaceNew(std::vector<FieldRow>& rows, FieldRow row) {
    const bool told = !row.after.empty();
    if (told && (ParentPath(row.after) != ParentPath(row.path) || !Holds(rows, row.after)))
      faults_.Add(row.place, "after: no " + row.after + " stands beside it");
    const size_t at = EndOf(rows, told ? row.after : ParentPath(row.path));
    rows.insert(rows.begin() + static_cast<ptrdiff_t>(at), std::move(row));
  }

  void Check(const std::vector<FieldRow>& rows, const FieldRow& row) {
    CheckParent(rows, row);
    for (const FieldRow& other : rows)
      if (other.path == row.path && HoldsOthers(other, row))
        faults_.Add(row.place, "type: " + row.path + " holds something else at " + other.place);
    if (!row.reference.empty() && profile_.objects.count(row.reference) == 0)
      faults_.Add(row.place, "type: there is no object " + row.reference);
    for (const Condition& condition : row.applies) {
      if (condition.key == "type" || condition.key == "form") continue;
      const std::string parent = ParentPath(row.path);
      if (!Holds(rows, parent.empty() ? condition.key : parent + "/" + condition.key))
        faults_.Add(row.place, "applies: no " + condition.key + " stands beside it");
    }
  }

  void CheckParent(const std::vector<FieldRow>& rows, const FieldRow& row) {
    const std::string parent = ParentPath(row.path);
    if (parent.empty()) return;
    const bool attribute = row.type == FieldType::kId;
    const bool found = std::any_of(rows.begin(), rows.end(), [&](const FieldRow& other) {
      return other.path == parent && (attribute || (other.type == FieldType::kObject && other.reference.empty()));
    });
    if (!found) faults_.Add(row.place, "no row says that " + parent + " holds elements");
  }

  Profile& profile_;
  TableFaults& faults_;
};

using Profiles = std::vector<std::shared_ptr<const Profile>>;

// Makes each profile once, its parent before it.
class ProfileLoader {
 public:
  ProfileLoader(const std::vector<ProfileSource>& sources, const Digester& digester)
      : sources_(sources), digester_(digester) {}

  Result<Profiles> Load() {
    std::set<std::string> ids;
    for (const ProfileSource& source : sources_)
      if (!ids.insert(source.id).second) faults_.Add(source.id, "stands twice");
    Profiles profiles;
    for (const ProfileSource& source : sources_) profiles.push_back(Make(source, {}));
    if (!faults_.empty()) return Status::Permanent("validate.profile"_reason, faults_.text());
    return profiles;
  }

 private:
  std::shared_ptr<const Profile> Make(const ProfileSource& source, std::vector<std::string> waiting) {
    if (const auto made = made_.find(source.id); made != made_.end()) return made->second;
    waiting.push_back(source.id);
    ProfileHead head = ReadProfileHead(source, faults_);
    Profile profile = std::move(head.profile);
    profile.lineage = {profile.id};
    std::string parent_digest;
    if (const auto parent = ParentOf(source.id, head.inherits, waiting)) {
      profile.objects = parent->objects;
      profile.lineage.insert(profile.lineage.end(), parent->lineage.begin(), parent->lineage.end());
      parent_digest = parent->digest;
    }
    Merger(profile, faults_).Merge(ReadFieldRows(source, faults_));
    profile.digest = digester_.Sha256Of(source.profile_tsv + '\0' + source.fields_tsv + '\0' + parent_digest).Hex();
    return made_[source.id] = std::make_shared<const Profile>(std::move(profile));
  }

  std::shared_ptr<const Profile> ParentOf(const std::string& id, const std::string& parent,
                                          const std::vector<std::string>& waiting) {
    if (parent.empty()) return nullptr;
    const auto source = std::find_if(sources_.begin(), sources_.end(),
                                     [&](const ProfileSource& candidate) { return candidate.id == parent; });
    const bool circle = std::find(waiting.begin(), waiting.end(), parent) != waiting.end();
    if (source != sources_.end() && !circle) return Make(*source, waiting);
    faults_.Add(id + "/profile.tsv", circle ? "inherits from itself" : "inherits: there is no profile " + parent);
    return nullptr;
  }

  const std::vector<ProfileSource>& sources_;
  const Digester& digester_;
  TableFaults faults_;
  std::map<std::string, std::shared_ptr<const Profile>> made_;
};

}  // namespace

Result<Profiles> LoadProfiles(const std::vector<ProfileSource>& sources, const Digester& digester) {
  return ProfileLoader(sources, digester).Load();
}

}  // namespace tvan
