#include "gateway/validate/field_table_reader.h"

#include <charconv>
#include <functional>
#include <map>

#include "gateway/core/utf8.h"
#include "gateway/validate/field_row_reader.h"

namespace tvan {
namespace {

constexpr size_t kMostTTKhac = 100'000;

// The lines of a file with their cells; the first must be `columns`.
struct Line {
  std::string place;
  std::vector<std::string_view> cells;
};

std::vector<Line> ReadLines(const std::string& file, std::string_view text,
                            const std::vector<std::string_view>& columns, TableFaults& faults) {
  std::vector<Line> lines;
  if (CutUtf8(text, text.size()).size() != text.size()) faults.Add(file, "is not UTF-8");
  size_t number = 0;
  for (const std::string_view line : SplitText(text, '\n')) {
    const std::string place = file + ":" + std::to_string(++number);
    std::vector<std::string_view> cells = SplitText(line, '\t');
    if (number == 1 && cells != columns) {
      std::string expected;
      for (const std::string_view column : columns) expected += " " + std::string(column);
      faults.Add(place, "the columns must be" + expected);
      return lines;
    }
    if (number == 1 || line.empty()) continue;
    if (cells.size() == columns.size())
      lines.push_back({place, std::move(cells)});
    else
      faults.Add(place, std::to_string(cells.size()) + " cells, must be " + std::to_string(columns.size()));
  }
  return lines;
}

using Setter = std::function<bool(ProfileHead&, const std::string&)>;

Setter Text(std::string Profile::*member) {
  return [member](ProfileHead& head, const std::string& value) {
    head.profile.*member = value;
    return !value.empty();
  };
}

Setter Day(std::string Profile::*member) {
  return [member](ProfileHead& head, const std::string& value) {
    head.profile.*member = value;
    return IsDay(value);
  };
}

bool SetPBan(ProfileHead& head, const std::string& value) {
  for (const std::string_view pban : SplitText(value, ',')) {
    if (pban.empty()) return false;
    head.profile.pban.emplace_back(pban);
  }
  return true;
}

bool SetTTKhacLength(ProfileHead& head, const std::string& value) {
  if (!IsWhole(value, 1, kMostTTKhac, 6)) return false;
  std::from_chars(value.data(), value.data() + value.size(), head.profile.ttkhac_length);
  return true;
}

const std::map<std::string, Setter, std::less<>>& Keys() {
  static const std::map<std::string, Setter, std::less<>> keys = {
      {"id", Text(&Profile::id)},
      {"name_vi", Text(&Profile::name_vi)},
      {"name_en", Text(&Profile::name_en)},
      {"inherits",
       [](ProfileHead& head, const std::string& value) {
         head.inherits = value;
         return !value.empty();
       }},
      {"pban", SetPBan},
      {"valid_from", Day(&Profile::valid_from)},
      {"valid_to", Day(&Profile::valid_to)},
      {"ttkhac_length", SetTTKhacLength},
      {"source", [](ProfileHead&, const std::string&) { return true; }},  // for people
      {"note", [](ProfileHead&, const std::string&) { return true; }},
  };
  return keys;
}

}  // namespace

std::string ParentPath(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::string LastName(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::vector<std::string_view> SplitText(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t at = text.find(separator); at != std::string_view::npos; at = text.find(separator)) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  parts.push_back(text);
  return parts;
}

std::vector<ObjectRow> ReadFieldRows(const ProfileSource& source, TableFaults& faults) {
  const std::vector<std::string_view> columns(std::begin(kFieldColumns), std::end(kFieldColumns));
  std::vector<ObjectRow> rows;
  for (Line& line : ReadLines(source.id + "/fields.tsv", source.fields_tsv, columns, faults)) {
    ObjectRow row;
    if (FieldRowReader(std::move(line.cells), line.place, faults).Read(row)) rows.push_back(std::move(row));
  }
  return rows;
}

ProfileHead ReadProfileHead(const ProfileSource& source, TableFaults& faults) {
  const std::string file = source.id + "/profile.tsv";
  ProfileHead head;
  std::map<std::string_view, std::string> seen;
  for (const Line& line : ReadLines(file, source.profile_tsv, {"key", "value"}, faults)) {
    const auto key = Keys().find(line.cells[0]);
    const std::string name(line.cells[0]);
    if (key == Keys().end())
      faults.Add(line.place, "there is no key \"" + name + "\"");
    else if (!seen.emplace(line.cells[0], line.place).second)
      faults.Add(line.place, name + " stands twice");
    else if (!key->second(head, std::string(line.cells[1])))
      faults.Add(line.place, name + " \"" + std::string(line.cells[1]) + "\" is not of its form");
  }
  for (const std::string_view needed : {"id", "name_vi", "name_en", "valid_from"})
    if (seen.count(needed) == 0) faults.Add(file, std::string(needed) + " is missing");
  if (!head.profile.id.empty() && head.profile.id != source.id)
    faults.Add(file, "id \"" + head.profile.id + "\" is not the name of its folder");
  head.profile.id = source.id;
  return head;
}

}  // namespace tvan
