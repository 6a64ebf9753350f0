#pragma once
// Field tables: what a profile (QĐ 635, 1450, 1510, 1271) says about every field, as rows of a TSV file
// (config/profiles/README.md gives the columns). Data only: a new profile is a folder. Loading names every fault at
// once, by file, line and column name. Immutable after loading.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/digest.h"
#include "gateway/core/mark.h"
#include "gateway/core/status.h"
#include "gateway/validate/formats.h"

namespace tvan {

enum class FieldType : uint8_t {
  kObject,  // holds elements; `reference` names another object of the profile whose rows hold inside
  kText,    // at most `length` characters
  kCode,    // of the pattern
  kEnum,    // one of the values
  kNumber,  // "x,y"
  kInt,     // min to max, at most `length` digits
  kDate,
  kDateTime,
  kTaxCode,
  kMTDiep,
  kMLTDiep,
  kPeriod,     // its kind is the sibling LKDLieu (LKDLDChinh for KDLDChinh)
  kId,         // attribute Id
  kQr,         // EMV TLV
  kSignature,  // holds ds:Signature
  kAny,        // not looked into
};

// Holds when the value of `key` is (or is not) one of `values`; "-" stands for absent or empty. Keys: "type" (MLTDiep
// of the message), "form" (KHMSHDon of the item), else the name of a sibling.
struct Condition {
  std::string key;
  bool negated = false;
  std::vector<std::string> values;
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct FieldRow {
  std::string path;                         // from the object: "DLHDon/TTChung/SHDon", "DLHDon/@Id"; "*": any other
  uint32_t min_occurs = 0, max_occurs = 1;  // kUnbounded: n
  FieldType type = FieldType::kText;
  std::string reference;            // kObject: of which object ("ttkhac"); empty: its rows follow in this table
  Digits digits;                    // kNumber
  uint32_t length = 0;              // kText, kInt, kQr; 0: no limit of its own
  std::vector<std::string> values;  // kEnum
  uint64_t min = 0, max = 0;        // kInt
  Pattern pattern;                  // kCode
  std::vector<Condition> applies;   // all must hold; none: always
  Mark mark = Mark::kWeak, occurs_mark = Mark::kWeak;  // of the form, of the presence
  std::string rule;   // said when the form is broken, or "missing=RULE;form=RULE"; empty: by the type
  std::string after;  // path of the row behind which it stands in document order; empty: as in the table
  std::string source, note;
  std::string place;  // "qd1450/fields.tsv:17", for errors and documents

  static constexpr uint32_t kUnbounded = UINT32_MAX;
};

// The rows of one object ("hdon", "notice300", "ttkhac" …), in document order; rows of one path stand together, the
// first whose conditions hold is the one that counts. Rows of the profile itself come before those it inherits.
struct ObjectTable {
  std::string name;
  std::vector<FieldRow> rows;
};

struct Profile {
  std::string id, name_vi, name_en;  // "qd1271"
  std::vector<std::string> pban;     // empty: only on demand (qd635)
  std::string valid_from, valid_to;  // YYYY-MM-DD, inclusive; empty: unbounded
  std::vector<std::string> lineage;  // itself, then what it inherits from: a type of any of these exists in it
  std::map<std::string, ObjectTable> objects;
  uint32_t ttkhac_length = 0;  // of one TTin/DLieu; 0: no limit
  std::string digest;          // SHA-256 (hex) of what it was made of; kept with each message (P7)
};

// One profile as its folder holds it.
struct ProfileSource {
  std::string id;
  std::string profile_tsv;  // key, value
  std::string fields_tsv;
};

// From whatever holds the same three texts.
template <class Files>
std::vector<ProfileSource> SourcesOf(const std::vector<Files>& profiles) {
  std::vector<ProfileSource> sources;
  for (const Files& profile : profiles)
    sources.push_back({std::string(profile.id), std::string(profile.profile_tsv), std::string(profile.fields_tsv)});
  return sources;
}

// All profiles, in the order given. validate.profile (permanent): every fault, one a line.
Result<std::vector<std::shared_ptr<const Profile>>> LoadProfiles(const std::vector<ProfileSource>& sources,
                                                                 const Digester& digester);

}  // namespace tvan
