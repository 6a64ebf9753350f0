// What the gateway and its line say of themselves.
#include "ops/ctl/night_board.h"

namespace tvan::ctl {

namespace admin = tvan::admin::v1;

void NightBoard::Machine() {
  Counts();
  Disk();
  Endings();
  Probe();
  Fault();
  Refusals();
  Budget();
  Incidents();
}

void NightBoard::Counts() {
  Row& row = Labelled("cần xem", "to look at");
  if (!night_.has_counts()) return Unknown(row);
  const auto& counts = night_.counts();
  const auto add = [&](const char* vi, const char* en, uint64_t n, Style style) {
    row.Add(Say(vi, en) + " ").Add(words_.Count(n), n == 0 ? Style::kPlain : style).Add("   ");
  };
  add("nghi vấn", "in doubt", counts.in_doubt(), Style::kWarn);
  add("im lặng", "silent", counts.silent(), Style::kWarn);
  add("việc cần xử lý", "work items", counts.work_items(), Style::kBad);
  add("bị giữ", "held", counts.held(), Style::kPlain);
  row.Add(Say("(đếm lúc ", "(counted ") + At(counts.as_of()) + ")", Style::kDim);
}

void NightBoard::Disk() {
  Row& row = Labelled("ổ đĩa", "disk");
  if (!night_.has_disk()) return Unknown(row);
  const auto& disk = night_.disk();
  row.Add(words_.Bytes(static_cast<double>(disk.free_bytes())) + Say(" trống / ", " free of ") +
          words_.Bytes(static_cast<double>(disk.total_bytes())));
  if (disk.has_hours()) {
    const double hours = disk.hours().value();
    row.Add(Say(" = ", " = ") + (hours >= 10'000 ? "> 10 000" : words_.Count(static_cast<uint64_t>(hours))) +
                Say(" giờ nhận", " h of intake"),
            hours < 24 ? Style::kBad : Style::kPlain);
  } else if (disk.has_intake_per_s() && disk.intake_per_s().value() <= 0) {
    row.Add(Say(", không có gì đang vào", ", nothing comes in"));
  } else {
    row.Add(Say(", đủ bao nhiêu giờ: không rõ", ", hours of intake: unknown"), Style::kDim);
  }
  if (disk.has_intake_per_s()) row.Add(Say("  (vào ", "  (in ") + words_.Rate(disk.intake_per_s().value()));
  if (disk.has_intake_per_s() && disk.has_bytes_per_message())
    row.Add(", " + words_.Bytes(disk.bytes_per_message().value()) + Say(" mỗi thông điệp", " each"));
  if (disk.has_intake_per_s()) row.Add(")");
}

void NightBoard::Endings() {
  Row& row = Labelled("hết hạn", "ends");
  if (!night_.has_endings()) return Unknown(row);
  int unreadable = 0;
  for (const auto& ending : night_.endings().rows()) {
    if (ending.unreadable().empty()) continue;
    ++unreadable;
    row.Add(words_.Term(ending.what()) + " " + ending.name() + Say(" TỆP KHÔNG DÙNG ĐƯỢC  ", " FILE CANNOT BE USED  "),
            Style::kBad);
  }
  row.Add(Say("trước ", "before ") + At(night_.endings().before()) + ": ");
  if (unreadable == night_.endings().rows_size()) {
    row.Add(unreadable == 0 ? Say("không có chứng thư hay hợp đồng nào", "no certificate and no contract")
                            : Say("không có gì khác", "nothing else"));
    return;
  }
  for (const auto& ending : night_.endings().rows())
    if (ending.unreadable().empty())
      row.Add(words_.Term(ending.what()) + " " + ending.name() + " " + At(ending.at()) + "  ", Style::kBad);
}

void NightBoard::Probe() {
  Row& row = Labelled("thăm dò", "probe");
  if (!night_.has_probe()) {
    row.Add(Say("chưa có từ khi khởi động", "none since the start"));
  } else {
    const auto& probe = night_.probe();
    row.Add(At(probe.at()) + " ");
    row.Add(probe.green() ? Say("XANH", "GREEN") : Say("ĐỎ", "RED"), probe.green() ? Style::kGood : Style::kBad);
    row.Add(" L" + std::to_string(probe.level()) + "  " + probe.evidence());
  }
  Row& clock = Labelled("đồng hồ", "clock");
  if (!night_.has_clock_offset()) return Unknown(clock);
  const Span offset = ToSpan(night_.clock_offset());
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(offset).count();
  const bool off = ms > 2000 || ms < -2000;
  clock.Add(ms == 0 ? Say("như của cơ quan thuế", "as the authority's")
                    : std::to_string(ms < 0 ? -ms : ms) + " ms " +
                          (ms > 0 ? Say("nhanh hơn cơ quan thuế", "ahead of the authority's")
                                  : Say("chậm hơn cơ quan thuế", "behind the authority's")),
            off ? Style::kBad : Style::kPlain);
}

void NightBoard::Fault() {
  Row& row = Labelled("lỗi ở", "fault");
  if (!night_.has_fault_class()) return Unknown(row);
  const std::string& fault = night_.fault_class().value();
  row.Add(fault.empty() ? Say("không có", "none") : words_.Term(fault), fault.empty() ? Style::kPlain : Style::kBad);
  if (night_.fault_evidence_size() > 0) row.Add("  " + night_.fault_evidence(0));
}

void NightBoard::Refusals() {
  Row& row = Labelled("từ chối", "refuses");
  if (night_.refusing_size() == 0) {
    row.Add(
        Say("không loại nào: mọi loại được nhận và giữ khi dừng", "nothing: every class is taken and held in a stop"));
  } else {
    std::string classes;
    for (const int cls : night_.refusing())
      classes += (classes.empty() ? "" : ", ") + words_.Class(static_cast<v1::MessageClass>(cls));
    row.Add(classes + Say(" (khi đường truyền không gửi)", " (while the line does not send)"), Style::kWarn);
  }
  if (!night_.signature_alarm().empty()) Labelled("chữ ký", "signatures").Add(night_.signature_alarm(), Style::kBad);
}

void NightBoard::Budget() {
  if (!night_.has_budget()) return;
  const auto& budget = night_.budget();
  const Span left = ToSpan(budget.left());
  Row& row = Labelled("bảo trì của ta", "own stops");
  row.Add(std::to_string(budget.year()) + ": " + words_.Hours(ToSpan(budget.used())) + Say(" đã dùng, ", " used, ") +
          words_.Hours(ToSpan(budget.planned())) + Say(" dự kiến, ", " planned, "));
  row.Add(left.count() < 0 ? Say("VƯỢT ", "OVER by ") + words_.Hours(-left) : Say("còn ", "left ") + words_.Hours(left),
          left.count() < 0 ? Style::kBad : Style::kPlain);
  row.Add(Say(" của ", " of ") + words_.Hours(ToSpan(budget.allowed())) + Say(" (2 % cả năm)", " (2 % of the year)"));
}

void NightBoard::Incidents() {
  for (const admin::Incident& incident : night_.incidents()) {
    Row& row = Labelled("sự cố", "incident");
    row.Add(incident.id(), Style::kWarn).Add("  " + incident.title());
    if (!incident.fault_class().empty()) row.Add(" (" + words_.Term(incident.fault_class()) + ")");
    row.Add(Say(", mở từ ", ", open since ") + At(incident.opened_at()));
  }
}

}  // namespace tvan::ctl
