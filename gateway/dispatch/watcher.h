#pragma once
// Watcher: goes round the open messages that were sent or may have been, page by page at a slow tick, and does what
// Watch says: alarms, searches on a pool of one thread, work items, and the list of resends that are due. Bounds: at
// most kPages pages of kPage messages a tick and stage, kMostSearches messages in one search, kMostResends due. Work
// items are searched for only when nothing else is, one position at a time; a position that cannot be searched rests
// by itself and keeps no other back.
// The scheduler thread calls everything; a search reports through `wake`.

#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "gateway/dispatch/census.h"
#include "gateway/dispatch/line_clock.h"
#include "gateway/dispatch/outbox.h"
#include "gateway/dispatch/release.h"
#include "gateway/dispatch/unreadables.h"

namespace tvan {

class Watcher {
 public:
  static constexpr uint32_t kPage = 256, kPages = 8, kMostSearches = 512, kMostResends = 256;

  Watcher(DispatchParts& parts, const LineHealth& health, const LinePhases& phases, Unreadables& unreadables,
          std::function<void()> wake);

  // Attempts of an earlier life, or that could not be settled: sending without being in flight is in doubt. Not OK: the
  // store's answer; nothing may be sent before this was OK once.
  Status RecoverSending(const Outbox& outbox);
  void Tick(Instant now);
  // Writes down what a search found. True: there was one.
  bool TakeSearchResult();
  bool HasSearchResult() const;
  // Messages whose resend is due, looked at once more just now.
  std::vector<Outgoing> TakeResends(Instant now, uint32_t limit);
  bool busy() const { return searching_; }
  bool has_resends() const { return !resends_.empty(); }
  bool watching() const { return watching_; }  // the last tick saw open messages that were sent
  std::shared_ptr<const Census> census() const { return census_.census(); }
  std::shared_ptr<const LineClock> line_clock() const { return line_clock_; }  // as of the last tick, never null
  void Drain() { pool_->Drain(); }

 private:
  using Outcomes = std::map<std::string, Status>;  // by position; not there: not tried
  struct Searched {
    std::vector<MessageMeta> messages;
    Outcomes outcomes;
    Time at;
  };
  struct Failing {
    uint32_t failures = 0;  // in a row
    Steady until{};         // not tried again before
  };

  WatchFacts Facts(const MessageMeta& meta, Instant now) const;
  std::optional<std::vector<MessageMeta>> ReadStage(Stage stage, Instant now);
  void WatchStage(Stage stage, Instant now);
  void Look(const MessageMeta& meta, const WatchFacts& facts, Instant now);
  ParentWait WaitOf(const MessageMeta& meta, Instant now) const;
  bool MayGo(Outgoing& message, Instant now);
  void AddSearch(MessageMeta meta, Instant now);
  void Alarm(const MessageMeta& meta, Instant now);
  void WatchHeld(Instant now);
  void LookAtHeld(const MessageMeta& meta, const ContractSnapshot& book, Instant now);
  std::vector<MessageMeta> NextSearch();
  void BeginSearch(Instant now);
  Outcomes SearchAll(const std::vector<MessageMeta>& messages) const;
  Status WriteDown(const Searched& searched);
  void LearnOutcomes(const Outcomes& outcomes);
  void Change(StageChange change);
  void MakeWorkItem(const MessageMeta& meta, Reason reason, Instant now);
  void WriteChanges();
  void LookAtUnreadables(Instant now);

  DispatchParts& parts_;
  const LineHealth& health_;
  const LinePhases& phases_;
  Unreadables& unreadables_;
  std::function<void()> wake_;
  std::map<Stage, uint64_t> cursor_;     // acceptance where the next tick goes on
  std::map<Stage, Failing> unreadable_;  // until a stage's end is seen
  std::shared_ptr<const LineClock> line_clock_ = std::make_shared<const LineClock>();
  CensusTaker census_;
  Steady next_look_again_{};                         // at what could not be read
  std::vector<StageChange> changes_;                 // of this tick, written together
  std::vector<MessageMeta> to_search_, work_items_;  // to be searched for
  std::map<std::string, Failing> unsearchable_;      // by position, at most kMostSearches
  std::set<MessageId> held_alarms_;                  // told to the operator by this process
  std::deque<MessageId> resends_;
  std::set<MessageId> resend_ids_;  // those in resends_
  bool searching_ = false, watching_ = false;
  Steady search_rest_{};          // no search before: the last one failed altogether
  uint32_t search_failures_ = 0;  // in a row
  mutable std::mutex mutex_;
  std::optional<Searched> searched_;  // guarded by mutex_
  std::unique_ptr<Executor> pool_;    // last: its tasks use the rest
};

}  // namespace tvan
