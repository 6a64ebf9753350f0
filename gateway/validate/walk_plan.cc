#include "gateway/validate/walk_plan.h"

#include <algorithm>
#include <charconv>

#include "gateway/validate/rule_table.h"

namespace tvan {
namespace {

size_t SlotOf(std::string_view name) {
  size_t hash = name.size();
  for (const char c : name) hash = hash * 31 + static_cast<unsigned char>(c);
  return hash % 128;
}

Reason FormRule(FieldType type) {
  switch (type) {
    case FieldType::kCode:
    case FieldType::kMLTDiep:
      return "field.code"_reason;
    case FieldType::kEnum:
      return "field.enum"_reason;
    case FieldType::kNumber:
      return "field.number"_reason;
    case FieldType::kInt:
      return "field.integer"_reason;
    case FieldType::kDate:
      return "field.date"_reason;
    case FieldType::kDateTime:
      return "field.datetime"_reason;
    case FieldType::kTaxCode:
      return "field.tax_code"_reason;
    case FieldType::kMTDiep:
      return "field.message_id"_reason;
    case FieldType::kPeriod:
      return "field.period"_reason;
    case FieldType::kId:
      return "field.id"_reason;
    case FieldType::kQr:
      return "qr.form"_reason;
    default:
      return "field.length"_reason;
  }
}

}  // namespace

size_t WalkPlan::Level::Find(std::string_view name) const {
  for (size_t slot = SlotOf(name);; slot = (slot + 1) % slots.size()) {
    if (slots[slot] == kNone) return kNone;
    if (fields[slots[slot]].name == name) return slots[slot];
  }
}

const WalkPlan::Level* WalkPlan::Object(std::string_view name) const {
  const auto found = objects_.find(name);
  return found == objects_.end() ? nullptr : &level(found->second);
}

class PlanMaker {
 public:
  PlanMaker(const Profile& profile, WalkPlan& plan) : profile_(profile), plan_(plan) {}

  Status Make() {
    for (const auto& [name, table] : profile_.objects) plan_.objects_.emplace(name, NewLevel());
    for (const auto& [name, table] : profile_.objects)
      for (const FieldRow& row : table.rows) Place(name, row);
    for (WalkPlan::Level& level : plan_.levels_) Finish(level);
    if (faults_.empty()) return {};
    return Status::Permanent("validate.profile"_reason, faults_);
  }

 private:
  int NewLevel() {
    WalkPlan::Level level;
    level.slots.fill(WalkPlan::kNone);
    plan_.levels_.push_back(std::move(level));
    return static_cast<int>(plan_.levels_.size()) - 1;
  }

  void Fault(const FieldRow& row, const std::string& what) {
    faults_ += (faults_.empty() ? "" : "\n") + row.place + ": " + what;
  }

