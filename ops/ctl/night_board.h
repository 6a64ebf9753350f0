#pragma once
// The parts of the night's screen, one line or a few each. Private to night_screen.

#include <deque>
#include <string>
#include <vector>

#include "ops/ctl/night_screen.h"
#include "ops/ctl/night_words.h"
#include "ops/ctl/output.h"
#include "ops/ctl/screen_text.h"

namespace tvan::ctl {

inline constexpr size_t kScreenWidth = 100, kScreenHeight = 40;

class NightBoard {
 public:
  NightBoard(const admin::v1::Night& night, const ScreenOptions& options)
      : night_(night), words_(options.vi), options_(options), now_(ToTime(night.now())) {}

  std::string Text() {
    Head();
    Marks();
    Zeros();
    People();
    Machine();
    Rule();
    Step();
    return Joined();
  }

 private:
  static constexpr size_t kLabel = 15, kRight = 50;  // columns
  Row& Line() { return rows_.emplace_back(); }
  Row& Labelled(const char* vi, const char* en) {
    Row& row = Line().Add(" " + words_.Say(vi, en), Style::kDim);
    row.To(kLabel);
    return row;
  }
  void Unknown(Row& row) { row.Add(words_.Say("không rõ", "unknown"), Style::kWarn); }
  std::string Say(const char* vi, const char* en) const { return words_.Say(vi, en); }
  std::string At(const google::protobuf::Timestamp& time) const { return words_.At(ToTime(time), now_); }
  void Rule() { rule_at_.push_back(rows_.size()), Line(); }

  void Head();
  void PhaseRow();
  void StopRow();
  void Marks();
  void MarkCell(Row& row, const admin::v1::Mark& mark, int number);
  void Zeros();
  void NextMark(Row& row);
  void ZeroRow(const admin::v1::Drain::Zero& zero);
  void Forecast();
  void Progress();
  void People();
  void OnCall();
  void Contact();
  void Unread();
  void Machine();
  void Counts();
  void Disk();
  void Endings();
  void Probe();
  void Fault();
  void Refusals();
  void Budget();
  void Incidents();
  void Step();
  std::string Joined();

  const admin::v1::Night& night_;
  const NightWords words_;
  const ScreenOptions& options_;
  const Time now_;
  std::deque<Row> rows_;  // a row stays where it is while others come
  std::vector<size_t> rule_at_;
};

}  // namespace tvan::ctl
