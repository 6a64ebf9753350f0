#include "ops/ctl/audit_text.h"

#include <algorithm>

#include "ops/ctl/output.h"
#include "ops/ctl/screen_text.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

constexpr size_t kTextColumns = 60;  // of a table

std::string RecordOf(const NightWords& words, const admin::AuditEntry& entry) {
  return entry.kind() + " " + Clean(entry.id()) + "@" + std::to_string(entry.version()) +
         (entry.deleted() ? words.Say(" đã xóa", " deleted") : "");
}

void AddFact(const std::string& name, const std::string& value, std::string& out) {
  if (!value.empty()) out += PadRight(name, 10) + value + "\n";
}

void AddLines(const std::string& title, const google::protobuf::RepeatedPtrField<std::string>& lines,
              std::string& out) {
  out += title + "\n";
  if (lines.empty()) out += "  -\n";
  for (const std::string& line : lines) out += "  " + Clean(line) + "\n";
}

std::string RoleText(admin::OperatorRole role) {
  std::string name = admin::OperatorRole_Name(role);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

}  // namespace

std::string AuditTable(const google::protobuf::RepeatedPtrField<admin::AuditEntry>& entries, const NightWords& words) {
  Table table({words.Say("mục", "entry"), words.Say("lúc", "at"), words.Say("người", "author"),
               words.Say("bản ghi", "record"), words.Say("lý do", "reason")});
  for (const admin::AuditEntry& entry : entries)
    table.Add({std::to_string(entry.sequence()), ToText(entry.at()), Fit(Clean(entry.author()), kTextColumns),
               Fit(RecordOf(words, entry), kTextColumns), Fit(Clean(entry.reason()), kTextColumns)});
  return table.empty() ? words.Say("không có gì\n", "nothing\n") : table.Text();
}

std::string AuditEntryText(const admin::GetAuditEntryResponse& shown, const NightWords& words) {
  const admin::AuditEntry& entry = shown.entry();
  std::string out;
  AddFact(words.Say("mục", "entry"), std::to_string(entry.sequence()), out);
  AddFact(words.Say("lúc", "at"), ToText(entry.at()), out);
  AddFact(words.Say("người", "author"), Clean(entry.author()), out);
  AddFact(words.Say("lý do", "reason"), Clean(entry.reason()), out);
  AddFact(words.Say("bản ghi", "record"), RecordOf(words, entry), out);
  AddFact(words.Say("mã băm", "hash"), entry.hash(), out);
  AddLines(words.Say("trước", "before"), shown.before(), out);
  AddLines(words.Say("sau", "after"), shown.after(), out);
  return out;
}

std::string AuditVerdict(const admin::VerifyAuditResponse::Done& done, const NightWords& words) {
  const std::string entries = std::to_string(done.entries());
  std::string out = done.whole() ? words.Say("NGUYÊN VẸN: ", "WHOLE: ") : words.Say("BỊ SỬA HOẶC THIẾU: ", "BROKEN: ");
  out += entries + words.Say(" mục", " entries");
  if (done.has_began_at()) out += words.Say(", từ ", ", since ") + ToText(done.began_at());
  out += "\n";
  for (int i = 0; i < done.breaks_size(); ++i) {
    const bool both = i < done.breaks_vi_size();  // older gateways know one language
    out += "  " + Clean(words.Say(both ? done.breaks_vi(i).c_str() : done.breaks(i).c_str(), done.breaks(i).c_str())) +
           "\n";
  }
  if (!done.whole() || done.head().empty()) return out;
  out += words.Say("Ghi lại ở nơi khác để đối chiếu lần sau: ", "Note it elsewhere, for the next time: ");
  return out + "--known " + entries + ":" + done.head() + "\n";
}

std::string OperatorText(const admin::GetOperatorResponse& caller, const NightWords& words) {
  return Clean(caller.name()) + ": " + words.Term(RoleText(caller.role())) +
         words.Say(", chứng thư ", ", certificate ") + caller.certificate() + "\n";
}

}  // namespace tvan::ctl
