#include "ops/ctl/output.h"

#include <algorithm>
#include <iostream>

#include <google/protobuf/util/json_util.h>

namespace tvan::ctl {
namespace {

size_t Width(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Without(const std::string& prefix, const std::string& name) {
  return name.compare(0, prefix.size(), prefix) == 0 ? name.substr(prefix.size()) : name;
}

void PrintFact(const char* name, const std::string& value) {
  if (!value.empty())
    std::cout << "  " << name << std::string(16 - std::min<size_t>(15, Width(name)), ' ') << value << '\n';
}

std::string InvoiceText(const v1::InvoiceKey& key) {
  return key.mst() + ";" + key.khmshdon() + ";" + key.khhdon() + ";" + key.shdon();
}

void PrintEvents(const v1::Message& message) {
  Table table({"time", "event", "attempt", "reason", "detail"});
  for (const v1::Event& event : message.events())
    table.Add({ToText(event.time()), event.kind(), event.attempt() == 0 ? "" : std::to_string(event.attempt()),
               event.reason(), event.answer_id().empty() ? event.detail() : event.detail() + " " + event.answer_id()});
  table.Print();
}

}  // namespace

std::string Table::Text() const {
  std::vector<size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) line += row[i] + std::string(widths[i] - Width(row[i]) + 2, ' ');
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

void Table::Print() const { std::cout << Text() << std::flush; }

void PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string out;
  const auto done = google::protobuf::util::MessageToJsonString(message, &out, options);
  std::cout << (done.ok() ? out : "{\"error\":\"a text of the answer is not UTF-8\"}") << std::endl;
}

Time ToTime(const google::protobuf::Timestamp& time) { return {time.seconds() * 1'000'000 + time.nanos() / 1000}; }

std::string ToText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return FormatLocal(ToTime(time)) + "+07:00";
}

void SetTimestamp(Time time, google::protobuf::Timestamp* to) {
  to->set_seconds(time.us / 1'000'000);
  to->set_nanos(static_cast<int32_t>(time.us % 1'000'000) * 1000);
}

std::string ToText(v1::MessageState state) { return Without("MESSAGE_STATE_", v1::MessageState_Name(state)); }
std::string ToText(v1::MessageClass cls) { return Without("MESSAGE_CLASS_", v1::MessageClass_Name(cls)); }
std::string ToText(v1::AnswerVerdict verdict) { return Without("ANSWER_VERDICT_", v1::AnswerVerdict_Name(verdict)); }

std::string ToText(v1::Severity severity) {
  if (severity == v1::SEVERITY_INFO) return "info";
  return severity == v1::SEVERITY_WARNING ? "warning" : "error";
}

void PrintFindings(const google::protobuf::RepeatedPtrField<v1::Finding>& findings, const std::string& lang) {
  if (findings.empty()) return;
  Table table({"rule", "severity", "code", "where", "what"});
  for (const v1::Finding& finding : findings)
    table.Add({finding.rule_id(), ToText(finding.severity()), finding.authority_code(), finding.path(),
               lang == "vi" ? finding.text_vi() : finding.text_en()});
  table.Print();
}

void PrintMessage(const v1::Message& message) {
  std::cout << message.gateway_mtdiep() << "  " << ToText(message.state()) << '\n';
  PrintFact("provider's id", message.provider_mtdiep() + message.client_reference());
  PrintFact("type", std::to_string(message.message_type()) + " " + ToText(message.message_class()));
  PrintFact("MST", message.mst());
  PrintFact("accepted", ToText(message.accepted_at()));
  PrintFact("since", ToText(message.state_since()));
  if (message.has_waits_for()) PrintFact("waits for", InvoiceText(message.waits_for()));
  PrintFact("reason", message.reason());
  PrintFact("attempts", std::to_string(message.attempts()));
  PrintFact("SHA-256", message.sha256());
  for (const v1::InvoiceKey& key : message.invoices()) PrintFact("invoice", InvoiceText(key));
  PrintEvents(message);
}

}  // namespace tvan::ctl
