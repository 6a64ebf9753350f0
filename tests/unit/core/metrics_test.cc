#include "gateway/core/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tvan {
namespace {

using testing::HasSubstr;

TEST(Metrics, AreRenderedInThePrometheusTextFormat) {
  const auto metrics = Metrics::Make();
  metrics->GetCounter("tvan_a_total", "How many", {{"class", "coded"}}).Add(2);
  metrics->GetGauge("tvan_b", "How full").Set(1.5);
  metrics->GetGauge("tvan_b", "").Add(-0.5);
  metrics->GetHistogram("tvan_c_seconds", "How long").Observe(0.003);
  const std::string text = metrics->Render();
  EXPECT_THAT(text, HasSubstr("# HELP tvan_a_total How many"));
  EXPECT_THAT(text, HasSubstr("# TYPE tvan_a_total counter"));
  EXPECT_THAT(text, HasSubstr("tvan_a_total{class=\"coded\"} 2"));
  EXPECT_THAT(text, HasSubstr("tvan_b 1\n"));
  EXPECT_THAT(text, HasSubstr("tvan_c_seconds_bucket{le=\"0.0025\"} 0"));
  EXPECT_THAT(text, HasSubstr("tvan_c_seconds_bucket{le=\"0.005\"} 1"));
  EXPECT_THAT(text, HasSubstr("tvan_c_seconds_bucket{le=\"100\"} 1"));
}

TEST(Metrics, OfTheSameNameAndLabelsAreOneHandle) {
  const auto metrics = Metrics::Make();
  Counter& first = metrics->GetCounter("tvan_a_total", "How many", {{"class", "coded"}});
  EXPECT_EQ(&first, &metrics->GetCounter("tvan_a_total", "", {{"class", "coded"}}));
  EXPECT_NE(&first, &metrics->GetCounter("tvan_a_total", "", {{"class", "uncoded"}}));
}

TEST(Metrics, EscapeLabelValues) {
  const auto metrics = Metrics::Make();
  metrics->GetCounter("tvan_a_total", "How many", {{"pool", "a\"b\n"}}).Add();
  EXPECT_THAT(metrics->Render(), HasSubstr("{pool=\"a\\\"b\\n\"} 1"));
}

TEST(MetricsDeathTest, ANameThatPrometheusRefusesIsABrokenInvariant) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(Metrics::Make()->GetCounter("not a name", ""), "broken invariant");
}

}  // namespace
}  // namespace tvan
