#include "tests/support/lawful_tree.h"

#include <algorithm>
#include <set>

namespace tvan {
namespace {

constexpr std::string_view kSignature = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>";

// One name below an element, with the rows that may hold for it.
struct Slot {
  std::string name, path;
  std::vector<const FieldRow*> rows;
};

std::vector<Slot> SlotsOf(const Profile& profile, std::string_view object, const std::string& path) {
  std::vector<Slot> slots;
  const auto table = profile.objects.find(std::string(object));
  if (table == profile.objects.end()) return slots;
  const std::string before = path.empty() ? "" : path + "/";
  for (const FieldRow& row : table->second.rows) {
    if (row.path.compare(0, before.size(), before) != 0 || row.path.find('/', before.size()) != std::string::npos)
      continue;
    const std::string name = row.path.substr(before.size());
    if (name == "*") continue;
    if (slots.empty() || slots.back().name != name) slots.push_back({name, row.path, {}});
    slots.back().rows.push_back(&row);
  }
  return slots;
}

using Values = std::map<std::string, std::string>;  // of the siblings that conditions ask for

bool Holds(const Condition& condition, const Values& siblings, const GrowthOf& growth) {
  std::string value = growth.form;
  if (condition.key == "type") value = std::to_string(growth.type);
  if (condition.key != "type" && condition.key != "form") {
    const auto sibling = siblings.find(condition.key);
    value = sibling == siblings.end() ? "" : sibling->second;
  }
  if (value.empty()) value = "-";
  const bool among = std::find(condition.values.begin(), condition.values.end(), value) != condition.values.end();
  return among != condition.negated;
}

const FieldRow* RowOf(const Slot& slot, const Values& siblings, const GrowthOf& growth) {
  for (const FieldRow* row : slot.rows)
    if (std::all_of(row->applies.begin(), row->applies.end(),
                    [&](const Condition& condition) { return Holds(condition, siblings, growth); }))
      return row;
  return nullptr;
}

// Names whose values must be known before their siblings can be grown.
std::set<std::string> Deciding(const std::vector<Slot>& slots) {
  std::set<std::string> names;
  for (const Slot& slot : slots)
    for (const FieldRow* row : slot.rows) {
      for (const Condition& condition : row->applies) names.insert(condition.key);
      if (row->type == FieldType::kPeriod) names.insert("L" + slot.name);
    }
  return names;
}

class Grower {
 public:
  Grower(std::string_view object, const GrowthOf& growth, Dice& dice) : object_(object), growth_(growth), dice_(dice) {}

  void Fill(LawfulElement& parent, const std::string& path) {
    const std::vector<Slot> slots = SlotsOf(growth_.profile, object_, path);
    const std::set<std::string> deciding = Deciding(slots);
    std::map<std::string, std::vector<LawfulElement>> grown;
    Values siblings;
    for (const Slot& slot : slots)
      if (deciding.count(slot.name) > 0) {
        std::vector<LawfulElement>& elements = grown[slot.name] = GrowSlot(slot, siblings, parent);
        for (LawfulElement& element : elements) element.decides = true;
        siblings[slot.name] = elements.empty() ? "" : elements.front().text;
      }
    for (const Slot& slot : slots)
      if (deciding.count(slot.name) == 0) grown[slot.name] = GrowSlot(slot, siblings, parent);
    for (const Slot& slot : slots)
      for (LawfulElement& element : grown[slot.name]) parent.children.push_back(std::move(element));
  }

 private:
  std::vector<LawfulElement> GrowSlot(const Slot& slot, const Values& siblings, LawfulElement& parent) {
    std::vector<LawfulElement> elements;
    const FieldRow* row = RowOf(slot, siblings, growth_);
    if (row == nullptr) return elements;
    if (row->type == FieldType::kId) {
      if (row->min_occurs > 0 || dice_.OneIn(2)) parent.id = LawfulValue(*row, "", dice_);
      return elements;
    }
    const auto kind = siblings.find("L" + slot.name);
    const std::string period = kind == siblings.end() ? "" : kind->second;
    if (row->type == FieldType::kPeriod && period.empty()) return elements;
    for (size_t i = CountOf(*row, slot); i > 0; --i) elements.push_back(One(slot, *row, period));
    if (HoldsRoles(slot) && elements.size() > 1) elements.back().children.clear();  // a second, empty DSCKS is real
    return elements;
  }

