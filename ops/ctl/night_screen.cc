#include "ops/ctl/night_screen.h"

#include <algorithm>

#include "ops/ctl/night_board.h"
#include "ops/ctl/runbook_steps.h"

namespace tvan::ctl {

namespace admin = tvan::admin::v1;

namespace {

Style StyleOf(v1::LinePhase phase) {
  if (phase == v1::LINE_PHASE_OPEN) return Style::kGood;
  return phase == v1::LINE_PHASE_DOWN || phase == v1::LINE_PHASE_UNSPECIFIED ? Style::kBad : Style::kWarn;
}

}  // namespace

void NightBoard::Head() {
  Row& row =
      Line().Add(" T-VAN ", Style::kTitle).Add(Say("  đêm bảo trì, đường truyền ", "  maintenance night, line "));
  row.Add(night_.line(), Style::kBold);
  const std::string clock = words_.Date(now_) + " " + FormatLocal(now_).substr(11, 8) + " +07:00";
  row.To(kScreenWidth - Columns(clock)).Add(clock, Style::kBold);
  Rule();
  PhaseRow();
  StopRow();
}

void NightBoard::PhaseRow() {
  Row& row = Line().Add(" ").Add(" " + words_.Phase(night_.phase()) + " ", StyleOf(night_.phase()));
  if (night_.has_phase_since())
    row.Add(Say("  từ ", "  since ") + At(night_.phase_since()) + " (" +
            words_.Span(now_ - ToTime(night_.phase_since())) + ")");
  NextMark(row);
  const std::string& why = night_.down_reason().empty() ? night_.phase_evidence() : night_.down_reason();
  if (!why.empty()) Labelled("vì", "because").Add(why);
  if (night_.classes_size() == 0) return;
  Row& classes = Labelled("từng loại", "by class");
  for (const auto& cls : night_.classes())
    classes.Add(words_.Class(cls.message_class()) + " ").Add(words_.Phase(cls.phase()) + "  ", StyleOf(cls.phase()));
}

// The next mark; without one, what is overdue.
void NightBoard::NextMark(Row& row) {
  const auto in = [this](admin::MarkState state) {
    return std::find_if(night_.marks().begin(), night_.marks().end(),
                        [state](const admin::Mark& mark) { return mark.state() == state; });
  };
  if (const auto next = in(admin::MARK_STATE_NEXT); next != night_.marks().end()) {
    row.To(kRight).Add(Say("tiếp theo: ", "next: ") + words_.Mark(next->kind()), Style::kBold);
    row.Add(next->has_at() ? Say(" sau ", " in ") + words_.Span(ToTime(next->at()) - now_)
                           : Say(", chưa định giờ", ", no time is set"),
            Style::kBold);
  } else if (const auto late = in(admin::MARK_STATE_OVERDUE); late != night_.marks().end()) {
    row.To(kRight).Add(Say("QUÁ GIỜ: ", "OVERDUE: ") + words_.Mark(late->kind()) + Say(" chậm ", " late by ") +
                           words_.Span(ToTime(late->at()) - now_),
                       Style::kBad);
  }
}

void NightBoard::StopRow() {
  Row& row = Labelled("lần dừng", "stop");
  if (!night_.has_window()) {
    row.Add(Say("không có trong 35 ngày tới", "none within 35 days"));
  } else {
    const admin::Window& w = night_.window();
    row.Add(w.id(), Style::kBold).Add("  " + words_.Date(ToTime(w.start())) + " ");
    row.Add(FormatLocal(ToTime(w.start())).substr(11, 5) + " – " + words_.At(ToTime(w.end()), ToTime(w.start())));
    if (w.has_ended_at()) row.Add(Say(" (xong ", " (back ") + words_.At(ToTime(w.ended_at()), now_) + ")");
    row.Add("  " + words_.Kind(w.kind()) + ", ");
    row.Add(words_.State(w.state()), w.state() == v1::WINDOW_STATE_EXTENDED ? Style::kWarn : Style::kPlain);
    if (!w.source().empty()) row.Add(", " + w.source());
  }
  if (night_.unverified_size() == 0) return;
  std::string ids;
  for (const std::string& id : night_.unverified()) ids += " " + id;
  Labelled("chưa duyệt", "unconfirmed")
      .Add(Say("thông báo chờ xác nhận, chưa có hiệu lực:", "notices that nobody confirmed switch nothing:") + ids,
           Style::kWarn);
}

// The six marks in two columns, in their order downwards.
void NightBoard::Marks() {
  Rule();
  for (int left = 0; left < night_.marks_size() / 2; ++left) {
    Row& row = Line();
    MarkCell(row, night_.marks(left), left + 1);
    row.To(kRight);
    MarkCell(row, night_.marks(left + 3), left + 4);
  }
  if (night_.marks_size() != 0) Rule();
}

void NightBoard::MarkCell(Row& row, const admin::Mark& mark, int number) {
  const char* sign = "·";
  Style style = Style::kPlain;
  if (mark.state() == admin::MARK_STATE_PASSED) sign = "✓", style = Style::kGood;
  if (mark.state() == admin::MARK_STATE_NEXT) sign = "►", style = Style::kBold;
  if (mark.state() == admin::MARK_STATE_OVERDUE) sign = "!", style = Style::kBad;
  row.Add(" " + std::to_string(number) + " ", Style::kDim).Add(sign, style);
  row.Add(" " + PadRight(words_.Mark(mark.kind()), 13) + " ", style == Style::kGood ? Style::kPlain : style);
  row.Add(
      mark.has_at() ? PadRight(words_.At(ToTime(mark.at()), now_), 12) : PadRight(Say("khi xanh", "when green"), 12),
      style == Style::kGood ? Style::kPlain : style);
  if (!mark.has_at()) return;
  const Span away = ToTime(mark.at()) - now_;
  if (mark.state() == admin::MARK_STATE_NEXT) row.Add(Say("sau ", "in ") + words_.Span(away), style);
  if (mark.state() == admin::MARK_STATE_OVERDUE) row.Add(Say("quá ", "late ") + words_.Span(away), style);
}

void NightBoard::Step() {
  const RunbookStep step = NextStep(night_);
  Line()
      .Add(Say(" BƯỚC TIẾP ", " NEXT STEP "), Style::kTitle)
      .Add(" " + step.number + "  ", Style::kBold)
      .Add(options_.vi ? step.vi : step.en);
  Line().Add("   $ ").Add(step.command, Style::kBold);
  const std::string extend = ExtendCommand(night_);
  if (extend.empty() || extend == step.command) return;
  Line()
      .Add(Say(" thêm một giờ: ", " an hour more: "), Style::kDim)
      .Add(extend)
      .Add(Say("   (bỏ --preview để làm thật)", "   (without --preview it is done)"), Style::kDim);
}

// What does not fit goes from the middle upwards: the head and the next step always stay.
std::string NightBoard::Joined() {
  const size_t width = std::min(options_.width, kScreenWidth), height = std::min(options_.height, kScreenHeight);
  const Row rule = Row().Add(
      [&] {
        std::string line;
        for (size_t i = 0; i < width; ++i) line += "─";
        return line;
      }(),
      Style::kDim);
  for (const size_t at : rule_at_) rows_[at] = rule;
  std::string text;
  const size_t tail = 4, cut = rows_.size() > height ? rows_.size() - height : 0;
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (cut > 0 && i + tail >= rows_.size() - cut && i + tail < rows_.size()) continue;
    text += rows_[i].Text(width, options_.color) + "\n";
  }
  return text;
}

std::string RenderNight(const admin::Night& night, const ScreenOptions& options) {
  return NightBoard(night, options).Text();
}

}  // namespace tvan::ctl
