// What a notice says, in Vietnamese as such notices are written, and in English.
#include <algorithm>

#include "gateway/calendar/advice.h"
#include "gateway/calendar/notice.h"

namespace tvan {
namespace {

Words Both(const std::string& before_vi, const std::string& before_en, const Words& middle, const char* after = "") {
  return {before_vi + middle.vi + after, before_en + middle.en + after};
}

Words Label(const char* vi, const char* en, const std::string& text) {
  if (text.empty()) return {};
  return {std::string("\n") + vi + ": " + text, std::string("\n") + en + ": " + text};
}

// "tạm dừng …": what the stop is, as the part of a sentence.
Words WhatStops(const Window& w) {
  if (w.kind == WindowKind::kOwn)
    return {"T-VAN bảo trì, tạm dừng truyền nhận dữ liệu hóa đơn điện tử với cơ quan thuế",
            "maintenance of the T-VAN: data exchange with the tax authority stops"};
  if (w.kind == WindowKind::kOutage)
    return {"sự cố, gián đoạn truyền nhận dữ liệu hóa đơn điện tử với cơ quan thuế",
            "outage: data exchange with the tax authority is interrupted"};
  return {"cơ quan thuế tạm dừng hệ thống hóa đơn điện tử", "the tax authority's e-invoice system stops"};
}

Words Rehearsal(const Window& w) {
  return w.kind == WindowKind::kRehearsal ? Words{"[DIỄN TẬP] ", "[REHEARSAL] "} : Words();
}

// An outage has no planned span: when it is expected to be over is what counts.
Words SayStop(const Window& w) {
  if (w.kind != WindowKind::kOutage || w.recurrence.recurs()) return SaySpan(w);
  const Words from = SayTime(w.start), to = SayTime(w.end);
  return {"từ " + from.vi + ", dự kiến hoạt động trở lại lúc " + to.vi,
          "from " + from.en + ", expected back at " + to.en};
}

Words TitleOf(NoticeKind kind, const Window& w) {
  const Words what = WhatStops(w), when = SayStop(w), end = SayTime(EndOf(w));
  switch (kind) {
    case NoticeKind::kAnnounced:
      break;
    case NoticeKind::kChanged:
      return {"Thông báo thay đổi: " + what.vi + ", nay là " + when.vi, "Changed: " + what.en + ", now " + when.en};
    case NoticeKind::kExtended:
      return {"Thông báo gia hạn thời gian tạm dừng: " + what.vi + " " + when.vi,
              "Extended: " + what.en + " " + when.en};
    case NoticeKind::kEndedEarly:
      return {"Thông báo kết thúc sớm: " + what.vi + ", đã kết thúc lúc " + end.vi,
              "Ended early: " + what.en + "; it was over at " + end.en};
    case NoticeKind::kCatchUpBegun:
    case NoticeKind::kCatchUpMoved:
    case NoticeKind::kCatchUpOver:
      break;
    case NoticeKind::kCancelled:
      return {"Thông báo hủy, không diễn ra: " + what.vi + " " + when.vi,
              "Cancelled, does not take place: " + what.en + " " + when.en};
  }
  return {"Thông báo: " + what.vi + " " + when.vi, "Notice: " + what.en + " " + when.en};
}

Words Facts(const Window& w) {
  Words facts = Both("\nPhạm vi: ", "\nScope: ", SayClasses(w), ".");
  if (w.verify_until && !w.recurrence.recurs())
    facts = facts + Both("\nKiểm tra kết nối sau khi dừng: đến ", "\nThe connection is checked until ",
                         SayTime(*w.verify_until), ".");
  return facts + Label("Lý do", "Reason", w.reason) + Label("Căn cứ", "Source", w.source) +
         Label("Hỗ trợ", "Support", w.support);
}

const Words kWhileStopped{
    "Đề nghị quý đơn vị: (1) gửi dữ liệu đã có trước giờ dừng; (2) trong thời gian dừng vẫn có thể gửi: T-VAN tiếp "
    "nhận, "
    "cấp biên nhận, lưu giữ và tự động chuyển khi hệ thống hoạt động trở lại, trừ loại dữ liệu đang tạm ngừng nhận "
    "(GetLineStatus); (3) không gửi lại thông điệp đã có biên nhận; (4) thông báo cho khách hàng theo nội dung kèm "
    "theo; "
    "(5) sau khi hệ thống hoạt động trở lại, phối hợp kiểm tra việc gửi, nhận dữ liệu qua T-VAN.",
    "Please (1) submit before the stop what you have; (2) go on submitting during the stop: messages are taken, "
    "receipted, "
    "kept and sent by themselves when the system is back, except for classes that are refused meanwhile "
    "(GetLineStatus); "
    "(3) do not submit again what has a receipt; (4) tell your customers, with the text that comes with this notice; "
    "(5) after the stop help to check sending and receiving through the T-VAN."};
const Words kGoOn{
    "Không cần gửi lại thông điệp đã có biên nhận; dữ liệu lưu giữ được tự động chuyển dần. Đề nghị quý đơn vị thông "
    "báo "
    "cho khách hàng và phối hợp kiểm tra việc gửi, nhận dữ liệu qua T-VAN.",
    "Do not submit again what has a receipt; what was kept is sent by and by. Please tell your customers and help to "
    "check "
    "sending and receiving through the T-VAN."};
const Words kNoStop{
    "Hệ thống phục vụ bình thường trong thời gian này. Đề nghị quý đơn vị thông báo lại cho khách hàng.",
    "The service runs as usual at that time. Please tell your customers."};

Words ForProvider(NoticeKind kind, const Window& w, const Words& title) {
  const Words& what_to_do = kind == NoticeKind::kCancelled    ? kNoStop
                            : kind == NoticeKind::kEndedEarly ? kGoOn
                                                              : kWhileStopped;
  return title + Words{".", "."} + Facts(w) + Words{"\n", "\n"} + what_to_do;
}

Words ClassByClass(const Window& w) {
  Words said;
  for (const MessageClass cls : kProviderClasses) {
    const auto& classes = w.classes;
    if (!classes.empty() && std::find(classes.begin(), classes.end(), cls) == classes.end()) continue;
    said = said + Words{"\n– ", "\n– "} + AdviceToUsers(cls);
  }
  return said;
}

const Words kHello{"Kính gửi Quý khách hàng,\n", "Dear customer,\n"};
const Words kBye{"\nTrân trọng cảm ơn sự phối hợp của Quý khách hàng.", "\nThank you for your cooperation."};

Words ForUsers(NoticeKind kind, const Window& w, const Words& title) {
  if (kind == NoticeKind::kCancelled)
    return kHello + title +
           Words{".\nHóa đơn điện tử được lập, gửi và nhận kết quả như thường lệ.",
                 ".\nE-invoices are issued, sent and answered as usual."} +
           kBye;
  if (kind == NoticeKind::kEndedEarly)
    return kHello + title +
           Words{
               ".\nDữ liệu lập trong thời gian tạm dừng đang được chuyển dần tới cơ quan thuế; Quý khách không cần lập "
               "lại hoặc gửi lại hóa đơn.",
               ".\nWhat was issued during the stop is being sent to the tax authority by and by; nothing needs to be "
               "issued or sent again."} +
           kBye;
  return kHello + title + Words{". Trong thời gian này:", ". Meanwhile:"} + ClassByClass(w) +
         Words{"\nQuý khách không cần lập lại hoặc gửi lại hóa đơn đã gửi.",
               "\nInvoices that were sent need not be issued or sent again."} +
         kBye;
}

Words TitleOf(NoticeKind kind, const CatchUp& catch_up, Time made_at) {
  const Words began = SayTime(catch_up.began_at), over = SayTime(made_at);
  if (kind == NoticeKind::kCatchUpOver)
    return {"Thông báo: dữ liệu lưu giữ đã được chuyển hết tới cơ quan thuế, ghi nhận lúc " + over.vi,
            "Notice: what was kept has all been sent to the tax authority, as seen at " + over.en};
  const Words empty = catch_up.empty_at ? SayTime(*catch_up.empty_at) : Words();
  const Words when = catch_up.empty_at
                         ? Words{"dự kiến chuyển hết lúc " + empty.vi, "should all be sent by " + empty.en}
                         : Words{"dự kiến chưa chuyển hết trước lần tạm dừng kế tiếp",
                                 "will not all be sent before the next stop begins"};
  if (kind == NoticeKind::kCatchUpMoved)
    return {"Thông báo cập nhật dự kiến: dữ liệu lưu giữ nay " + when.vi, "Forecast changed: what was kept " + when.en};
  return {"Thông báo: truyền nhận dữ liệu hóa đơn điện tử với cơ quan thuế đã hoạt động trở lại từ " + began.vi +
              ", dữ liệu lưu giữ đang được chuyển dần, " + when.vi,
          "Notice: data exchange with the tax authority is back since " + began.en + "; what was kept " + when.en};
}

const Words kWhileCatchingUp{
    "Không cần gửi lại thông điệp đã có biên nhận; dữ liệu mới vẫn được nhận, cấp biên nhận và chuyển tiếp. Kết quả xử "
    "lý "
    "có thể đến muộn hơn thường lệ. Dự kiến mới nhất: GetLineStatus.",
    "Do not submit again what has a receipt; new messages are taken, receipted and sent on. Answers may come later "
    "than "
    "usual. GetLineStatus has the newest forecast."};
const Words kCaughtUp{"Dữ liệu mới được chuyển như thường lệ. Không cần gửi lại thông điệp đã có biên nhận.",
                      "New messages are sent as usual. Do not submit again what has a receipt."};
const Words kUsersWhileCatchingUp{
    "Hóa đơn lập trong thời gian tạm dừng được chuyển dần tới cơ quan thuế; kết quả có thể đến muộn hơn thường lệ. Quý "
    "khách không cần lập lại hoặc gửi lại hóa đơn.",
    "Invoices issued during the stop are being sent to the tax authority by and by; answers may come later than usual. "
    "Nothing needs to be issued or sent again."};
const Words kUsersCaughtUp{
    "Hóa đơn điện tử được lập, gửi và nhận kết quả như thường lệ. Quý khách không cần lập lại hoặc gửi lại hóa đơn.",
    "E-invoices are issued, sent and answered as usual. Nothing needs to be issued or sent again."};

}  // namespace

NoticeTexts TextsOf(NoticeKind kind, const CatchUp& catch_up, Time made_at) {
  const bool over = kind == NoticeKind::kCatchUpOver;
  NoticeTexts texts;
  texts.title = TitleOf(kind, catch_up, made_at);
  texts.for_provider = texts.title + Words{".\n", ".\n"} + (over ? kCaughtUp : kWhileCatchingUp);
  texts.for_users = kHello + texts.title + Words{".\n", ".\n"} + (over ? kUsersCaughtUp : kUsersWhileCatchingUp) + kBye;
  return texts;
}

NoticeTexts TextsOf(NoticeKind kind, const Window& window) {
  NoticeTexts texts;
  texts.title = Rehearsal(window) + TitleOf(kind, window);
  texts.for_provider = ForProvider(kind, window, texts.title);
  texts.for_users = ForUsers(kind, window, texts.title);
  return texts;
}

}  // namespace tvan
