#pragma once
// Traffic over a store whose power will be cut: everything that the store confirms is noted, and what was noted when
// the cut came must be there afterwards, byte for byte. One thread makes the traffic; the notes are guarded.

#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"
#include "tests/faults/store_messages.h"

namespace tvan {

// What was confirmed. A plain value.
struct Confirmed {
  std::set<int> accepted;
  std::map<int, uint32_t> attempts;                     // message → recorded
  std::set<std::pair<int, uint32_t>> settled;           // message, attempt
  std::set<int> answers;                                // of the message with this number
  uint64_t position = 0;                                // of the line
  std::map<std::string, uint64_t> items, acknowledged;  // per provider
  std::map<std::string, uint64_t> records;              // operators' record → version
  AuditHead audit;
  uint64_t fence = 0;
  std::string incarnation;
  size_t size() const { return accepted.size() + attempts.size() + settled.size() + answers.size() + audit.sequence; }
};

class PowerCutTraffic {
 public:
  explicit PowerCutTraffic(uint64_t seed) : random_(seed) {}

  // Goes on with a store that was just opened: one random step after another until `stop` says so, at most `most`.
  void Run(Store& store, int most, const std::function<bool()>& stop);
  // What must be there from now on: everything that the store has answered OK.
  Confirmed confirmed() const;
  // After a cut: only what was confirmed when it came.
  void Forget(Confirmed to) { confirmed_ = std::move(to); }
  int accepted_ever() const { return next_ - 1; }

  static NewMessage MessageOf(int n);
  static IncomingAnswer AnswerOf(int n);

 private:
  void Accept(Store& store);
  void Attempt(Store& store);
  void Settle(Store& store);
  void Receive(Store& store);
  void Acknowledge(Store& store);
  void PutRecords(Store& store);
  int Any(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }
  // One of the accepted messages.
  int AnyMessage();

  std::mt19937_64 random_;
  int next_ = 1;
  uint64_t reads_ = 0;  // positions made
  Fence fence_;
  mutable std::mutex mutex_;
  Confirmed confirmed_;  // guarded by mutex_
};

// Everything of `confirmed` that `store` does not have as it was; empty: nothing is lost.
std::vector<std::string> LostFrom(const Store& store, const Confirmed& confirmed);

}  // namespace tvan
