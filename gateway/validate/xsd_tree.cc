#include "gateway/validate/xsd_tree.h"

#include <algorithm>

#include "gateway/validate/field_table_reader.h"

namespace tvan {
namespace {

// The child of that name; a new one stands behind `last`, where the walk over a table was before.
size_t ChildOf(XsdNode& parent, std::string_view name, size_t last) {
  for (size_t i = 0; i < parent.children.size(); ++i)
    if (parent.children[i].name == name) return i;
  XsdNode child;
  child.name = std::string(name);
  parent.children.insert(parent.children.begin() + static_cast<ptrdiff_t>(last), std::move(child));
  return last;
}

void Add(XsdNode& root, const FieldRow& row, std::vector<size_t>& way) {
  XsdNode* at = &root;
  const std::vector<std::string_view> names = SplitText(row.path, '/');
  if (names.back() == "*") {
    for (size_t i = 0; i + 1 < names.size(); ++i) at = &at->children[ChildOf(*at, names[i], at->children.size())];
    at->open = true;
    return;
  }
  way.resize(std::max(way.size(), names.size()), 0);
  for (size_t depth = 0; depth < names.size(); ++depth) {
    const size_t child = ChildOf(*at, names[depth], std::min(way[depth], at->children.size()));
    if (way[depth] != child + 1) std::fill(way.begin() + static_cast<ptrdiff_t>(depth) + 1, way.end(), 0);
    way[depth] = child + 1;
    at = &at->children[child];
  }
  at->rows.push_back(&row);
}

}  // namespace

bool XsdNode::IsObject() const { return rows.empty() || rows.front()->type == FieldType::kObject; }

bool XsdNode::HasWeakForm() const {
  return std::any_of(rows.begin(), rows.end(), [](const FieldRow* row) { return row->mark == Mark::kWeak; });
}

bool XsdNode::MayBeAbsent() const {
  const auto asks = [](const FieldRow* row) { return row->min_occurs > 0 && row->occurs_mark != Mark::kWeak; };
  const auto always = [](const FieldRow* row) { return row->applies.empty(); };
  return !std::all_of(rows.begin(), rows.end(), asks) || !std::any_of(rows.begin(), rows.end(), always);
}

uint32_t XsdNode::MostOccurs() const {
  uint32_t most = 1;
  for (const FieldRow* row : rows) most = std::max(most, row->max_occurs);
  return most;
}

XsdNode XsdTree(const Profile& profile, const std::vector<std::string_view>& objects) {
  XsdNode root;
  for (const std::string_view name : objects) {
    const auto table = profile.objects.find(std::string(name));
    if (table == profile.objects.end()) continue;
    std::vector<size_t> way;
    for (const FieldRow& row : table->second.rows) Add(root, row, way);
  }
  return root;
}

}  // namespace tvan
