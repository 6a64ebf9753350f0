#include "ops/ctl/drain_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

constexpr size_t kBar = 40;
constexpr double kSteady = 0.5;  // a minute; less is no trend

std::string OneDigit(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

// "23:41"; with seconds when it is near, with the day when it is another one.
std::string ClockText(const google::protobuf::Timestamp& at, const google::protobuf::Timestamp& now) {
  const std::string there = FormatLocal(ToTime(at)), here = FormatLocal(ToTime(now));
  const bool near = std::abs((ToTime(at) - ToTime(now)).count()) < 600'000'000;
  const std::string time = there.substr(11, near ? 8 : 5);
  if (there.substr(0, 10) == here.substr(0, 10)) return time;
  const bool midnight = there.substr(11, 8) == "00:00:00";  // of tonight: nobody reads it as another day
  return midnight && ToTime(at) - ToTime(now) < std::chrono::hours(24) ? time : there.substr(0, 10) + " " + time;
}

std::string Length(Span span) {
  const int64_t minutes = span.count() / 60'000'000, seconds = span.count() / 1'000'000 % 60;
  if (minutes >= 60) return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
  return minutes >= 10 ? std::to_string(minutes) + " min"
                       : std::to_string(minutes) + " min " + std::to_string(seconds) + " s";
}

std::string PhaseText(const admin::Drain& board) {
  std::string name = v1::LinePhase_Name(board.phase()).substr(std::string("LINE_PHASE_").size());
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

// "stop night-1 at 00:00 (in 47 min)"; "" when none is known.
std::string StopText(const admin::Drain& board) {
  if (!board.has_stop()) return "no stop is known";
  const Span left = ToTime(board.stop()) - ToTime(board.now());
  const std::string when = left.count() > 0 ? " (in " + Length(left) + ")" : " (" + Length(-left) + " ago)";
  return "stop " + board.window() + " at " + ClockText(board.stop(), board.now()) + when;
}

std::string TrendText(double per_minute) {
  if (std::abs(per_minute) < kSteady) return "→";
  return (per_minute < 0 ? "↓ " : "↑ ") + Grouped(static_cast<uint64_t>(std::llround(std::abs(per_minute))));
}

Style TrendStyle(const admin::Drain::Zero& zero) {
  if (std::abs(zero.per_minute()) < kSteady) return Style::kPlain;
  return zero.per_minute() < 0 ? Style::kGood : Style::kWarn;
}

std::string NameOf(const std::string& zero) {
  if (zero == "to_send") return "to send";
  return zero == "un_999d" ? "un-999'd" : zero;
}

Row ZeroRow(const admin::Drain::Zero& zero, const admin::Drain& board) {
  Row row;
  row.Add(PadRight(NameOf(zero.name()), 14))
      .Add(PadLeft(Grouped(zero.count()), 10), zero.count() == 0 ? Style::kGood : Style::kBold);
  row.Add("  ").Add(PadRight(TrendText(zero.per_minute()), 14), TrendStyle(zero));
  row.Add(PadRight(zero.has_oldest() ? ClockText(zero.oldest(), board.now()) : "", 18));
  if (!zero.worst_provider().empty()) row.Add(zero.worst_provider() + " " + Grouped(zero.worst_count()));
  return row;
}

bool IsIdle(const admin::Drain::ClassForecast& of) {
  return of.to_send() == 0 && of.sending_per_s() == 0 && of.arriving_per_s() == 0 && of.short_by() == 0;
}

Row ClassRow(const admin::Drain::ClassForecast& of, const admin::Drain& board) {
  Row row;
  row.Add(PadRight(ToText(of.message_class()), 14)).Add(PadLeft(Grouped(of.to_send()), 10));
  row.Add(PadLeft(OneDigit(of.arriving_per_s()), 9)).Add(PadLeft(OneDigit(of.sending_per_s()), 9));
  row.Add("  ").Add(PadRight(of.has_empty_at() ? ClockText(of.empty_at(), board.now()) : "–", 17));
  row.Add(PadLeft(Grouped(of.short_by()), 9), of.short_by() > 0 ? Style::kBad : Style::kPlain);
  row.Add(PadLeft(Grouped(of.short_by_if_paused()), 10));
  return row;
}

Row BarRow(const admin::Drain& board) {
  const double done = std::clamp(board.done(), 0.0, 1.0);
  const auto full = static_cast<size_t>(done * kBar);
  Row row;
  row.Add("[").Add(std::string(full, '#'), Style::kGood).Add(std::string(kBar - full, '-')).Add("]");
  // Rounded down: 100 is said when nothing is left.
  return row.Add(PadLeft(std::to_string(static_cast<int>(done * 100)) + " %", 6));
}

Row VerdictRow(const admin::Drain& board) {
  const Style style = board.short_by() > 0 ? Style::kBad : board.has_empty_at() ? Style::kGood : Style::kWarn;
  return Row().Add(DrainVerdict(board), style);
}

// The class whose pause helps most; none: no pause helps.
const admin::Drain::ClassForecast* BestPause(const admin::Drain& board) {
  const admin::Drain::ClassForecast* best = nullptr;
  for (const auto& of : board.classes())
    if (of.short_by_if_paused() < (best == nullptr ? board.short_by() : best->short_by_if_paused())) best = &of;
  return best;
}

std::string Verdict(const admin::Drain& board) {
  if (board.short_by() > 0) {
    std::string text = "short by " + Grouped(board.short_by());
    if (board.has_stop()) text += " at " + ClockText(board.stop(), board.now());
    const auto* best = BestPause(board);
    if (best != nullptr)
      text += "; without " + ToText(best->message_class()) + " short by " + Grouped(best->short_by_if_paused());
    return text;
  }
  const std::string opens =
      board.has_expected_return() ? "sending from " + ClockText(board.expected_return(), board.now()) + ", " : "";
  if (!board.has_empty_at()) return opens + "nobody can say when it is empty";
  if (ToTime(board.empty_at()) <= ToTime(board.now())) return "empty";
  return opens + "empty at " + ClockText(board.empty_at(), board.now());
}

void AddClasses(const admin::Drain& board, std::vector<Row>& rows) {
  if (std::all_of(board.classes().begin(), board.classes().end(), IsIdle)) return;
  rows.emplace_back();
  rows.push_back(Row().Add(PadRight("class", 14) + PadLeft("to send", 10) + PadLeft("comes/s", 9) +
                               PadLeft("goes/s", 9) + "  " + PadRight("empty at", 17) + PadLeft("short by", 9) +
                               PadLeft("if paused", 10),
                           Style::kDim));
  for (const auto& of : board.classes())
    if (!IsIdle(of)) rows.push_back(ClassRow(of, board));
}

}  // namespace

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, " ");
  return text;
}

