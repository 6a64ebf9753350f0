#include "ops/ctl/night_words.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "ops/ctl/drain_text.h"

namespace tvan::ctl {
namespace {

constexpr tvan::Span kNear = std::chrono::hours(12);
constexpr int64_t kDayUs = 86'400'000'000, kVietnamUs = 7 * 3'600'000'000LL;
constexpr const char* kDaysVi[] = {"T5", "T6", "T7", "CN", "T2", "T3", "T4"};  // 1970-01-01 was a Thursday
constexpr const char* kDaysEn[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};

struct Pair {
  const char *vi, *en;
};
template <size_t n>
const Pair& Pick(const std::array<Pair, n>& pairs, int index) {
  return pairs[index > 0 && static_cast<size_t>(index) < n ? static_cast<size_t>(index) : 0];
}

constexpr std::array<Pair, 7> kPhases = {{{"CHƯA RÕ", "UNKNOWN"},
                                          {"MỞ", "OPEN"},
                                          {"XẢ HÀNG ĐỢI", "DRAINING"},
                                          {"ĐÓNG", "CLOSED"},
                                          {"KIỂM TRA", "VERIFYING"},
                                          {"GỬI BÙ TĂNG DẦN", "RAMPING"},
                                          {"MẤT ĐƯỜNG TRUYỀN", "DOWN"}}};
constexpr std::array<Pair, 8> kClasses = {{{"không rõ", "unknown"},
                                           {"có mã", "coded"},
                                           {"không mã", "uncoded"},
                                           {"máy tính tiền", "cash register"},
                                           {"sai sót", "error notice"},
                                           {"đăng ký", "registration"},
                                           {"bảng tổng hợp", "summary"},
                                           {"kỹ thuật", "technical"}}};
constexpr std::array<Pair, 5> kKinds = {{{"", ""},
                                         {"cơ quan thuế", "the authority's"},
                                         {"của ta", "our own"},
                                         {"sự cố", "outage"},
                                         {"diễn tập", "rehearsal"}}};
constexpr std::array<Pair, 8> kStates = {{{"", ""},
                                          {"chưa xác nhận", "not confirmed"},
                                          {"đã thông báo", "announced"},
                                          {"đang dừng", "running"},
                                          {"đã kéo dài", "extended"},
                                          {"kết thúc sớm", "ended early"},
                                          {"đã hủy", "cancelled"},
                                          {"đã xong", "over"}}};
constexpr std::array<Pair, 7> kMarks = {{{"", ""},
                                         {"thông báo", "notice"},
                                         {"phiếu đầu mối", "contact sheet"},
                                         {"xả hàng đợi", "draining"},
                                         {"dừng", "stop"},
                                         {"kiểm tra", "check begins"},
                                         {"bình thường", "normal"}}};

std::string Number(const char* form, double value) {
  char text[32];
  std::snprintf(text, sizeof text, form, value);
  return text;
}

}  // namespace

std::string NightWords::Date(Time t) const {
  const std::string local = FormatLocal(t);
  const auto day = static_cast<size_t>(((t.us + kVietnamUs) / kDayUs) % 7);
  return std::string((vi_ ? kDaysVi : kDaysEn)[day]) + " " + local.substr(8, 2) + "/" + local.substr(5, 2) + "/" +
         local.substr(0, 4);
}

std::string NightWords::At(Time t, Time now) const {
  const std::string local = FormatLocal(t), today = FormatLocal(now), clock = local.substr(11, 5);
  if (t - now < kNear && now - t < kNear) return clock;
  const std::string day = local.substr(8, 2) + "/" + local.substr(5, 2);
  return (local.substr(0, 4) == today.substr(0, 4) ? day : day + "/" + local.substr(0, 4)) + " " + clock;
}

std::string NightWords::Span(tvan::Span span) const {
  const int64_t all = std::abs(span.count()) / 1'000'000;
  const int64_t days = all / 86'400, hours = all / 3'600 % 24, minutes = all / 60 % 60, seconds = all % 60;
  const auto two = [](int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  if (days > 0) return std::to_string(days) + Say(" ngày ", " d ") + std::to_string(hours) + Say(" giờ", " h");
  if (hours > 0) return std::to_string(hours) + Say(" giờ ", " h ") + two(minutes) + Say(" phút", " min");
  if (minutes > 0) return std::to_string(minutes) + Say(" phút ", " min ") + two(seconds) + Say(" giây", " s");
  return std::to_string(seconds) + Say(" giây", " s");
}

std::string NightWords::Count(uint64_t n) const { return Grouped(n); }

std::string NightWords::Rate(double per_s) const { return Number("%.1f/s", per_s); }

std::string NightWords::Bytes(double n) const {
  constexpr const char* kUnits[] = {"%.0f B", "%.1f KB", "%.1f MB", "%.1f GB", "%.1f TB"};
  size_t unit = 0;
  for (; n >= 1000 && unit + 1 < std::size(kUnits); ++unit) n /= 1000;
  return Number(kUnits[unit], n);
}

std::string NightWords::Phase(v1::LinePhase phase) const {
  const Pair& said = Pick(kPhases, phase);
  return Say(said.vi, said.en);
}
std::string NightWords::Class(v1::MessageClass cls) const {
  const Pair& said = Pick(kClasses, cls);
  return Say(said.vi, said.en);
}
std::string NightWords::Kind(v1::WindowKind kind) const {
  const Pair& said = Pick(kKinds, kind);
  return Say(said.vi, said.en);
}
std::string NightWords::State(v1::WindowState state) const {
  const Pair& said = Pick(kStates, state);
  return Say(said.vi, said.en);
}
std::string NightWords::Mark(admin::v1::MarkKind kind) const {
  const Pair& said = Pick(kMarks, kind);
  return Say(said.vi, said.en);
}

std::string NightWords::Hours(tvan::Span span) const {
  return Number("%.1f", static_cast<double>(span.count()) / 3.6e9) + Say(" giờ", " h");
}

std::string NightWords::Term(const std::string& word) const {
  static const std::map<std::string, const char*> kVi = {{"certificate", "chứng thư"},
                                                         {"trust", "CA"},
                                                         {"contract", "hợp đồng"},
                                                         {"authority", "cơ quan thuế"},
                                                         {"line", "đường truyền"},
                                                         {"own", "của ta"},
                                                         {"one_provider", "một nhà cung cấp"},
                                                         {"draft", "bản nháp"},
                                                         {"active", "hiệu lực"},
                                                         {"suspended", "tạm ngưng"},
                                                         {"terminated", "chấm dứt"},
                                                         {"open", "đang chờ"},
                                                         {"approved", "đã duyệt"},
                                                         {"rejected", "bị từ chối"},
                                                         {"lapsed", "quá hạn"},
                                                         {"failed", "không làm được"},
                                                         {"allow", "cho phép"},
                                                         {"hold", "giữ lại"},
                                                         {"refuse", "từ chối"},
                                                         {"none", "không có"},
                                                         {"error", "lỗi"},
                                                         {"warning", "cảnh báo"},
                                                         {"info", "thông tin"},
                                                         {"viewer", "người xem"},
                                                         {"operator", "người vận hành"},
                                                         {"approver", "người phê duyệt"},
                                                         {"management", "ban lãnh đạo"}};
  const auto said = kVi.find(word);
  return vi_ && said != kVi.end() ? said->second : word;
}

tvan::Span ToSpan(const google::protobuf::Duration& duration) {
  return tvan::Span(duration.seconds() * 1'000'000 + duration.nanos() / 1000);
}

}  // namespace tvan::ctl
