// What operators read of the board of a drain.
#include "ops/ctl/drain_text.h"

#include <gtest/gtest.h>

#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

using std::chrono::minutes;

class DrainText : public testing::Test {
 protected:
  DrainText() {
    SetTimestamp(now, board.mutable_now());
    SetTimestamp(*ParseTime("2026-11-22T00:00:00"), board.mutable_stop());
    board.set_window("night-1");
    board.set_phase(v1::LINE_PHASE_DRAINING);
    board.set_measured(true);
    board.set_done(0.615);
    AddZero("to_send", 48'210, -1204);
    AddZero("un_999d", 310, 12);
    AddZero("undelivered", 0, 0);
  }
  void AddZero(const char* name, uint64_t count, double trend) {
    auto& zero = *board.add_zeros();
    zero.set_name(name);
    zero.set_count(count);
    zero.set_per_minute(trend);
  }
  admin::v1::Drain::ClassForecast& AddClass(v1::MessageClass cls, uint64_t short_by_if_paused) {
    auto& of = *board.add_classes();
    of.set_message_class(cls);
    of.set_to_send(5);
    of.set_short_by_if_paused(short_by_if_paused);
    return of;
  }
  std::string Screen(const std::string& paused = "") const {
    std::string text;
    for (const Row& row : DrainScreen(board, paused)) text += row.Text(80, false) + "\n";
    return text;
  }
  bool Shows(const std::string& text) const { return Screen().find(text) != std::string::npos; }

  const Time now = *ParseTime("2026-11-21T23:12:05");
  admin::v1::Drain board;
};

TEST_F(DrainText, SaysWhenItIsEmpty) {
  SetTimestamp(now + minutes(29), board.mutable_empty_at());
  EXPECT_EQ(DrainVerdict(board), "empty at 23:41");
  SetTimestamp(now + minutes(2), board.mutable_empty_at());
  EXPECT_EQ(DrainVerdict(board), "empty at 23:14:05") << "near: to the second";
  SetTimestamp(now, board.mutable_empty_at());
  EXPECT_EQ(DrainVerdict(board), "empty");
  board.clear_empty_at();
  EXPECT_EQ(DrainVerdict(board), "nobody can say when it is empty");
}

TEST_F(DrainText, SaysByHowMuchItIsShortAndWhichPauseHelpsMost) {
  board.set_short_by(12'400);
  AddClass(v1::MESSAGE_CLASS_CODED, 12'400);
  AddClass(v1::MESSAGE_CLASS_UNCODED, 900);
  EXPECT_EQ(DrainVerdict(board), "short by 12 400 at 00:00; without UNCODED short by 900");
  AddClass(v1::MESSAGE_CLASS_SUMMARY, 0);
  AddClass(v1::MESSAGE_CLASS_ERROR_NOTICE, 0);
  AddClass(v1::MESSAGE_CLASS_REGISTRATION, 11'000);
  EXPECT_EQ(DrainVerdict(board), "short by 12 400 at 00:00; without SUMMARY short by 0");
  board.clear_classes();
  EXPECT_EQ(DrainVerdict(board), "short by 12 400 at 00:00") << "no pause helps";
}

TEST_F(DrainText, WhileItIsClosedSaysWhenItIsCaughtUp) {
  board.set_phase(v1::LINE_PHASE_CLOSED);
  SetTimestamp(now - minutes(1), board.mutable_stop());
  SetTimestamp(*ParseTime("2026-11-22T03:45:00"), board.mutable_expected_return());
  SetTimestamp(*ParseTime("2026-11-22T04:31:00"), board.mutable_empty_at());
  EXPECT_EQ(DrainVerdict(board), "sending from 2026-11-22 03:45, empty at 2026-11-22 04:31");
  EXPECT_TRUE(Shows("stop night-1 at 23:11:05 (1 min 0 s ago)")) << Screen();
}

TEST_F(DrainText, AGuessIsCalledOne) {
  board.set_measured(false);
  EXPECT_EQ(DrainVerdict(board), "nobody can say when it is empty (a guess: measured for a few seconds only)");
}

TEST_F(DrainText, TheBarIsFullOnlyWhenNothingIsLeft) {
  board.set_done(0.9999);
  EXPECT_TRUE(Shows("[#######################################-]  99 %")) << Screen();
  board.set_done(1);
  EXPECT_TRUE(Shows("[########################################] 100 %")) << Screen();
}

TEST_F(DrainText, AScreenFitsAnEightyColumnTerminalAndHoldsEverything) {
  board.mutable_zeros(0)->set_worst_provider("acme");
  board.mutable_zeros(0)->set_worst_count(31'002);
  SetTimestamp(now - minutes(70), board.mutable_zeros(0)->mutable_oldest());
  board.set_unanswered_due_before_stop(12);
  board.set_unanswered_expected_after(3400);
  AddClass(v1::MESSAGE_CLASS_CASH_REGISTER, 0).set_arriving_per_s(39.84);
  board.set_held(3);
  EXPECT_EQ(Screen("SUMMARY"),
            " DRAIN  draining  23:12:05\n"
            "stop night-1 at 00:00 (in 47 min), pace 0.0/s\n"
            "forecast without SUMMARY\n"
            "[########################----------------]  61 %\n"
            "nobody can say when it is empty\n"
            "\n"
            "                     now  a minute      oldest            worst provider\n"
            "to send           48 210  ↓ 1 204       22:02             acme 31 002\n"
            "un-999'd             310  ↑ 12\n"
            "undelivered            0  →\n"
            "unanswered: 12 due before the stop, 3 400 may be answered after it\n"
            "3 held for a mandate or an operator, 0 wait for an earlier message\n"
            "\n"
            "class            to send  comes/s   goes/s  empty at          short by if paused\n"
            "CASH_REGISTER          5     39.8      0.0  –                        0         0\n");
}

TEST_F(DrainText, ClassesOfWhichNothingComesOrGoesAreLeftOut) {
  AddClass(v1::MESSAGE_CLASS_SUMMARY, 0).set_to_send(0);
  EXPECT_FALSE(Shows("SUMMARY") || Shows("if paused")) << Screen();
  AddClass(v1::MESSAGE_CLASS_CODED, 0);
  EXPECT_TRUE(Shows("CODED") && Shows("if paused") && !Shows("SUMMARY")) << Screen();
}

TEST_F(DrainText, OneLineOfALogHoldsTheThreeZeros) {
  SetTimestamp(now + minutes(29), board.mutable_empty_at());
  EXPECT_EQ(DrainLine(board),
            "23:12:05 draining, to send 48 210 ↓ 1 204, un-999'd 310 ↑ 12, undelivered 0 →, 61 %, empty at 23:41");
}

TEST_F(DrainText, NumbersAreGroupedByThousands) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1 000");
  EXPECT_EQ(Grouped(12'345'678), "12 345 678");
}

}  // namespace
}  // namespace tvan::ctl