  size_t CountOf(const FieldRow& row, const Slot& slot) {
    if (row.max_occurs == 0) return 0;
    if (HoldsRoles(slot)) return 1 + dice_.Below(2);
    const size_t most = std::min<size_t>(row.max_occurs, std::max<size_t>(row.min_occurs, 3));
    if (row.min_occurs == 0 && dice_.OneIn(2)) return 0;
    return dice_.OneIn(2) ? std::max<size_t>(row.min_occurs, 1) : most;
  }

  // DSCKS: its fields are signatures, counted over all of them.
  bool HoldsRoles(const Slot& slot) const {
    const std::vector<Slot> below = SlotsOf(growth_.profile, object_, slot.path);
    return !below.empty() && std::all_of(below.begin(), below.end(), [](const Slot& role) {
      return role.rows.front()->type == FieldType::kSignature;
    });
  }

  LawfulElement One(const Slot& slot, const FieldRow& row, const std::string& kind) {
    LawfulElement element;
    element.name = slot.name;
    element.row = &row;
    if (row.type == FieldType::kSignature) {
      element.raw = kSignature;
    } else if (row.type == FieldType::kAny) {
      element.raw = dice_.OneIn(2) ? "any" : "<Any attribute=\"x\">y</Any>";
    } else if (row.type != FieldType::kObject) {
      element.text = ValueOf(slot, row, kind);
      Fill(element, slot.path);  // @Id
    } else if (row.reference.empty()) {
      Fill(element, slot.path);
    } else {
      Grow(element, row.reference, "", growth_, dice_);
    }
    return element;
  }

  std::string ValueOf(const Slot& slot, const FieldRow& row, const std::string& kind) {
    if (slot.path == "DLHDon/TTChung/KHMSHDon") return growth_.form;
    if (slot.path == "MLTDiep") return std::to_string(growth_.type);
    const bool empty = row.min_occurs == 0 && dice_.OneIn(8);  // as good as absent
    return empty ? "" : LawfulValue(row, kind, dice_);
  }

  const std::string_view object_;
  const GrowthOf& growth_;
  Dice& dice_;
};

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

}  // namespace

void Grow(LawfulElement& parent, std::string_view object, const std::string& path, const GrowthOf& growth, Dice& dice) {
  Grower(object, growth, dice).Fill(parent, path);
}

LawfulElement ForbiddenField(const LawfulElement& parent, std::string_view object, const std::string& path,
                             const GrowthOf& growth) {
  Values siblings;
  for (const LawfulElement& child : parent.children) siblings.emplace(child.name, child.text);
  const std::vector<Slot> slots = SlotsOf(growth.profile, object, path);
  const std::set<std::string> deciding = Deciding(slots);
  for (const Slot& slot : slots) {
    const FieldRow* row = RowOf(slot, siblings, growth);
    if (row == nullptr || row->max_occurs > 0 || row->type == FieldType::kSignature || deciding.count(slot.name) > 0)
      continue;
    LawfulElement element;
    element.name = slot.name;
    element.row = row;
    element.text = "x";
    return element;
  }
  return {};
}

std::string XmlOf(const LawfulElement& element) {
  std::string xml = "<" + element.name + (element.id.empty() ? "" : " Id=\"" + element.id + "\"") + ">";
  xml += Escaped(element.text) + element.raw;
  for (const LawfulElement& child : element.children) xml += XmlOf(child);
  return xml + "</" + element.name + ">";
}

}  // namespace tvan
