#include "tests/unit/validate/facts_of.h"

#include <algorithm>

#include "gateway/validate/fact_paths.h"

namespace tvan {
namespace {

struct Place {
  std::string object, path;
  RowFacts* row = nullptr;
};

void Collect(const XmlNode& element, const Place& place, ItemFacts& facts);

void CollectChild(const XmlNode& child, const Place& parent, ItemFacts& facts) {
  Place place = parent;
  place.path += (place.path.empty() ? "" : "/") + std::string(child.name());
  if (child.name() == "TTKhac") place = {"ttkhac", "", nullptr};
  const FactPlace fact = PlaceOfFact(place.object, place.path);
  RowFacts mine{child, {}};
  if (fact.group != RowGroup::kNone) place.row = &mine;
  if (!child.has_child_elements()) {
    const std::string_view text = facts.pieces.emplace_front(child.Text());
    if (fact.fact != Fact::kCount) facts.at.Set(fact.fact, text);
    if (fact.row_fact != RowFact::kCount && place.row != nullptr) place.row->at.Set(fact.row_fact, text);
  }
  Collect(child, place, facts);
  if (fact.group != RowGroup::kNone) facts.groups[static_cast<size_t>(fact.group)].push_back(mine);
}

void Collect(const XmlNode& element, const Place& place, ItemFacts& facts) {
  for (XmlNode child = element.first_child(); child; child = child.next_sibling()) CollectChild(child, place, facts);
}

}  // namespace

ParsedInvoice FactsOfInvoice(std::string hdon) {
  ParsedInvoice parsed;
  auto document = MakeXmlParser({})->Parse(std::move(hdon));
  TVAN_CHECK(document.ok());
  parsed.document = std::move(*document);
  parsed.facts.node = parsed.document->root();
  Collect(parsed.facts.node, {"hdon", "", nullptr}, parsed.facts);
  return parsed;
}

std::vector<std::string> Told(FindingList& findings) {
  std::vector<std::string> told;
  for (const Finding& finding : findings.Take())
    told.push_back((finding.severity == Severity::kError ? "!" : "") + std::string(finding.rule.text()) + " " +
                   finding.path);
  std::sort(told.begin(), told.end());
  return told;
}

}  // namespace tvan
