#include "gateway/validate/items.h"

#include "gateway/validate/field_walk.h"
#include "gateway/validate/formats.h"
#include "gateway/validate/header.h"
#include "gateway/validate/invoice.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

// What DLieu holds in this type, in findings.
std::string Name(const MessageType& type) { return std::string(ElementOf(type.items)); }

// The items; anything else in DLieu would be forwarded unread.
std::vector<XmlNode> Collect(const XmlNode& payload, const MessageType& type, FindingList& findings) {
  std::vector<XmlNode> items;
  bool stray = false;
  for (XmlNode child = payload.first_child(&stray); child; child = child.next_sibling(&stray)) {
    const bool foreign = !child.namespace_uri().empty();
    if (!foreign && child.name() == ElementOf(type.items)) {
      items.push_back(child);
    } else if (foreign || type.depth == Depth::kFull) {
      const Reason rule = foreign ? "envelope.namespace"_reason : "envelope.unknown_element"_reason;
      if (findings.full(Severity::kError))
        findings.LeaveOut(rule);
      else if (foreign)
        findings.Say(rule, child.path(), {Quote(child.name()), Quote(child.namespace_uri())});
      else
        findings.Say(rule, child.path(), {Quote(child.name()), "DLieu", Name(type)});
    }
  }
  if (stray) findings.Say("envelope.text"_reason, payload.path(), {payload.name()});
  return items;
}

void CheckSLuong(const XmlNode& payload, const std::string& sluong, size_t count, FindingList& findings) {
  const auto said = ParseItemCount(sluong);
  if (!said || *said == count) return;  // malformed: the header's findings say so
  findings.Say("count.sluong_mismatch"_reason, payload.path(), {std::to_string(*said), std::to_string(count)});
}

bool CheckNumber(const XmlNode& payload, const ItemRules& rules, size_t count, FindingList& findings) {
  const MessageType& type = rules.type;
  const std::string code = std::to_string(type.code), found = std::to_string(count);
  if (count == 0) {
    findings.Say("count.no_items"_reason, payload.path(), {code, Name(type)});
    return false;
  }
  if (count > static_cast<size_t>(rules.max_items)) {
    findings.Say("count.too_many_items"_reason, payload.path(), {found, std::to_string(rules.max_items)});
    return false;
  }
  if (type.count != ItemCount::kOne || count == 1) return true;
  const bool sure = type.mark == Mark::kSure || type.items == ItemKind::kInvoices;
  const Reason rule =
      type.items == ItemKind::kInvoices ? "count.one_invoice_only"_reason : "count.one_item_only"_reason;
  findings.Say(rule, sure ? Severity::kError : Severity::kWarning, payload.path(), {code, found});
  return true;
}

std::string_view ObjectOf(const MessageType& type) {
  return type.items == ItemKind::kInvoices ? "hdon" : type.items == ItemKind::kSummaries ? "bthdl400" : type.object;
}

void JudgeItem(const ItemFacts& facts, const ItemRules& rules, Package& package, Items& items, FindingList& findings) {
  JudgeOwner(facts, rules.header, findings);
  if (rules.type.items == ItemKind::kInvoices) JudgeInvoice(facts, rules, package, items, findings);
  if (rules.type.items == ItemKind::kNotice) JudgeNotice(facts, rules, items, findings);
  if (rules.type.items == ItemKind::kSummaries) JudgeSummary(facts, rules, items, findings);
}

// The one signature over all items (206) stands beside DLieu.
void CheckPackageSignature(const XmlNode& payload, const MessageType& type, FindingList& findings) {
  if (type.signature != SignaturePlace::kPackage) return;
  bool there = false;
  for (const XmlNode& place : payload.parent().Children("CKSNNT")) {
    there = there || place.Child("Signature", kXmlDsig);
    bool stray = false;
    for (XmlNode child = place.first_child(&stray); child; child = child.next_sibling(&stray))
      if (child.namespace_uri() != kXmlDsig)
        SayAt(child, "envelope.unknown_element"_reason, Severity::kError, findings, {Quote(child.name()), "CKSNNT"});
    if (stray) findings.Say("envelope.text"_reason, place.path(), {place.name()});
  }
  if (there) return;
  findings.Say("signature.missing"_reason, PathOf(payload.parent(), "CKSNNT/Signature"), {"CKSNNT"});
}

// Of a type whose content is not checked deeper: whose the invoices are, and that nobody else files them.
void JudgeUnread(const std::vector<XmlNode>& nodes, const ItemRules& rules, Items& items, FindingList& findings) {
  Package package;
  for (const XmlNode& node : nodes) {
    FindingList unsaid;
    const ItemFacts facts = WalkItem(node, {*rules.profile.plan, ObjectOf(rules.type), rules.type.code}, unsaid);
    JudgeOwner(facts, rules.header, findings);
    if (const auto key = KeyOf(facts, rules.header)) TakeKey(facts, key, package, items, findings);
  }
}

}  // namespace

void JudgeOwner(const ItemFacts& facts, const Envelope& header, FindingList& findings) {
  const std::string_view mst = facts.at[Fact::kMst], pban = facts.at[Fact::kPBan];
  // A malformed one is said by its field, where that is not only a warning.
  if (!mst.empty() && mst != header.mst && IsTaxCodeForm(header.mst) && (IsTaxCodeForm(mst) || !findings.has_error()))
    findings.Say("header.mst_mismatch"_reason, facts.node.path(), {Quote(mst), Quote(header.mst)});
  if (!pban.empty() && pban != header.pban)
    findings.Say("invoice.pban_differs"_reason, facts.node.path(), {Quote(pban), Quote(header.pban)});
}

Items ReadItems(const XmlNode& container, const ItemRules& rules, FindingList& findings) {
  Items items;
  const MessageType& type = rules.type;
  if (type.depth != Depth::kFull)
    findings.Say("catalogue.not_checked_deeper"_reason, container.path(), {std::to_string(type.code)});
  const bool bare = container.name() == "HDon";
  if (type.depth == Depth::kHeader && type.items == ItemKind::kUnknown) {
    items.count = static_cast<int>(ParseItemCount(rules.header.sluong).value_or(1));
    return items;
  }
  const std::vector<XmlNode> nodes = bare ? std::vector<XmlNode>{container} : Collect(container, type, findings);
  items.count = static_cast<int>(nodes.size());
  if (type.depth == Depth::kHeader) {
    if (type.count == ItemCount::kMany) CheckSLuong(container, rules.header.sluong, nodes.size(), findings);
    const bool few = nodes.size() <= static_cast<size_t>(rules.max_items);
    if (nodes.empty() || (!few && !CheckNumber(container, rules, nodes.size(), findings))) return items;
    if (type.items == ItemKind::kInvoices) JudgeUnread(nodes, rules, items, findings);
    return items;
  }
  if (type.items != ItemKind::kNotice) CheckSLuong(container, rules.header.sluong, nodes.size(), findings);
  CheckPackageSignature(container, type, findings);
  if (!CheckNumber(container, rules, nodes.size(), findings)) return items;
  Package package;
  for (const XmlNode& node : nodes) {
    if (findings.full(Severity::kError)) {  // refused, and at length
      findings.LeaveOut("findings.truncated"_reason, Severity::kError);
      break;
    }
    JudgeItem(WalkItem(node, {*rules.profile.plan, ObjectOf(type), type.code}, findings), rules, package, items,
              findings);
  }
  return items;
}

}  // namespace tvan
