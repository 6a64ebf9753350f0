#pragma once
// A profile made ready for the walk: per object a tree of names with the rows that may hold for each, found by name
// whatever the order of a message. Immutable; the profile must live as long.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/validate/fact_paths.h"
#include "gateway/validate/field_table.h"

namespace tvan {

class WalkPlan {
 public:
  struct Choice {
    struct Test {
      enum class Of { kType, kForm, kSibling };
      Of of = Of::kSibling;
      bool negated = false;
      const std::vector<std::string>* values = nullptr;  // of the row; "-": absent or empty
      std::vector<int> types;                            // kType
      size_t sibling = 0;                                // kSibling: which field of the same parent
    };
    const FieldRow* row = nullptr;
    std::vector<Test> tests;
    Reason missing, forbidden, form;  // the rules that are said
  };
  static constexpr int kLeaf = -1;
  struct Attribute {
    std::string_view name;
    Choice choice;
  };
  struct Field {
    std::string_view name;
    std::vector<Choice> choices;  // the first whose tests hold counts; none holds: nothing is asked
    std::vector<Attribute> attributes;
    int inside = kLeaf;  // the level below
    FactPlace fact;
    bool many = false;       // may stand more than once
    bool signature = false;  // holds ds:Signature, and so is an object of its own
  };
  // What may stand inside one element.
  struct Level {
    std::vector<Field> fields;                 // in document order; at most kMostFields
    std::array<uint8_t, 128> slots;            // name → field, open addressing; kNone: empty
    bool open = false;                         // other elements are not looked at ("*")
    bool roles = false;                        // DSCKS: its fields are counted over all of them
    size_t Find(std::string_view name) const;  // kNone: no such field
  };
  static constexpr uint8_t kNone = 0xFF;
  static constexpr size_t kMostFields = 64;

  // validate.profile (permanent): more than kMostFields names in one element, an unknown rule or object.
  static Result<std::unique_ptr<const WalkPlan>> Make(const Profile& profile);
  const Profile& profile() const { return *profile_; }
  // nullptr: the profile has no such object.
  const Level* Object(std::string_view name) const;
  const Level& level(int index) const { return levels_[static_cast<size_t>(index)]; }

 private:
  friend class PlanMaker;
  WalkPlan() = default;
  const Profile* profile_ = nullptr;
  std::vector<Level> levels_;
  std::map<std::string, int, std::less<>> objects_;
};

}  // namespace tvan
