// When the share of answers that do not verify rises by a step, and when it is over.
#include "gateway/feedback/verify_rate.h"

#include <gtest/gtest.h>

#include <vector>

namespace tvan {
namespace {

using Step = VerifyRate::Step;

class Rate : public testing::Test {
 protected:
  // 'v' verified, 'u' untrusted, 'd' a wrong digest; the steps that were told.
  std::vector<Step> Note(const std::string& answers) {
    std::vector<Step> told;
    for (const char c : answers) {
      const Step step = rate.Note(c == 'v' ? "" : c == 'u' ? "signature.untrusted" : "signature.digest");
      if (step != Step::kNone) told.push_back(step);
    }
    return told;
  }
  VerifyRate rate;
  const std::vector<Step> none{}, up{Step::kUp}, down{Step::kDown};
};

TEST_F(Rate, FourOfTheLastEightAreAStepAndThreeAreNot) {
  EXPECT_EQ(Note(std::string(24, 'v') + "uuu"), none);
  EXPECT_EQ(Note(std::string(32, 'v')), none) << "it stayed at three";
  EXPECT_EQ(Note("uuu"), none);
  EXPECT_EQ(Note("u"), up);
  EXPECT_TRUE(rate.up());
}

TEST_F(Rate, AFewAlreadyDoNotHideAStepAndManyAreNoStep) {
  EXPECT_EQ(Note("uvvvvvvvvvvvuvvvvvvvvvvvuuuu"), up) << "2 of 24 before";
  rate = VerifyRate();
  EXPECT_EQ(Note("uvvvuvvvuvvvuvvvuvvvuvvvuuuu"), none) << "a quarter before, half now";
  EXPECT_EQ(Note("uuu"), up) << "a quarter before, nearly all now";
}

TEST_F(Rate, AStepIsToldOnceAndAgainOnlyAfterItFell) {
  Note(std::string(32, 'v'));
  EXPECT_EQ(Note(std::string(100, 'u')), up);
  EXPECT_EQ(Note("vvvvvv"), none) << "two of eight are still bad";
  EXPECT_EQ(Note("v"), down);
  EXPECT_FALSE(rate.up());
  EXPECT_EQ(Note(std::string(32, 'v')), none);
  EXPECT_EQ(Note("uuuu"), up);
}

TEST_F(Rate, AtAStartTheFirstFourAreEnough) {
  EXPECT_EQ(Note("uuu"), none);
  EXPECT_EQ(Note("u"), up);
}

TEST_F(Rate, OddOnesNowAndThenAreNoStep) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Note("vvvvuvvvvvuv"), none);
}

TEST_F(Rate, ItsWordsAreNumbersAndTheMostFrequentFault) {
  Note(std::string(24, 'v') + "duuduuvu");
  EXPECT_EQ(rate.ToString(),
            "7 of the last 8 signed answers do not verify, 0 of the 24 before; mostly signature.untrusted");
  EXPECT_EQ(VerifyRate().ToString(), "0 of the last 0 signed answers do not verify, 0 of the 0 before");
}

}  // namespace
}  // namespace tvan
