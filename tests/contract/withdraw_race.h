#pragma once
// A race, drawn from a seed: submits, voids, withdrawals, attempts, answers, holds, flushes and crashes in any order,
// and what must hold in every order. Everything that a caller was told is remembered; what contradicts it is a failure
// of the running test. One thread.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "store/store.h"

namespace tvan {

// What a race needs of a store: operations that may wait, a flush, a crash. Whatever waits in a crash, or is in a flush
// that fails, ends with an error: its caller knows nothing.
class RacePort {
 public:
  template <class Answer>
  using Done = std::function<void(Result<Answer>)>;
  virtual ~RacePort() = default;
  virtual Store& store() = 0;  // for questions, and TakeOwnership after Crash
  virtual void Accept(NewMessage message, Done<AcceptAnswer> done) = 0;
  virtual void Void(VoidRequest request, Done<VoidAnswer> done) = 0;
  virtual void Withdraw(WithdrawRequest request, Done<WithdrawAnswer> done) = 0;
  virtual void Attempt(const Fence& fence, AttemptIntent intent, Done<std::vector<Status>> done) = 0;
  virtual void Settle(const Fence& fence, Settlement settlement, std::function<void(Status)> done) = 0;
  virtual void Change(const Fence& fence, StageChange change) = 0;
  virtual void Receive(const Fence& fence, IncomingAnswer answer) = 0;
  virtual void Flush() = 0;
  enum class Crash { kKill, kFlushLost, kFlushWritten };
  virtual void CrashAndReopen(Crash how) = 0;
};

// How often each thing happens, against the others.
struct RaceCast {
  uint32_t submit = 0, resubmit = 0, other = 0;  // the message; its invoice under another id; by another provider
  uint32_t changed = 0;                          // the id with other bytes
  uint32_t voids = 0, withdraw = 0, attempt = 0, settle = 0, answer = 0, hold = 0, flush = 6, crash = 1;
};

class WithdrawRace {
 public:
  // `round` makes names of its own, so that many races may share one store.
  WithdrawRace(RacePort& port, const RaceCast& cast, uint32_t seed, int round);
  void Run(int steps);
  // Over all races of a test: nothing may be true because nothing happened.
  struct Seen {
    uint64_t receipts = 0, voided = 0, withdrawn = 0, attempts = 0, too_late = 0, seen = 0, refused_voided = 0,
             refused_withdrawn = 0, claimed = 0, crashes = 0;
  };
  const Seen& seen() const { return seen_; }

 private:
  struct Submission {
    NewMessage message;
    bool receipt = false;
    std::set<uint32_t> attempts;  // that were recorded, as their callers heard
    std::string withdrawal;       // the proof that was handed out
    std::string voided;           // of its key
  };

  NewMessage Make(const std::string& provider, const std::string& id, const std::string& bytes) const;
  void Step();
  void Submit(Submission& s);
  void Heard(Submission& s, const AcceptAnswer& answer);
  void Void(Submission& s);
  void HeardVoided(Submission& s, const std::string& proof);
  void Withdraw(Submission& s);
  void HeardWithdrawn(Submission& s, const std::string& proof);
  void LookAtQueue();
  void Attempt();
  void Settle();
  void Answer(Submission& s);
  void Hold(Submission& s);
  void Crash();
  void CheckEnd();
  void CheckKey(const Submission& s);
  void CheckMessage(const Submission& s, const MessageView& view);
  void CheckClaim();
  std::optional<MessageView> View(const Submission& s);
  // One of those that are submitted at all.
  Submission& Any() { return submissions_[taking_part_[Draw(static_cast<uint32_t>(taking_part_.size()))]]; }
  uint32_t Draw(uint32_t below) { return static_cast<uint32_t>(random_() % below); }

  RacePort& port_;
  const RaceCast cast_;
  const int round_;
  std::minstd_rand random_;
  Fence fence_;
  Time now_{1'000'000};
  uint32_t proofs_ = 0;
  std::vector<Submission> submissions_;
  std::vector<size_t> taking_part_;
  std::vector<MessageMeta> looked_;  // what dispatch read some time ago
  Seen seen_;
};

}  // namespace tvan
