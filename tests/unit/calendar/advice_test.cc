// What providers are told to do: nothing is left out, nothing is the same for classes whose law differs.
#include "gateway/calendar/advice.h"

#include <gmock/gmock.h>

#include <set>

#include "gateway/calendar/line_now.h"

namespace tvan {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Phase kPhases[] = {Phase::kOpen,      Phase::kDraining, Phase::kClosed,
                             Phase::kVerifying, Phase::kRamping,  Phase::kDown};
constexpr IntakeMode kModes[] = {IntakeMode::kHold, IntakeMode::kRefuseNew};

TEST(Advice, SpeaksOfEveryClassInEveryPhaseAndModeInBothLanguages) {
  std::set<std::string> vi, en;
  for (const MessageClass cls : kProviderClasses)
    for (const Phase phase : kPhases)
      for (const IntakeMode mode : kModes) {
        const Words said = AdviceFor(cls, phase, mode);
        EXPECT_GT(said.vi.size(), 40U) << ToString(cls) << ' ' << ToString(phase);
        EXPECT_GT(said.en.size(), 40U) << ToString(cls) << ' ' << ToString(phase);
        EXPECT_NE(said.vi, said.en);
        vi.insert(said.vi);
        en.insert(said.en);
      }
  // The mode is heard of in the three phases that do not send alone.
  EXPECT_EQ(vi.size(), std::size(kProviderClasses) * (std::size(kPhases) + 3));
  EXPECT_EQ(en.size(), vi.size());
}

// What is said of a class itself, behind what is said of the line and of new messages.
std::string OwnWords(MessageClass cls, Phase phase) {
  const std::string of_all = AdviceFor(MessageClass::kTechnical, phase).vi, said = AdviceFor(cls, phase).vi;
  EXPECT_EQ(said.compare(0, of_all.size(), of_all), 0) << said;
  return said.substr(of_all.size());
}

TEST(Advice, EachClassIsToldSomethingElseBeforeDuringAndAfterAStop) {
  for (const MessageClass cls : kProviderClasses) {
    const std::string stopped = OwnWords(cls, Phase::kClosed);
    const std::set<std::string> said{OwnWords(cls, Phase::kOpen), OwnWords(cls, Phase::kDraining), stopped,
                                     OwnWords(cls, Phase::kRamping)};
    EXPECT_EQ(said.size(), 4U) << ToString(cls);
    EXPECT_EQ(OwnWords(cls, Phase::kVerifying), stopped);
    EXPECT_EQ(OwnWords(cls, Phase::kDown), stopped);
  }
}

TEST(Advice, AStopIsNoReasonToStopSellingAtTheCashRegister) {
  const Words said = AdviceFor(MessageClass::kCashRegister, Phase::kClosed);
  EXPECT_THAT(said.vi, HasSubstr("tiếp tục bán hàng"));
  EXPECT_THAT(said.vi, HasSubstr("trong ngày"));
  EXPECT_THAT(said.en, HasSubstr("go on selling"));
}

TEST(Advice, ACodedInvoiceWaitsForItsCodeAndAnUncodedOneDoesNot) {
  EXPECT_THAT(AdviceFor(MessageClass::kCoded, Phase::kClosed).vi, HasSubstr("chưa giao cho người mua"));
  EXPECT_THAT(AdviceFor(MessageClass::kUncoded, Phase::kClosed).vi, HasSubstr("vẫn giao hóa đơn cho người mua"));
  EXPECT_THAT(AdviceFor(MessageClass::kUncoded, Phase::kClosed).vi, HasSubstr("02 ngày làm việc"));
}

TEST(Advice, NobodyIsToldThatNewMessagesAreTakenWhileTheyAreRefused) {
  for (const MessageClass cls : kProviderClasses)
    for (const Phase phase : {Phase::kClosed, Phase::kVerifying, Phase::kDown}) {
      EXPECT_THAT(AdviceFor(cls, phase, IntakeMode::kHold).en, HasSubstr("New messages are taken"));
      EXPECT_THAT(AdviceFor(cls, phase, IntakeMode::kRefuseNew).en, Not(HasSubstr("New messages are taken")));
      EXPECT_THAT(AdviceFor(cls, phase, IntakeMode::kRefuseNew).vi, HasSubstr("không nhận thông điệp mới"));
    }
  EXPECT_EQ(AdviceFor(MessageClass::kCoded, Phase::kOpen, IntakeMode::kRefuseNew),
            AdviceFor(MessageClass::kCoded, Phase::kOpen, IntakeMode::kHold));
}

TEST(Advice, EveryClassIsHeldByDefaultAndItsRuleIsNamed) {
  ASSERT_EQ(DefaultModes().size(), std::size(kProviderClasses));
  for (const MessageClass cls : kProviderClasses) {
    const auto row = std::find_if(DefaultModes().begin(), DefaultModes().end(),
                                  [cls](const DefaultMode& mode) { return mode.cls == cls; });
    ASSERT_NE(row, DefaultModes().end()) << ToString(cls);
    EXPECT_EQ(row->mode, IntakeMode::kHold);
    EXPECT_THAT(row->source, HasSubstr("NĐ 123/2020"));
  }
}

TEST(ExpectedReturn, IsTheEndOfTheStopThenOfTheCheckAndElseUnknown) {
  const Time now{1'000'000'000};
  LineState closed{Phase::kClosed, now, now + std::chrono::hours(2), now, "night", kForever};
  EXPECT_EQ(ExpectedReturn(closed, now), now + std::chrono::hours(2));
  closed.window.clear();  // by our own clock
  EXPECT_EQ(ExpectedReturn(closed, now), std::nullopt);
  LineState verifying{.phase = Phase::kVerifying, .verify_until = now + std::chrono::hours(1)};
  EXPECT_EQ(ExpectedReturn(verifying, now), now + std::chrono::hours(1));
  EXPECT_EQ(ExpectedReturn(verifying, now + std::chrono::hours(1)), std::nullopt);
  EXPECT_EQ(ExpectedReturn({.phase = Phase::kDown}, now), std::nullopt);
}

}  // namespace
}  // namespace tvan
