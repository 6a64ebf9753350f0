#include "tests/unit/ctl/nights.h"

#include "gateway/core/time.h"
#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

void AddMark(admin::Night& night, admin::MarkKind kind, const char* at, admin::MarkState state) {
  admin::Mark& mark = *night.add_marks();
  mark.set_kind(kind);
  SetTime(at, mark.mutable_at());
  mark.set_state(state);
}

// `passed` marks, then the next.
void AddMarks(admin::Night& night, int passed) {
  constexpr const char* kTimes[] = {"2026-11-10T09:12:00", "2026-11-21T17:00:00", "2026-11-21T23:30:00",
                                    "2026-11-22T00:00:00", "2026-11-22T03:45:00", "2026-11-22T05:00:00"};
  for (int i = 0; i < 6; ++i)
    AddMark(night, static_cast<admin::MarkKind>(i + 1), kTimes[i],
            i < passed    ? admin::MARK_STATE_PASSED
            : i == passed ? admin::MARK_STATE_NEXT
                          : admin::MARK_STATE_TO_COME);
}

void AddShift(admin::Night& night, const char* name, const char* mobile, const char* from, const char* to) {
  admin::Shift& shift = *night.mutable_on_call()->add_shifts();
  shift.set_name(name);
  shift.set_mobile(mobile);
  SetTime(from, shift.mutable_from());
  SetTime(to, shift.mutable_to());
}

void AddZero(admin::Night& night, const char* name, uint64_t count, double trend, const char* oldest,
             const char* provider, uint64_t worst) {
  auto& zero = *night.mutable_drain()->add_zeros();
  zero.set_name(name);
  zero.set_count(count);
  zero.set_per_minute(trend);
  if (count != 0) SetTime(oldest, zero.mutable_oldest());
  zero.set_worst_provider(provider);
  zero.set_worst_count(worst);
}

void AddUnreadable(admin::Night& night, const char* what, const char* name) {
  auto& ending = *night.mutable_endings()->add_rows();
  ending.set_what(what);
  ending.set_name(name);
  ending.set_unreadable(std::string("cannot read /etc/tvan/") + name + ": Permission denied");
}

