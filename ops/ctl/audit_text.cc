#include "ops/ctl/audit_text.h"

#include <algorithm>

#include "ops/ctl/output.h"
#include "ops/ctl/screen_text.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

constexpr size_t kTextColumns = 60;  // of a table

std::string RecordOf(const admin::AuditEntry& entry) {
  return entry.kind() + " " + Clean(entry.id()) + "@" + std::to_string(entry.version()) +
         (entry.deleted() ? " deleted" : "");
}

void AddFact(const char* name, const std::string& value, std::string& out) {
  if (!value.empty()) out += PadRight(name, 10) + value + "\n";
}

void AddLines(const char* title, const google::protobuf::RepeatedPtrField<std::string>& lines, std::string& out) {
  out += std::string(title) + "\n";
  if (lines.empty()) out += "  -\n";
  for (const std::string& line : lines) out += "  " + Clean(line) + "\n";
}

std::string RoleText(admin::OperatorRole role) {
  std::string name = admin::OperatorRole_Name(role);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

}  // namespace

std::string AuditTable(const google::protobuf::RepeatedPtrField<admin::AuditEntry>& entries) {
  Table table({"entry", "at", "author", "record", "reason"});
  for (const admin::AuditEntry& entry : entries)
    table.Add({std::to_string(entry.sequence()), ToText(entry.at()), Fit(Clean(entry.author()), kTextColumns),
               Fit(RecordOf(entry), kTextColumns), Fit(Clean(entry.reason()), kTextColumns)});
  return table.empty() ? "nothing\n" : table.Text();
}

std::string AuditEntryText(const admin::GetAuditEntryResponse& shown) {
  const admin::AuditEntry& entry = shown.entry();
  std::string out;
  AddFact("entry", std::to_string(entry.sequence()), out);
  AddFact("at", ToText(entry.at()), out);
  AddFact("author", Clean(entry.author()), out);
  AddFact("reason", Clean(entry.reason()), out);
  AddFact("record", RecordOf(entry), out);
  AddFact("hash", entry.hash(), out);
  AddLines("before", shown.before(), out);
  AddLines("after", shown.after(), out);
  return out;
}

std::string AuditVerdict(const admin::VerifyAuditResponse::Done& done, Language language) {
  const bool vi = language == Language::kVietnamese;
  const std::string entries = std::to_string(done.entries());
  std::string out;
  if (done.whole())
    out = vi ? "NGUYÊN VẸN: " + entries + " mục" : "WHOLE: " + entries + " entries";
  else
    out = vi ? "BỊ SỬA HOẶC THIẾU: " + entries + " mục" : "BROKEN: " + entries + " entries";
  if (done.has_began_at()) out += (vi ? ", từ " : ", since ") + ToText(done.began_at());
  out += "\n";
  for (const std::string& found : done.breaks()) out += "  " + Clean(found) + "\n";
  if (!done.whole() || done.head().empty()) return out;
  out += vi ? "Ghi lại ở nơi khác để đối chiếu lần sau: " : "Note it elsewhere, for the next time: ";
  return out + "--known " + entries + ":" + done.head() + "\n";
}

std::string OperatorText(const admin::GetOperatorResponse& caller) {
  return Clean(caller.name()) + ": " + RoleText(caller.role()) + ", certificate " + caller.certificate() + "\n";
}

}  // namespace tvan::ctl
