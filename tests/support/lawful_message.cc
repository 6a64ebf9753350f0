#include "tests/support/lawful_message.h"

#include <algorithm>

#include "gateway/validate/fact_paths.h"

namespace tvan {
namespace {

// An element of an item, and where the table has what may stand in it.
struct Place {
  LawfulElement* parent = nullptr;
  size_t at = 0;                  // among the parent's children
  std::string parent_path, path;  // as findings name them
  std::string object, inside;     // its fields stand at `inside` of this object
  LawfulElement& element() const { return parent->children[at]; }
};

size_t CountOf(const LawfulElement& parent, const std::string& name) {
  return static_cast<size_t>(std::count_if(parent.children.begin(), parent.children.end(),
                                           [&](const LawfulElement& child) { return child.name == name; }));
}

// Every element below `parent`, which stands at `path` and holds what `object` has at `inside`.
void Collect(LawfulElement& parent, const std::string& path, const std::string& object, std::vector<Place>& places) {
  std::map<std::string, size_t> seen;
  for (size_t i = 0; i < parent.children.size(); ++i) {
    LawfulElement& child = parent.children[i];
    const size_t number = ++seen[child.name];
    Place place{&parent, i, path, path + "/" + child.name, object, ""};
    if (CountOf(parent, child.name) > 1) place.path += "[" + std::to_string(number) + "]";
    if (child.row != nullptr && !child.row->reference.empty())
      place.object = child.row->reference;
    else if (child.row != nullptr)
      place.inside = child.row->path;
    const std::string below = place.object, here = place.path;
    places.push_back(std::move(place));
    Collect(child, here, below, places);
  }
}

bool HoldsForm(const LawfulElement& element) {
  if (element.row != nullptr && element.row->path == "DLHDon/TTChung/KHMSHDon") return true;
  return std::any_of(element.children.begin(), element.children.end(), HoldsForm);
}

// The rule that a row names for a case ("missing" or "form"), or `otherwise`.
std::string RuleOf(const FieldRow& row, std::string_view of, std::string_view otherwise) {
  std::string_view rest = row.rule;
  while (!rest.empty()) {
    std::string_view one = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const size_t equals = one.find('=');
    const std::string_view key = equals == std::string_view::npos ? "form" : one.substr(0, equals);
    if (key == of) return std::string(equals == std::string_view::npos ? one : one.substr(equals + 1));
  }
  return std::string(otherwise);
}

std::string_view RuleOfForm(FieldType type) {
  switch (type) {
    case FieldType::kEnum:
      return "field.enum";
    case FieldType::kNumber:
      return "field.number";
    case FieldType::kInt:
      return "field.integer";
    case FieldType::kDate:
      return "field.date";
    case FieldType::kDateTime:
      return "field.datetime";
    case FieldType::kTaxCode:
      return "field.tax_code";
    case FieldType::kMTDiep:
      return "field.message_id";
    case FieldType::kPeriod:
      return "field.period";
    default:
      return "field.code";
  }
}

class Spoiler {
 public:
  Spoiler(const LawfulMessage& message, const Profile& profile, Dice& dice)
      : growth_{profile, message.type->code, message.form}, dice_(dice) {}

  std::optional<ExpectedFinding> Spoil(std::vector<Place> places, FaultKind kind) {
    dice_.Shuffle(places);
    for (const Place& place : places) {
      const LawfulElement& element = place.element();
      if (element.row == nullptr && kind != FaultKind::kForbidden) continue;
      if (auto expected = Try(place, kind)) return expected;
    }
    return std::nullopt;
  }

 private:
  std::optional<ExpectedFinding> Try(const Place& place, FaultKind kind) {
    switch (kind) {
      case FaultKind::kDropped:
        return Drop(place);
      case FaultKind::kDoubled:
        return Double(place);
      case FaultKind::kTooLong:
        return Lengthen(place);
      case FaultKind::kBadForm:
        return Malform(place);
      case FaultKind::kForbidden:
        return Forbid(place);
    }
    return std::nullopt;
  }

  static ExpectedFinding Expect(std::string rule, std::string path, Mark mark, const FieldRow& row) {
    return {std::move(rule), std::move(path), mark != Mark::kWeak, row.place};
  }

  std::optional<ExpectedFinding> Drop(const Place& place) {
    const LawfulElement element = place.element();
    const FieldRow& row = *element.row;
    if (row.min_occurs == 0 || element.decides || CountOf(*place.parent, element.name) > 1 || HoldsForm(element))
      return std::nullopt;
    std::string path = place.parent_path + "/" + element.name;
    if (row.type == FieldType::kSignature) {
      if (place.parent->name != "DSCKS") return std::nullopt;
      path = place.parent_path.substr(0, place.parent_path.rfind('/')) + "/DSCKS/" + element.name + "/Signature";
    }
    if (!element.text.empty() && dice_.OneIn(2))
      place.element().text.clear();
    else
      place.parent->children.erase(place.parent->children.begin() + static_cast<ptrdiff_t>(place.at));
    const char* otherwise = row.type == FieldType::kSignature ? "signature.missing" : "field.missing";
    return Expect(RuleOf(row, "missing", otherwise), path, row.occurs_mark, row);
  }

