#include "gateway/validate/xsd_types.h"

#include <algorithm>
#include <set>
#include <vector>

namespace tvan {
namespace {

constexpr std::string_view kTaxCode = R"(\d{10}|\d{10}-\d{3}|\d{12})";
constexpr std::string_view kMTDiep = "[!-~]{1,46}";
constexpr std::string_view kMLTDiep = R"(-?\d{1,3})";
constexpr std::string_view kPeriod = R"(\d{2}/\d{4}|0?[1-4]/\d{4}|\d{2}/\d{2}/\d{4})";

std::string Facet(std::string_view name, std::string_view value) {
  return "    <xs:" + std::string(name) + " value=\"" + XmlEscaped(value) + "\"/>\n";
}
std::string Facet(std::string_view name, uint64_t value) { return Facet(name, std::to_string(value)); }

std::string Restriction(std::string_view base, const std::string& facets) {
  return "  <xs:restriction base=\"" + std::string(base) + "\">\n" + facets + "  </xs:restriction>\n";
}

// A form and how to call it.
struct Form {
  std::string name, body;
  bool takes_empty = false;
};

Form Matching(std::string name, std::string_view pattern) {
  return {std::move(name), Restriction("xs:string", Facet("pattern", pattern))};
}

using Rows = std::vector<const FieldRow*>;

uint32_t LongestOf(const Rows& rows) {
  uint32_t longest = 0;
  for (const FieldRow* row : rows) {
    if (row->length == 0) return 0;
    longest = std::max(longest, row->length);
  }
  return longest;
}

Form TextForm(const Rows& rows, bool optional) {
  const uint32_t longest = LongestOf(rows);
  std::string name = longest > 0 ? "text" + std::to_string(longest) : "text";
  std::string facets = optional ? "" : Facet("minLength", 1);
  if (longest > 0) facets += Facet("maxLength", longest);
  if (!optional) name += "-filled";
  return {name, Restriction("xs:string", facets), true};
}

Form CodeForm(const std::string& field, const Rows& rows) {
  std::string facets;
  std::set<std::string> patterns;
  for (const FieldRow* row : rows)
    if (patterns.insert(row->pattern.text()).second) facets += Facet("pattern", row->pattern.text());
  return {field, Restriction("xs:string", facets)};
}

Form EnumForm(const std::string& field, const Rows& rows) {
  std::string facets;
  std::set<std::string> values;
  for (const FieldRow* row : rows)
    for (const std::string& value : row->values)
      if (values.insert(value).second) facets += Facet("enumeration", value);
  return {field, Restriction("xs:string", facets)};
}

Form NumberForm(const Rows& rows) {
  unsigned before = 0, decimals = 0;
  for (const FieldRow* row : rows) {
    before = std::max<unsigned>(before, row->digits.total);
    decimals = std::max<unsigned>(decimals, row->digits.decimals);
  }
  return {"number" + std::to_string(before) + "." + std::to_string(decimals),
          Restriction("xs:decimal", Facet("totalDigits", before) + Facet("fractionDigits", decimals))};
}

Form IntForm(const Rows& rows) {
  uint64_t least = UINT64_MAX, most = 0;
  for (const FieldRow* row : rows) {
    least = std::min(least, row->min);
    most = std::max(most, row->max);
  }
  return {"int" + std::to_string(least) + "-" + std::to_string(most),
          Restriction("xs:nonNegativeInteger", Facet("minInclusive", least) + Facet("maxInclusive", most))};
}

Form FormOf(const std::string& field, const Rows& rows, bool optional) {
  switch (rows.front()->type) {
    case FieldType::kText:
    case FieldType::kQr:
      return TextForm(rows, optional);
    case FieldType::kCode:
      return CodeForm(field, rows);
    case FieldType::kEnum:
      return EnumForm(field, rows);
    case FieldType::kNumber:
      return NumberForm(rows);
    case FieldType::kInt:
      return IntForm(rows);
    case FieldType::kDate:
      return {"date", Restriction("xs:date", "")};
    case FieldType::kDateTime:
      return {"dateTime", Restriction("xs:dateTime", "")};
    case FieldType::kTaxCode:
      return Matching("taxcode", kTaxCode);
    case FieldType::kMTDiep:
      return Matching("mtdiep", kMTDiep);
    case FieldType::kMLTDiep:
      return Matching("mltdiep", kMLTDiep);
    case FieldType::kPeriod:
      return Matching("period", kPeriod);
    default:
      return {"text", Restriction("xs:string", ""), true};
  }
}

// The rows under which it may stand at all.
Rows Allowing(const XsdNode& leaf) {
  Rows rows;
  for (const FieldRow* row : leaf.rows)
    if (row->max_occurs > 0) rows.push_back(row);
  return rows;
}

}  // namespace

std::string XmlEscaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string XsdTypes::NameFor(const XsdNode& leaf) {
  const Rows rows = Allowing(leaf);
  const bool optional = leaf.MayBeAbsent();
  if (rows.empty()) return Name("empty", Restriction("xs:string", Facet("maxLength", 0)));
  const bool mixed =
      std::any_of(rows.begin(), rows.end(), [&](const FieldRow* row) { return row->type != rows.front()->type; });
  if (leaf.HasWeakForm() || mixed) return "xs:string";
  const Form form = FormOf(leaf.name, rows, optional);
  const std::string name = Name(form.name, form.body);
  if (!optional || form.takes_empty) return name;
  const std::string empty = Name("empty", Restriction("xs:string", Facet("maxLength", 0)));
  return Name(name + "-or-empty", "  <xs:union memberTypes=\"" + name + " " + empty + "\"/>\n");
}

std::string XsdTypes::Name(const std::string& wanted, const std::string& body) {
  if (const auto known = names_.find(body); known != names_.end()) return known->second;
  std::string name = wanted;
  for (int other = 2; bodies_.count(name) > 0; ++other) name = wanted + "-" + std::to_string(other);
  names_[body] = name;
  bodies_[name] = body;
  return name;
}

std::string XsdTypes::Text() const {
  std::string text;
  for (const auto& [name, body] : bodies_)
    text += "<xs:simpleType name=\"" + name + "\">\n" + body + "</xs:simpleType>\n";
  return text;
}

}  // namespace tvan
