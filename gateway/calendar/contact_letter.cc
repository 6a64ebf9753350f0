// The letter with the contact sheet. Whoever reads it knows neither us nor our tool.
#include "gateway/calendar/contact_sheet.h"

namespace tvan {
namespace {

Words Same(const std::string& text) { return {text, text}; }

Words Opening(const Window& w, const std::string& sender) {
  Words out = Words{"Tiêu đề: Đầu mối phối hợp khi hệ thống hóa đơn điện tử tạm dừng lúc ",
                    "Subject: Our contact for the stop of the e-invoice system at "} +
              SayTime(w.start) +
              Words{"\n\nKính gửi bộ phận công nghệ thông tin của cơ quan thuế,\n\n",
                    "\n\nTo the information technology department of the tax authority,\n\n"};
  if (!w.source.empty())
    out = out + Words{"căn cứ thông báo " + w.source + ", ", "with reference to your notice " + w.source + ", "};
  return out + Words{"tổ chức truyền nhận " + sender + "\ncử đầu mối phối hợp trong thời gian tạm dừng như sau:\n\n",
                     "the T-VAN " + sender + "\nnames this contact for the time of the stop:\n\n"};
}

}  // namespace

Words ContactLetter(const Window& w, const Contact& contact, const std::string& sender) {
  if (contact.empty()) return {};
  Words out = Opening(w, sender);
  out = out + Words{"  Họ và tên:     ", "  Full name:      "} + Same(contact.name);
  out = out + Words{"\n  Chức danh:     ", "\n  Title:          "} + Same(contact.title);
  out = out + Words{"\n  Thư điện tử:   ", "\n  E-mail:         "} + Same(contact.email);
  out = out + Words{"\n  Di động:       ", "\n  Mobile:         "} + Same(contact.mobile);
  out = out + Words{"\n\n  Dừng từ:       ", "\n\n  Stop from:      "} + SayTime(w.start);
  out = out + Words{"\n  Dự kiến đến:   ", "\n  Planned until:  "} + SayTime(EndOf(w));
  if (w.verify_until) out = out + Words{"\n  Kiểm tra đến:  ", "\n  Check until:    "} + SayTime(*w.verify_until);
  return out + Words{"\n\nGiờ Việt Nam (UTC+7). Trân trọng.\n", "\n\nTimes of Vietnam (UTC+7). Yours faithfully\n"};
}

}  // namespace tvan
