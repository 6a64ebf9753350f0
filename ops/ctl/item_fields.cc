#include "ops/ctl/item_fields.h"

#include <charconv>

#include "ops/ctl/item_values.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Kind {
  admin::ContractKind kind;
  std::string name;
  std::vector<const char*> id;  // its fields, in order
};
const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = {{admin::AGREEMENT, "agreement", {}},
                                          {admin::PROVIDER_CONTRACT, "provider_contract", {"provider"}},
                                          {admin::MANDATE, "mandate", {"provider", "mst"}},
                                          {admin::TAXPAYER, "taxpayer", {"mst"}},
                                          {admin::DELEGATION, "delegation", {"mst", "delegate"}}};
  return kinds;
}
const Kind& KindAt(admin::ContractKind kind) {
  for (const Kind& one : Kinds())
    if (one.kind == kind) return one;
  return Kinds().front();
}

Status Wrong(const std::string& path, const std::string& why) {
  return Status::Permanent("ctl.contract_field"_reason, path + ": " + why);
}

// A message that people write as one word, as a list of them, or as a time: no path goes into it.
bool IsWhole(const FieldDescriptor& field) {
  return field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field.is_repeated() ||
         field.message_type()->full_name() == "google.protobuf.Timestamp";
}

// The field that a path ends at, and the message that has it.
struct Place {
  Message* parent = nullptr;
  const FieldDescriptor* field = nullptr;
};
Place Find(Message& inner, const std::string& path) {
  Message* parent = &inner;
  size_t begin = 0;
  while (true) {
    const size_t dot = path.find('.', begin);
    const FieldDescriptor* field = parent->GetDescriptor()->FindFieldByName(path.substr(begin, dot - begin));
    if (field == nullptr || IsWhole(*field) != (dot == std::string::npos)) return {};
    if (dot == std::string::npos) return {parent, field};
    parent = parent->GetReflection()->MutableMessage(parent, field);
    begin = dot + 1;
  }
}

// A separator, or a backslash, that belongs to a value has a backslash in front.
std::vector<std::string> Parts(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '\\' && i + 1 < text.size();
    if (!escaped && text[i] == separator)
      parts.emplace_back();
    else
      parts.back() += text[escaped ? ++i : i];
  }
  std::erase(parts, "");
  return parts;
}

std::string Escaped(const std::string& value, char separator) {
  std::string text;
  for (const char c : value) {
    if (c == separator || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

void AddPaths(const Descriptor& type, const std::string& prefix, std::vector<std::string>& paths) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.name() == "version") continue;  // of the older calls: an item has its own
    if (IsWhole(field))
      paths.push_back(prefix + field.name());
    else
      AddPaths(*field.message_type(), prefix + field.name() + ".", paths);
  }
}

std::string Listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

Result<admin::ContractKind> KindNamed(const std::string& name) {
  for (const Kind& one : Kinds())
    if (one.name == name) return one.kind;
  return Status::Permanent("ctl.contract_kind"_reason, "\"" + name + "\" is none of " + Listed(KindNames()));
}

const std::string& NameOf(admin::ContractKind kind) { return KindAt(kind).name; }

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  for (const Kind& one : Kinds()) names.push_back(one.name);
  return names;
}

admin::ContractKind KindOf(const admin::ContractItem& item) {
  return static_cast<admin::ContractKind>(item.item_case());  // the numbers are the same; a test compares them
}

Message& InnerOf(admin::ContractKind kind, admin::ContractItem& item) {
  const FieldDescriptor* field = item.GetDescriptor()->FindFieldByName(NameOf(kind));
  return *item.GetReflection()->MutableMessage(&item, field);
}

const Message& InnerOf(const admin::ContractItem& item) {
  const FieldDescriptor* field = item.GetDescriptor()->FindFieldByName(NameOf(KindOf(item)));
  return item.GetReflection()->GetMessage(item, field);
}

Status SetId(admin::ContractKind kind, const std::string& id, admin::ContractItem& item) {
  const Kind& known = KindAt(kind);
  Message& inner = InnerOf(kind, item);
  const std::vector<std::string> parts = Parts(id, '/');
  if (known.id.empty() ? id != "authority" : parts.size() != known.id.size())
    return Status::Permanent("ctl.contract_id"_reason, "\"" + id + "\" is no id of a " + known.name + ": " +
                                                           (known.id.empty() ? "authority" : known.id[0]) +
                                                           (known.id.size() > 1 ? "/" + std::string(known.id[1]) : ""));
  for (size_t i = 0; i < known.id.size(); ++i)
    inner.GetReflection()->SetString(&inner, inner.GetDescriptor()->FindFieldByName(known.id[i]), parts[i]);
  return {};
}

std::string IdOf(const admin::ContractItem& item) {
  const Kind& known = KindAt(KindOf(item));
  if (known.id.empty()) return "authority";
  std::string id;
  for (const char* name : known.id) id += (id.empty() ? "" : "/") + GetField(InnerOf(item), name);
  return id;
}

Status SetField(Message& inner, const std::string& path, const std::string& text, char separator) {
  const Place place = Find(inner, path);
  if (place.field == nullptr) return Wrong(path, "no such field; known: " + Listed(FieldPaths(inner)));
  place.parent->GetReflection()->ClearField(place.parent, place.field);
  if (text.empty()) return {};
  if (!place.field->is_repeated()) {
    const Status set = SetValue(*place.parent, *place.field, text);
    return set.ok() ? set : Wrong(path, set.message());
  }
  for (const std::string& part : Parts(text, separator))
    if (const Status set = SetValue(*place.parent, *place.field, part); !set.ok()) return Wrong(path, set.message());
  return {};
}

std::string GetField(const Message& inner, const std::string& path, char separator) {
  const std::unique_ptr<Message> copy(inner.New());  // the way to a field may make what stands above it
  copy->CopyFrom(inner);
  const Place place = Find(*copy, path);
  if (place.field == nullptr) return "";
  if (!place.field->is_repeated()) return ValueOf(*place.parent, *place.field, -1);
  std::string text;
  for (int i = 0; i < place.parent->GetReflection()->FieldSize(*place.parent, place.field); ++i)
    text += (i == 0 ? "" : std::string(1, separator)) + Escaped(ValueOf(*place.parent, *place.field, i), separator);
  return text;
}

std::vector<std::string> FieldPaths(const Message& inner) {
  std::vector<std::string> paths;
  AddPaths(*inner.GetDescriptor(), "", paths);
  return paths;
}

std::vector<std::pair<std::string, std::string>> FieldsOf(const Message& inner, char separator) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const std::string& path : FieldPaths(inner))
    if (std::string text = GetField(inner, path, separator); !text.empty()) fields.emplace_back(path, std::move(text));
  return fields;
}

}  // namespace tvan::ctl
