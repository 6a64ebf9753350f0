#pragma once
// Recoverer: the first hour of a store that is a copy of an older one (store/recovery.h). What was queued at the copy
// may have been sent since: it goes to in doubt. Then the answers are read again from before the copy to the end of
// what the line has; what no answer settled counts as searched for. Nothing is sent meanwhile; intake goes on. A settle
// time of a well line stands before the reading and after it. The end is durable; killed before, it begins again, which
// harms nothing. The scheduler thread calls everything; the reading runs on a thread of its own and reports through
// `wake`.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "gateway/core/executor.h"
#include "gateway/dispatch/parts.h"
#include "gateway/dispatch/unreadables.h"

namespace tvan {

class Recoverer {
 public:
  Recoverer(DispatchParts& parts, Unreadables& unreadables, std::function<void()> wake);

  // `open_since`: since when the line is open and well; kForever: it is not. Not OK: the store's answer, to be tried
  // again.
  Status Step(Instant now, Time open_since);
  bool active() const { return phase_ != Phase::kNone; }  // nothing may be sent
  bool more() const { return more_; }                     // Step has more to do at once
  std::string phase() const;                              // for people; empty: none
  void Drain() { pool_->Drain(); }

 private:
  enum class Phase { kUnknown, kDoubting, kSettling, kReading, kMarking, kResting, kNone };

  Status Begin();
  Status Doubt(Instant now);
  Status DoubtPage(const QueueKey& queue, uint64_t& to, Instant now);
  void Read(Instant now, Time open_since);
  Status TakeReading(Instant now);
  Status Mark(Instant now);
  Status End(Instant now);
  void Show();

  DispatchParts& parts_;
  Unreadables& unreadables_;
  std::function<void()> wake_;
  Phase phase_ = Phase::kUnknown;
  bool more_ = false;
  Recovery recovery_;
  uint64_t doubted_ = 0, marked_ = 0;
  std::map<QueueKey, uint64_t> doubted_to_;  // acceptance
  uint64_t after_ = 0;                       // acceptance, of the present walk
  Time doubted_at_, read_from_, read_at_;
  Steady rest_{};
  uint32_t failures_ = 0;  // of readings, in a row
  mutable std::mutex mutex_;
  std::optional<Status> reading_;   // guarded by mutex_
  std::unique_ptr<Executor> pool_;  // last: its task uses the rest
};

}  // namespace tvan
