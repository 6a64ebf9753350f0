#include "gateway/calendar/check_window.h"

#include <algorithm>

#include "gateway/calendar/occurrence.h"

namespace tvan {
namespace {

constexpr size_t kLongestText = 500, kLongestContact = 100, kMostExceptions = 400;
constexpr Span kLongestStop = std::chrono::hours(24 * 31);

bool IsId(std::string_view id) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && id.size() <= 32 && std::all_of(id.begin(), id.end(), good);
}

bool IsClass(MessageClass cls) { return cls >= MessageClass::kCoded && cls <= MessageClass::kTechnical; }

Words WrongWithContact(const Contact& c, const Words& whose) {
  if (c.empty()) return {};
  for (const std::string* field : {&c.name, &c.title, &c.email, &c.mobile})
    if (field->empty() || field->size() > kLongestContact)
      return {"đầu mối " + whose.vi + ": họ tên, chức vụ, thư điện tử và di động, mỗi mục từ 1 đến 100 byte",
              whose.en + " contact: name, title, email and mobile, each of 1 to 100 bytes"};
  return {};
}

Words WrongWithRecurrence(const Window& w) {
  const Recurrence& r = w.recurrence;
  if (!r.recurs()) return {};
  if (r.weekdays > 0x7f) return {"ngày trong tuần là từ thứ Hai đến Chủ nhật", "weekdays are Monday to Sunday"};
  if (w.end - w.start > kOneDay)
    return {"mỗi lần của một lần dừng lặp lại kéo dài tối đa một ngày",
            "an occurrence of a recurring window lasts at most a day"};
  if (w.ended_at)
    return {"lần dừng lặp lại không kết thúc sớm; chỉ một ngày của nó kết thúc sớm",
            "a recurring window does not end early; one of its days does"};
  if (r.exceptions.size() > kMostExceptions) return {"tối đa 400 ngày ngoại lệ", "at most 400 exceptions"};
  if (!std::is_sorted(r.exceptions.begin(), r.exceptions.end()))
    return {"các ngày ngoại lệ theo thứ tự thời gian", "exceptions in order of day"};
  const auto at_midnight = [](Time t) { return t == LocalMidnight(t); };
  if (!std::all_of(r.exceptions.begin(), r.exceptions.end(), at_midnight))
    return {"ngoại lệ là trọn ngày", "exceptions are whole days"};
  return {};
}

Words WrongWithTimes(const Window& w) {
  if (!(w.start < w.end)) return {"lần dừng phải kết thúc sau khi bắt đầu", "a window must end after it starts"};
  if (w.start.us < 0 || w.end.us > kForever.us / 2)
    return {"lần dừng nằm trong khoảng từ năm 1970 đến tương lai xa", "a window lies between 1970 and the far future"};
  if (w.end - w.start > kLongestStop) return {"lần dừng kéo dài tối đa 31 ngày", "a window lasts at most 31 days"};
  if (w.verify_until && (*w.verify_until < w.end || *w.verify_until - w.end > kOneDay))
    return {"giờ kiểm tra xong nằm trong vòng một ngày sau khi kết thúc",
            "verify_until lies within a day after the end"};
  if (w.ended_at && !(w.start < *w.ended_at && *w.ended_at < w.end))
    return {"lần dừng kết thúc sớm thì kết thúc sau khi bắt đầu và trước giờ kết thúc",
            "a window that ended early did so after its start and before its end"};
  return {};
}

Words WrongWithWhole(const Window& w) {
  if (!IsId(w.id))
    return {"mã của lần dừng gồm 1 đến 32 ký tự a-z, 0-9 và '-'", "a window's id is 1 to 32 of a-z, 0-9 and '-'"};
  if (w.kind < WindowKind::kAuthority || w.kind > WindowKind::kRehearsal)
    return {"loại lần dừng không xác định", "unknown kind"};
  if (!std::all_of(w.classes.begin(), w.classes.end(), IsClass))
    return {"loại dữ liệu không xác định", "unknown message class"};
  if (std::max({w.reason.size(), w.source.size(), w.support.size()}) > kLongestText)
    return {"lý do, căn cứ và hỗ trợ, mỗi mục tối đa 500 byte", "reason, source and support are at most 500 bytes"};
  return {};
}

}  // namespace

Words WhatIsWrong(const Window& window) {
  Words wrong = WrongWithWhole(window);
  if (wrong.en.empty()) wrong = WrongWithTimes(window);
  if (wrong.en.empty()) wrong = WrongWithRecurrence(window);
  if (wrong.en.empty()) wrong = WrongWithContact(window.theirs, {"phía cơ quan thuế", "their"});
  if (wrong.en.empty()) wrong = WrongWithContact(window.ours, {"của ta", "our"});
  return wrong;
}

Status CheckWindow(const Window& window) {
  const Words wrong = WhatIsWrong(window);
  return wrong.en.empty() ? Status() : Status::Permanent("calendar.invalid"_reason, wrong.en);
}

}  // namespace tvan
