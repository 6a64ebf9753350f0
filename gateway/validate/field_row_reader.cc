#include "gateway/validate/field_row_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace tvan {
namespace {

constexpr std::pair<std::string_view, FieldType> kTypes[] = {
    {"object", FieldType::kObject},
    {"text", FieldType::kText},
    {"code", FieldType::kCode},
    {"enum", FieldType::kEnum},
    {"number", FieldType::kNumber},
    {"int", FieldType::kInt},
    {"date", FieldType::kDate},
    {"datetime", FieldType::kDateTime},
    {"taxcode", FieldType::kTaxCode},
    {"mtdiep", FieldType::kMTDiep},
    {"mltdiep", FieldType::kMLTDiep},
    {"period", FieldType::kPeriod},
    {"id", FieldType::kId},
    {"qr", FieldType::kQr},
    {"signature", FieldType::kSignature},
    {"any", FieldType::kAny},
};
constexpr std::pair<std::string_view, Mark> kMarks[] = {
    {"weak", Mark::kWeak}, {"likely", Mark::kLikely}, {"sure", Mark::kSure}};
constexpr uint32_t kMostDigits = 19;  // what a uint64_t holds whatever they are

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsNameSign(char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; }
bool IsName(std::string_view text) {
  return !text.empty() && IsLetter(text[0]) && std::all_of(text.begin(), text.end(), IsNameSign);
}
// "room.what", both of small letters, digits and underscores.
bool IsRule(std::string_view text) {
  const auto small = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  const size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<ptrdiff_t>(dot), small) &&
         std::all_of(text.begin() + static_cast<ptrdiff_t>(dot) + 1, text.end(), small);
}

// Names parted by '/'; the last one may be "@Id" or "*".
bool IsPath(std::string_view text) {
  const std::vector<std::string_view> names = SplitText(text, '/');
  for (size_t i = 0; i + 1 < names.size(); ++i)
    if (!IsName(names[i])) return false;
  return names.back() == "*" || names.back() == "@Id" || IsName(names.back());
}

