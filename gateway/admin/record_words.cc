#include "gateway/admin/record_words.h"

#include <algorithm>

#include <google/protobuf/timestamp.pb.h>

#include "gateway/core/utf8.h"
#include "gateway/intake/convert.h"

namespace tvan {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kLongestValue = 200;  // bytes
constexpr size_t kMostValues = 20;     // of one list
constexpr int kOne = -1;               // a field that is no list

struct Field {
  std::string path;
  bool list = false;
  std::vector<std::string> values;
};

std::string Cut(const std::string& text) {
  if (text.size() <= kLongestValue) return text;
  return std::string(CutUtf8(text, kLongestValue)) + "…";
}

bool IsTime(const FieldDescriptor& field) { return field.message_type() == google::protobuf::Timestamp::descriptor(); }

void Walk(const Message& message, const std::string& prefix, std::vector<Field>& out);

std::string TextOfMessage(const Message& message, bool time) {
  if (time) return FormatTime(FromProto(static_cast<const google::protobuf::Timestamp&>(message)));
  std::vector<Field> fields;
  Walk(message, "", fields);
  std::string text;
  for (const Field& field : fields)
    for (const std::string& value : field.values) text += (text.empty() ? "" : ", ") + field.path + " " + value;
  return "{" + text + "}";
}

std::string TextOf(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& in = *message.GetReflection();
  const auto number = [&](auto one, auto of) {
    return std::to_string(index == kOne ? (in.*one)(message, &field) : (in.*of)(message, &field, index));
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return index == kOne ? in.GetString(message, &field) : in.GetRepeatedString(message, &field, index);
    case FieldDescriptor::CPPTYPE_BOOL:
      return in.GetBool(message, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_ENUM:
      return (index == kOne ? in.GetEnum(message, &field) : in.GetRepeatedEnum(message, &field, index))->name();
    case FieldDescriptor::CPPTYPE_INT32:
      return number(&Reflection::GetInt32, &Reflection::GetRepeatedInt32);
    case FieldDescriptor::CPPTYPE_UINT32:
      return number(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return number(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64);
    case FieldDescriptor::CPPTYPE_INT64:
      return number(&Reflection::GetInt64, &Reflection::GetRepeatedInt64);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return TextOfMessage(
          index == kOne ? in.GetMessage(message, &field) : in.GetRepeatedMessage(message, &field, index),
          IsTime(field));
    default:
      return "?";
  }
}

// Messages that stand alone become paths of their own fields.
void Walk(const Message& message, const std::string& prefix, std::vector<Field>& out) {
  const Reflection& in = *message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  in.ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    const std::string path = prefix + field->name();
    const bool message_alone =
        !field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsTime(*field);
    if (message_alone) {
      Walk(in.GetMessage(message, field), path + ".", out);
      continue;
    }
    Field said{path, field->is_repeated(), {}};
    if (!said.list) said.values.push_back(TextOf(message, *field, kOne));
    for (int i = 0; said.list && i < in.FieldSize(message, field); ++i)
      said.values.push_back(TextOf(message, *field, i));
    out.push_back(std::move(said));
  }
}

std::string Join(const std::vector<std::string>& values) {
  if (values.empty()) return "-";
  std::string text;
  for (size_t i = 0; i < std::min(values.size(), kMostValues); ++i) text += (i == 0 ? "" : ", ") + Cut(values[i]);
  if (values.size() > kMostValues) text += ", and " + std::to_string(values.size() - kMostValues) + " more";
  return text;
}

// Of `values`, what is not in `others`; each as often as it is missing there.
std::vector<std::string> Without(std::vector<std::string> values, std::vector<std::string> others) {
  std::sort(others.begin(), others.end());
  std::vector<std::string> left;
  for (std::string& value : values) {
    const auto other = std::lower_bound(others.begin(), others.end(), value);
    if (other != others.end() && *other == value)
      others.erase(other);
    else
      left.push_back(std::move(value));
  }
  return left;
}

const std::vector<std::string>* ValuesAt(const std::vector<Field>& fields, const std::string& path) {
  static const std::vector<std::string> kNothing;
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.path == path; });
  return found == fields.end() ? &kNothing : &found->values;
}

std::string Change(const std::string& path, const std::vector<std::string>& before,
                   const std::vector<std::string>& after) {
  const std::vector<std::string> left = Without(before, after), came = Without(after, before);
  const bool order_only = left.empty() && came.empty();
  return path + ": " + Join(order_only ? before : left) + " → " + Join(order_only ? after : came);
}

}  // namespace

std::vector<std::string> WordsOf(const Message& message) {
  std::vector<Field> fields;
  Walk(message, "", fields);
  std::vector<std::string> words;
  for (const Field& field : fields) words.push_back(field.path + ": " + Join(field.values));
  return words;
}

std::vector<std::string> ChangesBetween(const Message& before, const Message& after) {
  std::vector<Field> was, is;
  Walk(before, "", was);
  Walk(after, "", is);
  std::vector<std::string> changes;
  for (const Field& field : was) {
    const auto* now = ValuesAt(is, field.path);
    if (*now != field.values) changes.push_back(Change(field.path, field.values, *now));
  }
  for (const Field& field : is)
    if (ValuesAt(was, field.path)->empty()) changes.push_back(Change(field.path, {}, field.values));
  return changes;
}

}  // namespace tvan
