#pragma once
// The metrics registry: counters, gauges and histograms by name and labels, rendered in the Prometheus text format.
// Prometheus' library stays behind metrics.cc. Handles are cheap, live as long as the registry, and are thread-safe.
// Labels have few values (never a tax code, a message id or a payload): CONVENTIONS 15.

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tvan {

using Labels = std::map<std::string, std::string>;

class Counter {
 public:
  virtual ~Counter() = default;
  virtual void Add(double n = 1) = 0;
};
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void Set(double value) = 0;
  virtual void Add(double n) = 0;
};
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void Observe(double value) = 0;
};

class Metrics {
 public:
  static std::unique_ptr<Metrics> Make();
  virtual ~Metrics() = default;
  // The same name and labels answer the same handle. `help` of the first call counts.
  virtual Counter& GetCounter(const std::string& name, const std::string& help, const Labels& labels = {}) = 0;
  virtual Gauge& GetGauge(const std::string& name, const std::string& help, const Labels& labels = {}) = 0;
  virtual Histogram& GetHistogram(const std::string& name, const std::string& help, const Labels& labels = {}) = 0;
  virtual std::string Render() const = 0;
};

}  // namespace tvan
