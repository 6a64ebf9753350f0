#include "gateway/validate/field_walk.h"

#include <algorithm>

#include "gateway/validate/field_check.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

using Level = WalkPlan::Level;
using Field = WalkPlan::Field;
using Choice = WalkPlan::Choice;

// How often a field stood in one element, and where first.
struct Seen {
  uint32_t count;
  void* first;  // libxml2's node: plain, so that only as many as a level has are cleared
};

class Walker {
 public:
  Walker(const WalkJob& job, ItemFacts& facts, FindingList& findings)
      : plan_(job.plan), type_(job.message_type), lenient_(job.lenient), facts_(facts), findings_(findings) {}

  void Item(const XmlNode& item, const Level& level) {
    const XmlNode form = item.Descend({"DLHDon", "TTChung", "KHMSHDon"});  // before the fields that depend on it
    if (form) form_ = Text(form);
    Element(item, level, nullptr);
  }

 private:
  XmlNode First(const Seen& seen) const { return {facts_.node.document(), seen.first}; }

  std::string_view Text(const XmlNode& node) {
    std::string pieces;
    const std::string_view text = node.TextView(&pieces);
    if (pieces.empty()) return text;
    return facts_.pieces.emplace_front(std::move(pieces));
  }

  void Element(const XmlNode& element, const Level& level, RowFacts* row) {
    Seen seen[WalkPlan::kMostFields];
    std::fill_n(seen, level.fields.size(), Seen{0, nullptr});
    bool stray = false;
    size_t next = 0;  // documents mostly stand in documented order
    for (XmlNode child = element.first_child(&stray); child; child = child.next_sibling(&stray)) {
      const size_t at = Place(child, level, next);
      if (at == WalkPlan::kNone) continue;
      next = at + 1;
      const Field& field = level.fields[at];
      if (++seen[at].count == 1) seen[at].first = child.native();
      if (field.inside >= 0 && field.many) Inside(child, field, row);
    }
    if (stray && !level.open) Stray(element);
    // What may stand once is looked into only if it does: a second one could be what others read.
    for (size_t i = 0; i < level.fields.size(); ++i)
      if (level.fields[i].inside >= 0 && !level.fields[i].many && seen[i].count == 1)
        Inside(First(seen[i]), level.fields[i], row);
    if (level.roles) return;  // asked over all of them by the parent
    for (size_t i = 0; i < level.fields.size(); ++i) Judge(element, level, i, seen, row);
  }

  // Which field of the level an element is; kNone: none that is looked into.
  size_t Place(const XmlNode& child, const Level& level, size_t next) {
    const std::string_view name = child.name();
    size_t at = next;
    if (at >= level.fields.size() || level.fields[at].name != name) at = level.Find(name);
    if (!child.namespace_uri().empty()) {
      if (!level.open || at != WalkPlan::kNone) Foreign(child);
      return WalkPlan::kNone;
    }
    if (at == WalkPlan::kNone && !level.open) Unknown(child);
    return at;
  }

  void Inside(const XmlNode& child, const Field& field, RowFacts* row) {
    const Level& level = plan_.level(field.inside);
    if (level.roles) return Roles(child, level);
    if (field.fact.group == RowGroup::kNone) return Element(child, level, row);
    RowFacts mine;
    mine.node = child;
    Element(child, level, &mine);
    // Refused, or so odd that no sum is worth its memory; what a notice names is never left out.
    const bool odd = findings_.full() && field.fact.group != RowGroup::kNamed;
    if (odd || findings_.full(Severity::kError)) return;
    facts_.groups[static_cast<size_t>(field.fact.group)].push_back(std::move(mine));
  }

  // DSCKS may stand twice, one of them empty (protocol.md section 14): its signatures are counted over all of them.
  void Roles(const XmlNode& list, const Level& level) {
    bool stray = false;
    for (XmlNode child = list.first_child(&stray); child; child = child.next_sibling(&stray)) {
      const size_t at = Place(child, level, 0);
      if (at == WalkPlan::kNone) continue;
      if (HoldsSignature(child)) role_seen_[at] = true;
      OnlySignatures(child);
    }
    if (stray) Stray(list);
  }

  // What stands beside a signature is signed by nobody.
  void OnlySignatures(const XmlNode& place) {
    bool stray = false;
    for (XmlNode child = place.first_child(&stray); child; child = child.next_sibling(&stray)) {
      if (child.namespace_uri().empty())
        Unknown(child);
      else if (child.namespace_uri() != kXmlDsig)
        Foreign(child);
    }
    if (stray) Stray(place);
  }

  static bool HoldsSignature(const XmlNode& place) { return static_cast<bool>(place.Child("Signature", kXmlDsig)); }