template <class Number>
std::optional<Number> ParseWhole(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

uint64_t PowerOfTen(uint32_t exponent) {
  uint64_t power = 1;
  for (uint32_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

bool FieldRowReader::Read(ObjectRow& out) {
  FieldRow& row = out.row;
  row.place = place_;
  out.object = Cell("object");
  row.path = Cell("path");
  if (!IsName(out.object)) Fault("object", "is no name");
  const bool placed = IsName(out.object) && IsPath(row.path);
  if (!IsPath(row.path)) Fault("path", "is no path of names");
  ReadOccurs(row);
  ReadType(row);
  ReadForm(row);
  ReadConditions(row);
  row.mark = ReadMark("mark");
  row.occurs_mark = ReadMark("occurs_mark");
  row.rule = Cell("rule");
  for (std::string_view rule : row.rule.empty() ? std::vector<std::string_view>() : SplitText(row.rule, ';')) {
    for (const std::string_view of : {"missing=", "form="})
      if (rule.substr(0, of.size()) == of) rule.remove_prefix(of.size());
    if (!IsRule(rule)) Fault("rule", "is neither a rule nor missing=RULE;form=RULE");
  }
  row.after = Cell("after");
  row.source = Cell("source");
  if (row.source.empty()) Fault("source", "says where the row comes from");
  row.note = Cell("note");
  return placed;
}

std::string FieldRowReader::Cell(std::string_view column) const {
  const auto at = std::find(std::begin(kFieldColumns), std::end(kFieldColumns), column);
  return std::string(cells_[static_cast<size_t>(at - std::begin(kFieldColumns))]);
}

void FieldRowReader::Fault(std::string_view column, const std::string& what) {
  faults_.Add(place_, std::string(column) + " \"" + Cell(column) + "\" " + what);
}

void FieldRowReader::ReadOccurs(FieldRow& row) {
  const std::string text = Cell("occurs");
  const size_t dots = text.find("..");
  const auto least = ParseWhole<uint32_t>(std::string_view(text).substr(0, dots));
  const std::string_view upper =
      dots == std::string::npos ? std::string_view(text) : std::string_view(text).substr(dots + 2);
  const auto most = upper == "n" ? std::optional<uint32_t>(FieldRow::kUnbounded) : ParseWhole<uint32_t>(upper);
  if (!least || !most || *least > *most) return Fault("occurs", "is not N, N..M or N..n");
  row.min_occurs = *least;
  row.max_occurs = *most;
}

void FieldRowReader::ReadType(FieldRow& row) {
  const std::string text = Cell("type");
  const size_t colon = text.find(':');
  const auto known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                  [&](const auto& type) { return type.first == text.substr(0, colon); });
  if (known == std::end(kTypes)) return Fault("type", "is not known");
  row.type = known->second;
  if (colon != std::string::npos) {
    row.reference = text.substr(colon + 1);
    if (row.type != FieldType::kObject || !IsName(row.reference)) Fault("type", "is not known");
  }
  const std::string name = LastName(row.path);
  if ((name == "@Id") != (row.type == FieldType::kId)) Fault("type", "does not fit: @Id is an id, and nothing else is");
  if (name == "*" && (row.type != FieldType::kAny || row.min_occurs != 0 || row.max_occurs != FieldRow::kUnbounded))
    Fault("type", "does not fit: * is any, 0..n");
}

// What digits and enumeration mean for the type.
void FieldRowReader::ReadForm(FieldRow& row) {
  switch (row.type) {
    case FieldType::kText:
    case FieldType::kQr:
      ReadLength(row);
      return ReadEmpty("enumeration");
    case FieldType::kCode:
      ReadEmpty("digits");
      return ReadPattern(row);
    case FieldType::kEnum:
      ReadEmpty("digits");
      return ReadValues(row);
    case FieldType::kNumber:
      ReadDigits(row);
      return ReadEmpty("enumeration");
    case FieldType::kInt:
      return ReadRange(row);
    default:
      ReadEmpty("digits");
      return ReadEmpty("enumeration");
  }
}

void FieldRowReader::ReadEmpty(std::string_view column) {
  if (!Cell(column).empty()) Fault(column, "must be empty for this type");
}

void FieldRowReader::ReadLength(FieldRow& row) {
  const std::string text = Cell("digits");
  if (text.empty()) return;
  row.length = ParseWhole<uint32_t>(text).value_or(0);
  if (row.length == 0) Fault("digits", "is no length");
}

void FieldRowReader::ReadPattern(FieldRow& row) {
  auto pattern = Pattern::Compile(Cell("enumeration"));
  if (Cell("enumeration").empty()) return Fault("enumeration", "holds the pattern of a code");
  if (!pattern) return Fault("enumeration", "is no pattern: " + pattern.status().message());
  row.pattern = std::move(*pattern);
}

void FieldRowReader::ReadValues(FieldRow& row) {
  const std::string text = Cell("enumeration");
  for (const std::string_view value : SplitText(text, '|')) {
    if (value.empty()) return Fault("enumeration", "is not VALUE|VALUE…");
    if (std::find(row.values.begin(), row.values.end(), value) != row.values.end())
      return Fault("enumeration", "has a value twice");
    row.values.emplace_back(value);
  }
}

void FieldRowReader::ReadDigits(FieldRow& row) {
  const std::string text = Cell("digits");
  const size_t comma = text.find(',');
  const auto total = ParseWhole<uint8_t>(std::string_view(text).substr(0, comma));
  const auto decimals =
      comma == std::string::npos ? std::nullopt : ParseWhole<uint8_t>(std::string_view(text).substr(comma + 1));
  if (!total || !decimals || *total == 0 || *decimals > *total) return Fault("digits", "is not TOTAL,DECIMALS");
  row.digits = {*total, *decimals};
}

void FieldRowReader::ReadRange(FieldRow& row) {
  row.length = ParseWhole<uint32_t>(Cell("digits")).value_or(0);
  if (row.length == 0 || row.length > kMostDigits) return Fault("digits", "is not 1 to 19");
  row.max = PowerOfTen(row.length) - 1;
  const std::string text = Cell("enumeration");
  if (text.empty()) return;
  const size_t dots = text.find("..");
  const auto least = ParseWhole<uint64_t>(std::string_view(text).substr(0, dots));
  const auto most =
      dots == std::string::npos ? std::nullopt : ParseWhole<uint64_t>(std::string_view(text).substr(dots + 2));
  if (!least || !most || *least > *most || *most > row.max)
    return Fault("enumeration", "is not MIN..MAX within the digits");
  row.min = *least;
  row.max = *most;
}

void FieldRowReader::ReadConditions(FieldRow& row) {
  const std::string text = Cell("applies");
  if (text.empty()) return;
  for (const std::string_view part : SplitText(text, ' ')) {
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return Fault("applies", "is not NAME=VALUE,… or NAME!=VALUE,…");
    Condition condition;
    condition.negated = part[equals - 1] == '!';
    condition.key = part.substr(0, equals - (condition.negated ? 1 : 0));
    for (const std::string_view value : SplitText(part.substr(equals + 1), ',')) condition.values.emplace_back(value);
    if (!IsLawful(condition)) return Fault("applies", "is not NAME=VALUE,… or NAME!=VALUE,…");
    row.applies.push_back(std::move(condition));
  }
}

bool FieldRowReader::IsLawful(const Condition& condition) {
  const auto lawful = [&](const std::string& value) {
    if (condition.key == "type") return IsMessageTypeForm(value);
    return !value.empty() && value.find('=') == std::string::npos;
  };
  return IsName(condition.key) && std::all_of(condition.values.begin(), condition.values.end(), lawful);
}

Mark FieldRowReader::ReadMark(std::string_view column) {
  const std::string text = Cell(column);
  for (const auto& [name, mark] : kMarks)
    if (name == text) return mark;
  Fault(column, "is not weak, likely or sure");
  return Mark::kWeak;
}

}  // namespace tvan