  std::optional<ExpectedFinding> Double(const Place& place) {
    const LawfulElement element = place.element();
    if (element.row->max_occurs != 1 || element.row->type == FieldType::kSignature) return std::nullopt;
    place.parent->children.insert(place.parent->children.begin() + static_cast<ptrdiff_t>(place.at), element);
    // Where rules look, or more fields stand, a second one is never only a warning.
    const FactPlace fact = PlaceOfFact(place.object, element.row->path);
    const bool read =
        element.row->type == FieldType::kObject || fact.fact != Fact::kCount || fact.row_fact != RowFact::kCount;
    const Mark mark = read ? Mark::kSure : element.row->occurs_mark;
    return Expect("field.repeated", place.parent_path + "/" + element.name, mark, *element.row);
  }

  std::optional<ExpectedFinding> Lengthen(const Place& place) {
    LawfulElement& element = place.element();
    const FieldRow& row = *element.row;
    if (element.decides) return std::nullopt;
    if (row.type == FieldType::kText && row.length > 0) {
      element.text = TextOf(row.length + 1, dice_);
      return Expect("field.length", place.path, row.mark, row);
    }
    if (row.type == FieldType::kNumber) {
      element.text = std::string(row.digits.total + 1u, '1');
      return Expect("field.digits", place.path, row.mark, row);
    }
    if (row.type != FieldType::kInt) return std::nullopt;
    element.text = std::string(row.length + 1u, '1');
    return Expect(RuleOf(row, "form", "field.integer"), place.path, row.mark, row);
  }

  std::optional<ExpectedFinding> Malform(const Place& place) {
    LawfulElement& element = place.element();
    const FieldRow& row = *element.row;
    if (element.decides || HoldsForm(element) || BadValue(row).empty()) return std::nullopt;
    element.text = BadValue(row);
    return Expect(RuleOf(row, "form", RuleOfForm(row.type)), place.path, row.mark, row);
  }

  std::optional<ExpectedFinding> Forbid(const Place& place) {
    LawfulElement& element = place.element();
    const LawfulElement field = ForbiddenField(element, place.object, place.inside, growth_);
    if (field.name.empty()) return std::nullopt;
    element.children.push_back(field);
    return Expect(RuleOf(*field.row, "form", "field.not_allowed"), place.path + "/" + field.name,
                  field.row->occurs_mark, *field.row);
  }

  const GrowthOf growth_;
  Dice& dice_;
};

LawfulElement* ChildOf(LawfulElement& parent, std::string_view name) {
  for (LawfulElement& child : parent.children)
    if (child.name == name) return &child;
  return nullptr;
}

void ShuffleBelow(LawfulElement& element, Dice& dice) {
  dice.Shuffle(element.children);
  for (LawfulElement& child : element.children) ShuffleBelow(child, dice);
}

}  // namespace

LawfulMessage LawfulMessageMaker::Make() {
  std::vector<const MessageType*> types;
  for (const MessageType& type : MessageTypes())
    if (type.relayed && type.depth == Depth::kFull &&
        std::count(profile_.lineage.begin(), profile_.lineage.end(), type.since.profile) > 0)
      types.push_back(&type);
  LawfulMessage message;
  message.type = dice_.Of(types);
  message.form = std::to_string(1 + dice_.Below(9));
  const GrowthOf growth{profile_, message.type->code, message.form};
  message.tdiep.name = "TDiep";
  Grow(message.tdiep, "tdiep", "", growth, dice_);
  Grow(*ChildOf(message.tdiep, "TTChung"), "tdiep.header.provider", "", growth, dice_);
  LawfulElement& dlieu = *ChildOf(message.tdiep, "DLieu");
  for (uint64_t i = message.type->count == ItemCount::kOne ? 1 : 1 + dice_.Below(3); i > 0; --i) {
    dlieu.children.push_back({});
    dlieu.children.back().name = std::string(ElementOf(message.type->items));
    Grow(dlieu.children.back(), message.type->object, "", growth, dice_);
  }
  return message;
}

void LawfulMessageMaker::Shuffle(LawfulMessage& message) { ShuffleBelow(message.tdiep, dice_); }

std::optional<ExpectedFinding> LawfulMessageMaker::Spoil(LawfulMessage& message, FaultKind kind) {
  std::vector<Place> places;
  Collect(*ChildOf(message.tdiep, "DLieu"), "/TDiep/DLieu", std::string(message.type->object), places);
  return Spoiler(message, profile_, dice_).Spoil(std::move(places), kind);
}

}  // namespace tvan
