#include "ops/ctl/item_facts.h"

#include <algorithm>
#include <vector>

#include "ops/ctl/output.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

Status Expected(const std::string& what) { return Status::Permanent("ctl.contract_field"_reason, what + " expected"); }

// `most` parts; those that are missing are empty.
std::vector<std::string> Cut(const std::string& text, char separator, size_t most) {
  std::vector<std::string> parts(most);
  size_t begin = 0;
  for (size_t i = 0; i < most && begin <= text.size(); ++i) {
    const size_t end = i + 1 == most ? text.size() : std::min(text.find(separator, begin), text.size());
    parts[i] = text.substr(begin, end - begin);
    begin = end + 1;
  }
  return parts;
}

// Empty: since ever.
Status SetBegin(const std::string& text, google::protobuf::Timestamp* to) {
  if (!text.empty()) return SetTimeText(text, to);
  to->Clear();
  return {};
}

Status SetStatus(const std::string& text, admin::Taxpayer::Status& to) {
  const auto parts = Cut(text, '@', 2);
  if (parts[0].size() != 2) return Expected("CODE@SINCE, like 03@2026-11-20,");
  to.set_code(parts[0]);
  return SetBegin(parts[1], to.mutable_since());
}

constexpr const char kDecision[] =
    "stop@FROM[@NUMBER[@KIND[@TO]]] or continue@FROM[@NUMBER[@KIND[@ANSWERS]]], KIND use or enforcement,";

Status SetDecision(const std::string& text, admin::Taxpayer::Decision& to) {
  const auto parts = Cut(text, '@', 5);
  const auto* kind = EnumNamed(*admin::Taxpayer::Decision::Kind_descriptor(), parts[3]);
  if ((parts[0] != "stop" && parts[0] != "continue") || (kind == nullptr && !parts[3].empty()))
    return Expected(kDecision);
  to.set_stop(parts[0] == "stop");
  to.set_number(parts[2]);
  if (kind != nullptr) to.set_kind(static_cast<admin::Taxpayer::Decision::Kind>(kind->number()));
  if (!to.stop()) to.set_answers(parts[4]);
  if (to.stop() && !parts[4].empty())
    if (Status status = SetTimeText(parts[4], to.mutable_to()); !status.ok()) return status;
  return SetBegin(parts[1], to.mutable_from());
}

Status SetRegistration(const std::string& text, admin::Taxpayer::Registration& to) {
  const auto parts = Cut(text, '@', 5);
  if (parts[0] != "accepted" && parts[0] != "refused")
    return Expected("accepted@FROM[@CLASSES[@KINDS[@RANGE]]], lists by +, or refused@FROM");
  to.set_accepted(parts[0] == "accepted");
  for (const std::string& word : Cut(parts[2], '+', 8)) {
    if (word.empty()) continue;
    const auto* value = EnumNamed(*v1::MessageClass_descriptor(), word);
    if (value == nullptr) return Expected("a class like coded, uncoded, cash_register");
    to.add_classes(static_cast<v1::MessageClass>(value->number()));
  }
  for (const std::string& kind : Cut(parts[3], '+', 16))
    if (!kind.empty()) to.add_invoice_kinds(kind);
  to.set_register_range(parts[4]);
  return SetBegin(parts[1], to.mutable_from());
}

// Without the parts at its end that say nothing.
std::string Trimmed(const std::string& text) { return text.substr(0, text.find_last_not_of('@') + 1); }

std::string DecisionText(const admin::Taxpayer::Decision& decision) {
  const auto* kind = admin::Taxpayer::Decision::Kind_descriptor()->FindValueByNumber(decision.kind());
  const std::string to = decision.has_to() ? TimeText(decision.to()) : "";
  return Trimmed(std::string(decision.stop() ? "stop" : "continue") + "@" + TimeText(decision.from()) + "@" +
                 decision.number() + "@" + (kind == nullptr || kind->number() == 0 ? "" : EnumText(*kind)) + "@" +
                 (decision.stop() ? to : decision.answers()));
}

std::string RegistrationText(const admin::Taxpayer::Registration& registration) {
  std::string classes, kinds;
  for (const int cls : registration.classes())
    classes += (classes.empty() ? "" : "+") + EnumText(*v1::MessageClass_descriptor()->FindValueByNumber(cls));
  for (const std::string& kind : registration.invoice_kinds()) kinds += (kinds.empty() ? "" : "+") + kind;
  std::string text = std::string(registration.accepted() ? "accepted" : "refused") + "@" +
                     TimeText(registration.from()) + "@" + classes + "@" + kinds + "@" + registration.register_range();
  return Trimmed(text);
}

}  // namespace

Status SetTimeText(const std::string& text, google::protobuf::Timestamp* to) {
  const auto time = text.size() == 10 ? ParseDate(text) : ParseTime(text);
  if (!time.ok()) return Expected("a date YYYY-MM-DD or a time with +07:00");
  SetTimestamp(*time, to);
  return {};
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.nanos() != 0) return FormatTime(ToTime(time));
  const std::string text = ToText(time);
  return text.size() > 10 && text.substr(10) == "T00:00:00+07:00" ? text.substr(0, 10) : text;
}

std::string EnumText(const google::protobuf::EnumValueDescriptor& value) {
  const std::string& first = value.type()->value(0)->name();  // TYPE_UNSPECIFIED
  const std::string prefix = first.substr(0, first.size() - std::string("UNSPECIFIED").size());
  std::string text = value.name().substr(value.name().rfind(prefix, 0) == 0 ? prefix.size() : 0);
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

const google::protobuf::EnumValueDescriptor* EnumNamed(const google::protobuf::EnumDescriptor& type,
                                                       const std::string& text) {
  for (int i = 1; i < type.value_count(); ++i)
    if (EnumText(*type.value(i)) == text) return type.value(i);
  return nullptr;
}

Status SetFact(const std::string& text, google::protobuf::Message& to) {
  if (auto* status = dynamic_cast<admin::Taxpayer::Status*>(&to)) return SetStatus(text, *status);
  if (auto* decision = dynamic_cast<admin::Taxpayer::Decision*>(&to)) return SetDecision(text, *decision);
  if (auto* registration = dynamic_cast<admin::Taxpayer::Registration*>(&to))
    return SetRegistration(text, *registration);
  return Status::Permanent("ctl.contract_field"_reason, "it cannot be written as one word");
}

std::string FactText(const google::protobuf::Message& fact) {
  if (const auto* s = dynamic_cast<const admin::Taxpayer::Status*>(&fact))
    return s->code() + "@" + TimeText(s->since());
  if (const auto* d = dynamic_cast<const admin::Taxpayer::Decision*>(&fact)) return DecisionText(*d);
  if (const auto* r = dynamic_cast<const admin::Taxpayer::Registration*>(&fact)) return RegistrationText(*r);
  return "";
}

}  // namespace tvan::ctl
