#include "gateway/core/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <mutex>
#include <utility>

#include "gateway/core/status.h"

namespace tvan {
namespace {

class PromCounter final : public Counter {
 public:
  explicit PromCounter(prometheus::Counter& to) : to_(to) {}
  void Add(double n) override { to_.Increment(n); }

 private:
  prometheus::Counter& to_;
};

class PromGauge final : public Gauge {
 public:
  explicit PromGauge(prometheus::Gauge& to) : to_(to) {}
  void Set(double value) override { to_.Set(value); }
  void Add(double n) override { to_.Increment(n); }

 private:
  prometheus::Gauge& to_;
};

class PromHistogram final : public Histogram {
 public:
  explicit PromHistogram(prometheus::Histogram& to) : to_(to) {}
  void Observe(double value) override { to_.Observe(value); }

 private:
  prometheus::Histogram& to_;
};

// Seconds, three steps a decade, from a store call to a slow authority.
const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const prometheus::Histogram::BucketBoundaries kBuckets{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100};
  return kBuckets;
}

class PromMetrics final : public Metrics {
 public:
  Counter& GetCounter(const std::string& name, const std::string& help, const Labels& labels) override {
    return Get(counters_, name, labels, [&] {
      auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
      return std::make_unique<PromCounter>(family.Add(labels));
    });
  }

  Gauge& GetGauge(const std::string& name, const std::string& help, const Labels& labels) override {
    return Get(gauges_, name, labels, [&] {
      auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
      return std::make_unique<PromGauge>(family.Add(labels));
    });
  }

  Histogram& GetHistogram(const std::string& name, const std::string& help, const Labels& labels) override {
    return Get(histograms_, name, labels, [&] {
      auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(registry_);
      return std::make_unique<PromHistogram>(family.Add(labels, Buckets()));
    });
  }

  std::string Render() const override { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

 private:
  template <class Handle>
  using Handles = std::map<std::pair<std::string, Labels>, std::unique_ptr<Handle>>;

  template <class Handle, class Make>
  Handle& Get(Handles<Handle>& handles, const std::string& name, const Labels& labels, const Make& make) {
    const std::lock_guard lock(mutex_);
    auto& handle = handles[{name, labels}];
    if (handle != nullptr) return *handle;
    try {
      handle = make();
    } catch (const std::exception& refused) {
      // A name or label that Prometheus does not take, or one name used for two kinds: our own mistake.
      CheckFailed(__FILE__, __LINE__, (name + ": " + refused.what()).c_str());
    }
    return *handle;
  }

  std::mutex mutex_;
  prometheus::Registry registry_;
  Handles<Counter> counters_;
  Handles<Gauge> gauges_;
  Handles<Histogram> histograms_;
};

}  // namespace

std::unique_ptr<Metrics> Metrics::Make() { return std::make_unique<PromMetrics>(); }

}  // namespace tvan