  const Choice* ChoiceOf(const Level& level, size_t at, const Seen* seen) {
    for (const Choice& choice : level.fields[at].choices)
      if (std::all_of(choice.tests.begin(), choice.tests.end(),
                      [&](const Choice::Test& test) { return Holds(test, seen) != test.negated; }))
        return &choice;
    return nullptr;
  }

  bool Holds(const Choice::Test& test, const Seen* seen) {
    if (test.of == Choice::Test::Of::kType)
      return std::find(test.types.begin(), test.types.end(), type_) != test.types.end();
    std::string_view value = form_;
    if (test.of == Choice::Test::Of::kSibling)
      value = seen[test.sibling].count == 0 ? "" : Text(First(seen[test.sibling]));
    if (value.empty()) value = "-";
    return std::find(test.values->begin(), test.values->end(), value) != test.values->end();
  }

  // How often it may stand, and what its value must be.
  void Judge(const XmlNode& element, const Level& level, size_t at, const Seen* seen, RowFacts* row) {
    const Field& field = level.fields[at];
    const Choice* choice = ChoiceOf(level, at, seen);
    if (choice == nullptr) {  // no row of this type or form
      if (seen[at].count > 0 && !lenient_) Unknown(First(seen[at]));
      return;
    }
    if (field.inside >= 0 && plan_.level(field.inside).roles) JudgeRoles(element, field);
    const Seen& mine = seen[at];
    if (mine.count > std::max(choice->row->max_occurs, 1U)) Repeated(element, field, *choice, mine.count);
    if (mine.count > 0)
      for (const WalkPlan::Attribute& attribute : field.attributes) JudgeAttribute(First(mine), attribute);
    if (field.signature) return JudgeSignature(element, field, *choice, mine);
    if (field.inside >= 0) {
      if (mine.count == 0 && choice->row->min_occurs > 0) Missing(element, field, *choice);
      if (mine.count > 0 && choice->row->max_occurs == 0) Forbidden(First(mine), field, *choice);
      return;
    }
    JudgeValue(element, level, {field, *choice, mine}, seen, row);
  }

  struct Leaf {
    const Field& field;
    const Choice& choice;
    const Seen& seen;
  };
  void JudgeValue(const XmlNode& element, const Level& level, const Leaf& leaf, const Seen* seen, RowFacts* row) {
    const FieldRow& rules = *leaf.choice.row;
    const std::string_view text = leaf.seen.count == 0 ? std::string_view() : Text(First(leaf.seen));
    const bool elements =
        leaf.seen.count > 0 && (text.empty() || rules.type != FieldType::kAny) && First(leaf.seen).has_child_elements();
    if (rules.type == FieldType::kAny) {  // an empty one is there
      if (leaf.seen.count == 0 && rules.min_occurs > 0) Missing(element, leaf.field, leaf.choice);
      if (!elements) Keep(leaf.field, text, row);
      return;
    }
    if (elements) return NotText(First(leaf.seen), leaf.field, rules);
    if (text.empty()) {
      if (rules.min_occurs > 0) Missing(element, leaf.field, leaf.choice);
      return;
    }
    if (rules.max_occurs == 0) return Forbidden(First(leaf.seen), leaf.field, leaf.choice);
    if (leaf.seen.count == 1) Keep(leaf.field, text, row);
    const std::string_view period = rules.type == FieldType::kPeriod ? KindOfPeriod(level, leaf.field, seen) : "";
    CheckValue({First(leaf.seen), leaf.field.name, text, period}, leaf.choice, findings_);
  }

  // LKDLieu beside KDLieu, LKDLDChinh beside KDLDChinh.
  std::string_view KindOfPeriod(const Level& level, const Field& field, const Seen* seen) {
    const size_t kind = level.Find("L" + std::string(field.name));
    return kind == WalkPlan::kNone || seen[kind].count == 0 ? std::string_view() : Text(First(seen[kind]));
  }

  void Keep(const Field& field, std::string_view text, RowFacts* row) {
    if (field.fact.fact != Fact::kCount) facts_.at.Set(field.fact.fact, text);
    if (field.fact.row_fact != RowFact::kCount && row != nullptr) row->at.Set(field.fact.row_fact, text);
  }

  void JudgeRoles(const XmlNode& element, const Field& list) {
    const Level& level = plan_.level(list.inside);
    Seen none[WalkPlan::kMostFields];
    std::fill_n(none, level.fields.size(), Seen{0, nullptr});
    for (size_t i = 0; i < level.fields.size(); ++i) {
      const Choice* choice = ChoiceOf(level, i, none);
      if (choice == nullptr || role_seen_[i] || choice->row->min_occurs == 0) continue;
      const std::string place = std::string(list.name) + "/" + std::string(level.fields[i].name) + "/Signature";
      Lacks(PathOf(element, place), level.fields[i].name, *choice);
    }
  }

