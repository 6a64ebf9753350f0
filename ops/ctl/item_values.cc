#include "ops/ctl/item_values.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include "ops/ctl/item_facts.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

Status Expected(const std::string& what) { return Status::Permanent("ctl.contract_field"_reason, what + " expected"); }

// "FROM..TO", either may be missing.
template <class Record>
Status SetSpanOf(const std::string& text, Record& to) {
  const size_t dots = text.find("..");
  if (dots == std::string::npos) return Expected("FROM..TO");
  if (dots > 0)
    if (Status set = SetTimeText(text.substr(0, dots), to.mutable_from()); !set.ok()) return set;
  return dots + 2 < text.size() ? SetTimeText(text.substr(dots + 2), to.mutable_to()) : Status();
}

template <class Record>
std::string SpanOf(const Record& record) {
  return (record.has_from() ? TimeText(record.from()) : "") + ".." + (record.has_to() ? TimeText(record.to()) : "");
}

// "SHA256[@FROM..TO[@REVOKED[@NOTE]]]"
Status SetCertificate(const std::string& text, admin::BoundCertificate& to) {
  const size_t at = text.find('@');
  to.set_sha256(text.substr(0, at));
  if (at == std::string::npos) return {};
  const size_t revoked = text.find('@', at + 1);
  if (Status set = SetSpanOf(text.substr(at + 1, revoked - at - 1), to); !set.ok() || revoked == std::string::npos)
    return set;
  const size_t note = text.find('@', revoked + 1);
  if (note != std::string::npos) to.set_note(text.substr(note + 1));
  const std::string when = text.substr(revoked + 1, note - revoked - 1);
  return when.empty() ? Status() : SetTimeText(when, to.mutable_revoked_at());
}

std::string CertificateText(const admin::BoundCertificate& bound) {
  const bool dated = bound.has_from() || bound.has_to(), revoked = bound.has_revoked_at(),
             noted = !bound.note().empty();
  std::string text = bound.sha256();
  if (dated || revoked || noted) text += "@" + SpanOf(bound);
  if (revoked || noted) text += "@" + (revoked ? TimeText(bound.revoked_at()) : "");
  return noted ? text + "@" + bound.note() : text;
}

// "role|name|email|phone", the last ones may be missing.
Status SetContact(const std::string& text, admin::ContractContact& to) {
  size_t begin = 0;
  for (std::string* part : {to.mutable_role(), to.mutable_name(), to.mutable_email(), to.mutable_phone()}) {
    const size_t end = std::min(text.find('|', begin), text.size());
    *part = text.substr(begin, end - begin);
    begin = std::min(end + 1, text.size());
  }
  return begin < text.size() ? Expected("role|name|email|phone") : Status();
}

Status SetInner(const std::string& text, Message& to) {
  if (auto* time = dynamic_cast<Timestamp*>(&to)) return SetTimeText(text, time);
  if (auto* term = dynamic_cast<admin::ContractTerm*>(&to)) return SetSpanOf(text, *term);
  if (auto* certificate = dynamic_cast<admin::BoundCertificate*>(&to)) return SetCertificate(text, *certificate);
  if (auto* contact = dynamic_cast<admin::ContractContact*>(&to)) return SetContact(text, *contact);
  return SetFact(text, to);
}

std::string InnerText(const Message& message) {
  if (const auto* time = dynamic_cast<const Timestamp*>(&message)) return TimeText(*time);
  if (const auto* term = dynamic_cast<const admin::ContractTerm*>(&message)) return SpanOf(*term);
  if (const auto* bound = dynamic_cast<const admin::BoundCertificate*>(&message)) return CertificateText(*bound);
  if (const auto* c = dynamic_cast<const admin::ContractContact*>(&message))
    return c->role() + "|" + c->name() + "|" + c->email() + "|" + c->phone();
  return FactText(message);
}

std::string EnumWords(const google::protobuf::EnumDescriptor& type) {
  std::string words;
  for (int i = 1; i < type.value_count(); ++i) words += (i == 1 ? "" : ", ") + EnumText(*type.value(i));
  return "one of " + words;
}

template <class Number>
std::string NumberText(Number number) {
  return number == 0 ? "" : std::to_string(number);
}

template <class Number>
Status SetNumber(const std::string& text, const std::function<void(Number)>& set) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return Expected("a whole number");
  set(number);
  return {};
}

Status SetBool(const std::string& text, const std::function<void(bool)>& set) {
  if (text != "true" && text != "false") return Expected("true or false");
  set(text == "true");
  return {};
}

}  // namespace

Status SetValue(Message& parent, const FieldDescriptor& field, const std::string& text) {
  const auto& reflection = *parent.GetReflection();
  const bool list = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      list ? reflection.AddString(&parent, &field, text) : reflection.SetString(&parent, &field, text);
      return {};
    case FieldDescriptor::CPPTYPE_BOOL:
      return SetBool(text, [&](bool value) { reflection.SetBool(&parent, &field, value); });
    case FieldDescriptor::CPPTYPE_INT32:
      return SetNumber<int32_t>(text, [&](int32_t value) {
        list ? reflection.AddInt32(&parent, &field, value) : reflection.SetInt32(&parent, &field, value);
      });
    case FieldDescriptor::CPPTYPE_UINT32:
      return SetNumber<uint32_t>(text, [&](uint32_t value) { reflection.SetUInt32(&parent, &field, value); });
    case FieldDescriptor::CPPTYPE_UINT64:
      return SetNumber<uint64_t>(text, [&](uint64_t value) { reflection.SetUInt64(&parent, &field, value); });
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = EnumNamed(*field.enum_type(), text);
      if (value == nullptr) return Expected(EnumWords(*field.enum_type()));
      list ? reflection.AddEnum(&parent, &field, value) : reflection.SetEnum(&parent, &field, value);
      return {};
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetInner(text,
                      list ? *reflection.AddMessage(&parent, &field) : *reflection.MutableMessage(&parent, &field));
    default:
      return Status::Permanent("ctl.contract_field"_reason, "it cannot be written as one word");
  }
}

std::string ValueOf(const Message& parent, const FieldDescriptor& field, int index) {
  const auto& reflection = *parent.GetReflection();
  const bool list = field.is_repeated();
  if (!list && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !reflection.HasField(parent, &field)) return "";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return list ? reflection.GetRepeatedString(parent, &field, index) : reflection.GetString(parent, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(parent, &field) ? "true" : "";
    case FieldDescriptor::CPPTYPE_INT32:
      return NumberText(list ? reflection.GetRepeatedInt32(parent, &field, index)
                             : reflection.GetInt32(parent, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return NumberText(reflection.GetUInt32(parent, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return NumberText(reflection.GetUInt64(parent, &field));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = list ? reflection.GetRepeatedEnum(parent, &field, index) : reflection.GetEnum(parent, &field);
      return value->number() == 0 ? "" : EnumText(*value);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return InnerText(list ? reflection.GetRepeatedMessage(parent, &field, index)
                            : reflection.GetMessage(parent, &field));
    default:
      return "";
  }
}

}  // namespace tvan::ctl
