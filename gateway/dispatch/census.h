#pragma once
// Counts the watched messages while the watcher goes round them, stage by stage; what a finished round of a stage saw
// replaces what the round before saw. Published as an immutable whole, and as gauges. Not thread-safe: the scheduler
// thread owns it, others hold what it published.

#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "gateway/core/metrics.h"
#include "gateway/dispatch/standing.h"
#include "store/records.h"

namespace tvan {

class CensusTaker {
 public:
  explicit CensusTaker(Metrics& metrics) : metrics_(metrics) {}

  void Begin(Stage stage) { counting_[stage] = {}; }
  void Count(const MessageMeta& meta, const Standing& standing);
  void End(Stage stage);
  void SetUnreadable(std::vector<UnreadableRow> rows);
  void Publish(Time now);                                           // if there is anything to tell
  std::shared_ptr<const Census> census() const { return census_; }  // never null

 private:
  // By more reasons than a store of ours has, the rest is "other": a damaged or foreign record must not make series.
  static constexpr size_t kMostRows = 256, kMostProviders = 4096, kMostTerms = 4096;
  using Key = std::tuple<StandingKind, MessageClass, std::string>;
  struct Round {  // of one stage
    std::map<Key, CensusRow> rows;
    std::map<ProviderId, uint64_t> providers;  // sent ones
    std::map<Time, uint64_t> answers_due;      // acknowledged ones
  };

  void CountDrain(const MessageMeta& meta, Round& round);
  void ShowGauges(Time now);

  Metrics& metrics_;
  std::map<Stage, Round> counting_, counted_;
  std::vector<UnreadableRow> unreadable_;
  bool dirty_ = true;
  Time gauges_at_{};
  std::set<std::tuple<std::string, std::string, std::string>> shown_;  // gauges that may not be zero
  std::shared_ptr<const Census> census_ = std::make_shared<const Census>();
};

}  // namespace tvan