  void JudgeSignature(const XmlNode& element, const Field& field, const Choice& choice, const Seen& mine) {
    if (mine.count > 0 && choice.row->max_occurs == 0) return Forbidden(First(mine), field, choice);
    if (choice.row->min_occurs == 0 || (mine.count > 0 && HoldsSignature(First(mine)))) return;
    Lacks(PathOf(element, std::string(field.name) + "/Signature"), field.name, choice);
  }

  void JudgeAttribute(const XmlNode& element, const WalkPlan::Attribute& attribute) {
    const auto value = element.Attribute(attribute.name);
    if (value && !value->empty()) return CheckValue({element, attribute.name, *value, {}}, attribute.choice, findings_);
    if (attribute.choice.row->min_occurs > 0)
      Lacks(element.path() + "/@" + std::string(attribute.name), attribute.name, attribute.choice);
  }

  void Missing(const XmlNode& element, const Field& field, const Choice& choice) {
    const Severity severity = SeverityOf(choice.row->occurs_mark);
    if (findings_.full(severity)) return findings_.LeaveOut(choice.missing, severity);
    findings_.Say(choice.missing, severity, PathOf(element, field.name), {field.name});
  }
  void Lacks(const std::string& path, std::string_view name, const Choice& choice) {
    findings_.Say(choice.missing, SeverityOf(choice.row->occurs_mark), path, {name});
  }
  void Forbidden(const XmlNode& node, const Field& field, const Choice& choice) {
    if (!HasContent(node)) return;
    const Severity severity = SeverityOf(choice.row->occurs_mark);
    if (findings_.full(severity)) return findings_.LeaveOut(choice.forbidden, severity);
    const std::string type = std::to_string(type_);
    findings_.Say(choice.forbidden, severity, node.path(), {field.name, type, Quote(Text(node))});
  }
  // A second element could be what others read: where rules look, or more fields stand, it is never only a warning.
  void Repeated(const XmlNode& element, const Field& field, const Choice& choice, uint32_t count) {
    const bool read = field.inside >= 0 || field.fact.fact != Fact::kCount || field.fact.row_fact != RowFact::kCount;
    const Severity severity = read ? Severity::kError : SeverityOf(choice.row->occurs_mark);
    if (findings_.full(severity)) return findings_.LeaveOut("field.repeated"_reason, severity);
    findings_.Say("field.repeated"_reason, severity, PathOf(element, field.name),
                  {field.name, std::to_string(count), std::to_string(std::max(choice.row->max_occurs, 1U))});
  }
  void NotText(const XmlNode& node, const Field& field, const FieldRow& row) {
    const Severity severity = SeverityOf(row.mark);
    if (findings_.full(severity)) return findings_.LeaveOut("field.not_text"_reason, severity);
    findings_.Say("field.not_text"_reason, severity, node.path(), {field.name});
  }
  void Unknown(const XmlNode& node) {
    if (findings_.full()) return findings_.LeaveOut("field.unknown"_reason);
    findings_.Say("field.unknown"_reason, node.path(), {Quote(node.name()), node.parent().name(), plan_.profile().id});
  }
  void Foreign(const XmlNode& node) {
    if (findings_.full(Severity::kError)) return findings_.LeaveOut("envelope.namespace"_reason);
    findings_.Say("envelope.namespace"_reason, node.path(), {Quote(node.name()), Quote(node.namespace_uri())});
  }
  void Stray(const XmlNode& element) {
    if (findings_.full(Severity::kError)) return findings_.LeaveOut("envelope.text"_reason);
    findings_.Say("envelope.text"_reason, element.path(), {element.name()});
  }
  static bool HasContent(const XmlNode& node) {
    std::string pieces;
    return node.has_child_elements() || !node.TextView(&pieces).empty();
  }

  const WalkPlan& plan_;
  const int type_;
  const bool lenient_;
  ItemFacts& facts_;
  FindingList& findings_;
  std::string_view form_;
  std::array<bool, WalkPlan::kMostFields> role_seen_{};
};

}  // namespace

ItemFacts WalkItem(const XmlNode& item, const WalkJob& job, FindingList& findings) {
  ItemFacts facts;
  facts.node = item;
  const WalkPlan::Level* level = job.plan.Object(job.object);
  if (level != nullptr) Walker(job, facts, findings).Item(item, *level);
  return facts;
}

}  // namespace tvan
