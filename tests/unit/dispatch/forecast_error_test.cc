// How well the forecast that stands on the meter foretells a whole drain, second by second in made-up time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>

#include "gateway/dispatch/drain_meter.h"

namespace tvan {
namespace {

using std::chrono::seconds;

constexpr auto kCoded = MessageClass::kCoded;
constexpr auto kSummary = MessageClass::kSummary;
constexpr auto kRegister = MessageClass::kCashRegister;

struct Play {
  const char* name;
  double waiting = 60'000;
  double line_per_s = 5000;  // what the line takes, whatever the pace
  double doubles_at = 1e9;   // seconds
  double burst_every = 0;    // seconds; 0: messages come one by one
  double noise = 0;          // of what the line takes, a second
  Pace pace{100, 5, 5, 100};
};

class Drain {
 public:
  explicit Drain(const Play& play) : play_(play), random_(7), meter_(DrainMeter::Options{play.pace}) {
    queued_ = {{kRegister, 0}, {kCoded, play.waiting * 2 / 3}, {kSummary, play.waiting / 3}};
    line_.sending = {kRegister, kCoded, kSummary};
    line_.now = {kBegin, Steady{0}};
    rate_ = play.pace.now_per_s;
  }

  void Run() {
    while (Waiting() > 0 && seconds_ < 20'000) {
      line_.pace_per_s = rate_;
      meter_.Take(Counted(), Census(), line_);
      Foretell();
      Second();
    }
  }
  double length() const { return seconds_; }
  // |foretold − real end| as parts of the whole drain, of the forecasts made in [from, to) of it.
  std::vector<double> Errors(double from, double to) const { return Off(from, to, false); }
  // … as parts of what was left of the drain.
  std::vector<double> ErrorsOfTheRest(double from, double to) const { return Off(from, to, true); }

 private:
  static constexpr Time kBegin{1'795'200'000'000'000};

  double Waiting() const {
    double sum = 0;
    for (const auto& [cls, n] : queued_) sum += n;
    return sum;
  }
  Measures Counted() const {
    Measures measures;
    for (const auto& [cls, n] : queued_)
      measures.queues.push_back({{ProviderId::Trusted("acme"), cls}, static_cast<uint64_t>(n), 0, kBegin});
    return measures;
  }
  void Foretell() {
    const DrainRates& rates = *meter_.rates();
    std::vector<Flow> flows;
    for (const auto& c : rates.classes) flows.push_back({c.cls, static_cast<double>(c.waiting), c.arriving_per_s});
    const Outlook outlook = ForecastOf(flows, rates.pace, line_.now.wall);
    foretold_.push_back(outlook.empty_at ? static_cast<double>((*outlook.empty_at - kBegin).count()) / 1e6 : 1e9);
  }
  int Arriving(double per_s) {
    if (seconds_ >= play_.doubles_at) per_s *= 2;
    if (play_.burst_every == 0) return std::poisson_distribution<int>(per_s)(random_);
    return std::fmod(seconds_, play_.burst_every) == 0 ? static_cast<int>(per_s * play_.burst_every) : 0;
  }
  void Second() {
    queued_[kRegister] += Arriving(8);
    queued_[kCoded] += Arriving(8);
    queued_[kSummary] += Arriving(2);
    double takes = std::floor(std::min(rate_ + carry_, play_.line_per_s));
    carry_ = std::min(1.0, rate_ + carry_ - takes);
    takes = std::floor(takes * (1 + play_.noise * std::uniform_real_distribution<>(-1, 0)(random_)));
    for (auto* queue : {&queued_[kRegister], &queued_[kCoded], &queued_[kSummary]}) {
      const double goes = std::min(takes, *queue);
      takes -= goes;
      *queue -= goes;
      MessageMeta meta;
      meta.cls = queue == &queued_[kRegister] ? kRegister : queue == &queued_[kCoded] ? kCoded : kSummary;
      for (int i = 0; i < static_cast<int>(goes); ++i) meter_.Ended(meta, {});
    }
    rate_ = std::min(play_.pace.max_per_s, rate_ + play_.pace.growth_per_s);
    line_.now = {line_.now.wall + seconds(1), line_.now.steady + seconds(1)};
    ++seconds_;
  }
  std::vector<double> Off(double from, double to, bool of_the_rest) const {
    std::vector<double> errors;
    for (double at = std::floor(seconds_ * from); at < std::floor(seconds_ * to); ++at)
      errors.push_back(std::abs(foretold_[static_cast<size_t>(at)] - seconds_) /
                       (of_the_rest ? seconds_ - at : seconds_));
    std::sort(errors.begin(), errors.end());
    return errors;
  }

  const Play play_;
  std::mt19937 random_;
  DrainMeter meter_;
  DrainMeter::Line line_;
  std::map<MessageClass, double> queued_;
  std::vector<double> foretold_;  // by second
  double rate_, carry_ = 0, seconds_ = 0;
};

void Print(const char* name, double length, const char* what, const std::vector<double>& errors) {
  const auto at = [&errors](double part) { return 100 * errors[static_cast<size_t>(part * (errors.size() - 1))]; };
  std::printf("%-34s %6.0f s  error of %-20s p50 %5.1f %%  p90 %5.1f %%  p99 %5.1f %%  most %5.1f %%\n", name, length,
              what, at(0.5), at(0.9), at(0.99), at(1));
}

class ForecastOfADrain : public testing::TestWithParam<Play> {};

TEST_P(ForecastOfADrain, IsWithin15PercentFromHalfWayOn) {
  Drain drain(GetParam());
  drain.Run();
  ASSERT_LT(drain.length(), 20'000) << "it became empty";
  const std::vector<double> whole = drain.Errors(0.5, 1);
  Print(GetParam().name, drain.length(), "the whole", whole);
  Print(GetParam().name, drain.length(), "what was left, to 95 %", drain.ErrorsOfTheRest(0.5, 0.95));
  EXPECT_LE(whole.back(), 0.15);
}

// 60 000 = T/2 · (100 − 18) + T/2 · (100 − 36): half time is at 411 s.
INSTANTIATE_TEST_SUITE_P(
    Plays, ForecastOfADrain,
    testing::Values(
        Play{"steady"}, Play{.name = "arrivals double at half time", .doubles_at = 411},
        Play{.name = "arrivals in bursts, doubling", .doubles_at = 411, .burst_every = 20},
        Play{.name = "a line slower than its pace", .line_per_s = 61, .noise = 0.3},
        Play{.name = "slow line, arrivals double", .line_per_s = 80, .doubles_at = 560},
        Play{.name = "a ramp after a stop", .pace = {5, 5, 5, 500}},
        Play{.name = "ramp, slow line, doubling", .line_per_s = 90, .doubles_at = 490, .pace = {5, 5, 1, 500}}),
    [](const auto& info) {
      std::string name(info.param.name);
      std::replace_if(
          name.begin(), name.end(), [](char c) { return c == ' ' || c == ','; }, '_');
      return name;
    });

TEST(ForecastOfADrain, ThatDoublesIsRightAboutTheRestAMinuteLater) {
  Drain drain({.name = "doubling", .doubles_at = 411});
  drain.Run();
  const double seen = (411 + 70) / drain.length();
  EXPECT_GT(drain.ErrorsOfTheRest(0.4, 0.5).back(), 0.2) << "nobody foretells that";
  EXPECT_LE(drain.ErrorsOfTheRest(seen, 0.95).back(), 0.15);
}

}  // namespace
}  // namespace tvan
