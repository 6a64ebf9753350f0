#pragma once
// A text in both languages, and how instants are said in each. Pure. Days and times are those of +07:00.

#include <string>

#include "gateway/calendar/window.h"

namespace tvan {

struct Words {
  std::string vi, en;
  friend bool operator==(const Words&, const Words&) = default;
};
inline Words operator+(const Words& a, const Words& b) { return {a.vi + b.vi, a.en + b.en}; }

Words SayTime(Time t);  // "03:45 ngày 22/11/2026 (Chủ nhật)", "03:45 on Sunday 22 November 2026"
// From start to the end that counts; of a window that recurs its days, and those without.
Words SaySpan(const Window& window);
Words SayWeekday(int weekday);  // 0 Monday … 6 Sunday
// "3 giờ 45 phút", "3 h 45 min"; "0 phút", "0 min"; seconds are cut off, unless alone.
Words SayLength(Span span);
Words SayClass(MessageClass cls);        // "hóa đơn có mã", "coded invoices"
Words SayClasses(const Window& window);  // "mọi loại dữ liệu", "all data", or their names

}  // namespace tvan