std::string DrainVerdict(const admin::Drain& board) {
  return Verdict(board) + (board.measured() ? "" : " (a guess: measured for a few seconds only)");
}

std::string DrainLine(const admin::Drain& board) {
  std::string line = FormatLocal(ToTime(board.now())).substr(11, 8) + " " + PhaseText(board);
  for (const auto& zero : board.zeros())
    line += ", " + NameOf(zero.name()) + " " + Grouped(zero.count()) + " " + TrendText(zero.per_minute());
  return line + ", " + std::to_string(static_cast<int>(board.done() * 100)) + " %, " + DrainVerdict(board);
}

std::vector<Row> DrainScreen(const admin::Drain& board, const std::string& paused) {
  std::vector<Row> rows;
  rows.push_back(Row().Add(" DRAIN  " + PhaseText(board) + "  " + FormatLocal(ToTime(board.now())).substr(11, 8) + " ",
                           Style::kTitle));
  rows.push_back(Row().Add(StopText(board) + ", pace " + OneDigit(board.rate_limit_per_s()) + "/s"));
  if (!paused.empty()) rows.push_back(Row().Add("forecast without " + paused, Style::kWarn));
  rows.push_back(BarRow(board));
  rows.push_back(VerdictRow(board));
  rows.emplace_back();
  rows.push_back(Row().Add(PadRight("", 14) + PadLeft("now", 10) + "  " + PadRight("a minute", 14) +
                               PadRight("oldest", 18) + "worst provider",
                           Style::kDim));
  for (const auto& zero : board.zeros()) rows.push_back(ZeroRow(zero, board));
  rows.push_back(Row().Add("unanswered: " + Grouped(board.unanswered_due_before_stop()) + " due before the stop, " +
                           Grouped(board.unanswered_expected_after()) + " may be answered after it"));
  if (board.held() > 0 || board.waiting_for_earlier() > 0)
    rows.push_back(Row().Add(Grouped(board.held()) + " held for a mandate or an operator, " +
                             Grouped(board.waiting_for_earlier()) + " wait for an earlier message"));
  AddClasses(board, rows);
  return rows;
}

}  // namespace tvan::ctl
