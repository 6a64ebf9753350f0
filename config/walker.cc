#include "config/walker.h"

#include <set>

#include "config/kinds.h"
#include "config/numbers.h"
#include "config/scalars.h"

namespace tvan::config {
namespace {

std::string Join(const std::string& path, const std::string& name) { return path.empty() ? name : path + "." + name; }

ConfigProblem ProblemAt(const YAML::Mark& mark, const std::string& path, const std::string& text) {
  if (mark.is_null()) return {0, 0, path, text};
  return {mark.line + 1, mark.column + 1, path, text};
}

bool Knows(const google::protobuf::Descriptor& type, const std::string& key) {
  for (int i = 0; i < type.field_count(); ++i)
    if (KeyOf(*type.field(i)) == key) return true;
  return false;
}

}  // namespace

bool IsDuration(const google::protobuf::FieldDescriptor& field) {
  return field.message_type() != nullptr && field.message_type()->full_name() == "google.protobuf.Duration";
}
bool IsSection(const google::protobuf::FieldDescriptor& field) {
  return field.message_type() != nullptr && !IsDuration(field);
}
const v1::FieldRule& RuleOf(const google::protobuf::FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule);
}

const std::string& KeyOf(const google::protobuf::FieldDescriptor& field) {
  const std::string& key = RuleOf(field).key();
  return key.empty() ? field.name() : key;
}

void Walker::Error(const YAML::Mark& mark, const std::string& path, const std::string& text) {
  report_.errors.push_back(ProblemAt(mark, path, text));
}
void Walker::Warning(const YAML::Mark& mark, const std::string& path, const std::string& text) {
  report_.warnings.push_back(ProblemAt(mark, path, text));
}

YAML::Mark Walker::PlaceOf(const std::string& path) const {
  const auto place = places_.find(path);
  return place == places_.end() ? YAML::Mark::null_mark() : place->second;
}

void Walker::CheckKeys(const YAML::Node& node, const std::string& path, const google::protobuf::Descriptor& type) {
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      Error(entry.first.Mark(), path, "a key must be a plain name");
      continue;
    }
    const std::string name = entry.first.Scalar();
    if (!Knows(type, name)) Error(entry.first.Mark(), Join(path, name), "unknown key");
    if (!seen.insert(name).second) Error(entry.first.Mark(), Join(path, name), "this key stands here twice");
  }
}

void Walker::Walk(const YAML::Node& node, const std::string& path, google::protobuf::Message& message) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  const bool there = node.IsDefined() && !node.IsNull();
  const YAML::Mark mark = node.IsDefined() ? node.Mark() : YAML::Mark::null_mark();
  if (there && !node.IsMap()) return Error(mark, path, "a section with keys is wanted here");
  if (there) CheckKeys(node, path, type);
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    const std::string name = Join(path, KeyOf(field));
    const YAML::Node child = there ? node[KeyOf(field)] : YAML::Node(YAML::NodeType::Undefined);
    places_[name] = child.IsDefined() ? child.Mark() : mark;
    FillField(child, mark, name, field, message);
  }
}

void Walker::FillField(const YAML::Node& node, const YAML::Mark& section, const std::string& path, const Field& field,
                       google::protobuf::Message& message) {
  if (IsSection(field) && field.is_repeated()) return WalkList(node, path, field, message);
  if (IsSection(field)) return Walk(node, path, *message.GetReflection()->MutableMessage(&message, &field));
  const v1::FieldRule& rule = RuleOf(field);
  if (node.IsDefined() && !node.IsNull())
    return field.is_repeated() ? FillList(node, path, field, message) : FillScalar(node, path, field, message);
  if (rule.required()) return Error(section, path, "is required: " + rule.help());
  if (rule.default_value().empty()) return;
  const YAML::Node standard = YAML::Load(rule.default_value());
  field.is_repeated() ? FillList(standard, path, field, message) : FillScalar(standard, path, field, message);
}

// None said: none.
void Walker::WalkList(const YAML::Node& node, const std::string& path, const Field& field,
                      google::protobuf::Message& message) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsSequence()) return Error(node.Mark(), path, "a list of sections is wanted here: [{key: value}]");
  for (size_t i = 0; i < node.size(); ++i)
    Walk(node[i], path + "[" + std::to_string(i) + "]", *message.GetReflection()->AddMessage(&message, &field));
}

void Walker::FillList(const YAML::Node& node, const std::string& path, const Field& field,
                      google::protobuf::Message& message) {
  if (!node.IsSequence()) return Error(node.Mark(), path, "a list is wanted here: [a, b]");
  if (node.size() == 0 && RuleOf(field).required()) return Error(node.Mark(), path, "must not be empty");
  for (size_t i = 0; i < node.size(); ++i) FillScalar(node[i], path + "[" + std::to_string(i) + "]", field, message);
}

void Walker::FillScalar(const YAML::Node& node, const std::string& path, const Field& field,
                        google::protobuf::Message& message) {
  if (!node.IsScalar()) return Error(node.Mark(), path, "one value is wanted here");
  if (field.cpp_type() == Field::CPPTYPE_STRING) return SetText(node.Mark(), path, node.Scalar(), field, message);
  SetNumber(node.Mark(), path, node.Scalar(), field, message);
}

void Walker::SetNumber(const YAML::Mark& mark, const std::string& path, const std::string& text, const Field& field,
                       google::protobuf::Message& message) {
  const std::string error = SetNumberField(text, RuleOf(field).bounds(), field, message);
  if (!error.empty()) Error(mark, path, error);
}

void Walker::SetText(const YAML::Mark& mark, const std::string& path, const std::string& text, const Field& field,
                     google::protobuf::Message& message) {
  const v1::FieldRule& rule = RuleOf(field);
  if (IsChoice(rule.bounds()) && !ChoiceHolds(rule.bounds(), text))
    return Error(mark, path, "\"" + text + "\" is not one of " + rule.bounds());
  const KindVerdict verdict = CheckKind(rule.bounds(), text, folder_);
  if (!verdict.error.empty()) return Error(mark, path, verdict.error);
  if (!verdict.warning.empty()) Warning(mark, path, verdict.warning);
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    reflection.AddString(&message, &field, verdict.value);
  } else {
    reflection.SetString(&message, &field, verdict.value);
  }
}

}  // namespace tvan::config
