// What a drain still has to do, who is on call, who is named to the authority, who has read the notice.
#include <algorithm>

#include "ops/ctl/night_board.h"

namespace tvan::ctl {

namespace admin = tvan::admin::v1;

void NightBoard::Zeros() {
  if (!night_.has_drain()) {
    Unknown(Labelled("ba số không", "three zeros"));
    return;
  }
  Row& head = Labelled("ba số không", "three zeros");
  head.Add(PadLeft(Say("còn", "left"), 10) + PadLeft(Say("mỗi phút", "a minute"), 11), Style::kDim);
  head.Add("   " + PadRight(Say("cũ nhất", "oldest"), 16) + Say("nhiều nhất ở", "most of"), Style::kDim);
  for (const auto& zero : night_.drain().zeros()) ZeroRow(zero);
  Forecast();
}

void NightBoard::ZeroRow(const admin::Drain::Zero& zero) {
  const bool sent = zero.name() == "to_send", un_999d = zero.name() == "un_999d";
  Row& row = sent      ? Labelled("chờ gửi", "to send")
             : un_999d ? Labelled("chưa có 999", "without 999")
                       : Labelled("chưa giao", "undelivered");
  row.Add(PadLeft(words_.Count(zero.count()), 10), zero.count() == 0 ? Style::kGood : Style::kBold);
  const auto trend = static_cast<int64_t>(zero.per_minute() + (zero.per_minute() < 0 ? -0.5 : 0.5));
  const std::string amount = words_.Count(static_cast<uint64_t>(trend < 0 ? -trend : trend));
  row.Add(PadLeft(trend == 0 ? "0" : (trend < 0 ? "−" : "+") + amount, 11), trend > 0 ? Style::kWarn : Style::kPlain);
  row.Add("   " + PadRight(zero.has_oldest() ? At(zero.oldest()) : "", 16));
  if (zero.worst_count() > 0) row.Add(zero.worst_provider() + " (" + words_.Count(zero.worst_count()) + ")");
}

void NightBoard::Forecast() {
  const admin::Drain& drain = night_.drain();
  Row& row = Labelled("dự báo", "forecast");
  if (drain.short_by() > 0)
    row.Add(Say("lúc dừng còn thiếu ", "short by ") + words_.Count(drain.short_by()) + Say("", " at the stop"),
            Style::kBad);
  else if (!drain.zeros().empty() && drain.zeros(0).count() == 0)
    row.Add(Say("không còn gì chờ gửi", "nothing waits"), Style::kGood);
  else if (drain.has_empty_at())
    row.Add(Say("hết lúc ", "empty at ") + At(drain.empty_at()), Style::kGood);
  else
    row.Add(Say("chưa biết khi nào hết", "not known when it will be empty"), Style::kWarn);
  double sending = 0, arriving = 0;
  for (const auto& cls : drain.classes()) sending += cls.sending_per_s(), arriving += cls.arriving_per_s();
  if (!drain.classes().empty())
    row.Add(Say("   gửi ", "   sends ") + words_.Rate(sending) + Say(", vào ", ", in ") + words_.Rate(arriving));
  if (drain.rate_limit_per_s() > 0)
    row.Add(Say(", nhịp tối đa ", ", pace up to ") + words_.Rate(drain.rate_limit_per_s()));
  if (!drain.measured()) row.Add(Say("  (ước đoán)", "  (a guess)"), Style::kWarn);
  Progress();
}

void NightBoard::Progress() {
  const admin::Drain& drain = night_.drain();
  if (night_.phase() == v1::LINE_PHASE_DRAINING || night_.phase() == v1::LINE_PHASE_RAMPING) {
    const double done = std::clamp(drain.done(), 0.0, 1.0);
    const auto full = static_cast<size_t>(done * 50 + 0.5);
    Labelled("đã xong", "done")
        .Add("[" + std::string(full, '#') + std::string(50 - full, '.') + "] " +
             std::to_string(static_cast<int>(done * 100)) + " %");
  }
  if (drain.unanswered_due_before_stop() + drain.unanswered_expected_after() == 0) return;
  Labelled("chờ trả lời", "unanswered")
      .Add(words_.Count(drain.unanswered_due_before_stop()) +
           Say(" đến hạn trước giờ dừng, ", " due before the stop, ") +
           words_.Count(drain.unanswered_expected_after()) + Say(" sau giờ dừng", " expected after it"));
}

void NightBoard::People() {
  Rule();
  OnCall();
  Contact();
  Unread();
}

void NightBoard::OnCall() {
  if (!night_.has_window()) return;
  Row& row = Labelled("trực", "on call");
  if (!night_.has_on_call()) return Unknown(row);
  const admin::Shift* next = nullptr;
  std::string present;
  for (const admin::Shift& shift : night_.on_call().shifts()) {
    const Time from = ToTime(shift.from()), to = ToTime(shift.to());
    if (from <= now_ && now_ < to)
      present += (present.empty() ? "" : ", ") + shift.name() + (shift.mobile().empty() ? "" : " " + shift.mobile()) +
                 Say(" đến ", " until ") + words_.At(to, now_);
    else if (now_ < from && next == nullptr)
      next = &shift;
  }
  row.Add(present.empty() ? Say("lúc này không có ai", "nobody now") : present,
          present.empty() && night_.phase() != v1::LINE_PHASE_OPEN ? Style::kBad : Style::kPlain);
  if (night_.on_call().gaps_size() > 0) {
    const Time from = ToTime(night_.on_call().gaps(0).from()), to = ToTime(night_.on_call().gaps(0).to());
    row.Add(Say("; TRỐNG ", "; NOBODY ") + words_.At(from, now_) + " – " + words_.At(to, from), Style::kBad);
  }
  if (next != nullptr) row.Add(Say("; tiếp: ", "; then ") + next->name() + Say(" từ ", " from ") + At(next->from()));
}

void NightBoard::Contact() {
  if (!night_.has_window()) return;
  Row& row = Labelled("đầu mối", "contact");
  if (!night_.has_contact()) return Unknown(row);
  const admin::ContactSheet& sheet = night_.contact();
  const std::string name = sheet.has_contact() ? sheet.contact().name() : Say("chưa cử ai", "nobody is named");
  row.Add(name);
  const Span left = ToTime(sheet.due()) - now_;
  switch (sheet.state()) {
    case admin::CONTACT_STATE_SENT:
      row.Add(Say(", đã gửi ", ", sent ") + At(sheet.sent_at()) + ": " + sheet.sent_how(), Style::kGood);
      break;
    case admin::CONTACT_STATE_OVERDUE:
      row.Add(Say(", QUÁ HẠN ", ", OVERDUE by ") + words_.Span(left) + Say(": phiếu chưa gửi", ": not sent"),
              Style::kBad);
      break;
    case admin::CONTACT_STATE_NOT_NEEDED:
      row.Add(Say(", không phải gửi phiếu", ", no sheet is due"));
      break;
    default:
      row.Add(Say(", chưa gửi, còn ", ", not sent, due in ") + words_.Span(left) + " (" + At(sheet.due()) + ")",
              left < std::chrono::hours(24) ? Style::kWarn : Style::kPlain);
  }
}

void NightBoard::Unread() {
  Row& row = Labelled("chưa đọc", "not read");
  if (!night_.has_unread()) return Unknown(row);
  const auto& unread = night_.unread();
  if (unread.notice() == 0) {
    row.Add(Say("chưa có thông báo nào", "there is no notice"));
    return;
  }
  if (unread.providers() == 0) {
    row.Add(Say("không nhà cung cấp nào có hợp đồng hiệu lực", "no provider has a contract in force"));
    return;
  }
  const std::string notice = Say("thông báo ", "notice ") + std::to_string(unread.notice());
  if (unread.unread() == 0) {
    row.Add(notice + Say(": mọi nhà cung cấp đã đọc", ": read by all providers"), Style::kGood);
    return;
  }
  row.Add(
      notice + ": " + words_.Count(unread.unread()) + Say(" trong ", " of ") + words_.Count(unread.providers()) + ": ",
      Style::kWarn);
  std::string names;
  for (const std::string& name : unread.names()) names += (names.empty() ? "" : ", ") + name;
  row.Add(names);
}

}  // namespace tvan::ctl