admin::Night Common(const char* now, v1::LinePhase phase, const char* since) {
  admin::Night night;
  SetTime(now, night.mutable_now());
  night.set_line("main");
  night.set_phase(phase);
  SetTime(since, night.mutable_phase_since());
  admin::Window& window = *night.mutable_window();
  window.set_id("upgrade");
  SetTime("2026-11-22T00:00:00", window.mutable_start());
  SetTime("2026-11-22T03:45:00", window.mutable_end());
  SetTime("2026-11-22T05:00:00", window.mutable_verify_until());
  window.set_kind(v1::WINDOW_KIND_AUTHORITY);
  window.set_state(v1::WINDOW_STATE_ANNOUNCED);
  window.set_source("1234/TB-TCT");
  admin::ContactSheet& sheet = *night.mutable_contact();
  sheet.set_window("upgrade");
  sheet.mutable_contact()->set_name("Nguyễn Thị Hồng Ánh");
  SetTime("2026-11-21T17:00:00", sheet.mutable_due());
  sheet.set_state(admin::CONTACT_STATE_SENT);
  SetTime("2026-11-20T15:20:00", sheet.mutable_sent_at());
  sheet.set_sent_how("công văn 12/CV");
  AddShift(night, "Nguyễn Thị Hồng Ánh", "0912 345 678", "2026-11-21T22:00:00", "2026-11-22T02:00:00");
  AddShift(night, "Trần Quốc Bình", "", "2026-11-22T02:00:00", "2026-11-22T05:00:00");
  night.mutable_unread()->set_notice(12);
  night.mutable_unread()->set_providers(20);
  night.mutable_counts()->set_held(4);
  SetTime(now, night.mutable_counts()->mutable_as_of());
  auto& disk = *night.mutable_disk();
  disk.set_free_bytes(120'500'000'000);
  disk.set_total_bytes(500'000'000'000);
  disk.mutable_intake_per_s()->set_value(12);
  disk.mutable_bytes_per_message()->set_value(9'100);
  disk.mutable_hours()->set_value(306.5);
  SetTime("2026-11-22T05:00:00", night.mutable_endings()->mutable_before());
  night.mutable_clock_offset()->set_nanos(300'000'000);
  night.mutable_fault_class();
  auto& budget = *night.mutable_budget();
  budget.set_year(2026);
  budget.mutable_allowed()->set_seconds(630'720);
  budget.mutable_used()->set_seconds(45'000);
  budget.mutable_planned()->set_seconds(14'400);
  budget.mutable_left()->set_seconds(571'320);
  return night;
}

}  // namespace

void SetTime(const char* local, google::protobuf::Timestamp* out) { SetTimestamp(*ParseTime(local), out); }

admin::Night QuietNight() {
  admin::Night night = Common("2026-11-18T14:05:09", v1::LINE_PHASE_OPEN, "2026-11-15T03:50:00");
  AddMarks(night, 1);
  night.mutable_contact()->set_state(admin::CONTACT_STATE_READY);
  night.mutable_contact()->clear_sent_at();
  night.add_unverified("upgrade-2");
  auto& unread = *night.mutable_unread();
  unread.set_unread(3);
  for (const char* name : {"acme", "bach-viet", "cuu-long-software"}) unread.add_names(name);
  AddZero(night, "to_send", 3, 0.2, "2026-11-18T14:05:08", "acme", 2);
  AddZero(night, "un_999d", 12, 0, "2026-11-18T14:05:01", "acme", 7);
  AddZero(night, "undelivered", 0, 0, "", "", 0);
  night.mutable_drain()->set_measured(true);
  SetTime("2026-11-18T14:05:10", night.mutable_drain()->mutable_empty_at());
  night.mutable_drain()->set_rate_limit_per_s(500);
  return night;
}

admin::Night DrainingNight() {
  admin::Night night = Common("2026-11-21T23:41:07", v1::LINE_PHASE_DRAINING, "2026-11-21T23:30:00");
  AddMarks(night, 3);
  night.set_phase_evidence("stop upgrade begins at 2026-11-22T00:00:00");
  AddZero(night, "to_send", 64'200, -820.4, "2026-11-21T23:12:40", "acme", 41'000);
  AddZero(night, "un_999d", 310, 12, "2026-11-21T23:39:01", "bach-viet", 200);
  AddZero(night, "undelivered", 0, 0, "", "", 0);
  admin::Drain& drain = *night.mutable_drain();
  auto& cls = *drain.add_classes();
  cls.set_sending_per_s(31);
  cls.set_arriving_per_s(12);
  drain.set_short_by(42'725);
  drain.set_rate_limit_per_s(40);
  drain.set_done(0.38);
  drain.set_unanswered_due_before_stop(17);
  drain.set_unanswered_expected_after(2'304);
  AddUnreadable(night, "trust", "sellers.pem");
  auto& ending = *night.mutable_endings()->add_rows();
  ending.set_what("certificate");
  ending.set_name("line");
  SetTime("2026-11-22T04:00:00", ending.mutable_at());
  return night;
}

admin::Night ClosedNight() {
  admin::Night night = Common("2026-11-22T02:10:00", v1::LINE_PHASE_CLOSED, "2026-11-22T00:00:00");
  AddMarks(night, 4);
  night.mutable_window()->set_state(v1::WINDOW_STATE_EXTENDED);
  SetTime("2026-11-22T04:45:00", night.mutable_window()->mutable_end());
  SetTime("2026-11-22T04:45:00", night.mutable_marks(4)->mutable_at());
  AddZero(night, "to_send", 71'006, 720, "2026-11-21T23:12:40", "acme", 44'000);
  AddZero(night, "un_999d", 0, 0, "", "", 0);
  AddZero(night, "undelivered", 5, -1, "2026-11-22T02:09:51", "bach-viet", 5);
  night.mutable_drain()->set_measured(true);
  AddUnreadable(night, "certificate", "line");
  admin::Gap& gap = *night.mutable_on_call()->add_gaps();
  SetTime("2026-11-22T04:00:00", gap.mutable_from());
  SetTime("2026-11-22T05:00:00", gap.mutable_to());
  SetTime("2026-11-22T04:00:00", night.mutable_on_call()->mutable_shifts(1)->mutable_to());
  night.add_refusing(v1::MESSAGE_CLASS_SUMMARY);
  return night;
}

admin::Night VerifyingRedNight() {
  admin::Night night = Common("2026-11-22T05:12:30", v1::LINE_PHASE_VERIFYING, "2026-11-22T03:45:00");
  AddMarks(night, 5);
  night.mutable_marks(5)->set_state(admin::MARK_STATE_OVERDUE);
  night.mutable_window()->set_state(v1::WINDOW_STATE_CLOSED);
  AddZero(night, "to_send", 80'114, 700, "2026-11-21T23:12:40", "acme", 44'000);
  AddZero(night, "un_999d", 41, 0, "2026-11-21T23:59:01", "acme", 30);
  AddZero(night, "undelivered", 5, 0, "2026-11-22T02:09:51", "bach-viet", 5);
  night.mutable_drain()->set_measured(true);
  night.set_down_reason("line.html");
  auto& probe = *night.mutable_probe();
  SetTime("2026-11-22T05:12:10", probe.mutable_at());
  probe.set_level(1);
  probe.set_evidence("HTTP 502: <html>Bảo trì hệ thống\033[2J</html>");
  night.mutable_fault_class()->set_value("authority");
  night.add_fault_evidence("05:12:10 an HTML page answers for the service");
  night.mutable_counts()->set_in_doubt(41);
  night.mutable_counts()->set_work_items(1);
  admin::Incident& incident = *night.add_incidents();
  incident.set_id("INC-2026-11-22-1");
  incident.set_title("cơ quan thuế trả về trang bảo trì");
  incident.set_fault_class("authority");
  SetTime("2026-11-22T05:02:00", incident.mutable_opened_at());
  return night;
}

admin::Night RampingNight() {
  admin::Night night = Common("2026-11-22T04:02:00", v1::LINE_PHASE_RAMPING, "2026-11-22T03:51:30");
  AddMarks(night, 5);
  night.set_phase_evidence("probes L1 to L3 green at 03:51:20");
  night.mutable_window()->set_state(v1::WINDOW_STATE_CLOSED);
  for (const auto& [cls, phase] : {std::pair{v1::MESSAGE_CLASS_CODED, v1::LINE_PHASE_RAMPING},
                                   std::pair{v1::MESSAGE_CLASS_SUMMARY, v1::LINE_PHASE_CLOSED}}) {
    auto& row = *night.add_classes();
    row.set_message_class(cls);
    row.set_phase(phase);
  }
  AddZero(night, "to_send", 60'410, -2'400, "2026-11-21T23:12:40", "acme", 39'000);
  AddZero(night, "un_999d", 96, 4, "2026-11-22T04:01:40", "acme", 60);
  AddZero(night, "undelivered", 210, 190, "2026-11-22T04:01:50", "bach-viet", 120);
  admin::Drain& drain = *night.mutable_drain();
  auto& cls = *drain.add_classes();
  cls.set_sending_per_s(52);
  cls.set_arriving_per_s(3);
  drain.set_measured(true);
  drain.set_done(0.2461);
  drain.set_rate_limit_per_s(55);
  SetTime("2026-11-22T04:22:30", drain.mutable_empty_at());
  auto& probe = *night.mutable_probe();
  SetTime("2026-11-22T03:51:20", probe.mutable_at());
  probe.set_green(true);
  probe.set_level(3);
  probe.set_evidence("canary taken in 0.4 s");
  return night;
}

admin::Night UnknownNight() {
  admin::Night night;
  SetTime("2026-11-22T04:02:00", night.mutable_now());
  night.set_line("main");
  night.set_phase(v1::LINE_PHASE_DOWN);
  return night;
}

}  // namespace tvan::ctl