  WalkPlan::Field* Find(int level, std::string_view name) {
    auto& fields = plan_.levels_[static_cast<size_t>(level)].fields;
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.name == name; });
    return found == fields.end() ? nullptr : &*found;
  }

  // The level that holds the last name of `path`; levels on the way exist, since parents stand before. -1: they do not.
  int LevelOf(const std::string& object, std::string_view path) {
    int at = plan_.objects_.at(object);
    for (size_t slash = path.find('/'); slash != std::string_view::npos && at >= 0; slash = path.find('/')) {
      const WalkPlan::Field* field = Find(at, path.substr(0, slash));
      at = field == nullptr ? -1 : field->inside;
      path.remove_prefix(slash + 1);
    }
    return at;
  }

  static std::string_view LastOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

  void Place(const std::string& object, const FieldRow& row) {
    const std::string_view path = row.path;
    if (LastOf(path).front() == '@') return PlaceAttribute(object, row);
    const int at = LevelOf(object, path);
    if (at < 0) return Fault(row, "no object holds this path");
    if (LastOf(path) == "*") {
      plan_.levels_[static_cast<size_t>(at)].open = true;
      return;
    }
    WalkPlan::Field* field = FieldOf(at, row);
    if (field == nullptr) return;
    if (field->choices.empty()) field->fact = PlaceOfFact(object, path);
    field->many = field->many || row.max_occurs > 1;
    field->choices.push_back(ChoiceOf(row));
  }

  void PlaceAttribute(const std::string& object, const FieldRow& row) {
    const size_t slash = row.path.rfind('/');
    if (slash == std::string::npos) return Fault(row, "an attribute stands on an element of the object");
    const std::string_view element = std::string_view(row.path).substr(0, slash);
    const int at = LevelOf(object, element);
    WalkPlan::Field* field = at < 0 ? nullptr : Find(at, LastOf(element));
    if (field == nullptr) return Fault(row, "there is no such element");
    field->attributes.push_back({LastOf(row.path).substr(1), ChoiceOf(row)});
  }

  WalkPlan::Field* FieldOf(int at, const FieldRow& row) {
    if (WalkPlan::Field* known = Find(at, LastOf(row.path)); known != nullptr) return known;
    WalkPlan::Field field;
    field.name = LastOf(row.path);
    field.signature = row.type == FieldType::kSignature;
    if (row.type == FieldType::kObject) field.inside = InsideOf(row);
    auto& fields = plan_.levels_[static_cast<size_t>(at)].fields;
    if (fields.size() == WalkPlan::kMostFields) {
      Fault(row, "more than 64 fields stand in one element");
      return nullptr;
    }
    fields.push_back(std::move(field));
    return &fields.back();
  }

  int InsideOf(const FieldRow& row) {
    if (row.reference.empty()) return NewLevel();
    const auto found = plan_.objects_.find(row.reference);
    if (found != plan_.objects_.end()) return found->second;
    Fault(row, "there is no object " + row.reference);
    return WalkPlan::kLeaf;
  }

  // "rule", or "missing=rule;form=rule": what is said when the field is missing, forbidden, or of another form.
  WalkPlan::Choice ChoiceOf(const FieldRow& row) {
    WalkPlan::Choice choice;
    choice.row = &row;
    choice.missing = row.type == FieldType::kSignature ? "signature.missing"_reason : "field.missing"_reason;
    choice.forbidden = "field.not_allowed"_reason;
    choice.form = FormRule(row.type);
    std::string_view rest = row.rule;
    while (!rest.empty()) {
      std::string_view one = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      Reason* of = row.max_occurs == 0 ? &choice.forbidden : &choice.form;
      if (one.substr(0, 8) == "missing=") of = &choice.missing;
      one.remove_prefix(one.find('=') + 1);
      const Rule* rule = FindRule(one);
      if (rule == nullptr)
        Fault(row, "there is no rule " + std::string(one));
      else
        *of = rule->id;
    }
    return choice;
  }

  void Finish(WalkPlan::Level& level) {
    for (size_t i = 0; i < level.fields.size(); ++i) {
      size_t slot = SlotOf(level.fields[i].name);
      while (level.slots[slot] != WalkPlan::kNone) slot = (slot + 1) % level.slots.size();
      level.slots[slot] = static_cast<uint8_t>(i);
    }
    for (WalkPlan::Field& field : level.fields)
      for (WalkPlan::Choice& choice : field.choices) Test(level, choice);
    level.roles = !level.fields.empty() && std::all_of(level.fields.begin(), level.fields.end(),
                                                       [](const WalkPlan::Field& field) { return field.signature; });
  }

  void Test(const WalkPlan::Level& level, WalkPlan::Choice& choice) {
    for (const Condition& condition : choice.row->applies) {
      WalkPlan::Choice::Test test;
      test.negated = condition.negated;
      test.values = &condition.values;
      if (condition.key == "type") {
        test.of = WalkPlan::Choice::Test::Of::kType;
        test.types = Types(condition.values);
      } else if (condition.key == "form") {
        test.of = WalkPlan::Choice::Test::Of::kForm;
      } else {
        test.sibling = level.Find(condition.key);
        if (test.sibling == WalkPlan::kNone) Fault(*choice.row, "there is no field " + condition.key + " beside it");
      }
      choice.tests.push_back(std::move(test));
    }
  }

  static std::vector<int> Types(const std::vector<std::string>& values) {
    std::vector<int> types;
    for (const std::string& text : values) {
      int type = 0;
      std::from_chars(text.data(), text.data() + text.size(), type);
      types.push_back(type);
    }
    return types;
  }

  const Profile& profile_;
  WalkPlan& plan_;
  std::string faults_;
};

Result<std::unique_ptr<const WalkPlan>> WalkPlan::Make(const Profile& profile) {
  std::unique_ptr<WalkPlan> plan(new WalkPlan());
  plan->profile_ = &profile;
  if (Status status = PlanMaker(profile, *plan).Make(); !status.ok()) return status;
  return std::unique_ptr<const WalkPlan>(std::move(plan));
}

}  // namespace tvan
